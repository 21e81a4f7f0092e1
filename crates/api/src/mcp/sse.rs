//! The older pair: a stream of events, and a path to post messages to.
//!
//! A session lives as long as its stream. Its work is done by one task that ends with the stream; messages, events
//! and calls under way are bounded, and a reader that stops reading is cut off.

use super::calls::{Live, OpenSession};
use super::check_sse_enabled;
use super::methods::{Desk, Outlet};
use super::project::origin_of;
use super::rpc::{self, Incoming};
use super::streamable::{self, MAX_MESSAGE_BYTES};
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::v1::runs::request_variables;
use crate::{ApiError, AppState};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use langflow_app::mcp::McpServer;
use langflow_app::{AppError, ErrorKind, Principal};
use serde_json::Value;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;

/// Messages of a client that wait.
const INBOX: usize = 32;
/// Events that wait for the reader.
const OUTBOX: usize = 64;
/// Requests of a session at one time.
const MAX_CALLS: usize = 16;
/// A comment goes out so often, so that proxies keep the connection.
const BEAT: Duration = Duration::from_secs(15);
/// A reader that takes nothing for so long is gone.
const STALLED: Duration = Duration::from_mins(1);

/// Whether the transport is there.
#[utoipa::path(head, path = "/api/v1/mcp/sse", tag = "mcp", operation_id = "probe_mcp_sse", responses((status = 200, description = "It is")))]
pub async fn probe() {}

/// Whether the transport is there.
#[utoipa::path(head, path = "/api/v1/mcp/project/{project_id}/sse", tag = "mcp", operation_id = "probe_project_mcp_sse",
    params(("project_id" = String, Path, description = "The project")), responses((status = 200, description = "It is")))]
pub async fn probe_project() {}

/// Open a session with the server of all flows.
#[utoipa::path(get, path = "/api/v1/mcp/sse", tag = "mcp", operation_id = "open_mcp_sse",
    responses((status = 200, description = "Events; the first says where to post messages")))]
pub async fn open(
    State(app): State<AppState>,
    Extension(live): Extension<Arc<Live>>,
    Caller(who): Caller,
    headers: HeaderMap,
) -> ApiResult<Response> {
    start(app, live, who, McpServer::Global, &headers)
}

/// Open a session with the server of a project.
#[utoipa::path(get, path = "/api/v1/mcp/project/{project_id}/sse", tag = "mcp", operation_id = "open_project_mcp_sse",
    params(("project_id" = String, Path, description = "The project")),
    responses((status = 200, description = "Events; the first says where to post messages"),
        (status = 401, description = "No good key"), (status = 404, description = "No such project")))]
pub async fn open_project(
    State(app): State<AppState>,
    Extension(live): Extension<Arc<Live>>,
    Caller(who): Caller,
    PathId(project): PathId,
    headers: HeaderMap,
) -> ApiResult<Response> {
    start(app, live, who, McpServer::Project(project), &headers)
}

/// Send a message into a session.
#[utoipa::path(post, path = "/api/v1/mcp/", tag = "mcp", operation_id = "post_mcp_sse_message",
    params(("session_id" = String, Query, description = "As the first event said")),
    request_body(content = Object, description = "A JSON-RPC message of MCP"),
    responses((status = 202, description = "Taken; the answer comes as an event"), (status = 404, description = "No such session")))]
pub async fn post(
    State(app): State<AppState>,
    Extension(live): Extension<Arc<Live>>,
    Caller(who): Caller,
    query: Query,
    body: Bytes,
) -> ApiResult<Response> {
    deliver(&app, &live, &who, McpServer::Global, &query, &body)
}

/// Send a message into a session with the server of a project.
#[utoipa::path(post, path = "/api/v1/mcp/project/{project_id}", tag = "mcp", operation_id = "post_project_mcp_sse_message",
    params(("project_id" = String, Path, description = "The project"),
        ("session_id" = String, Query, description = "As the first event said")),
    request_body(content = Object, description = "A JSON-RPC message of MCP"),
    responses((status = 202, description = "Taken; the answer comes as an event"), (status = 404, description = "No such session")))]
pub async fn post_project(
    State(app): State<AppState>,
    Extension(live): Extension<Arc<Live>>,
    Caller(who): Caller,
    PathId(project): PathId,
    query: Query,
    body: Bytes,
) -> ApiResult<Response> {
    deliver(&app, &live, &who, McpServer::Project(project), &query, &body)
}

fn start(
    app: AppState,
    live: Arc<Live>,
    who: Principal,
    server: McpServer,
    headers: &HeaderMap,
) -> ApiResult<Response> {
    check_sse_enabled(&app)?;
    let id = app.ids.random().simple().to_string();
    let (inbox, messages) = mpsc::channel(INBOX);
    let session = live.open(id.clone(), &who, server, inbox)?;
    let path = match server {
        McpServer::Global => "/api/v1/mcp/".to_owned(),
        McpServer::Project(project) => format!("/api/v1/mcp/project/{project}/"),
    };
    let endpoint = format!("{}{path}?session_id={id}", app.settings.auth.root_path.trim_end_matches('/'));
    let desk = Desk {
        server,
        conversation: Some(id),
        variables: request_variables(headers),
        origin: origin_of(&app, headers),
        is_sse: true,
        live,
        who,
        app,
    };
    let (sink, events) = mpsc::channel(OUTBOX);
    // The queue is empty: there is room.
    let _ = sink.try_send(Bytes::from(format!("event: endpoint\r\ndata: {endpoint}\r\n\r\n")));
    let work = AbortOnDropHandle::new(tokio::spawn(serve(desk, session, messages, sink)));
    let stream = ReceiverStream::new(events).map(move |event| {
        // The session ends with its reader.
        let _ = &work;
        Ok::<_, Infallible>(event)
    });
    let mut response = streamable::event_stream(Body::from_stream(stream));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Answers messages until the reader is gone.
async fn serve(
    desk: Desk,
    session: OpenSession,
    mut inbox: mpsc::Receiver<Incoming>,
    sink: mpsc::Sender<Bytes>,
) {
    let _session = session;
    let (tell, mut told) = mpsc::channel::<Value>(OUTBOX);
    let mut calls = FuturesUnordered::new();
    let mut beat = tokio::time::interval(BEAT);
    beat.tick().await;
    loop {
        let event = tokio::select! {
            incoming = inbox.recv(), if calls.len() < MAX_CALLS => {
                match incoming {
                    Some(Incoming::Request(request)) => {
                        let (desk, outlet, id) = (desk.clone(), Outlet(tell.clone()), request.id.clone());
                        calls.push(async move {
                            let outcome = desk.answer(request, false, outlet).await;
                            outcome.map(|outcome| rpc::response(&id, &outcome))
                        });
                    }
                    Some(Incoming::Notification { method, params }) => desk.note(&method, &params),
                    Some(Incoming::Response) => {}
                    None => return,
                }
                continue;
            }
            Some(message) = told.recv() => streamable::event(&message),
            Some(answer) = calls.next(), if !calls.is_empty() => match answer {
                Some(answer) => streamable::event(&answer),
                None => continue,
            },
            _ = beat.tick() => Bytes::from_static(b": ping\r\n\r\n"),
        };
        if !matches!(tokio::time::timeout(STALLED, sink.send(event)).await, Ok(Ok(()))) {
            return;
        }
    }
}

fn deliver(
    app: &AppState,
    live: &Live,
    who: &Principal,
    server: McpServer,
    query: &Query,
    body: &Bytes,
) -> ApiResult<Response> {
    check_sse_enabled(app)?;
    let id = query.text("session_id").ok_or_else(|| AppError::bad_request("session_id is required"))?;
    let inbox = live.inbox(id, who, server).ok_or_else(|| AppError::not_found("Could not find session"))?;
    if body.len() > MAX_MESSAGE_BYTES {
        let text = format!("A message has at most {MAX_MESSAGE_BYTES} bytes");
        return Err(AppError::new(ErrorKind::TooLarge, text).into());
    }
    let incoming = match Incoming::parse(body) {
        Ok(incoming) => incoming,
        Err(error) => return Ok((StatusCode::BAD_REQUEST, error.message).into_response()),
    };
    // Cancelling must not wait behind what it cancels.
    if let Incoming::Notification { method, params } = &incoming
        && method == "notifications/cancelled"
    {
        if let Some(request) = params.get("requestId").cloned().and_then(|id| serde_json::from_value(id).ok())
        {
            live.cancel(who, id, request);
        }
        return Ok(taken());
    }
    match inbox.try_send(incoming) {
        Ok(()) => Ok(taken()),
        Err(mpsc::error::TrySendError::Full(_)) => Err(ApiError(
            AppError::new(ErrorKind::TooManyRequests, "Too many messages of this session wait")
                .with_retry_after(Duration::from_secs(1)),
        )),
        Err(mpsc::error::TrySendError::Closed(_)) => {
            Err(AppError::not_found("Could not find session").into())
        }
    }
}

fn taken() -> Response {
    (StatusCode::ACCEPTED, "Accepted").into_response()
}
