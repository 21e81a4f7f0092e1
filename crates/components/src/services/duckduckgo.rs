//! DuckDuckGo Search.

use super::remote::{clip, error_row, row};
use crate::web::fetch::{Fetch, away};
use crate::web::html;
use langflow_core::prelude::*;
use serde_json::json;

const API: &str = "https://html.duckduckgo.com/html/";

/// Searches the web with DuckDuckGo.
#[derive(Component)]
#[component(
    id = "DuckDuckGoSearchComponent",
    class = "DuckDuckGoSearchComponent",
    aliases = ["DuckDuckGoSearch"],
    title = "DuckDuckGo Search",
    icon = "DuckDuckGo",
    category = "duckduckgo",
    examples = EXAMPLES
)]
pub struct DuckDuckGoSearchComponent {
    /// What to search for.
    #[input(title = "Search Query", required, tool_mode)]
    input_value: String,
    /// How many results at most.
    #[input(title = "Max Results", default = 5, advanced)]
    max_results: usize,
    /// Most characters of a snippet.
    #[input(title = "Max Snippet Length", default = 100, advanced)]
    max_snippet_length: usize,
}

#[outputs]
impl DuckDuckGoSearchComponent {
    /// A row for each result; a row with an `error` when the search fails.
    #[output(name = "dataframe", title = "Table", method = "fetch_content_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(self.rows(cx).await))
    }

    /// The results as data, for flows of older versions.
    #[output(name = "data", title = "Data", method = "fetch_content", legacy, no_tool)]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.rows(cx).await.into_iter().map(Data::new).collect())
    }
}

impl DuckDuckGoSearchComponent {
    async fn rows(&self, cx: &Cx) -> Vec<JsonMap> {
        self.search(cx).await.unwrap_or_else(|fault| vec![error_row(&fault)])
    }

    async fn search(&self, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
        if self.input_value.trim().is_empty() {
            return Err(Fault::missing("nothing to search for").at_field("input_value"));
        }
        let mut url = url::Url::parse(API).map_err(|e| Fault::bug(e.to_string()))?;
        url.query_pairs_mut().append_pair("q", self.input_value.trim()).append_pair("kl", "us-en");
        let page = Fetch::within(30).get(url.as_str(), cx).await?;
        if page.status >= 400 {
            return Err(Fault::new(
                FaultKind::Unavailable,
                format!("DuckDuckGo answered with status {}", page.status),
            ));
        }
        let found = away(move || html::search_results(&page.text)).await?;
        Ok(found
            .into_iter()
            .take(self.max_results)
            .map(|found| {
                let snippet = clip(&found.snippet, self.max_snippet_length);
                row(json!({"text": found.snippet, "title": found.title, "link": found.link, "snippet": snippet}))
            })
            .collect())
    }
}

examples! {
    "Nothing to search for": {"input_value": " "} => dataframe: [{"text": "nothing to search for", "error": "nothing to search for"}];
}
