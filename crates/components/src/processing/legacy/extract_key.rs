//! Extract Key.

use langflow_core::prelude::*;
use serde_json::json;

/// Takes one key out of data.
#[derive(Component)]
#[component(
    id = "ExtractaKey",
    class = "ExtractDataKeyComponent",
    title = "Extract Key",
    icon = "key",
    category = "processing",
    module = "lfx.components.processing.extract_key.ExtractDataKeyComponent",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct ExtractDataKeyComponent {
    /// Data, or a list of them.
    #[input(title = "Data Input", kind = Data)]
    data_input: AnyValue,
    /// The key to take.
    #[input(title = "Key to Extract", kind = Str)]
    key: String,
}

#[outputs]
impl ExtractDataKeyComponent {
    /// Data with that key alone; of a list those that have it. Without the key, an `error`.
    #[output(name = "extracted_data", title = "Extracted Data", types = ["Data"])]
    async fn extract_key(&self, cx: &Cx) -> Result<Value, Fault> {
        let only = |data: &JsonMap| Some(Data::from_json(json!({ self.key.clone(): data.get(&self.key)? })));
        let why = match &self.data_input.0 {
            Value::List(items) => {
                let found = items.iter().filter_map(|item| match item {
                    Value::Data(data) => only(&data.data).map(Value::from),
                    _ => None,
                });
                return Ok(Value::List(found.collect()));
            }
            Value::Data(data) => match only(&data.data) {
                Some(found) => return Ok(found.into()),
                None => format!("Key '{}' not found in Data object.", self.key),
            },
            Value::Json(Json::Object(map)) => match only(map) {
                Some(found) => return Ok(found.into()),
                None => format!("Key '{}' not found in Data object.", self.key),
            },
            _ => "Invalid input. Expected Data object or list of Data objects.".to_owned(),
        };
        cx.set_status(Value::text(why.clone()));
        Ok(Data::from_json(json!({ "error": why })).into())
    }
}

examples! {
    "One data": {"data_input": {"$data": {"a": 1, "b": 2}}, "key": "b"} => extracted_data: {"b": 2};
    "A list": {"data_input": {"$list": [{"$data": {"a": 1}}, {"$data": {"b": 2}}]}, "key": "a"} => extracted_data: [{"a": 1}];
    "A key that is not there": {"data_input": {"$data": {"a": 1}}, "key": "z"}
        => extracted_data: {"error": "Key 'z' not found in Data object."};
}
