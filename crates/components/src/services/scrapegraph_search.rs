//! ScrapeGraph Search API.

use super::remote::ask;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const API: &str = "https://api.scrapegraphai.com/v1/searchscraper";
/// The service reads pages before it answers.
const TIMEOUT: Duration = Duration::from_mins(3);

/// Searches the web and answers from what it finds, with ScrapeGraphAI.
#[derive(Component)]
#[component(
    id = "ScrapeGraphSearchApi",
    class = "ScrapeGraphSearchApi",
    title = "ScrapeGraph Search API",
    icon = "ScrapeGraph",
    category = "scrapegraph",
    documentation = "https://docs.scrapegraphai.com/services/searchscraper",
    examples = EXAMPLES
)]
pub struct ScrapeGraphSearchApi {
    /// The key of ScrapeGraphAI.
    #[input(title = "ScrapeGraph API Key", required)]
    api_key: Secret,
    /// The question.
    #[input(title = "Search Prompt", tool_mode)]
    user_prompt: String,
}

#[outputs]
impl ScrapeGraphSearchApi {
    /// The answer of the service.
    #[output(name = "data", title = "Data", method = "search")]
    async fn data(&self, cx: &Cx) -> Result<Data, Fault> {
        if self.user_prompt.trim().is_empty() {
            return Err(Fault::missing("'user_prompt' is empty").at_field("user_prompt"));
        }
        let call = Call::post(API)
            .timeout(TIMEOUT)
            .secret_header("sgai-apikey", self.api_key.expose().trim())
            .json(&json!({"user_prompt": self.user_prompt}));
        Ok(Data::from_json(ask(call, "ScrapeGraphAI", cx).await?))
    }
}

examples! {
    "No key": {"user_prompt": "x"} => fails "API Key";
    "Nothing asked": {"api_key": "k"} => fails "user_prompt";
}
