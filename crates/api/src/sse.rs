//! Server-sent events.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt as _, stream};
use std::time::Duration;

/// How often something is sent on a quiet stream of events.
pub const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The stream as an answer that no proxy holds back.
pub fn answer<E>(events: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Response
where
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let mut response = Body::from_stream(events).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Says `word` whenever the stream has been quiet for `wait`, so that nobody takes it for dead.
pub fn kept_alive<E: Send>(
    events: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
    wait: Duration,
    word: impl Fn() -> String + Send + 'static,
) -> impl Stream<Item = Result<Bytes, E>> + Send {
    stream::unfold((Box::pin(events), word), move |(mut events, word)| async move {
        match tokio::time::timeout(wait, events.next()).await {
            Ok(next) => next.map(|item| (item, (events, word))),
            Err(_) => Some((Ok(Bytes::from(word())), (events, word))),
        }
    })
}

/// The comment that readers skip.
pub fn comment() -> String {
    ": keepalive\n\n".to_owned()
}
