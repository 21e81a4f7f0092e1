//! What stands in a model field.

use langflow_core::capability::{ChatModel, Embedder};
use langflow_core::component::{FromInput, InputKind, InputSpec};
use langflow_core::{Fault, Json, Value};
use std::sync::Arc;

/// The value of a model picker: a choice from the list, or a model that comes over an edge.
#[derive(Clone, Debug, Default)]
pub enum ModelPick {
    #[default]
    Nothing,
    Named {
        /// Empty in flows that stored the name alone.
        provider: String,
        model: String,
    },
    Chat(Arc<dyn ChatModel>),
    Embedder(Arc<dyn Embedder>),
}

impl ModelPick {
    /// The embedding model that came over an edge.
    pub fn embedder(&self) -> Result<Arc<dyn Embedder>, Fault> {
        match self {
            Self::Embedder(embedder) => Ok(Arc::clone(embedder)),
            Self::Chat(_) => {
                Err(Fault::invalid("a language model makes no vectors; connect an embedding model")
                    .at_field("model"))
            }
            Self::Nothing | Self::Named { .. } => {
                Err(Fault::missing("no embedding model is connected").at_field("model"))
            }
        }
    }
}

impl FromInput for ModelPick {
    fn describe(input: &mut InputSpec) {
        input.kind = InputKind::Model;
        input.real_time_refresh = true;
        input.refresh_button = true;
    }

    fn from_input(value: Option<Value>, _input: &InputSpec) -> Result<Self, String> {
        read(value.unwrap_or_default())
    }
}

fn read(value: Value) -> Result<ModelPick, String> {
    match value {
        Value::Null => Ok(ModelPick::Nothing),
        Value::Model(model) => Ok(ModelPick::Chat(model)),
        Value::Embedder(embedder) => Ok(ModelPick::Embedder(embedder)),
        Value::List(items) => items.into_iter().next().map_or(Ok(ModelPick::Nothing), read),
        Value::Json(json) => named(&json),
        other => Err(format!("expected a model, not {}", other.type_name())),
    }
}

fn named(json: &Json) -> Result<ModelPick, String> {
    match json {
        Json::Null => Ok(ModelPick::Nothing),
        // The picker says so while it waits for an edge.
        Json::String(text) if text.is_empty() || text == "connect_other_models" => Ok(ModelPick::Nothing),
        Json::String(model) => Ok(ModelPick::Named { provider: String::new(), model: model.clone() }),
        Json::Array(items) => items.first().map_or(Ok(ModelPick::Nothing), named),
        Json::Object(map) => {
            let text = |key: &str| map.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            let provider = if text("provider").is_empty() { text("category") } else { text("provider") };
            if text("name").is_empty() {
                return if map.is_empty() { Ok(ModelPick::Nothing) } else { Err("it names no model".into()) };
            }
            Ok(ModelPick::Named { provider, model: text("name") })
        }
        other => Err(format!("expected a model, not {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_stored_forms() {
        for (stored, expect) in [
            (json!(null), Ok(None)),
            (json!(""), Ok(None)),
            (json!([]), Ok(None)),
            (json!({}), Ok(None)),
            (json!("connect_other_models"), Ok(None)),
            (json!("gpt-4o"), Ok(Some(("", "gpt-4o")))),
            (json!(["gpt-4o"]), Ok(Some(("", "gpt-4o")))),
            (
                json!([{ "name": "gpt-4o", "provider": "OpenAI", "icon": "x" }]),
                Ok(Some(("OpenAI", "gpt-4o"))),
            ),
            (json!({ "name": "m", "category": "Ollama" }), Ok(Some(("Ollama", "m")))),
            (json!([{ "provider": "OpenAI" }]), Err(())),
            (json!(7), Err(())),
        ] {
            let input = InputSpec::new("model");
            let got = ModelPick::from_input(Some(Value::from(stored.clone())), &input);
            let got = got.as_ref().map_err(|_| ()).map(|pick| match pick {
                ModelPick::Named { provider, model } => Some((provider.as_str(), model.as_str())),
                _ => None,
            });
            assert_eq!(got, expect, "{stored}");
        }
    }
}
