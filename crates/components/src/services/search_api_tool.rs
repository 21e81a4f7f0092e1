//! Search API, as older flows have it.

use super::remote::{ask, objects, query_tool, results};
use super::search_api::call;
use langflow_core::prelude::*;

/// Searches with SearchApi.
#[derive(Component)]
#[component(
    id = "SearchAPI",
    class = "SearchAPIComponent",
    title = "Search API",
    icon = "SearchAPI",
    category = "tools",
    module = "lfx.components.tools.search_api.SearchAPIComponent",
    documentation = "https://www.searchapi.io/docs/google",
    legacy,
    replacement = ["searchapi.SearchComponent"],
    examples = EXAMPLES
)]
pub struct SearchApiComponent {
    /// The engine, like `google`.
    #[input(title = "Engine", default = "google")]
    engine: String,
    /// The key of SearchApi.
    #[input(title = "SearchAPI API Key", required)]
    api_key: Secret,
    /// What to search for.
    #[input(title = "Input", kind = Multiline)]
    input_value: String,
    /// Further parameters of the engine.
    #[input(title = "Search parameters", advanced, list)]
    search_params: JsonMap,
    /// How many results at most.
    #[input(title = "Max Results", default = 5, advanced)]
    max_results: usize,
    /// Most characters of a title or snippet.
    #[input(title = "Max Snippet Length", default = 100, advanced)]
    max_snippet_length: usize,
}

#[outputs]
impl SearchApiComponent {
    /// One data for each result.
    #[output(name = "api_run_model", title = "JSON", method = "run_model", types = ["JSON"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let answer =
            ask(call(&self.engine, &self.api_key, &self.input_value, &self.search_params), "SearchApi", cx)
                .await?;
        let found = results(objects(&answer, "/organic_results"), self.max_results, self.max_snippet_length);
        Ok(found.into_iter().map(Data::new).collect())
    }

    /// The search as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, engine, key, params) =
            (cx.clone(), self.engine.clone(), self.api_key.clone(), self.search_params.clone());
        let (most, length) = (self.max_results, self.max_snippet_length);
        Ok(query_tool("search_api", "Searches the web for recent results.", move |query| {
            let (cx, call) = (cx.clone(), call(&engine, &key, &query, &params));
            async move {
                let answer = ask(call, "SearchApi", &cx).await?;
                let found = results(objects(&answer, "/organic_results"), most, length);
                Ok(Json::Array(found.into_iter().map(Json::Object).collect()))
            }
        }))
    }
}

examples! {
    "As a tool": {"api_key": "k"} => api_build_tool: ["search_api"];
    "No key": {"input_value": "ants"} => fails "API Key";
}
