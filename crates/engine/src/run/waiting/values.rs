//! Values as a checkpoint keeps them: `{"k": kind, "v": …}`.

use chrono::{DateTime, SecondsFormat, Utc};
use langflow_core::{Data, Json, Message, Table, Value};
use serde_json::json;

/// The value as JSON; `None` for a live one, and for one that holds such: it belongs to its run.
pub(super) fn encode(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => json!({"k": "null"}),
        Value::Json(json) => json!({"k": "json", "v": json}),
        Value::Message(message) => {
            let time = message.timestamp.to_rfc3339_opts(SecondsFormat::Nanos, true);
            json!({"k": "message", "v": message.to_fields(&time)})
        }
        Value::Data(data) => json!({"k": "data", "v": {
            "text_key": data.text_key, "data": data.data, "default_value": data.default_value,
        }}),
        Value::Table(table) => {
            json!({"k": "table", "v": {"columns": table.columns(), "rows": table.cells()}})
        }
        Value::List(items) => {
            json!({"k": "list", "v": items.iter().map(encode).collect::<Option<Vec<_>>>()?})
        }
        Value::Secret(_)
        | Value::Model(_)
        | Value::Embedder(_)
        | Value::Tools(_)
        | Value::Vectors(_)
        | Value::Memory(_) => return None,
    })
}

/// A kept value. `None`: this is none.
pub(super) fn decode(mut json: Json) -> Option<Value> {
    let value = json.get_mut("v").map(Json::take).unwrap_or_default();
    Some(match (json.get("k")?.as_str()?, value) {
        ("null", _) => Value::Null,
        ("json", value) => Value::Json(value),
        ("message", Json::Object(fields)) => Message::from_fields(fields, time).into(),
        ("data", Json::Object(mut fields)) => {
            let Some(Json::Object(data)) = fields.remove("data") else { return None };
            let mut text = |key: &str| fields.remove(key)?.as_str().map(str::to_owned);
            Data { text_key: text("text_key")?, data, default_value: text("default_value")? }.into()
        }
        ("table", Json::Object(mut fields)) => {
            let columns: Vec<String> = serde_json::from_value(fields.remove("columns")?).ok()?;
            let rows: Vec<Vec<Json>> = serde_json::from_value(fields.remove("rows")?).ok()?;
            let mut table = Table::with_columns(columns);
            for row in rows {
                table.push_cells(row);
            }
            table.into()
        }
        ("list", Json::Array(items)) => {
            Value::List(items.into_iter().map(decode).collect::<Option<Vec<_>>>()?)
        }
        _ => return None,
    })
}

/// To the nanosecond, as it is held.
fn time(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::Secret;

    #[test]
    fn data_comes_back_as_it_went_and_live_values_do_not_go() {
        let message = Message {
            sender: Some("User".into()),
            timestamp: DateTime::from_timestamp_nanos(1_700_000_000_123_456_789),
            extra: [("template".to_owned(), json!("{a}"))].into_iter().collect(),
            session_metadata: Some(json!({"graph_run_id": "r"})),
            ..Message::from_text("hi")
        };
        let table = Table::from_rows([json!({"a": 1, "b": null}).as_object().cloned().unwrap()]);
        for value in [
            Value::from(message.clone()),
            Value::from(Data::from_text("x")),
            Value::from(table),
            Value::from(vec![Data::from_text("x"), Data::from_text("y")]),
            Value::Json(json!({"k": "message", "v": {}})),
            Value::List(vec![Value::List(vec![Value::text("z")]), Value::Null]),
            Value::Null,
        ] {
            let back = decode(encode(&value).unwrap()).unwrap();
            assert_eq!(back.to_json(), value.to_json());
            assert_eq!(back.type_name(), value.type_name());
            if let Value::Message(back) = back {
                assert_eq!(*back, message);
            }
        }
        let secret = || Value::Secret(Secret::new("s"));
        assert!(encode(&secret()).is_none() && encode(&Value::List(vec![secret()])).is_none());
        for bad in [json!(1), json!({"k": "table", "v": 3}), json!({"k": "what"}), json!({"k": "message"})] {
            assert!(decode(bad).is_none());
        }
    }
}
