//! LLM Selector.

use super::ask;
use langflow_core::component::{Handle, choice};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;
use std::time::Duration;

const SPECS: &str = "https://openrouter.ai/api/v1/models";
const SPECS_BYTES: usize = 16 * 1024 * 1024;
/// What the judge sees of the input.
const PREVIEW_CHARS: usize = 500;

choice! {
    /// What the choice is to favour.
    pub enum Optimization { Quality = "quality", Speed = "speed", Cost = "cost", Balanced = "balanced" }
}

/// Chooses the model that suits an input best, and lets it answer.
///
/// A judge, itself a model, reads the beginning of the input and the list of models.
#[derive(Component)]
#[component(
    id = "LLMSelectorComponent",
    class = "LLMSelectorComponent",
    title = "LLM Selector",
    icon = "git-branch",
    category = "llm_operations",
    module = "lfx.components.llm_operations.llm_selector.LLMSelectorComponent",
    documentation = "https://docs.langflow.org/llm-selector"
)]
pub struct LlmSelectorComponent {
    /// The models to choose from.
    #[input(title = "Language Models", required)]
    models: Many<Handle<dyn ChatModel>>,
    /// What the chosen model answers to.
    #[input(title = "Input", kind = Multiline, required)]
    input_value: String,
    /// The model that chooses.
    #[input(title = "Judge LLM", required)]
    judge_llm: Handle<dyn ChatModel>,
    /// What to favour.
    #[input(title = "Optimization", default = Optimization::Balanced)]
    optimization: Optimization,
    /// Tells the judge what OpenRouter's public list says about the models: price, context, abilities.
    #[input(title = "Use OpenRouter Specs", advanced, default = true)]
    use_openrouter_specs: bool,
    /// Seconds to wait for that list.
    #[input(title = "API Timeout", advanced, default = 10)]
    timeout: u64,
    /// Takes the first model when the choice fails.
    #[input(title = "Fallback to First Model", advanced, default = true)]
    fallback_to_first: bool,
}

#[outputs]
impl LlmSelectorComponent {
    /// The answer of the chosen model.
    #[output(name = "output", title = "Output", method = "route_to_model")]
    async fn route_to_model(&self, cx: &Cx) -> Result<Message, Fault> {
        let (at, _) = self.choose(cx).await?;
        let model = self
            .models
            .0
            .get(at)
            .ok_or_else(|| Fault::missing("no model is connected").at_field("models"))?;
        match ask(&*model.0, "", &self.input_value, cx).await {
            Ok(text) => Ok(cx.new_message(text)),
            Err(fault) if at > 0 && self.fallback_to_first => match self.models.0.first() {
                Some(first) => Ok(cx.new_message(ask(&*first.0, "", &self.input_value, cx).await?)),
                None => Err(fault),
            },
            Err(fault) => Err(fault),
        }
    }

    /// What is known of the chosen model.
    #[output(title = "Selected Model Info", types = ["Data", "JSON"], method = "get_selected_model_info")]
    async fn selected_model_info(&self, cx: &Cx) -> Result<Data, Fault> {
        let (at, specs) = self.choose(cx).await?;
        Ok(Data::from_json(specs.get(at).cloned().unwrap_or_default()))
    }

    /// Which model was chosen, in a sentence.
    #[output(title = "Routing Decision", method = "get_routing_decision")]
    async fn routing_decision(&self, cx: &Cx) -> Result<Message, Fault> {
        let (at, specs) = self.choose(cx).await?;
        let name = specs.get(at).and_then(|spec| spec.get("id")).and_then(Json::as_str).unwrap_or("unknown");
        let favoured = langflow_core::component::Choice::as_str(self.optimization);
        Ok(cx.new_message(format!("Model {at} was chosen: {name} (favouring {favoured}).")))
    }
}

impl LlmSelectorComponent {
    /// The index of the chosen model and what is known of all. The judge is asked once per input.
    async fn choose(&self, cx: &Cx) -> Result<(usize, Vec<Json>), Fault> {
        let key = format!("llm_selector:{}:{}", cx.node().id, self.input_value);
        if let Some(Value::Json(Json::Array(known))) = cx.graph().shared(&key) {
            let at = known.first().and_then(Json::as_u64).unwrap_or_default() as usize;
            return Ok((at, known.into_iter().skip(1).collect()));
        }
        let specs = self.specs(cx).await;
        let at = match self.judge(&specs, cx).await {
            Ok(at) => at,
            Err(fault) if matches!(fault.kind(), FaultKind::Cancelled | FaultKind::Budget) => {
                return Err(fault);
            }
            Err(fault) if !self.fallback_to_first => return Err(fault),
            Err(fault) => {
                cx.log("Judge", fault.message());
                0
            }
        };
        let mut known = vec![json!(at)];
        known.extend(specs.iter().cloned());
        cx.graph().put_shared(&key, Value::Json(Json::Array(known)))?;
        Ok((at, specs))
    }

    async fn judge(&self, specs: &[Json], cx: &Cx) -> Result<usize, Fault> {
        let list: Vec<String> = specs.iter().enumerate().map(|(at, spec)| format!("{at}: {spec}")).collect();
        let preview: String = self.input_value.chars().take(PREVIEW_CHARS).collect();
        let tokens = self.input_value.split_whitespace().count() as f64 * 1.3;
        let prompt = format!(
            "Choose the model that should answer the request below. Favour: {}.\n\nModels:\n{}\n\nThe request has about \
             {tokens:.0} tokens and begins:\n{preview}\n\nAnswer with the number of the model, nothing else.",
            langflow_core::component::Choice::as_str(self.optimization),
            list.join("\n"),
        );
        let answer = ask(&*self.judge_llm.0, "", &prompt, cx).await?;
        let digits: String =
            answer.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        Ok(digits.parse().ok().filter(|at| *at < self.models.0.len()).unwrap_or(0))
    }

    /// What is known of each model; without the public list just its name.
    async fn specs(&self, cx: &Cx) -> Vec<Json> {
        let known = if self.use_openrouter_specs {
            let call = Call::get(SPECS).timeout(Duration::from_secs(self.timeout.max(1)));
            call.send_json(&*cx.egress(), "OpenRouter", SPECS_BYTES).await.unwrap_or_default()
        } else {
            Json::Null
        };
        let known = known.get("data").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        self.models
            .0
            .iter()
            .map(|model| {
                let name = &model.info().model;
                let found = known.iter().find(|spec| {
                    let id = spec.get("id").and_then(Json::as_str).unwrap_or_default();
                    id == name || id.rsplit('/').next() == Some(name.as_str())
                });
                let Some(found) = found else {
                    return json!({ "id": name, "name": name, "provider": model.info().provider });
                };
                let keep = ["id", "name", "description", "context_length", "pricing", "architecture"];
                let kept: JsonMap = keep
                    .iter()
                    .filter_map(|key| found.get(*key).map(|value| ((*key).to_owned(), value.clone())))
                    .collect();
                Json::Object(kept)
            })
            .collect()
    }
}
