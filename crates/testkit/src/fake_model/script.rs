//! Replies on order.

use super::Shared;
use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use std::sync::{Arc, PoisonError};

/// A reply for the next request.
#[derive(Clone, Debug, PartialEq)]
pub enum Scripted {
    /// This text.
    Text(String),
    /// Calls of these tools: `(name, arguments)`. Arguments that are a string are sent as they stand, so
    /// that they may be no JSON.
    ToolCalls(Vec<(String, Json)>),
    /// 401.
    Unauthorised,
    /// 429 with `Retry-After` in seconds, where given.
    RateLimited { retry_after: Option<u64> },
    /// 500.
    ServerError,
    /// A stream, or a body, that ends in the middle.
    Half,
    /// 200 with something that is not JSON.
    Garbage,
    /// Nothing, ever.
    Silence,
    /// Any status and body.
    Status(u16, Json),
}

impl Scripted {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn call(name: impl Into<String>, arguments: Json) -> Self {
        Self::ToolCalls(vec![(name.into(), arguments)])
    }

    /// From `{"text": …}`, `{"tool_calls": [{"name", "arguments"}]}`, `{"status": n, "body": …}`, or a bare
    /// word: `"unauthorised"`, `"rate_limited"`, `"server_error"`, `"half"`, `"garbage"`, `"silence"`.
    pub fn from_json(json: &Json) -> Option<Self> {
        if let Some(word) = json.as_str() {
            return Some(match word {
                "unauthorised" => Self::Unauthorised,
                "rate_limited" => Self::RateLimited { retry_after: None },
                "server_error" => Self::ServerError,
                "half" => Self::Half,
                "garbage" => Self::Garbage,
                "silence" => Self::Silence,
                _ => return None,
            });
        }
        if let Some(text) = json.get("text").and_then(Json::as_str) {
            return Some(Self::text(text));
        }
        if let Some(calls) = json.get("tool_calls").and_then(Json::as_array) {
            let calls = calls.iter().map(|call| {
                let name = call.get("name").and_then(Json::as_str)?.to_owned();
                Some((name, call.get("arguments").cloned().unwrap_or_else(|| json!({}))))
            });
            return calls.collect::<Option<Vec<_>>>().map(Self::ToolCalls);
        }
        let status = json.get("status").and_then(Json::as_u64).and_then(|s| u16::try_from(s).ok())?;
        Some(Self::Status(status, json.get("body").cloned().unwrap_or_default()))
    }

    /// The reply, for those that are the same on every wire.
    pub(crate) async fn plain(&self) -> Option<Response> {
        Some(match self {
            Self::Unauthorised => unauthorised(),
            Self::RateLimited { retry_after } => {
                let body =
                    JsonBody(json!({ "error": { "message": "Rate limit reached", "type": "requests" } }));
                let mut response = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
                if let Some(seconds) = retry_after {
                    response.headers_mut().insert("retry-after", (*seconds).into());
                }
                response
            }
            Self::ServerError => {
                let body = JsonBody(json!({ "error": { "message": "The server had an error" } }));
                (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
            }
            Self::Garbage => (StatusCode::OK, "data: <html>not { json\n\n").into_response(),
            Self::Silence => std::future::pending().await,
            Self::Status(status, body) => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::IM_A_TEAPOT);
                (status, JsonBody(body.clone())).into_response()
            }
            Self::Text(_) | Self::ToolCalls(_) | Self::Half => return None,
        })
    }
}

pub(crate) fn unauthorised() -> Response {
    let error = json!({ "error": {
        "message": "Incorrect API key provided.", "type": "invalid_request_error", "code": "invalid_api_key",
    } });
    (StatusCode::UNAUTHORIZED, JsonBody(error)).into_response()
}

/// `POST /_script` with a list of replies.
pub(crate) async fn put(State(shared): State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    let replies = body.as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(replies) = replies.iter().map(Scripted::from_json).collect::<Option<Vec<_>>>() else {
        return (StatusCode::BAD_REQUEST, "not a reply").into_response();
    };
    shared.script.lock().unwrap_or_else(PoisonError::into_inner).extend(replies);
    StatusCode::NO_CONTENT.into_response()
}
