//! Guardrails.

use super::guardrail_rules::{CHECKS, find, redact};
use super::guardrails_work::{Verdict, fails, shared};
use super::model_of;
use crate::models::pick::ModelPick;
use langflow_core::component::Choice as _;
use langflow_core::prelude::*;
use serde_json::json;

choice! {
    /// Who checks.
    pub enum Method { Ai = "AI checks", Both = "Rules + AI", Rules = "Rules only" }
}
choice! {
    /// What happens with personal data and secrets that rules found.
    pub enum Action { Sanitize = "sanitize", Block = "block", PassThrough = "pass_through" }
}
choice! {
    /// How they are hidden.
    pub enum Redaction { Mask = "mask", Tokenize = "tokenize", Partial = "partial" }
}

/// Lets a text pass only when rules, a model, or both find nothing wrong with it.
///
/// Rules find personal data, secrets, attempts to take over a model, and words of your own; they need no model.
/// Personal data and secrets may be hidden instead of stopping the text. Topics that must or must not be spoken of
/// are judged by the model.
#[derive(Component)]
#[component(
    id = "GuardrailValidatorV2",
    class = "GuardrailsComponentV2",
    title = "Guardrails",
    icon = "shield-check",
    category = "llm_operations",
    module = "lfx.components.llm_operations.guardrails_v2.GuardrailsComponentV2",
    examples = EXAMPLES
)]
pub struct GuardrailsComponentV2 {
    /// The text to check.
    #[input(title = "Input Text", kind = Multiline, required)]
    input_text: String,
    /// Who checks.
    #[input(title = "Checking Method", default = Method::Ai, real_time_refresh)]
    checking_method: Method,
    /// What to look for.
    #[input(title = "Guardrails", kind = Multiselect, options = CHECKS, required, real_time_refresh, default = json!(["PII", "Tokens/Passwords", "Jailbreak"]))]
    enabled_guardrails: Vec<String>,
    /// The only topics that may be spoken of, a line each.
    #[input(title = "Allowed Topics", kind = Multiline, advanced, hidden)]
    allowed_topics: String,
    /// Topics that must not be spoken of, a line each.
    #[input(title = "Blocked Topics", kind = Multiline, advanced, hidden)]
    blocked_topics: String,
    /// How sure a rule must be to stop the text, from 0 to 1.
    #[input(title = "Block Threshold", kind = Slider, default = 0.75, advanced, hidden, range = (0.0, 1.0, 0.05))]
    block_threshold: f64,
    /// What happens with personal data and secrets that rules found.
    #[input(title = "Medium Risk Action", default = Action::Block, advanced, hidden, real_time_refresh)]
    medium_risk_action: Action,
    /// How they are hidden.
    #[input(title = "Redaction Mode", default = Redaction::Mask, advanced, hidden)]
    redaction_mode: Redaction,
    /// The model that checks; not needed for rules only.
    #[input(title = "Language Model")]
    model: ModelPick,
    /// The provider's key, or the name of a variable that holds it.
    #[input(title = "API Key", advanced, real_time_refresh)]
    api_key: Secret,
    /// Words that must not occur, a line each.
    #[input(title = "Custom Blocklist", kind = Multiline, advanced, hidden)]
    custom_blocklist: String,
    /// Stop the text when a check cannot be made; otherwise let it pass.
    #[input(title = "Fail Closed", default = true, advanced, hidden)]
    fail_closed: bool,
    /// Look for something of your own too.
    #[input(title = "Enable Custom Guardrail", advanced, real_time_refresh)]
    enable_custom_guardrail: bool,
    /// What that is, in words.
    #[input(title = "Custom Guardrail Description", kind = Multiline, advanced, hidden)]
    custom_guardrail_explanation: String,
}

#[outputs]
impl GuardrailsComponentV2 {
    /// The text, when every check passes.
    #[output(name = "pass_result", title = "Pass", method = "pass_message")]
    async fn pass_result(&self, cx: &Cx) -> Result<Message, Fault> {
        let verdict = self.verdict(cx).await?;
        if verdict.failed.is_empty() {
            cx.graph().exclude(&["failed_result"]);
            return Ok(cx.new_message(verdict.text));
        }
        cx.graph().exclude(&["pass_result"]);
        Ok(cx.new_message(""))
    }

    /// Why it does not pass.
    #[output(name = "failed_result", title = "Fail", method = "fail_message")]
    async fn failed_result(&self, cx: &Cx) -> Result<Message, Fault> {
        let verdict = self.verdict(cx).await?;
        if verdict.failed.is_empty() {
            cx.graph().exclude(&["failed_result"]);
            return Ok(cx.new_message(""));
        }
        cx.graph().exclude(&["pass_result"]);
        Ok(cx.new_message(format!("{}: {}", verdict.failed, verdict.why)))
    }

    /// The text, `pass` or `fail`, and why.
    #[output(name = "data_result", title = "Result Data", method = "result_data")]
    async fn data_result(&self, cx: &Cx) -> Result<Data, Fault> {
        let verdict = self.verdict(cx).await?;
        let result = if verdict.failed.is_empty() { "pass" } else { "fail" };
        Ok(Data::from_json(json!({
            "text": self.input_text, "result": result, "check": verdict.failed, "justification": verdict.why,
        })))
    }
}

impl GuardrailsComponentV2 {
    async fn verdict(&self, cx: &Cx) -> Result<Verdict, Fault> {
        if self.input_text.trim().is_empty() {
            return Err(Fault::missing("there is no text to check").at_field("input_text"));
        }
        let questions = self.questions();
        if questions.is_empty() && self.custom_blocklist.trim().is_empty() {
            return Err(Fault::missing("no check is chosen").at_field("enabled_guardrails"));
        }
        let key = format!("guardrails:{}:{}", cx.node().id, self.input_text);
        shared(key, cx, async {
            let mut verdict = match self.checking_method {
                Method::Ai => Verdict { text: self.input_text.clone(), ..Verdict::default() },
                Method::Both | Method::Rules => self.by_rules(),
            };
            if verdict.failed.is_empty() && self.checking_method != Method::Rules {
                match self.by_model(&questions, cx).await {
                    Ok(Some((check, why))) => (verdict.failed, verdict.why) = (check, why),
                    Ok(None) => {}
                    Err(fault)
                        if matches!(
                            fault.kind(),
                            FaultKind::Cancelled | FaultKind::Budget | FaultKind::Missing
                        ) =>
                    {
                        return Err(fault);
                    }
                    Err(fault) if self.fail_closed => {
                        (verdict.failed, verdict.why) = ("Check failed".into(), fault.to_string());
                    }
                    Err(fault) => cx.log("Guardrails", format!("a check could not be made: {fault}")),
                }
            }
            Ok(verdict)
        })
        .await
    }

    /// Names of the checks and what they look for, for a model.
    fn questions(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> =
            self.enabled_guardrails.iter().map(|check| (check.clone(), String::new())).collect();
        let mut add = |name: &str, question: String| all.push((name.to_owned(), question));
        if self.enable_custom_guardrail && !self.custom_guardrail_explanation.trim().is_empty() {
            add("Custom Guardrail", self.custom_guardrail_explanation.clone());
        }
        if !self.blocked_topics.trim().is_empty() {
            add("Blocked Topics", format!("one of these topics: {}", list(&self.blocked_topics)));
        }
        if !self.allowed_topics.trim().is_empty() {
            add(
                "Allowed Topics",
                format!("anything that belongs to none of these topics: {}", list(&self.allowed_topics)),
            );
        }
        all
    }

    fn by_rules(&self) -> Verdict {
        let mut verdict = Verdict { text: self.input_text.clone(), ..Verdict::default() };
        let lower = self.input_text.to_lowercase();
        let word = self
            .custom_blocklist
            .lines()
            .map(str::trim)
            .find(|word| !word.is_empty() && lower.contains(&word.to_lowercase()));
        if let Some(word) = word {
            (verdict.failed, verdict.why) = ("Custom Blocklist".into(), format!("it contains '{word}'"));
            return verdict;
        }
        let found = find(&self.input_text, &self.enabled_guardrails);
        let is_private = |check: &str| matches!(check, "PII" | "Tokens/Passwords");
        let stops = found.iter().find(|finding| {
            finding.score >= self.block_threshold
                && (!is_private(finding.check) || self.medium_risk_action == Action::Block)
        });
        if let Some(finding) = stops {
            verdict.failed = finding.check.into();
            verdict.why = format!("it looks like {}", finding.kind);
        } else if self.medium_risk_action == Action::Sanitize {
            verdict.text = redact(&self.input_text, &found, self.redaction_mode.as_str());
        }
        verdict
    }

    async fn by_model(
        &self,
        questions: &[(String, String)],
        cx: &Cx,
    ) -> Result<Option<(String, String)>, Fault> {
        let model = model_of(&self.model, &self.api_key, cx).await?;
        for (check, question) in questions {
            if let Some(why) = fails(&*model, check, question, &self.input_text, cx).await? {
                return Ok(Some((check.clone(), why)));
            }
        }
        Ok(None)
    }
}

fn list(lines: &str) -> String {
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

examples! {
    "Nothing to check": {"input_text": " "} => fails "no text";
    "Rules stop": {"input_text": "mail ann@example.com", "checking_method": "Rules only"} => failed_result: "PII: it looks like email";
    "Rules hide": {"input_text": "mail ann@example.com", "checking_method": "Rules only", "medium_risk_action": "sanitize",
        "redaction_mode": "tokenize"} => pass_result: "mail [EMAIL]";
    "A word of your own": {"input_text": "About Ants", "checking_method": "Rules only", "custom_blocklist": "ants"}
        => failed_result: "Custom Blocklist: it contains 'ants'";
}
