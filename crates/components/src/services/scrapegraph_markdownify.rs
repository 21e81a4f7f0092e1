//! ScrapeGraph Markdownify API.

use super::remote::ask;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const API: &str = "https://api.scrapegraphai.com/v1/markdownify";
/// The service reads pages before it answers.
const TIMEOUT: Duration = Duration::from_mins(3);

/// Turns a page into Markdown, with ScrapeGraphAI.
#[derive(Component)]
#[component(
    id = "ScrapeGraphMarkdownifyApi",
    class = "ScrapeGraphMarkdownifyApi",
    title = "ScrapeGraph Markdownify API",
    icon = "ScrapeGraph",
    category = "scrapegraph",
    documentation = "https://docs.scrapegraphai.com/services/markdownify",
    examples = EXAMPLES
)]
pub struct ScrapeGraphMarkdownifyApi {
    /// The key of ScrapeGraphAI.
    #[input(title = "ScrapeGraph API Key", required)]
    api_key: Secret,
    /// The page.
    #[input(title = "URL", tool_mode)]
    url: String,
}

#[outputs]
impl ScrapeGraphMarkdownifyApi {
    /// The answer of the service.
    #[output(name = "data", title = "Data", method = "scrape")]
    async fn data(&self, cx: &Cx) -> Result<Data, Fault> {
        if self.url.trim().is_empty() {
            return Err(Fault::missing("'url' is empty").at_field("url"));
        }
        let call = Call::post(API)
            .timeout(TIMEOUT)
            .secret_header("sgai-apikey", self.api_key.expose().trim())
            .json(&json!({"website_url": self.url}));
        Ok(Data::from_json(ask(call, "ScrapeGraphAI", cx).await?))
    }
}

examples! {
    "No key": {"url": "x"} => fails "API Key";
    "Nothing asked": {"api_key": "k"} => fails "url";
}
