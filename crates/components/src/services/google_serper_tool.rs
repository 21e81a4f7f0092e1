//! Google Serper API, as older flows have it.

use super::google_serper::call;
use super::remote::{ask, objects, query_tool};
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use serde_json::json;

choice! {
    /// What to search.
    pub enum QueryType { News = "news", Search = "search" }
}

impl QueryType {
    /// Where the results stand in the answer.
    fn pointer(self) -> &'static str {
        match self {
            Self::News => "/news",
            Self::Search => "/organic",
        }
    }
}

/// Searches Google with Serper.
#[derive(Component)]
#[component(
    id = "GoogleSerperAPI",
    class = "GoogleSerperAPIComponent",
    title = "Google Serper API [DEPRECATED]",
    icon = "Google",
    category = "tools",
    module = "lfx.components.tools.google_serper_api.GoogleSerperAPIComponent",
    legacy,
    examples = EXAMPLES
)]
pub struct GoogleSerperApiComponent {
    /// The key of Serper.
    #[input(title = "Serper API Key", required)]
    serper_api_key: Secret,
    /// What to search for.
    #[input(title = "Query", kind = Multiline)]
    query: String,
    /// How many results.
    #[input(title = "Number of results", default = 4, required)]
    k: usize,
    /// What to search.
    #[input(title = "Query Type", default = QueryType::Search)]
    query_type: QueryType,
    /// Further parameters of the search.
    #[input(title = "Query Params", list, default = json!({"gl": "us", "hl": "en"}))]
    query_params: JsonMap,
}

#[outputs]
impl GoogleSerperApiComponent {
    /// One data for each result.
    #[output(name = "api_run_model", title = "JSON", method = "run_model", types = ["JSON"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let call =
            call(&self.serper_api_key, self.query_type.as_str(), &self.query, self.k, &self.query_params);
        let found = objects(&ask(call, "Serper", cx).await?, self.query_type.pointer());
        Ok(found
            .into_iter()
            .map(|mut found| {
                let text = found.shift_remove("snippet").unwrap_or_else(|| json!(""));
                found.insert("text".into(), text);
                Data::new(found)
            })
            .collect())
    }

    /// The search as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, key, params) = (cx.clone(), self.serper_api_key.clone(), self.query_params.clone());
        let (kind, count) = (self.query_type.as_str(), self.k);
        Ok(query_tool("google_search", "Searches Google for recent results.", move |query| {
            let (cx, call) = (cx.clone(), call(&key, kind, &query, count, &params));
            async move { ask(call, "Serper", &cx).await }
        }))
    }
}

examples! {
    "As a tool": {"serper_api_key": "k"} => api_build_tool: ["google_search"];
    "No key": {"query": "ants"} => fails "API Key";
}
