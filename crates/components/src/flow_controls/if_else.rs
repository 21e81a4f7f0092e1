//! If-Else.

use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use regex::Regex;
use serde_json::json;

const OPERATORS: [&str; 10] = [
    "equals",
    "not equals",
    "contains",
    "starts with",
    "ends with",
    "regex",
    "less than",
    "less than or equal",
    "greater than",
    "greater than or equal",
];
const ROUTES: [&str; 2] = ["true_result", "false_result"];

/// Sends a message one of two ways, by comparing texts.
///
/// The way that was not taken does not run. *Less than* and the like compare numbers; a text that is no
/// number makes them false, and so does a pattern that is no regular expression. A regular expression has
/// to match at the start of the text. In a cycle the node counts its rounds: after *Max Iterations* it
/// takes the default route.
#[derive(Component)]
#[component(
    id = "ConditionalRouter",
    class = "ConditionalRouterComponent",
    title = "If-Else",
    icon = "split",
    category = "flow_controls",
    module = "lfx.components.flow_controls.conditional_router.ConditionalRouterComponent",
    documentation = "https://docs.langflow.org/if-else",
    examples = EXAMPLES
)]
pub struct ConditionalRouterComponent {
    /// The text to test.
    #[input(title = "Text Input", required)]
    input_text: String,
    /// The comparison.
    #[input(title = "Operator", kind = Dropdown, options = OPERATORS, default = "equals", real_time_refresh)]
    operator: String,
    /// What the text is compared with.
    #[input(title = "Match Text", required)]
    match_text: String,
    /// Upper and lower case differ.
    #[input(title = "Case Sensitive", default = true, advanced)]
    case_sensitive: bool,
    /// The message to send when the test holds. Empty: the tested text.
    #[input(title = "Case True", advanced)]
    true_case_message: Message,
    /// The message to send when it does not. Empty: the tested text.
    #[input(title = "Case False", advanced)]
    false_case_message: Message,
    /// Rounds of a cycle until the default route is taken.
    #[input(title = "Max Iterations", default = 10, advanced)]
    max_iterations: i64,
    /// The route to take then.
    #[input(title = "Default Route", kind = Dropdown, options = ROUTES, default = "false_result", advanced)]
    default_route: String,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl ConditionalRouterComponent {
    /// The message, when the test holds.
    #[output(name = "true_result", title = "True", group_outputs)]
    async fn true_response(&self, cx: &Cx) -> Result<Message, Fault> {
        self.answer("true_result", cx)
    }

    /// The message, when the test does not hold.
    #[output(name = "false_result", title = "False", group_outputs)]
    async fn false_response(&self, cx: &Cx) -> Result<Message, Fault> {
        self.answer("false_result", cx)
    }

    /// Regular expressions say themselves how they treat case.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field == "operator" {
            let mut input = langflow_core::component::InputSpec::new("case_sensitive");
            input.kind = InputKind::Bool;
            input.title = "Case Sensitive";
            input.info = "Upper and lower case differ.";
            input.value = json!(true);
            input.advanced = true;
            let is_regex = request.value == "regex";
            let known = request.template.get("case_sensitive").cloned();
            let field = if is_regex { Json::Null } else { known.unwrap_or_else(|| input.to_template()) };
            patch.template.insert("case_sensitive".into(), field);
        }
        Ok(patch)
    }
}

impl ConditionalRouterComponent {
    /// What leaves through one output; an empty message through the one that is not taken.
    fn answer(&self, output: &str, cx: &Cx) -> Result<Message, Fault> {
        let route = self.route(output, cx)?;
        let not_taken = if route == "true_result" { "false_result" } else { "true_result" };
        cx.graph().exclude(&[not_taken]);
        if output != route {
            return Ok(cx.new_message(""));
        }
        let case = if route == "true_result" { &self.true_case_message } else { &self.false_case_message };
        let older = self.rest.get("message").and_then(|v| langflow_core::component::text_of(v).ok());
        let text = if case.text.is_empty() {
            older.filter(|text| !text.is_empty()).unwrap_or_else(|| self.input_text.clone())
        } else {
            case.text.clone()
        };
        cx.set_status(Value::text(text.clone()));
        Ok(cx.new_message(text))
    }

    /// The route of this round: by the test, or the default one when there were too many rounds.
    fn route(&self, output: &str, cx: &Cx) -> Result<&'static str, Fault> {
        let tested = if self.holds() { "true_result" } else { "false_result" };
        let is_default_true = self.default_route == "true_result";
        let default = if is_default_true { "true_result" } else { "false_result" };
        let is_over = tested != default && rounds(output, cx)? >= self.max_iterations;
        Ok(if is_over { default } else { tested })
    }

    fn holds(&self) -> bool {
        let (mut text, mut other) = (self.input_text.clone(), self.match_text.clone());
        if !self.case_sensitive && self.operator != "regex" {
            text = text.to_lowercase();
            other = other.to_lowercase();
        }
        let numbers = || Some((text.trim().parse::<f64>().ok()?, other.trim().parse::<f64>().ok()?));
        match self.operator.as_str() {
            "equals" => text == other,
            "not equals" => text != other,
            "contains" => text.contains(&other),
            "starts with" => text.starts_with(&other),
            "ends with" => text.ends_with(&other),
            "regex" => Regex::new(&format!("^(?:{})", self.match_text))
                .is_ok_and(|pattern| pattern.is_match(&self.input_text)),
            "less than" => numbers().is_some_and(|(a, b)| a < b),
            "less than or equal" => numbers().is_some_and(|(a, b)| a <= b),
            "greater than" => numbers().is_some_and(|(a, b)| a > b),
            "greater than or equal" => numbers().is_some_and(|(a, b)| a >= b),
            _ => false,
        }
    }
}

/// Counts the rounds: once for each, though a round computes both outputs.
fn rounds(output: &str, cx: &Cx) -> Result<i64, Fault> {
    let key = format!("{}_iteration", cx.node().id);
    let so_far = match cx.graph().shared(&key) {
        Some(Value::Json(json)) => json.as_i64().unwrap_or(0),
        _ => 0,
    };
    let counts = output == "true_result" || !cx.graph().is_connected("true_result");
    if !counts {
        return Ok(so_far);
    }
    cx.graph().put_shared(&key, Value::from(json!(so_far + 1)))?;
    Ok(so_far + 1)
}

examples! {
    "Equal": {"input_text": "yes", "match_text": "yes"} => true_result: "yes";
    "The other way is empty": {"input_text": "yes", "match_text": "yes"} => false_result: "";
    "A message for the case": {"input_text": "YES", "match_text": "yes", "case_sensitive": false,
        "true_case_message": {"$message": "agreed"}} => true_result: "agreed";
    "A pattern at the start": {"input_text": "abc", "match_text": "b", "operator": "regex"} => false_result: "abc";
    "Numbers": {"input_text": "10", "match_text": "9", "operator": "greater than"} => true_result: "10";
    "No numbers": {"input_text": "ten", "match_text": "9", "operator": "greater than"} => false_result: "ten";
}
