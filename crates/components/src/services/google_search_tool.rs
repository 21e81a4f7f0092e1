//! Google Search API, as older flows have it.

use super::google_search::search;
use super::remote::query_tool;
use langflow_core::prelude::*;

/// Searches Google with a search engine of your own.
#[derive(Component)]
#[component(
    id = "GoogleSearchAPI",
    class = "GoogleSearchAPIComponent",
    title = "Google Search API [DEPRECATED]",
    icon = "Google",
    category = "tools",
    module = "lfx.components.tools.google_search_api.GoogleSearchAPIComponent",
    legacy,
    examples = EXAMPLES
)]
pub struct GoogleSearchApiComponent {
    /// The key of Google.
    #[input(title = "Google API Key", required)]
    google_api_key: Secret,
    /// The id of the search engine.
    #[input(title = "Google CSE ID", required)]
    google_cse_id: Secret,
    /// What to search for.
    #[input(title = "Input", kind = Multiline)]
    input_value: String,
    /// How many results, at most 10.
    #[input(title = "Number of results", default = 4, required)]
    k: usize,
}

#[outputs]
impl GoogleSearchApiComponent {
    /// One data for each result.
    #[output(name = "api_run_model", title = "JSON", method = "run_model", types = ["JSON"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let found = search(&self.google_api_key, &self.google_cse_id, &self.input_value, self.k, cx).await?;
        Ok(found.into_iter().map(Data::new).collect())
    }

    /// The search as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, key, engine, count) =
            (cx.clone(), self.google_api_key.clone(), self.google_cse_id.clone(), self.k);
        Ok(query_tool("google_search", "Searches Google for recent results.", move |query| {
            let (cx, key, engine) = (cx.clone(), key.clone(), engine.clone());
            async move {
                let found = search(&key, &engine, &query, count, &cx).await?;
                Ok(Json::Array(found.into_iter().map(Json::Object).collect()))
            }
        }))
    }
}

examples! {
    "As a tool": {"google_api_key": "k", "google_cse_id": "c"} => api_build_tool: ["google_search"];
    "No key": {"input_value": "ants"} => fails "Google API Key";
}
