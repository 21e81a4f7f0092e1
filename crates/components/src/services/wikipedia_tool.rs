//! Wikipedia API, as older flows have it.

use super::wikipedia::{Ask, search, tool};
use langflow_core::prelude::*;

/// Finds articles on Wikipedia and reads them.
#[derive(Component)]
#[component(
    id = "WikipediaAPI",
    class = "WikipediaAPIComponent",
    title = "Wikipedia API",
    icon = "Wikipedia",
    category = "tools",
    module = "lfx.components.tools.wikipedia_api.WikipediaAPIComponent",
    legacy,
    replacement = ["wikipedia.WikipediaComponent"],
    examples = EXAMPLES
)]
pub struct WikipediaApiComponent {
    /// What to search for.
    #[input(title = "Input", kind = Multiline)]
    input_value: String,
    /// The language of the Wikipedia, like `en`.
    #[input(title = "Language", default = "en")]
    lang: String,
    /// How many articles, at most 20.
    #[input(title = "Number of results", default = 4, required)]
    k: usize,
    /// Kept for flows of older versions: the address is given always.
    #[input(title = "Load all available meta", advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    load_all_available_meta: bool,
    /// Most characters of an article.
    #[input(title = "Document content characters max", default = 4000, advanced)]
    doc_content_chars_max: usize,
}

#[outputs]
impl WikipediaApiComponent {
    /// One data for each article.
    #[output(name = "api_run_model", title = "JSON", method = "run_model", types = ["JSON"])]
    async fn api_run_model(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(search(&self.ask(), cx).await?.into_iter().map(Data::new).collect())
    }

    /// The search as a tool.
    #[output(name = "api_build_tool", title = "Tool", method = "build_tool")]
    async fn api_build_tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        Ok(tool(self.ask(), cx))
    }
}

impl WikipediaApiComponent {
    fn ask(&self) -> Ask {
        Ask {
            query: self.input_value.clone(),
            language: self.lang.clone(),
            count: self.k,
            max_chars: self.doc_content_chars_max,
        }
    }
}

examples! {
    "As a tool": {} => api_build_tool: ["wikipedia"];
    "Nothing to search for": {} => api_run_model: [];
}
