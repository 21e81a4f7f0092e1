//! What a session needs of a transport, and JSON-RPC as both ends use it.

use langflow_core::{Fault, FaultKind, Json, async_trait};
use serde_json::json;
use std::fmt::Debug;

/// A way to a server.
#[async_trait]
pub trait Wire: Debug + Send + Sync {
    /// `streamable_http`, `sse` or `stdio`.
    fn name(&self) -> &'static str;

    /// Sends a request and waits for its answer: the message with `result` or `error`.
    async fn ask(&self, id: u64, message: Json) -> Result<Json, Fault>;

    /// Sends a message that is not answered.
    async fn tell(&self, message: Json) -> Result<(), Fault>;

    /// The revision that was agreed on.
    fn agreed(&self, revision: &str);
}

pub fn request(id: u64, method: &str, params: Json) -> Json {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

pub fn notification(method: &str, params: Json) -> Json {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

/// What we answer to a request of a server: we are there, and can nothing else.
pub fn reply_to(message: &Json) -> Option<Json> {
    let method = message.get("method")?.as_str()?;
    let id = message.get("id").filter(|id| !id.is_null())?;
    Some(match method {
        "ping" => json!({"jsonrpc": "2.0", "id": id, "result": {}}),
        _ => json!({"jsonrpc": "2.0", "id": id,
            "error": {"code": -32601, "message": format!("Method not found: {method}")}}),
    })
}

/// The id of an answer to a request of ours.
pub fn answered(message: &Json) -> Option<u64> {
    let is_answer = message.get("result").is_some() || message.get("error").is_some();
    is_answer.then(|| message.get("id")?.as_u64()).flatten()
}

/// The result of an answer; an error of the protocol is a fault.
pub fn result(message: Json) -> Result<Json, Fault> {
    if let Some(error) = message.get("error") {
        let text = error.get("message").and_then(Json::as_str).unwrap_or("no reason given");
        let kind = match error.get("code").and_then(Json::as_i64) {
            Some(-32603) => FaultKind::Unavailable,
            _ => FaultKind::Invalid,
        };
        return Err(Fault::new(kind, format!("the MCP server answered: {text}")));
    }
    Ok(message.get("result").cloned().unwrap_or_default())
}

pub fn unavailable(what: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("the MCP server {what}"))
}
