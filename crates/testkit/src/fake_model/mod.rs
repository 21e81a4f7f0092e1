//! A model server that answers at once and always the same.
//!
//! Without a script it echoes: `Echo: <last user text>`. A user text with lines `call <tool> <json>` asks for
//! these tools (all at once), and the results come back as `Tool said: <results>`. A key `bad-key` is refused.
//! Scripted replies ([`FakeModel::script`]) go first, in order, one per request. Every request is recorded.
//!
//! It speaks the wires of OpenAI (below `/v1`), Anthropic (`/v1/messages`), Gemini (below `/v1beta`), Ollama
//! (below `/api`), Bedrock (below `/model`) and watsonx (below `/ml`); token counts are always 11 in, 7 out.

mod anthropic;
mod ask;
mod bedrock;
mod clouds;
mod gemini;
mod ollama;
mod openai;
mod script;

pub use script::Scripted;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// Requests larger than this are refused.
const BODY_BYTES: usize = 64 * 1024 * 1024;
/// No more requests than this are remembered.
const REMEMBERED: usize = 10_000;

pub(crate) const TOKENS_IN: u64 = 11;
pub(crate) const TOKENS_OUT: u64 = 7;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Null where the body was empty or no JSON.
    pub body: Json,
}

#[derive(Debug, Default)]
pub(crate) struct Shared {
    script: Mutex<VecDeque<Scripted>>,
    requests: Mutex<Vec<Recorded>>,
}

impl Shared {
    pub fn next_scripted(&self) -> Option<Scripted> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

/// A running server; it stops when dropped.
#[derive(Debug)]
pub struct FakeModel {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for FakeModel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakeModel {
    /// Starts on a free loopback port.
    ///
    /// # Panics
    /// When there is none.
    pub async fn start() -> Self {
        Self::start_on("127.0.0.1", 0).await.expect("a loopback port is free")
    }

    /// Starts on `host:port`.
    pub async fn start_on(host: &str, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind((host, port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let router = router(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, shared, task })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:<port>`.
    pub fn root_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Base URL of the OpenAI wire: `http://127.0.0.1:<port>/v1`.
    pub fn openai_url(&self) -> String {
        format!("{}/v1", self.root_url())
    }

    /// Base URL of the Gemini wire.
    pub fn gemini_url(&self) -> String {
        format!("{}/v1beta", self.root_url())
    }

    /// Replies for the next requests, before anything else.
    pub fn script(&self, replies: impl IntoIterator<Item = Scripted>) {
        self.shared.script.lock().unwrap_or_else(PoisonError::into_inner).extend(replies);
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Bodies of all requests so far.
    pub fn bodies(&self) -> Vec<Json> {
        self.requests().into_iter().map(|request| request.body).collect()
    }

    /// Waits until the server is stopped.
    pub async fn wait(mut self) {
        let _ = (&mut self.task).await;
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(openai::chat))
        .route("/v1/embeddings", post(openai::embeddings))
        .route("/v1/models", get(openai::models))
        .route("/v1/messages", post(anthropic::messages))
        .route("/v1beta/models/{*rest}", post(gemini::call))
        .route("/api/chat", post(ollama::chat))
        .route("/api/embed", post(ollama::embed))
        .route("/api/tags", get(ollama::tags))
        .route("/model/{model}/{verb}", post(bedrock::call))
        .route("/identity/token", post(clouds::token))
        .route("/ml/v1/text/chat", post(clouds::watsonx))
        .route("/ml/v1/text/chat_stream", post(clouds::watsonx_stream))
        .route("/ml/v1/text/embeddings", post(clouds::watsonx_embed))
        .route("/feature-extraction", post(clouds::inference))
        .route("/embed", post(clouds::inference))
        .route("/ai/run/{*model}", post(clouds::cloudflare))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), record))
        .route("/_script", post(script::put))
        .route("/_requests", get(list_requests))
        .with_state(shared)
}

async fn list_requests(State(shared): State<Arc<Shared>>) -> axum::Json<Json> {
    let requests = shared.requests.lock().unwrap_or_else(PoisonError::into_inner);
    axum::Json(
        requests
            .iter()
            .map(|r| json!({ "method": r.method, "path": r.path, "headers": r.headers, "body": r.body }))
            .collect(),
    )
}

async fn record(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    #[expect(clippy::disallowed_methods, reason = "the limit is given right here")]
    let Ok(bytes) = axum::body::to_bytes(body, BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let recorded = Recorded {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
    };
    let is_bad = |value: &String| {
        ["bad-key", "Bearer bad-key"].contains(&value.as_str()) || value.contains("=bad-key/")
    };
    let refused = recorded.headers.values().any(is_bad);
    {
        let mut requests = shared.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() < REMEMBERED {
            requests.push(recorded);
        }
    }
    if refused {
        return script::unauthorised();
    }
    next.run(Request::from_parts(parts, bytes.into())).await
}
