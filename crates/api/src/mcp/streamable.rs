//! Streamable HTTP: one message per request, the answer as a stream of events.
//!
//! Nothing is kept between requests, as in the reference, so any replica may answer. A client of an older
//! revision is given a session id with `initialize`; it only names the conversation, so that a request can be
//! cancelled by a notification. Whoever closes the stream of a request cancels it as well.

use super::calls::Live;
use super::methods::{Desk, Outlet};
use super::rpc::{self, Incoming, Request};
use super::{check_enabled, revision};
use crate::extract::Caller;
use crate::extract::path::PathId;
use crate::mcp::project::origin_of;
use crate::v1::runs::request_variables;
use crate::{ApiError, AppState};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use futures::StreamExt as _;
use langflow_app::mcp::McpServer;
use langflow_app::{AppError, Principal};
use serde_json::Value;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;

/// The largest message.
pub const MAX_MESSAGE_BYTES: usize = 4 << 20;
/// Messages that a reader may be behind.
const QUEUE: usize = 32;
const SESSION: &str = "mcp-session-id";

/// Whether the transport is there.
#[utoipa::path(head, path = "/api/v1/mcp/streamable", tag = "mcp", operation_id = "probe_mcp", responses((status = 200, description = "It is")))]
pub async fn probe() {}

/// Whether the transport is there.
#[utoipa::path(head, path = "/api/v1/mcp/project/{project_id}/streamable", tag = "mcp", operation_id = "probe_project_mcp",
    params(("project_id" = String, Path, description = "The project")), responses((status = 200, description = "It is")))]
pub async fn probe_project() {}

/// Send a message to the server of all flows.
#[utoipa::path(post, path = "/api/v1/mcp/streamable", tag = "mcp", operation_id = "send_mcp_message",
    request_body(content = Object, description = "A JSON-RPC message of MCP"),
    responses((status = 200, description = "Events, the answer last"), (status = 202, description = "A notification was taken"),
        (status = 400, description = "No message, or a revision that is not spoken")))]
pub async fn post(
    State(app): State<AppState>,
    Extension(live): Extension<Arc<Live>>,
    Caller(who): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    take(app, live, who, McpServer::Global, headers, body).await
}

/// Send a message to the server of a project.
#[utoipa::path(post, path = "/api/v1/mcp/project/{project_id}/streamable", tag = "mcp", operation_id = "send_project_mcp_message",
    params(("project_id" = String, Path, description = "The project")),
    request_body(content = Object, description = "A JSON-RPC message of MCP"),
    responses((status = 200, description = "Events, the answer last"), (status = 202, description = "A notification was taken"),
        (status = 400, description = "No message, or a revision that is not spoken"),
        (status = 401, description = "No good key"), (status = 404, description = "No such project")))]
pub async fn post_project(
    State(app): State<AppState>,
    Extension(live): Extension<Arc<Live>>,
    Caller(who): Caller,
    PathId(project): PathId,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    take(app, live, who, McpServer::Project(project), headers, body).await
}

/// The server has nothing to say by itself.
#[utoipa::path(get, path = "/api/v1/mcp/streamable", tag = "mcp", operation_id = "listen_to_mcp",
    responses((status = 405, description = "There is no stream without a request")))]
pub async fn listen(_caller: Caller) -> Response {
    no_stream()
}

/// The server has nothing to say by itself.
#[utoipa::path(get, path = "/api/v1/mcp/project/{project_id}/streamable", tag = "mcp", operation_id = "listen_to_project_mcp",
    params(("project_id" = String, Path, description = "The project")),
    responses((status = 405, description = "There is no stream without a request")))]
pub async fn listen_project(_caller: Caller) -> Response {
    no_stream()
}

/// Ends a conversation: what still runs in it is cancelled.
#[utoipa::path(delete, path = "/api/v1/mcp/streamable", tag = "mcp", operation_id = "end_mcp_session", responses((status = 200, description = "Ended")))]
pub async fn end(Extension(live): Extension<Arc<Live>>, Caller(who): Caller, headers: HeaderMap) {
    cancel_all(&live, &who, &headers);
}

/// Ends a conversation: what still runs in it is cancelled.
#[utoipa::path(delete, path = "/api/v1/mcp/project/{project_id}/streamable", tag = "mcp", operation_id = "end_project_mcp_session",
    params(("project_id" = String, Path, description = "The project")), responses((status = 200, description = "Ended")))]
pub async fn end_project(Extension(live): Extension<Arc<Live>>, Caller(who): Caller, headers: HeaderMap) {
    cancel_all(&live, &who, &headers);
}

fn cancel_all(live: &Live, who: &Principal, headers: &HeaderMap) {
    if let Some(conversation) = session(headers) {
        live.cancel_all(who, &conversation);
    }
}

fn no_stream() -> Response {
    let body = Json(serde_json::json!({"detail": "Method Not Allowed"}));
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST, DELETE")], body).into_response()
}

async fn take(
    app: AppState,
    live: Arc<Live>,
    who: Principal,
    server: McpServer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(error) = check_enabled(&app) {
        return ApiError(error).into_response();
    }
    if let Err(response) = check_form(&headers, &body) {
        return response;
    }
    let incoming = match Incoming::parse(&body) {
        Ok(incoming) => incoming,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &rpc::refusal(&error)),
    };
    let desk = Desk {
        server,
        conversation: session(&headers),
        variables: request_variables(&headers),
        origin: origin_of(&app, &headers),
        is_sse: false,
        live,
        who,
        app,
    };
    match incoming {
        Incoming::Request(request) => answer(desk, request, &headers).await,
        Incoming::Notification { method, params } => {
            desk.note(&method, &params);
            accepted()
        }
        Incoming::Response => accepted(),
    }
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, [(header::CONTENT_TYPE, "application/json")]).into_response()
}

async fn answer(desk: Desk, request: Request, headers: &HeaderMap) -> Response {
    let is_stateless = match revision::is_stateless(headers, &request) {
        Ok(is_stateless) => is_stateless,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &rpc::response(&request.id, &Err(error))),
    };
    let permit = match desk.live.place() {
        Ok(permit) => permit,
        Err(error) => return ApiError(error).into_response(),
    };
    // The newest revision gives a missing method a status of its own, before the stream begins.
    if is_stateless && !is_known(&request.method) {
        let error = rpc::Error::new(rpc::METHOD_NOT_FOUND, format!("Method not found: {}", request.method));
        return refused(StatusCode::NOT_FOUND, &rpc::response(&request.id, &Err(error)));
    }
    let new_session = (request.method == "initialize" && desk.conversation.is_none())
        .then(|| desk.app.ids.random().simple().to_string());
    let (sink, messages) = mpsc::channel(QUEUE);
    let wants_events = accepts_events(headers);
    let work = AbortOnDropHandle::new(tokio::spawn(async move {
        let _permit = permit;
        let id = request.id.clone();
        // A cancelled request is not answered.
        if let Some(outcome) = desk.answer(request, is_stateless, Outlet(sink.clone())).await {
            let _ = sink.send(rpc::response(&id, &outcome)).await;
        }
    }));
    let mut response = if wants_events {
        let stream = ReceiverStream::new(messages).map(move |message| {
            // The work stops when the reader goes.
            let _ = &work;
            Ok::<_, Infallible>(event(&message))
        });
        event_stream(Body::from_stream(stream))
    } else {
        whole(messages).await
    };
    if let Some(Ok(id)) = new_session.map(HeaderValue::try_from) {
        response.headers_mut().insert(SESSION, id);
    }
    response
}

fn is_known(method: &str) -> bool {
    matches!(
        method,
        "server/discover"
            | "tools/list"
            | "tools/call"
            | "resources/list"
            | "resources/templates/list"
            | "resources/read"
            | "prompts/list"
    )
}

/// Without events: the answer alone.
async fn whole(mut messages: mpsc::Receiver<Value>) -> Response {
    let mut last = None;
    while let Some(message) = messages.recv().await {
        last = Some(message);
    }
    match last.filter(|message| message.get("id").is_some()) {
        Some(message) => Json(message).into_response(),
        None => accepted(),
    }
}

/// One event, with the line ends of the reference.
pub fn event(message: &Value) -> Bytes {
    Bytes::from(format!("event: message\r\ndata: {message}\r\n\r\n"))
}

pub fn event_stream(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, body).into_response()
}

/// The session a client names. A name that is not plain text of a few characters is none.
fn session(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(SESSION)?.to_str().ok()?;
    (!text.is_empty() && text.len() <= 128).then(|| text.to_owned())
}

fn refused(status: StatusCode, body: &Value) -> Response {
    (status, Json(body)).into_response()
}

/// Size, type and what the client can read.
fn check_form(headers: &HeaderMap, body: &Bytes) -> Result<(), Response> {
    if body.len() > MAX_MESSAGE_BYTES {
        let error = AppError::new(
            langflow_app::ErrorKind::TooLarge,
            format!("A message has at most {MAX_MESSAGE_BYTES} bytes"),
        );
        return Err(ApiError(error).into_response());
    }
    let of = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let is_json = |kind: &str| {
        kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
    };
    if of(header::CONTENT_TYPE).is_some_and(|kind| !is_json(kind)) {
        let error = rpc::Error::new(
            rpc::INVALID_REQUEST,
            "Unsupported Media Type: Content-Type must be application/json",
        );
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, &rpc::refusal(&error)));
    }
    if of(header::ACCEPT)
        .is_some_and(|kinds| !reads(kinds, "text/event-stream") && !reads(kinds, "application/json"))
    {
        let error = rpc::Error::new(
            rpc::INVALID_REQUEST,
            "Not Acceptable: Client must accept application/json or text/event-stream",
        );
        return Err(refused(StatusCode::NOT_ACCEPTABLE, &rpc::refusal(&error)));
    }
    Ok(())
}

fn accepts_events(headers: &HeaderMap) -> bool {
    let kinds = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    kinds.is_none_or(|kinds| reads(kinds, "text/event-stream"))
}

fn reads(kinds: &str, wanted: &str) -> bool {
    let family = wanted.split_once('/').map_or("", |(family, _)| family);
    kinds.split(',').filter_map(|kind| kind.split(';').next()).map(str::trim).any(|kind| {
        kind == "*/*"
            || kind.eq_ignore_ascii_case(wanted)
            || kind.strip_suffix("/*").is_some_and(|f| f == family)
    })
}
