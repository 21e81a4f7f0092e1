//! Dynamic Create Data.

use langflow_core::component::{InputSpec, RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_core::value::python_repr;
use serde_json::json;

/// Names of the fields that rows make.
const PREFIX: &str = "dynamic_";
/// Most fields of one node.
const MAX_FIELDS: usize = 100;

/// Makes data from fields of your own.
///
/// Every row of the configuration makes an input of the node; the result has one key for each.
#[derive(Component)]
#[component(
    id = "DynamicCreateData",
    class = "DynamicCreateDataComponent",
    title = "Dynamic Create Data",
    icon = "ListFilter",
    category = "processing",
    module = "lfx.components.processing.dynamic_create_data.DynamicCreateDataComponent",
    examples = EXAMPLES
)]
pub struct DynamicCreateDataComponent {
    /// The inputs of the node: a name and a type for each.
    #[input(title = "Input Configuration", kind = Table, real_time_refresh, extra = json!({
        "table_schema": [
            {"name": "field_name", "display_name": "Field Name", "type": "str",
             "description": "Key of the result and label of the input."},
            {"name": "field_type", "display_name": "Field Type", "type": "str", "value": "Text",
             "options": ["Text", "Data", "Number", "Handle", "Boolean"],
             "description": "What the input takes."},
        ],
    }))]
    form_fields: Table,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Include Metadata", advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    include_metadata: bool,
    #[input(rest)]
    values: Params,
}

#[outputs]
impl DynamicCreateDataComponent {
    /// One key for each input.
    #[output(name = "form_data", title = "JSON", method = "process_form")]
    async fn form_data(&self, cx: &Cx) -> Result<Data, Fault> {
        let data = Data::new(self.collect());
        cx.set_status(data.clone());
        Ok(data)
    }

    /// The keys and values as a list to read.
    #[output(name = "message", title = "Message", method = "get_message")]
    async fn message(&self, cx: &Cx) -> Result<Message, Fault> {
        let data = self.collect();
        let ruler = "-".repeat(40);
        let mut lines = vec!["Form data".to_owned(), ruler.clone()];
        lines.extend(data.iter().map(|(name, value)| format!("- {name}: {}", python_repr(value))));
        lines.push(ruler);
        lines.push(format!("Total fields: {}", data.len()));
        Ok(cx.new_message(lines.join("\n")))
    }

    /// Rows make inputs.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field != "form_fields" {
            return Ok(patch);
        }
        let old = request.template.keys().filter(|name| name.starts_with(PREFIX));
        patch.template.extend(old.map(|name| (name.clone(), Json::Null)));
        for row in request.value.as_array().into_iter().flatten().take(MAX_FIELDS) {
            let text = |key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default();
            let name = field_name(text("field_name"));
            if !name.is_empty() {
                let key = format!("{PREFIX}{name}");
                let field = field(&key, &name, text("field_type"), request.template.get(&key));
                patch.template.insert(key, field);
            }
        }
        Ok(patch)
    }
}

/// A name that may stand in a template.
fn field_name(typed: &str) -> String {
    typed.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

fn field(key: &str, name: &str, kind: &str, old: Option<&Json>) -> Json {
    let mut input = InputSpec::new("");
    input.kind = match kind {
        "Data" => InputKind::Data,
        "Number" => InputKind::Int,
        "Boolean" => InputKind::Bool,
        "Handle" => InputKind::Handle,
        _ => InputKind::Multiline,
    };
    if input.kind == InputKind::Handle {
        input.handles = Some(vec!["Data", "JSON", "Text", "Message"]);
    }
    let mut field = input.to_template();
    if let Some(map) = field.as_object_mut() {
        map.insert("name".into(), json!(key));
        map.insert("display_name".into(), json!(name));
        map.insert("info".into(), json!(format!("The value of '{name}'.")));
        let same_kind = old.and_then(|old| old.get("_input_type")) == map.get("_input_type");
        if let (true, Some(value)) = (same_kind, old.and_then(|old| old.get("value"))) {
            map.insert("value".into(), value.clone());
        }
    }
    field
}

impl DynamicCreateDataComponent {
    fn collect(&self) -> JsonMap {
        let mut data = JsonMap::new();
        for row in self.form_fields.rows().take(MAX_FIELDS) {
            let name = row.get("field_name").and_then(Json::as_str).map(field_name).unwrap_or_default();
            if name.is_empty() {
                continue;
            }
            let value = self.values.get(&format!("{PREFIX}{name}")).map_or_else(|| json!(""), plain);
            data.insert(name, value);
        }
        data
    }
}

/// A message as its text, data as its object, everything else as it is.
fn plain(value: &Value) -> Json {
    match value {
        Value::Message(message) => json!(message.text),
        Value::List(items) => Json::Array(items.iter().map(plain).collect()),
        Value::Null => json!(""),
        other => other.to_json(),
    }
}

examples! {
    "Two fields": {"form_fields": [{"field_name": "who", "field_type": "Text"}, {"field_name": "age", "field_type": "Number"}],
        "dynamic_who": {"$message": "Ann"}, "dynamic_age": 31} => form_data: {"who": "Ann", "age": 31};
    "A field without a value": {"form_fields": [{"field_name": "who", "field_type": "Text"}]} => form_data: {"who": ""};
}
