//! A component alone, with the fake model server as its outside world.

use langflow_components::catalogue;
use langflow_core::component::{Params, example_value};
use langflow_core::run::RunEvent;
use langflow_core::{Fault, Json, Value};
use langflow_providers::http::{Door, EgressConfig, RetryConfig, SsrfConfig};
use langflow_testkit::fake_model::FakeModel;
use langflow_testkit::solo::Solo;
use std::sync::Arc;
use std::time::Duration;

/// A door that lets loopback pass and hardly waits.
pub fn door() -> Arc<Door> {
    let config = EgressConfig {
        ssrf: SsrfConfig { enabled: true, allowed_hosts: vec!["127.0.0.1".into()] },
        retry: RetryConfig {
            first_wait: Duration::from_millis(1),
            longest_wait: Duration::from_millis(2),
            longest_retry_after: Duration::from_millis(5),
        },
        ..EgressConfig::default()
    };
    Arc::new(Door::new(config).expect("the settings are good"))
}

/// A world whose OpenAI is the fake server.
pub fn world(server: &FakeModel) -> Solo {
    let mut solo = Solo::new()
        .with_egress(door())
        .with_variable("OPENAI_API_KEY", "sk-test")
        .with_variable("OPENAI_BASE_URL", &server.openai_url());
    solo.node.id = "Node-1".into();
    solo.node.display_name = "The Node".into();
    solo.node.icon = Some("the-icon".into());
    solo
}

/// Parameters from JSON; values of edges as in examples.
pub fn params(json: Json) -> Params {
    let mut params = Params::default();
    for (name, value) in json.as_object().expect("parameters are an object") {
        params.set(name.clone(), example_value(value));
    }
    params
}

pub async fn run(solo: &Solo, key: &str, fields: Json, output: &str) -> Result<Value, Fault> {
    solo.run(&catalogue(), key, params(fields), output).await
}

/// Events in one line each.
pub fn told(solo: &Solo) -> Vec<String> {
    solo.events()
        .iter()
        .map(|event| match event {
            RunEvent::AddMessage(message) => {
                let state = format!("{:?}", message.properties.state).to_lowercase();
                format!("add_message {state} {:?}", message.text)
            }
            RunEvent::Token { chunk, .. } => format!("token {chunk:?}"),
            other => format!("{other:?}"),
        })
        .collect()
}

pub fn text(value: &Value) -> &str {
    match value {
        Value::Message(message) => &message.text,
        other => panic!("expected a message, not {}", other.type_name()),
    }
}

/// `base` with the fields of `more`.
pub fn with(base: &Json, more: &Json) -> Json {
    let mut fields = base.clone();
    fields
        .as_object_mut()
        .expect("fields are an object")
        .extend(more.as_object().cloned().unwrap_or_default());
    fields
}
