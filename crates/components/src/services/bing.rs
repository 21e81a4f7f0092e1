//! Bing Search API.

use super::remote::{ask, objects, query_tool, row};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

const API: &str = "https://api.bing.microsoft.com/v7.0/search";

/// Searches the web with Bing.
#[derive(Component)]
#[component(
    id = "BingSearchAPI",
    class = "BingSearchAPIComponent",
    title = "Bing Search API",
    icon = "Bing",
    category = "bing",
    examples = EXAMPLES
)]
pub struct BingSearchApiComponent {
    /// The subscription key of Bing.
    #[input(title = "Bing Subscription Key")]
    bing_subscription_key: Secret,
    /// What to search for.
    #[input(title = "Input", kind = Multiline, tool_mode)]
    input_value: String,
    /// Where the service is; empty for Microsoft's own.
    #[input(title = "Bing Search URL", advanced)]
    bing_search_url: String,
    /// How many results.
    #[input(title = "Number of results", default = 4, required)]
    k: usize,
}

#[outputs]
impl BingSearchApiComponent {
    /// A row for each result.
    #[output(name = "dataframe", title = "Table", method = "fetch_content_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(rows(&ask(self.call(&self.input_value), "Bing", cx).await?)))
    }

    /// The search as a tool.
    #[output(name = "tool", title = "Tool", method = "build_tool")]
    async fn tool(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let (cx, key, url, count) =
            (cx.clone(), self.bing_subscription_key.clone(), self.bing_search_url.clone(), self.k);
        Ok(query_tool("bing_search", "Searches the web for recent results.", move |query| {
            let (cx, call) = (cx.clone(), call(&key, &url, &query, count));
            async move {
                let found = rows(&ask(call, "Bing", &cx).await?);
                Ok(Json::Array(found.into_iter().map(Json::Object).collect()))
            }
        }))
    }
}

impl BingSearchApiComponent {
    fn call(&self, query: &str) -> Call {
        call(&self.bing_subscription_key, &self.bing_search_url, query, self.k)
    }
}

fn call(key: &Secret, url: &str, query: &str, count: usize) -> Call {
    let url = if url.trim().is_empty() { API } else { url.trim() };
    Call::get(url).secret_header("ocp-apim-subscription-key", key.expose().trim()).query(&[
        ("q", query),
        ("count", &count.to_string()),
        ("textFormat", "Raw"),
    ])
}

fn rows(answer: &Json) -> Vec<JsonMap> {
    let result = |page: JsonMap| {
        let (name, url, snippet) = (page.get("name"), page.get("url"), page.get("snippet"));
        row(json!({"text": snippet, "title": name, "link": url, "snippet": snippet}))
    };
    objects(answer, "/webPages/value").into_iter().map(result).collect()
}

examples! {
    "As a tool": {"bing_subscription_key": "k"} => tool: ["bing_search"];
}
