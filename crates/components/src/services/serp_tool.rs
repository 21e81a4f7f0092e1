//! Serp Search API, as older flows have it.

use super::remote::{ask, objects, query_tool, results};
use super::serp::call;
use langflow_core::prelude::*;

/// Searches with SerpAPI.
#[derive(Component)]
#[component(
    id = "SerpAPI",
    class = "SerpAPIComponent",
    title = "Serp Search API",
    icon = "SerpSearch",
    category = "tools",
    module = "lfx.components.tools.serp_api.SerpAPIComponent",
    legacy,
    replacement = ["serpapi.Serp"],
    examples = EXAMPLES
)]
pub struct SerpApiComponent {
    /// The key of SerpAPI.
    #[input(title = "SerpAPI API Key", required)]
    serpapi_api_key: Secret,
    /// What to search for.
    #[input(title = "Input", kind = Multiline)]
    input_value: String,
    /// Further parameters of the search.
    #[input(title = "Parameters", advanced, list)]
    search_params: JsonMap,
    /// How many results at most.
    #[input(title = "Max Results", default = 5, advanced)]
    max_results: usize,
    /// Most characters of a title or snippet.
    #[input(title = "Max Snippet Length", default = 100, advanced)]
    max_snippet_length: usize,
}

#[outputs]
impl SerpApiComponent {
    /// One data for each result.
    #[output(name = "api_run_model", title = "JSON", method = "run_model", types = ["JSON"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let answer =
            ask(call(&self.serpapi_api_key, &self.input_value, &self.search_params), "SerpAPI", cx).await?;
        let found = results(objects(&answer, "/organic_results"), self.max_results, self.max_snippet_length);
        Ok(found.into_iter().map(Data::new).collect())
    }

    /// The search as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, key, params) = (cx.clone(), self.serpapi_api_key.clone(), self.search_params.clone());
        let (most, length) = (self.max_results, self.max_snippet_length);
        Ok(query_tool("serp_search_api", "Searches the web for recent results.", move |query| {
            let (cx, call) = (cx.clone(), call(&key, &query, &params));
            async move {
                let found =
                    results(objects(&ask(call, "SerpAPI", &cx).await?, "/organic_results"), most, length);
                Ok(Json::Array(found.into_iter().map(Json::Object).collect()))
            }
        }))
    }
}

examples! {
    "As a tool": {"serpapi_api_key": "k"} => api_build_tool: ["serp_search_api"];
    "No key": {"input_value": "ants"} => fails "API Key";
}
