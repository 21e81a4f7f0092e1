//! Serp Search API.

use super::remote::{ask, error_row, objects, parameter, results, text_of};
use langflow_core::prelude::*;
use langflow_providers::http::Call;

const API: &str = "https://serpapi.com/search";

/// Searches with SerpAPI.
#[derive(Component)]
#[component(
    id = "Serp",
    class = "SerpComponent",
    title = "Serp Search API",
    icon = "SerpSearch",
    category = "serpapi",
    examples = EXAMPLES
)]
pub struct SerpComponent {
    /// The key of SerpAPI.
    #[input(title = "SerpAPI API Key", required)]
    serpapi_api_key: Secret,
    /// What to search for.
    #[input(title = "Input", kind = Multiline, tool_mode)]
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
impl SerpComponent {
    /// One data for each result; one with an `error` when the search fails.
    #[output(name = "data", title = "Data", method = "fetch_content")]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.rows(cx).await.into_iter().map(Data::new).collect())
    }

    /// The snippets, a line each.
    #[output(name = "text", title = "Text", method = "fetch_content_text")]
    async fn text(&self, cx: &Cx) -> Result<Message, Fault> {
        let rows = self.rows(cx).await;
        let texts: Vec<&str> = rows
            .iter()
            .map(|row| if row.contains_key("error") { text_of(row, "text") } else { text_of(row, "snippet") })
            .collect();
        Ok(cx.new_message(texts.join("\n")))
    }
}

impl SerpComponent {
    async fn rows(&self, cx: &Cx) -> Vec<JsonMap> {
        match ask(call(&self.serpapi_api_key, &self.input_value, &self.search_params), "SerpAPI", cx).await {
            Ok(answer) => {
                results(objects(&answer, "/organic_results"), self.max_results, self.max_snippet_length)
            }
            Err(fault) => vec![error_row(&fault)],
        }
    }
}

/// The call for a search; the service takes its key in the query.
pub fn call(key: &Secret, query: &str, more: &JsonMap) -> Call {
    let mut pairs: Vec<(String, String)> =
        more.iter().map(|(name, value)| (name.clone(), parameter(value))).collect();
    for (name, usual) in [("engine", "google"), ("google_domain", "google.com"), ("gl", "us"), ("hl", "en")] {
        if !more.contains_key(name) {
            pairs.push((name.into(), usual.into()));
        }
    }
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Call::get(API).query(&[("q", query), ("api_key", key.expose().trim())]).query(&pairs)
}

examples! {
    "No key": {"input_value": "ants"} => fails "API Key";
}
