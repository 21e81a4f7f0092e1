//! Webhook.

use langflow_core::prelude::*;

/// Starts a flow with the body of an HTTP request.
///
/// The request goes to the endpoint shown in the node. A body that is not JSON arrives as an object with
/// the single key `payload`.
#[derive(Component)]
#[component(
    id = "Webhook",
    class = "WebhookComponent",
    title = "Webhook",
    icon = "webhook",
    category = "input_output",
    module = "lfx.components.input_output.webhook.WebhookComponent",
    documentation = "https://docs.langflow.org/component-webhook",
    examples = EXAMPLES
)]
pub struct WebhookComponent {
    /// The body of the request; calls of the endpoint fill it.
    #[input(title = "Payload", kind = Multiline, advanced)]
    data: String,
    /// A command that calls the endpoint, to copy.
    #[input(
        title = "cURL", kind = Multiline, handles = [], default = "CURL_WEBHOOK", advanced
    )]
    #[expect(dead_code, reason = "only the editor reads it")]
    curl: String,
    /// The address of the endpoint, to copy.
    #[input(
        title = "Endpoint", kind = Multiline, handles = [], default = "BACKEND_URL",
        extra = serde_json::json!({"copy_field": true})
    )]
    #[expect(dead_code, reason = "only the editor reads it")]
    endpoint: String,
}

#[outputs]
impl WebhookComponent {
    /// The body, read as JSON.
    #[output(name = "output_data", title = "JSON", types = ["JSON"])]
    async fn build_data(&self, _cx: &Cx) -> Result<Value, Fault> {
        Ok(read_body(&self.data))
    }
}

fn read_body(body: &str) -> Value {
    if body.is_empty() {
        return Data::default().into();
    }
    // A body that is one line break in quotes is what some senders mean by an empty text.
    let body = body.replace("\"\n\"", "\"\\n\"");
    match serde_json::from_str::<Json>(&body) {
        Ok(Json::Object(map)) => Data::new(map).into(),
        Ok(other) => Value::from(other),
        Err(_) => Data::from_json(serde_json::json!({"payload": body})).into(),
    }
}

examples! {
    "A JSON body": {"data": "{\"id\": 7}"} => output_data: {"id": 7};
    "Any other body": {"data": "ping"} => output_data: {"payload": "ping"};
    "No body": {"data": ""} => output_data: {};
}
