//! A server that does everything a service should not.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures::StreamExt as _;
use serde_json::json;
use std::time::Duration;
use tokio::net::TcpListener;

pub struct BadService {
    pub root: String,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for BadService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl BadService {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/{how}/chat/completions", post(model))
            .route("/page/{how}", get(page).post(page));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { root, task }
    }
}

/// The wire of OpenAI, broken in the way the path says.
async fn model(Path(how): Path<String>) -> Response {
    let error = |status: u16, message: &str| {
        let body = axum::Json(json!({"error": {"message": message}}));
        (StatusCode::from_u16(status).unwrap(), body).into_response()
    };
    match how.as_str() {
        "401" => error(401, "Incorrect API key"),
        "429" => error(429, "Rate limit reached"),
        "500" => error(500, "The server had an error"),
        "half" => cut(r#"{"choices": [{"mess"#, "application/json"),
        "half-stream" => cut(
            "data: {\"choices\": [{\"delta\": {\"content\": \"Hel\"}}]}\n\ndata: {\"cho",
            "text/event-stream",
        ),
        "endless-line" => endless("data: ", "text/event-stream"),
        "endless-answer" => endless(&word(&"word ".repeat(12_000)), "text/event-stream"),
        "silent-stream" => silent(&word("Hel"), "text/event-stream"),
        "silent-body" => silent(r#"{"choices": [{"mess"#, "application/json"),
        "drips" => drips(),
        "html" => (header_of("text/html"), "<html>Bad gateway</html>").into_response(),
        "shapeless" => axum::Json(json!({"choices": []})).into_response(),
        "hangs" => {
            tokio::time::sleep(Duration::from_hours(1)).await;
            StatusCode::OK.into_response()
        }
        other => panic!("what is {other}?"),
    }
}

async fn page(Path(how): Path<String>) -> Response {
    match how.as_str() {
        "endless" => endless("word ", "text/plain"),
        "loop" => Redirect::temporary("/page/loop").into_response(),
        "half" => cut("half a pa", "text/plain"),
        "silent" => silent("half a pa", "text/plain"),
        "picture" => (header_of("image/png"), PICTURE).into_response(),
        "hangs" => {
            tokio::time::sleep(Duration::from_hours(1)).await;
            StatusCode::OK.into_response()
        }
        other => panic!("what is {other}?"),
    }
}

/// The beginning of a picture.
pub const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

/// A frame of a streamed answer.
fn word(text: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
}

fn header_of(kind: &'static str) -> [(header::HeaderName, &'static str); 1] {
    [(header::CONTENT_TYPE, kind)]
}

/// Begins an answer and breaks the connection, once the beginning is on its way.
fn cut(begin: &'static str, kind: &'static str) -> Response {
    let begin = futures::stream::iter([Ok(Bytes::from_static(begin.as_bytes()))]);
    let end = futures::stream::once(async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(std::io::Error::other("cut"))
    });
    (header_of(kind), Body::from_stream(begin.chain(end))).into_response()
}

/// An answer without end.
fn endless(piece: &str, kind: &'static str) -> Response {
    let block = Bytes::from(piece.trim_start().repeat((256 << 10) / piece.len()));
    let pieces = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(block.clone()));
    (header_of(kind), Body::from_stream(pieces)).into_response()
}

/// An answer that begins and then says nothing more.
fn silent(begin: &str, kind: &'static str) -> Response {
    let begin = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(begin.to_owned()))]);
    (header_of(kind), Body::from_stream(begin.chain(futures::stream::pending()))).into_response()
}

/// A stream that is never silent and never says anything.
fn drips() -> Response {
    let pieces = futures::stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Some((Ok::<_, std::io::Error>(Bytes::from_static(b": still here\n\n")), ()))
    });
    (header_of("text/event-stream"), Body::from_stream(pieces)).into_response()
}
