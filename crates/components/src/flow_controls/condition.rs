//! Condition.

use langflow_core::prelude::*;
use langflow_core::value::python_repr;

const OPERATORS: [&str; 6] =
    ["equals", "not equals", "contains", "starts with", "ends with", "boolean validator"];

/// Sends data one of two ways, by the value of a key.
///
/// Of a list the items that pass the test go one way; only if none passes, all go the other way.
#[derive(Component)]
#[component(
    id = "DataConditionalRouter",
    class = "DataConditionalRouterComponent",
    title = "Condition",
    icon = "split",
    category = "flow_controls",
    module = "lfx.components.flow_controls.data_conditional_router.DataConditionalRouterComponent",
    legacy,
    replacement = ["flow_controls.ConditionalRouter"],
    examples = EXAMPLES
)]
pub struct DataConditionalRouterComponent {
    /// The data to test.
    #[input(title = "Data Input", kind = Data, list)]
    data_input: AnyValue,
    /// The key whose value is tested.
    #[input(title = "Key Name")]
    key_name: String,
    /// The comparison. *Boolean validator* asks whether the value means yes.
    #[input(title = "Operator", kind = Dropdown, options = OPERATORS, default = "equals")]
    operator: String,
    /// What the value is compared with.
    #[input(title = "Match Text")]
    compare_value: String,
}

#[outputs]
impl DataConditionalRouterComponent {
    /// The data that passes.
    #[output(name = "true_output", title = "True Output", method = "process_data", types = ["JSON"])]
    async fn true_output(&self, cx: &Cx) -> Result<Value, Fault> {
        Ok(self.route(true, cx))
    }

    /// The data, when none passes.
    #[output(name = "false_output", title = "False Output", method = "process_data", types = ["JSON"])]
    async fn false_output(&self, cx: &Cx) -> Result<Value, Fault> {
        Ok(self.route(false, cx))
    }
}

impl DataConditionalRouterComponent {
    fn route(&self, wanted: bool, cx: &Cx) -> Value {
        let stop = |passed: bool| cx.graph().stop(if passed { "false_output" } else { "true_output" });
        let items: Vec<&Value> = match &self.data_input.0 {
            Value::List(items) => items.iter().collect(),
            one => {
                return match self.test(one) {
                    Err(why) => error(why),
                    Ok(passed) => {
                        stop(passed);
                        if passed == wanted { one.clone() } else { Value::Null }
                    }
                };
            }
        };
        let (mut passed, mut failed) = (Vec::new(), Vec::new());
        for item in items {
            match self.test(item) {
                Ok(true) => passed.push(item.clone()),
                Ok(false) => failed.push(item.clone()),
                Err(why) => return error(why),
            }
        }
        let any = !passed.is_empty();
        stop(any);
        match (any, wanted) {
            (true, true) => Value::List(passed),
            (false, false) => Value::List(failed),
            _ => Value::Null,
        }
    }

    fn test(&self, item: &Value) -> Result<bool, String> {
        let Value::Data(data) = item else { return Err("Input is not a Data object".into()) };
        let value = data
            .data
            .get(&self.key_name)
            .ok_or_else(|| format!("Key '{}' not found in the data", self.key_name))?;
        let text = python_repr(value);
        let other = &self.compare_value;
        Ok(match self.operator.as_str() {
            "equals" => text == *other,
            "not equals" => text != *other,
            "contains" => text.contains(other),
            "starts with" => text.starts_with(other),
            "ends with" => text.ends_with(other),
            "boolean validator" => match value {
                Json::String(text) => {
                    matches!(text.trim().to_lowercase().as_str(), "true" | "1" | "yes" | "y" | "on")
                }
                other => !langflow_core::value::json_is_falsy(other),
            },
            _ => false,
        })
    }
}

/// A mistake in the data is data too, and stops nothing.
fn error(why: String) -> Value {
    Data::from_json(serde_json::json!({"error": why})).into()
}

examples! {
    "A value that fits": {"data_input": {"$data": {"k": "abc"}}, "key_name": "k", "operator": "contains",
        "compare_value": "b"} => true_output: {"k": "abc"};
    "A list is divided": {"data_input": {"$list": [{"$data": {"k": 1}}, {"$data": {"k": 2}}]}, "key_name": "k",
        "compare_value": "2"} => true_output: [{"k": 2}];
    "No such key": {"data_input": {"$data": {"a": 1}}, "key_name": "k"}
        => true_output: {"error": "Key 'k' not found in the data"};
}
