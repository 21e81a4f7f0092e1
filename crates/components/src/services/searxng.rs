//! SearXNG Search.

use super::remote::{ask, objects, query_tool};
use langflow_core::prelude::*;
use langflow_providers::http::Call;

/// Searches with a SearXNG server of your own, as a tool.
#[derive(Component)]
#[component(
    id = "SearXNGTool",
    class = "SearXNGToolComponent",
    title = "SearXNG Search",
    icon = "search",
    category = "tools",
    module = "lfx.components.tools.searxng.SearXNGToolComponent",
    legacy,
    examples = EXAMPLES
)]
pub struct SearXngToolComponent {
    /// Where the server is. It must give JSON.
    #[input(title = "URL", default = "http://localhost", required, refresh_button)]
    url: String,
    /// How many results at most.
    #[input(title = "Max Results", default = 10, required)]
    max_results: usize,
    /// What to search in; without any, the general web.
    #[input(title = "Categories", kind = Multiselect, options = ["general", "images", "videos", "news", "map", "music", "it", "science", "files", "social media"])]
    categories: Vec<String>,
    /// The language of the results, like `en`.
    #[input(title = "Language", kind = Dropdown, options = ["all", "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "ja", "zh"])]
    language: String,
}

#[outputs]
impl SearXngToolComponent {
    /// The search as a tool.
    #[output(name = "result_tool", title = "Tool", method = "build_tool")]
    async fn result_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let root = self.url.trim().trim_end_matches('/').to_owned();
        let (cx, categories, language, most) =
            (cx.clone(), self.categories.join(","), self.language.clone(), self.max_results);
        Ok(query_tool("searxng_search_tool", "Searches the web.", move |query| {
            let mut call =
                Call::get(format!("{root}/search")).query(&[("q", query.as_str()), ("format", "json")]);
            if !categories.is_empty() {
                call = call.query(&[("categories", &categories)]);
            }
            if !language.is_empty() && language != "all" {
                call = call.query(&[("language", &language)]);
            }
            let cx = cx.clone();
            async move {
                let found = objects(&ask(call, "SearXNG", &cx).await?, "/results");
                Ok(Json::Array(found.into_iter().take(most).map(Json::Object).collect()))
            }
        }))
    }
}

examples! {
    "As a tool": {} => result_tool: ["searxng_search_tool"];
}
