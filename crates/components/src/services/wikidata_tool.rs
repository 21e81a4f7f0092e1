//! Wikidata API, as older flows have it.

use super::remote::query_tool;
use super::wikidata::search;
use langflow_core::prelude::*;

/// Finds things on Wikidata.
#[derive(Component)]
#[component(
    id = "WikidataAPI",
    class = "WikidataAPIComponent",
    title = "Wikidata API",
    icon = "Wikipedia",
    category = "tools",
    module = "lfx.components.tools.wikidata_api.WikidataAPIComponent",
    legacy,
    replacement = ["wikipedia.WikidataComponent"],
    examples = EXAMPLES
)]
pub struct WikidataApiComponent {
    /// What to search for.
    #[input(title = "Query", kind = Multiline, required)]
    query: String,
}

#[outputs]
impl WikidataApiComponent {
    /// One data for each thing.
    #[output(name = "api_run_model", title = "JSON", method = "run_model", types = ["JSON"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(search(&self.query, cx).await?.into_iter().map(Data::new).collect())
    }

    /// The search as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let cx = cx.clone();
        Ok(query_tool("wikidata_search_api", "Finds things on Wikidata by name.", move |query| {
            let cx = cx.clone();
            async move { Ok(Json::Array(search(&query, &cx).await?.into_iter().map(Json::Object).collect())) }
        }))
    }
}

examples! {
    "As a tool": {} => api_build_tool: ["wikidata_search_api"];
}
