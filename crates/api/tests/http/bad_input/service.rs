//! A server that does everything a service should not.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
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
        "hangs" => {
            tokio::time::sleep(Duration::from_hours(1)).await;
            StatusCode::OK.into_response()
        }
        other => panic!("what is {other}?"),
    }
}

fn header_of(kind: &'static str) -> [(header::HeaderName, &'static str); 1] {
    [(header::CONTENT_TYPE, kind)]
}

/// Begins an answer and breaks the connection.
fn cut(begin: &'static str, kind: &'static str) -> Response {
    let pieces = [Ok(Bytes::from_static(begin.as_bytes())), Err(std::io::Error::other("cut"))];
    (header_of(kind), Body::from_stream(futures::stream::iter(pieces))).into_response()
}

/// An answer without end.
fn endless(begin: &'static str, kind: &'static str) -> Response {
    let block = Bytes::from(begin.trim().repeat(64 * 1024));
    let pieces = futures::stream::repeat_with(move || Ok::<_, std::io::Error>(block.clone()));
    (header_of(kind), Body::from_stream(pieces)).into_response()
}
