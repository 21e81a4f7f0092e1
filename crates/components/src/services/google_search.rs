//! Google Search API.

use super::remote::{ask, objects, row};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

const API: &str = "https://www.googleapis.com/customsearch/v1";
/// The service gives no more in one answer.
const MOST: usize = 10;

/// Searches Google with a search engine of your own.
#[derive(Component)]
#[component(
    id = "GoogleSearchAPICore",
    class = "GoogleSearchAPICore",
    title = "Google Search API",
    icon = "Google",
    category = "google",
    legacy,
    examples = EXAMPLES
)]
pub struct GoogleSearchApiCore {
    /// The key of Google.
    #[input(title = "Google API Key", required)]
    google_api_key: Secret,
    /// The id of the search engine.
    #[input(title = "Google CSE ID", required)]
    google_cse_id: Secret,
    /// What to search for.
    #[input(title = "Input", kind = Multiline, tool_mode)]
    input_value: String,
    /// How many results, at most 10.
    #[input(title = "Number of results", default = 4, required)]
    k: usize,
}

#[outputs]
impl GoogleSearchApiCore {
    /// A row for each result.
    #[output(name = "results", title = "Results", method = "search_google")]
    async fn results(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(
            search(&self.google_api_key, &self.google_cse_id, &self.input_value, self.k, cx).await?,
        ))
    }
}

/// Title, link and snippet of what is found.
pub async fn search(
    key: &Secret,
    engine: &Secret,
    query: &str,
    count: usize,
    cx: &Cx,
) -> Result<Vec<JsonMap>, Fault> {
    let count = count.clamp(1, MOST).to_string();
    let call = Call::get(API)
        .query(&[("q", query), ("num", &count), ("cx", engine.expose().trim())])
        .secret_header("x-goog-api-key", key.expose().trim());
    let answer = ask(call, "Google", cx).await?;
    let result = |found: JsonMap| {
        row(json!({"title": found.get("title"), "link": found.get("link"), "snippet": found.get("snippet")}))
    };
    Ok(objects(&answer, "/items").into_iter().map(result).collect())
}

examples! {
    "No key": {"input_value": "ants"} => fails "Google API Key";
}
