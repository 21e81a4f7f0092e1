//! WolframAlpha API.

use super::remote::{ANSWER_BYTES, row};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

const API: &str = "https://www.wolframalpha.com/api/v1/llm-api";

/// Asks WolframAlpha: sums, units, facts.
#[derive(Component)]
#[component(
    id = "WolframAlphaAPI",
    class = "WolframAlphaAPIComponent",
    title = "WolframAlpha API",
    icon = "WolframAlphaAPI",
    category = "wolframalpha",
    examples = EXAMPLES
)]
pub struct WolframAlphaApiComponent {
    /// The question, in English.
    #[input(title = "Input Query", kind = Multiline, tool_mode)]
    input_value: String,
    /// The id of an app at WolframAlpha.
    #[input(title = "WolframAlpha App ID", required)]
    app_id: Secret,
}

#[outputs]
impl WolframAlphaApiComponent {
    /// One row with the answer.
    #[output(name = "dataframe", title = "Table", method = "fetch_content_dataframe", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        if self.input_value.trim().is_empty() {
            return Err(Fault::missing("nothing is asked").at_field("input_value"));
        }
        let call = Call::get(API).query(&[("input", self.input_value.trim())]).bearer(&self.app_id);
        let bytes = call.send_ok(&*cx.egress(), "WolframAlpha").await?.bytes(ANSWER_BYTES).await?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Table::from_rows([row(json!({"text": text}))]))
    }
}

examples! {
    "Nothing is asked": {"app_id": "k"} => fails "nothing is asked";
    "No app": {"input_value": "2+2"} => fails "App ID";
}
