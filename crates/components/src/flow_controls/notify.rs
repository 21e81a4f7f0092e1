//! Notify.

use langflow_core::prelude::*;

/// Most values that are kept under one key.
const MAX_VALUES: usize = 10_000;

/// Says something under a key, for the Listen components of the flow.
#[derive(Component)]
#[component(
    id = "Notify",
    class = "NotifyComponent",
    title = "Notify",
    icon = "Notify",
    category = "flow_controls",
    module = "lfx.components.flow_controls.notify.NotifyComponent",
    beta,
    examples = EXAMPLES
)]
pub struct NotifyComponent {
    /// The key that listeners know.
    #[input(title = "Context Key", kind = Str, required)]
    context_key: String,
    /// What to say.
    #[input(title = "Input Data", kind = Handle, handles = ["Data", "JSON", "Message", "DataFrame", "Table"])]
    input_value: AnyValue,
    /// Add it to what was said before, instead of replacing that.
    #[input(title = "Append")]
    append: bool,
}

#[outputs]
impl NotifyComponent {
    /// What was said.
    #[output(name = "result", title = "JSON", method = "notify_components", types = ["JSON"], no_cache)]
    async fn result(&self, cx: &Cx) -> Result<Value, Fault> {
        let value = match &self.input_value.0 {
            Value::Null => Data::from_text("").into(),
            Value::Json(Json::String(text)) => Data::from_text(text.clone()).into(),
            other => other.clone(),
        };
        let said = if self.append {
            let mut all = match cx.graph().shared(&self.context_key) {
                Some(Value::List(items)) => items,
                Some(one) => vec![one],
                None => Vec::new(),
            };
            if all.len() >= MAX_VALUES {
                return Err(
                    Fault::invalid(format!("more than {MAX_VALUES} values under one key")).at_field("append")
                );
            }
            all.push(value.clone());
            Value::List(all)
        } else {
            value.clone()
        };
        cx.graph().put_shared(&self.context_key, said)?;
        cx.graph().notify(&self.context_key);
        cx.set_status(value.clone());
        Ok(value)
    }
}

examples! {
    "A text": {"context_key": "news", "input_value": "hello"} => result: {"text": "hello"};
    "Nothing": {"context_key": "news"} => result: {"text": ""};
}
