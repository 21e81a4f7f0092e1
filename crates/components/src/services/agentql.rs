//! Extract Web Data (AgentQL).

use super::remote::{ask, row};
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const API: &str = "https://api.agentql.com/v1/query-data";

choice! {
    /// Care or speed.
    pub enum Mode { Fast = "fast", Standard = "standard" }
}

/// Reads structured data from a web page with AgentQL.
///
/// Either a query in AgentQL's language or a description in words says what to read.
#[derive(Component)]
#[component(
    id = "AgentQL",
    class = "AgentQL",
    title = "Extract Web Data",
    icon = "AgentQL",
    category = "agentql",
    documentation = "https://docs.agentql.com/rest-api/api-reference",
    examples = EXAMPLES
)]
pub struct AgentQl {
    /// The key of AgentQL.
    #[input(title = "API Key", required)]
    api_key: Secret,
    /// The page.
    #[input(title = "URL", required, tool_mode)]
    url: String,
    /// What to read, in AgentQL's language. Wins over the words.
    #[input(title = "AgentQL Query", kind = Multiline, tool_mode)]
    query: String,
    /// What to read, in words.
    #[input(title = "Prompt", kind = Multiline, tool_mode)]
    prompt: String,
    /// Behave like a person's browser.
    #[input(title = "Enable Stealth Mode (Beta)", advanced)]
    is_stealth_mode_enabled: bool,
    /// Seconds the service may take.
    #[input(title = "Timeout", default = 900, advanced)]
    timeout: u64,
    /// Care or speed.
    #[input(title = "Request Mode", default = Mode::Fast, advanced)]
    mode: Mode,
    /// Seconds to wait before reading, at most 10.
    #[input(title = "Wait For", default = 0, range = (0.0, 10.0, 1.0), advanced)]
    wait_for: u64,
    /// Scroll to the end of the page first.
    #[input(title = "Enable scroll to bottom", advanced)]
    is_scroll_to_bottom_enabled: bool,
    /// Take a picture of the page.
    #[input(title = "Enable screenshot", advanced)]
    is_screenshot_enabled: bool,
}

#[outputs]
impl AgentQl {
    /// `result` as AgentQL read it, and `metadata`.
    #[output(name = "data", title = "JSON", method = "build_output")]
    async fn data(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut body = row(json!({
            "url": self.url.trim(),
            "params": {
                "mode": self.mode.as_str(), "wait_for": self.wait_for,
                "is_scroll_to_bottom_enabled": self.is_scroll_to_bottom_enabled,
                "is_screenshot_enabled": self.is_screenshot_enabled,
            },
            "metadata": {"experimental_stealth_mode_enabled": self.is_stealth_mode_enabled},
        }));
        match (self.query.trim(), self.prompt.trim()) {
            ("", "") => {
                return Err(
                    Fault::missing("say what to read: fill in the query or the prompt").at_field("query")
                );
            }
            ("", prompt) => body.insert("prompt".into(), json!(prompt)),
            (query, _) => body.insert("query".into(), json!(query)),
        };
        let call = Call::post(API)
            .timeout(Duration::from_secs(self.timeout.clamp(1, 900)))
            .secret_header("x-api-key", self.api_key.expose().trim())
            .json(&Json::Object(body));
        let answer = ask(call, "AgentQL", cx).await?;
        let data = Data::from_json(json!({"result": answer.get("data"), "metadata": answer.get("metadata")}));
        cx.set_status(data.clone());
        Ok(data)
    }
}

examples! {
    "Nothing to read": {"api_key": "k", "url": "https://a.example"} => fails "query";
}
