//! How agents of Langflow 1.1 to 1.7 name their model: `agent_llm` with the provider's name, or an edge, and
//! the provider's settings beside it.

use crate::models::pick::ModelPick;
use crate::models::resolve::{ModelAsk, resolve_chat};
use langflow_core::capability::ChatModel;
use langflow_core::component::{Params, text_of};
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, Value};
use langflow_providers::chat::ChatSettings;
use std::sync::Arc;
use std::time::Duration;

/// The model of a node: the one picked, else what the older fields say.
pub(super) async fn model_of(
    pick: &ModelPick,
    api_key: &str,
    max_tokens: u64,
    rest: &Params,
    cx: &Cx,
) -> Result<Arc<dyn ChatModel>, Fault> {
    let settings = ChatSettings { max_tokens, ..ChatSettings::default() };
    if !matches!(pick, ModelPick::Nothing) {
        let text = |name: &str| text_field(rest, name);
        let ollama = text("ollama_base_url");
        let ask = ModelAsk { pick: pick.clone(), api_key, ollama_base_url: &ollama, ..ModelAsk::default() };
        return resolve_chat(ask, settings, cx).await;
    }
    for field in ["agent_llm", "llm"] {
        if let Some(Value::Model(model)) = rest.get(field) {
            return Ok(Arc::clone(model));
        }
    }
    let provider = text_field(rest, "agent_llm");
    let model_name = text_field(rest, "model_name");
    let base_url = ["openai_api_base", "base_url", "api_base"]
        .iter()
        .map(|name| text_field(rest, name))
        .find(|url| !url.is_empty())
        .unwrap_or_default();
    let ask = ModelAsk {
        provider: if provider == "Custom" { "" } else { &provider },
        model_name: &model_name,
        api_key,
        base_url: &base_url,
        ..ModelAsk::default()
    };
    let settings = ChatSettings {
        temperature: number(rest, "temperature"),
        seed: number(rest, "seed").map(|seed| seed as i64),
        json_mode: matches!(rest.get("json_mode"), Some(Value::Json(Json::Bool(true)))),
        extra: match rest.get("model_kwargs") {
            Some(Value::Json(Json::Object(extra))) => extra.clone(),
            _ => Default::default(),
        },
        timeout: number(rest, "timeout")
            .filter(|seconds| *seconds >= 1.0)
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .unwrap_or(settings.timeout),
        retries: number(rest, "max_retries").map_or(settings.retries, |retries| retries as u32),
        ..settings
    };
    resolve_chat(ask, settings, cx).await
}

fn text_field(rest: &Params, name: &str) -> String {
    rest.get(name).and_then(|value| text_of(value).ok()).unwrap_or_default()
}

fn number(rest: &Params, name: &str) -> Option<f64> {
    match rest.get(name)? {
        Value::Json(Json::Number(number)) => number.as_f64(),
        Value::Json(Json::String(text)) => text.trim().parse().ok(),
        _ => None,
    }
}
