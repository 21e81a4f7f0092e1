//! Values of the engine as frames carry them: `{"k": kind, "v": …}`.

use langflow_core::capability::{ChatModel, Embedder, Tool};
use langflow_core::component::Params;
use langflow_core::value::{format_timestamp, parse_timestamp};
use langflow_core::{Data, Json, JsonMap, Message, Table, Value};
use serde_json::json;
use std::sync::Arc;

/// Live things that a component got, by number: it calls them through the server.
#[derive(Default)]
pub struct Handles {
    pub models: Vec<Arc<dyn ChatModel>>,
    pub embedders: Vec<Arc<dyn Embedder>>,
    pub tools: Vec<Arc<dyn Tool>>,
}

/// All parameters of a node; its live things go to `handles`.
pub fn encode_params(params: &Params, handles: &mut Handles) -> Json {
    Json::Object(params.iter().map(|(name, value)| (name.to_owned(), encode(value, handles))).collect())
}

/// A value for a worker.
pub fn encode(value: &Value, handles: &mut Handles) -> Json {
    match value {
        Value::Null | Value::Vectors(_) | Value::Memory(_) => json!({"k": "null"}),
        Value::Json(json) => json!({"k": "json", "v": json}),
        Value::Message(message) => {
            json!({"k": "message", "v": message.to_fields(&format_timestamp(message.timestamp))})
        }
        Value::Data(data) => json!({"k": "data", "v": data.dump()}),
        Value::Table(table) => {
            json!({"k": "table", "v": {"columns": table.columns(), "rows": table.cells()}})
        }
        Value::List(items) => {
            let items: Vec<Json> = items.iter().map(|item| encode(item, handles)).collect();
            json!({"k": "list", "v": items})
        }
        Value::Secret(secret) => json!({"k": "secret", "v": secret.expose()}),
        Value::Model(model) => {
            handles.models.push(Arc::clone(model));
            json!({"k": "model", "v": {"handle": handles.models.len() - 1, "model": model.info().model}})
        }
        Value::Embedder(embedder) => {
            handles.embedders.push(Arc::clone(embedder));
            json!({"k": "embedder", "v": {"handle": handles.embedders.len() - 1}})
        }
        Value::Tools(tools) => {
            let shown: Vec<Json> = tools
                .iter()
                .map(|tool| {
                    handles.tools.push(Arc::clone(tool));
                    let schema = tool.schema();
                    json!({
                        "handle": handles.tools.len() - 1,
                        "name": schema.name,
                        "description": schema.description,
                        "parameters": schema.parameters,
                    })
                })
                .collect();
            json!({"k": "tools", "v": shown})
        }
    }
}

/// A value from a worker. What makes no sense is nothing; tools are made by `tools` from their descriptions.
pub fn decode(mut json: Json, tools: &dyn Fn(Vec<Json>) -> Value) -> Value {
    let value = json.get_mut("v").map(Json::take).unwrap_or_default();
    match (json.get("k").and_then(Json::as_str).unwrap_or_default(), value) {
        ("json", value) => Value::from(value),
        ("message", Json::Object(fields)) => Message::from_fields(fields, parse_timestamp).into(),
        ("data", Json::Object(mut fields)) => {
            let text = |fields: &mut JsonMap, key: &str| match fields.remove(key) {
                Some(Json::String(text)) => Some(text),
                _ => None,
            };
            let text_key = text(&mut fields, "text_key").unwrap_or_else(|| "text".into());
            let default_value = text(&mut fields, "default_value").unwrap_or_default();
            let data = match fields.remove("data") {
                Some(Json::Object(map)) => map,
                _ => JsonMap::new(),
            };
            Data { text_key, data, default_value }.into()
        }
        ("table", Json::Object(mut fields)) => {
            let columns: Vec<String> = match fields.remove("columns") {
                Some(Json::Array(names)) => {
                    names.into_iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
                }
                _ => Vec::new(),
            };
            let mut table = Table::with_columns(columns.clone());
            if let Some(Json::Array(rows)) = fields.remove("rows") {
                for row in rows {
                    match row {
                        Json::Object(row) => table.push(row),
                        Json::Array(cells) => table.push(columns.iter().cloned().zip(cells).collect()),
                        _ => {}
                    }
                }
            }
            table.into()
        }
        ("list", Json::Array(items)) => {
            Value::List(items.into_iter().map(|item| decode(item, tools)).collect())
        }
        ("tools", Json::Array(items)) => tools(items),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_went() {
        let no_tools = |_: Vec<Json>| Value::Null;
        let message = Message {
            sender: Some("User".into()),
            timestamp: parse_timestamp("2026-01-02 03:04:05 UTC").unwrap(),
            extra: [("template".to_owned(), json!("{a}"))].into_iter().collect(),
            ..Message::from_text("hi")
        };
        let table = Table::from_rows([json!({"a": 1, "b": null}).as_object().cloned().unwrap()]);
        for value in [
            Value::from(message),
            Value::from(Data::from_text("x")),
            Value::from(table),
            Value::from(vec![Data::from_text("x"), Data::from_text("y")]),
            Value::Json(json!({"k": "message", "v": {}})),
            Value::Null,
        ] {
            let back = decode(encode(&value, &mut Handles::default()), &no_tools);
            assert_eq!(back.to_json(), value.to_json());
            assert_eq!(back.type_name(), value.type_name());
        }
        for bad in [json!(1), json!({"k": "table", "v": 3}), json!({"k": "what"}), json!({"k": "message"})] {
            assert!(decode(bad, &no_tools).is_null());
        }
    }
}
