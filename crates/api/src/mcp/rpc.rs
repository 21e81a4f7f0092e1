//! JSON-RPC 2.0 messages as MCP uses them.

use langflow_core::JsonMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub const PARSE_ERROR: i64 = -32700;
pub const INVALID_REQUEST: i64 = -32600;
pub const METHOD_NOT_FOUND: i64 = -32601;
pub const INVALID_PARAMS: i64 = -32602;
pub const INTERNAL_ERROR: i64 = -32603;
pub const RESOURCE_NOT_FOUND: i64 = -32002;
/// Headers and body of a request disagree (2026-07-28).
pub const HEADER_MISMATCH: i64 = -32020;
/// A revision that the server does not speak (2026-07-28).
pub const UNSUPPORTED_REVISION: i64 = -32022;

/// The id of a request. MCP forbids null.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id {
    Number(i64),
    Text(String),
}

/// A message of a client.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    Request(Request),
    /// Answered by nothing.
    Notification {
        method: String,
        params: JsonMap,
    },
    /// The answer to a request of ours; we make none.
    Response,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub id: Id,
    pub method: String,
    pub params: JsonMap,
}

/// An error of the protocol. A tool that fails is a result, not an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    pub code: i64,
    pub message: String,
    pub data: Option<Value>,
}

impl Error {
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    pub fn with_data(mut self, data: Value) -> Self {
        self.data = Some(data);
        self
    }
}

#[derive(Deserialize)]
struct Wire {
    jsonrpc: Option<String>,
    #[serde(default, deserialize_with = "present")]
    id: Option<Value>,
    method: Option<String>,
    #[serde(default)]
    params: Option<Value>,
    #[serde(default)]
    result: Option<Value>,
    #[serde(default)]
    error: Option<Value>,
}

/// Tells an id of null from none.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

impl Incoming {
    /// Reads one message.
    ///
    /// # Errors
    /// `PARSE_ERROR` for what is not JSON, `INVALID_REQUEST` for JSON that is not one message.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| Error::new(PARSE_ERROR, format!("Parse error: {error}")))?;
        if value.is_array() {
            return Err(Error::new(INVALID_REQUEST, "Batches of messages are not supported"));
        }
        let bad = |why: &str| Error::new(INVALID_REQUEST, format!("Invalid message: {why}"));
        let wire: Wire = serde_json::from_value(value).map_err(|error| bad(&error.to_string()))?;
        if wire.jsonrpc.as_deref() != Some("2.0") {
            return Err(bad("jsonrpc must be \"2.0\""));
        }
        let params = match wire.params {
            None | Some(Value::Null) => JsonMap::new(),
            Some(Value::Object(map)) => map,
            Some(_) => return Err(bad("params must be an object")),
        };
        let id = wire
            .id
            .map(|id| serde_json::from_value::<Id>(id).map_err(|_| bad("id must be a text or an integer")));
        match (wire.method, id.transpose()?) {
            (Some(method), Some(id)) => Ok(Self::Request(Request { id, method, params })),
            (Some(method), None) => Ok(Self::Notification { method, params }),
            (None, Some(_)) if wire.result.is_some() || wire.error.is_some() => Ok(Self::Response),
            (None, _) => Err(bad("there is no method")),
        }
    }
}

/// The answer to a request.
pub fn response(id: &Id, outcome: &Result<JsonMap, Error>) -> Value {
    match outcome {
        Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        Err(error) => json!({"jsonrpc": "2.0", "id": id, "error": error_body(error)}),
    }
}

/// The answer to something that is no request.
pub fn refusal(error: &Error) -> Value {
    json!({"jsonrpc": "2.0", "id": "server-error", "error": error_body(error)})
}

pub fn notification(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

fn error_body(error: &Error) -> Value {
    let mut body = json!({"code": error.code, "message": error.message});
    if let (Some(map), Some(data)) = (body.as_object_mut(), &error.data) {
        map.insert("data".into(), data.clone());
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let read = |text: &str| Incoming::parse(text.as_bytes());
        assert!(matches!(read(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#), Ok(Incoming::Request(_))));
        assert!(matches!(
            read(r#"{"jsonrpc":"2.0","method":"notifications/initialized","params":null}"#),
            Ok(Incoming::Notification { .. })
        ));
        assert_eq!(read(r#"{"jsonrpc":"2.0","id":"a","result":{}}"#), Ok(Incoming::Response));
        for (text, code) in [
            ("{", PARSE_ERROR),
            ("[]", INVALID_REQUEST),
            ("3", INVALID_REQUEST),
            (r#"{"id":1,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1}"#, INVALID_REQUEST),
        ] {
            assert_eq!(read(text).unwrap_err().code, code, "{text}");
        }
    }
}
