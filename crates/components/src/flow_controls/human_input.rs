//! Human Input.

use langflow_core::component::{OutputSpec, Outputs, RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_core::run::{HumanAsk, HumanOption};
use serde_json::json;

const UNITS: [&str; 3] = ["Minutes", "Hours", "Days"];
const CHOICES: [&str; 2] = ["Approve", "Reject"];
const METHOD: &str = "route_branch";
/// What stands before the id of an action in the name of its output.
const BRANCH: &str = "branch_";
const FALLBACK: &str = "fallback";
/// Choices of one node.
const MOST_CHOICES: usize = 100;

/// Asks a human, and goes on by the answer.
///
/// The run waits: what does not hang on the answer goes on, the rest when somebody has chosen. Each choice is an output;
/// only the chosen one goes on, with the shown text. With *Enable Fallback* an answer that comes after the timeout goes
/// another way. Only workflows wait (`POST /api/v2/workflows`, then its `resume`); elsewhere the node fails. A node
/// without connected outputs does not ask.
#[derive(Component)]
#[component(
    id = "HumanInput",
    class = "HumanInput",
    title = "Human Input",
    icon = "HumanInput",
    category = "flow_controls",
    module = "lfx.components.flow_controls.human_input.HumanInput"
)]
pub struct HumanInputComponent {
    /// What the human is shown.
    #[input(title = "Input", kind = Multiline)]
    prompt: String,
    /// What the human may choose; each choice is an output. Take one of the list or write your own.
    #[input(title = "User Choices", kind = ActionPicker, default = json!(CHOICES), combobox, real_time_refresh, required)]
    decisions: Vec<String>,
    /// An answer after this time goes the way of the fallback. 0: there is no such time. The run waits all the same until
    /// somebody answers or the server gives it up.
    #[input(
        title = "Timeout", kind = Duration, options = UNITS, default = json!({"value": 3, "unit": "Days"}), advanced,
        hidden
    )]
    timeout: Json,
    /// Adds an output for answers that come after the timeout.
    #[input(title = "Enable Fallback", advanced, real_time_refresh)]
    enable_fallback: bool,
}

/// The id of a choice: how its output and its answer are called.
fn action_id(label: &str) -> String {
    label.trim().to_lowercase().replace(' ', "_")
}

/// Ids and labels of choices, each id once.
fn actions<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut actions: Vec<(String, String)> = Vec::new();
    for label in labels {
        let id = action_id(label);
        if !id.is_empty() && actions.iter().all(|(known, _)| *known != id) && actions.len() < MOST_CHOICES {
            actions.push((id, label.trim().to_owned()));
        }
    }
    actions
}

fn branch(action: &str) -> String {
    format!("{BRANCH}{action}")
}

fn output(action: &str, label: &str) -> Json {
    json!({
        "allows_loop": false, "cache": true, "display_name": label, "group_outputs": true, "method": METHOD,
        "name": branch(action), "selected": "Message", "tool_mode": true, "types": ["Message"],
        "value": "__UNDEFINED__",
    })
}

#[async_trait]
impl Outputs for HumanInputComponent {
    fn output_specs() -> Vec<OutputSpec> {
        let output = |name, title, info| {
            let mut output = OutputSpec::new(name);
            output.method = METHOD;
            output.title = title;
            output.info = info;
            output.types = vec!["Message"];
            output.group_outputs = true;
            output
        };
        vec![
            output("branch_approve", "Approve", "The shown text, if the human approves."),
            output("branch_reject", "Reject", "The shown text, if the human rejects."),
        ]
    }

    fn has_output(name: &str) -> bool {
        name.strip_prefix(BRANCH).is_some_and(|action| !action.is_empty())
    }

    async fn run_output(&self, _name: &str, cx: &Cx) -> Result<Value, Fault> {
        let actions = actions(self.decisions.iter().map(String::as_str));
        let mut allowed: Vec<String> = actions.iter().map(|(id, _)| id.clone()).collect();
        if self.enable_fallback {
            allowed.push(FALLBACK.to_owned());
        }
        let branches: Vec<String> = allowed.iter().map(|id| branch(id)).collect();
        if !branches.iter().any(|name| cx.graph().is_connected(name)) {
            cx.set_status(Value::text("Not asked: no output is connected"));
            return Ok(cx.new_message(self.prompt.clone()).into());
        }
        let options = actions.into_iter().map(|(action_id, label)| HumanOption { action_id, label });
        let ask = HumanAsk {
            prompt: self.prompt.clone(),
            options: options.collect(),
            allowed_decisions: allowed,
            timeout_seconds: seconds(&self.timeout),
            fallback_action: self.enable_fallback.then(|| FALLBACK.to_owned()),
        };
        let chosen = branch(&cx.graph().decision(ask).await?.action_id);
        let others: Vec<&str> = branches.iter().map(String::as_str).filter(|name| *name != chosen).collect();
        cx.graph().exclude(&others);
        Ok(cx.new_message(self.prompt.clone()).into())
    }

    /// An output for each choice; the timeout is shown where it counts.
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field != "decisions" && request.field != "enable_fallback" {
            return Ok(patch);
        }
        let field = |name: &str| {
            if request.field == name {
                return request.value.clone();
            }
            request.template.get(name).and_then(|field| field.get("value")).cloned().unwrap_or_default()
        };
        let has_fallback = field("enable_fallback").as_bool().unwrap_or_default();
        let labels = field("decisions");
        let labels = labels.as_array().into_iter().flatten().filter_map(Json::as_str);
        let mut outputs: Vec<Json> = actions(labels).iter().map(|(id, label)| output(id, label)).collect();
        if has_fallback {
            outputs.push(output(FALLBACK, "Fallback"));
        }
        patch.outputs = Some(outputs);
        if let Some(Json::Object(mut timeout)) = request.template.get("timeout").cloned() {
            timeout.insert("show".into(), json!(has_fallback));
            patch.template.insert("timeout".into(), Json::Object(timeout));
        }
        Ok(patch)
    }
}

/// A duration of the editor: a number and its unit, or a number of days.
fn seconds(timeout: &Json) -> u64 {
    let (count, unit) = match timeout {
        Json::Object(fields) => (fields.get("value"), fields.get("unit").and_then(Json::as_str)),
        other => (Some(other), None),
    };
    let count = match count {
        Some(Json::Number(count)) => count.as_f64().unwrap_or_default(),
        Some(Json::String(text)) => text.trim().parse().unwrap_or_default(),
        _ => 0.0,
    };
    let unit = match unit {
        Some("Minutes") => 60,
        Some("Hours") => 3600,
        _ => 86_400,
    };
    // A negative count is none.
    (count as u64).saturating_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_have_ids_and_each_id_once() {
        let labels = ["Approve", " Request Changes ", "approve", "", "Nein, danke"];
        let ids: Vec<String> = actions(labels.into_iter()).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["approve", "request_changes", "nein,_danke"]);
        assert!(HumanInputComponent::has_output("branch_nein,_danke"));
        assert!(!HumanInputComponent::has_output("branch_") && !HumanInputComponent::has_output("message"));
    }

    #[test]
    fn durations_are_counted_in_seconds() {
        for (timeout, expected) in [
            (json!({"value": 3, "unit": "Days"}), 259_200),
            (json!({"value": 2, "unit": "Hours"}), 7200),
            (json!({"value": "5", "unit": "Minutes"}), 300),
            (json!({"value": 1}), 86_400),
            (json!(2), 172_800),
            (json!({"value": -1, "unit": "Days"}), 0),
            (json!(""), 0),
            (Json::Null, 0),
        ] {
            assert_eq!(seconds(&timeout), expected, "{timeout}");
        }
    }
}
