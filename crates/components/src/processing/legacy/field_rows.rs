//! The numbered fields of Create Data and Update Data.

use langflow_core::component::{InputSpec, Params, RefreshRequest, SpecPatch};
use langflow_core::prelude::*;
use serde_json::json;

/// Most fields of one node.
pub const MAX_FIELDS: u64 = 15;

/// The fields `field_1_key` … that a changed number asks for.
pub fn patch(request: &RefreshRequest) -> Result<SpecPatch, Fault> {
    let mut patch = SpecPatch::default();
    if request.field != "number_of_fields" {
        return Ok(patch);
    }
    let typed = request.value.as_u64().or_else(|| request.value.as_str()?.trim().parse().ok());
    let Some(count) = typed else { return Ok(patch) };
    if count > MAX_FIELDS {
        return Err(Fault::invalid(format!("there may be at most {MAX_FIELDS} fields, not {count}"))
            .at_field("number_of_fields"));
    }
    for number in 1..=MAX_FIELDS {
        let key = key(number);
        let old = request.template.get(&key);
        if number > count {
            patch.template.insert(key, Json::Null);
        } else if old.is_none() {
            patch.template.insert(key.clone(), field(&key, number));
        }
    }
    Ok(patch)
}

fn key(number: u64) -> String {
    format!("field_{number}_key")
}

fn field(key: &str, number: u64) -> Json {
    let mut input = InputSpec::new("");
    input.kind = InputKind::Dict;
    input.handles = Some(vec!["Message", "Data", "JSON"]);
    let mut field = input.to_template();
    if let Some(map) = field.as_object_mut() {
        map.insert("name".into(), json!(key));
        map.insert("display_name".into(), json!(format!("Field {number}")));
        map.insert("info".into(), json!(format!("Keys and values of field {number}.")));
    }
    field
}

/// Keys and values of all fields; later ones win.
pub fn collect(values: &Params) -> JsonMap {
    let mut all = JsonMap::new();
    for number in 1..=MAX_FIELDS {
        match values.get(&key(number)) {
            Some(Value::Data(data)) => all.extend(data.data.clone()),
            Some(Value::Message(message)) => {
                all.insert(key(number), json!(message.text));
            }
            Some(Value::Json(Json::Object(map))) => all.extend(map.clone()),
            Some(Value::Json(Json::Array(rows))) => {
                for row in rows {
                    if let (Some(Json::String(name)), Some(value)) = (row.get("key"), row.get("value")) {
                        all.insert(name.clone(), value.clone());
                    }
                }
            }
            _ => {}
        }
    }
    all
}

/// Says which keys there are when the text key is not among them.
pub fn check_text_key(text_key: &str, data: &JsonMap) -> Result<(), Fault> {
    if text_key.is_empty() || data.contains_key(text_key) {
        return Ok(());
    }
    let keys: Vec<&str> = data.keys().map(String::as_str).collect();
    Err(Fault::invalid(format!("Text Key: '{text_key}' not found in the Data keys: '{}'", keys.join(", ")))
        .at_field("text_key"))
}
