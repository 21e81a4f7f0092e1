//! Work that a language model does on data.

mod batch_run;
mod guardrail_rules;
mod guardrails;
mod guardrails_v2;
mod guardrails_work;
mod llm_selector;
mod smart_router;
mod smart_transform;
mod structured_output;

use crate::models::pick::ModelPick;
use crate::models::resolve::{ModelAsk, resolve_chat};
use langflow_core::capability::{ChatModel, ChatRequest, ChatResponse, ChatTurn};
use langflow_core::component::{Definition, Entry};
use langflow_core::run::Cx;
use langflow_core::{Fault, Secret};
use langflow_providers::chat::ChatSettings;
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<structured_output::StructuredOutputComponent>::of(),
        Entry::<batch_run::BatchRunComponent>::of(),
        Entry::<smart_router::SmartRouterComponent>::of(),
        Entry::<llm_selector::LlmSelectorComponent>::of(),
        Entry::<smart_transform::LambdaFilterComponent>::of(),
        Entry::<guardrails_v2::GuardrailsComponentV2>::of(),
        Entry::<guardrails::GuardrailsComponent>::of(),
    ]
}

/// The picked model.
async fn model_of(pick: &ModelPick, api_key: &Secret, cx: &Cx) -> Result<Arc<dyn ChatModel>, Fault> {
    let ask = ModelAsk { pick: pick.clone(), api_key: api_key.expose(), ..ModelAsk::default() };
    resolve_chat(ask, ChatSettings::default(), cx).await
}

/// One answer to instructions and a text; its tokens are counted.
async fn ask(model: &dyn ChatModel, system: &str, text: &str, cx: &Cx) -> Result<String, Fault> {
    let mut turns = Vec::new();
    if !system.trim().is_empty() {
        turns.push(ChatTurn::system(system));
    }
    turns.push(ChatTurn::user(text));
    Ok(complete(model, ChatRequest::new(turns), cx).await?.text)
}

/// One whole answer; its tokens are counted.
async fn complete(model: &dyn ChatModel, request: ChatRequest, cx: &Cx) -> Result<ChatResponse, Fault> {
    let answer = model.complete(request).await?;
    if let Some(usage) = answer.usage {
        cx.add_usage(usage)?;
    }
    Ok(answer)
}
