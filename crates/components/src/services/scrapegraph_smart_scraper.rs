//! ScrapeGraph Smart Scraper API.

use super::remote::ask;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const API: &str = "https://api.scrapegraphai.com/v1/smartscraper";
/// The service reads pages before it answers.
const TIMEOUT: Duration = Duration::from_mins(3);

/// Reads from a page what you describe, with ScrapeGraphAI.
#[derive(Component)]
#[component(
    id = "ScrapeGraphSmartScraperApi",
    class = "ScrapeGraphSmartScraperApi",
    title = "ScrapeGraph Smart Scraper API",
    icon = "ScrapeGraph",
    category = "scrapegraph",
    documentation = "https://docs.scrapegraphai.com/services/smartscraper",
    examples = EXAMPLES
)]
pub struct ScrapeGraphSmartScraperApi {
    /// The key of ScrapeGraphAI.
    #[input(title = "ScrapeGraph API Key", required)]
    api_key: Secret,
    /// The page.
    #[input(title = "URL", tool_mode)]
    url: String,
    /// What to read, in words.
    #[input(title = "Prompt", tool_mode)]
    prompt: String,
}

#[outputs]
impl ScrapeGraphSmartScraperApi {
    /// The answer of the service.
    #[output(name = "data", title = "Data", method = "scrape")]
    async fn data(&self, cx: &Cx) -> Result<Data, Fault> {
        if self.url.trim().is_empty() {
            return Err(Fault::missing("'url' is empty").at_field("url"));
        }
        let call = Call::post(API)
            .timeout(TIMEOUT)
            .secret_header("sgai-apikey", self.api_key.expose().trim())
            .json(&json!({"website_url": self.url, "user_prompt": self.prompt}));
        Ok(Data::from_json(ask(call, "ScrapeGraphAI", cx).await?))
    }
}

examples! {
    "No key": {"url": "x"} => fails "API Key";
    "Nothing asked": {"api_key": "k"} => fails "url";
}
