//! Google Serper API.

use super::remote::{ask, objects, row};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

/// Searches Google with Serper.
#[derive(Component)]
#[component(
    id = "GoogleSerperAPICore",
    class = "GoogleSerperAPICore",
    title = "Google Serper API",
    icon = "Serper",
    category = "google",
    examples = EXAMPLES
)]
pub struct GoogleSerperApiCore {
    /// The key of Serper.
    #[input(title = "Serper API Key", required)]
    serper_api_key: Secret,
    /// What to search for.
    #[input(title = "Input", kind = Multiline, tool_mode)]
    input_value: String,
    /// How many results.
    #[input(title = "Number of results", default = 4, required)]
    k: usize,
}

#[outputs]
impl GoogleSerperApiCore {
    /// A row for each result.
    #[output(name = "results", title = "Results", method = "search_serper")]
    async fn results(&self, cx: &Cx) -> Result<Table, Fault> {
        let answer = ask(
            call(&self.serper_api_key, "search", &self.input_value, self.k, &JsonMap::new()),
            "Serper",
            cx,
        )
        .await?;
        let found = objects(&answer, "/organic").into_iter().take(self.k);
        Ok(Table::from_rows(found.map(|found| {
            row(json!({
                "title": found.get("title"), "link": found.get("link"), "snippet": found.get("snippet"),
            }))
        })))
    }
}

/// The call for a search of a kind: `search` or `news`.
pub fn call(key: &Secret, kind: &str, query: &str, count: usize, more: &JsonMap) -> Call {
    let mut body = row(json!({"q": query, "num": count, "gl": "us", "hl": "en"}));
    body.extend(more.clone());
    let kind = if kind == "news" { "news" } else { "search" };
    Call::post(format!("https://google.serper.dev/{kind}"))
        .secret_header("x-api-key", key.expose().trim())
        .json(&Json::Object(body))
}

examples! {
    "No key": {"input_value": "ants"} => fails "API Key";
}
