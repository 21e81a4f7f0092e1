//! Streamable HTTP: every message is posted, the answer is JSON or a stream of events.

use super::wire::{self, Wire, unavailable};
use super::{Http, MAX_MESSAGE_BYTES};
use crate::http::{Call, remote_fault, sse_events};
use futures::StreamExt as _;
use langflow_core::run::{Egress, Reply};
use langflow_core::{Fault, Json, async_trait};
use std::sync::{Arc, Mutex, PoisonError};

const SERVICE: &str = "the MCP server";
/// Events of one answer, notifications included.
const MAX_EVENTS: usize = 10_000;

#[derive(Debug)]
pub struct Streamable {
    egress: Arc<dyn Egress>,
    target: Http,
    agreed: Mutex<Agreed>,
}

#[derive(Clone, Debug, Default)]
struct Agreed {
    session: Option<String>,
    revision: Option<String>,
}

impl Streamable {
    pub fn new(egress: Arc<dyn Egress>, target: Http) -> Self {
        Self { egress, target, agreed: Mutex::default() }
    }

    async fn post(&self, message: &Json) -> Result<Reply, Fault> {
        let agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut call = Call::post(&self.target.url)
            .options(self.target.options)
            .header("accept", "application/json, text/event-stream")
            .json(message);
        for (name, value) in &self.target.headers {
            call = call.secret_header(name, value.expose());
        }
        if let Some(session) = &agreed.session {
            call = call.header("mcp-session-id", session);
        }
        if let Some(revision) = &agreed.revision {
            call = call.header("mcp-protocol-version", revision);
        }
        let reply = call.send(&*self.egress).await?;
        if !reply.status.is_success() {
            return Err(remote_fault(SERVICE, reply).await);
        }
        if let Some(session) = reply.headers.get("mcp-session-id").and_then(|id| id.to_str().ok()) {
            self.agreed.lock().unwrap_or_else(PoisonError::into_inner).session = Some(session.to_owned());
        }
        Ok(reply)
    }

    /// The answer to `id` out of a stream; requests of the server are answered on the way.
    async fn answer_among(&self, id: u64, reply: Reply) -> Result<Json, Fault> {
        let mut bytes = 0;
        let mut events = sse_events(reply.body);
        let mut count = 0;
        while let Some(event) = events.next().await {
            let event = event?;
            bytes += event.data.len();
            count += 1;
            if bytes > MAX_MESSAGE_BYTES || count > MAX_EVENTS {
                return Err(unavailable("sends more than is read of one answer"));
            }
            let Ok(message) = serde_json::from_str::<Json>(&event.data) else { continue };
            if wire::answered(&message) == Some(id) {
                return Ok(message);
            }
            if let Some(answer) = wire::reply_to(&message) {
                self.post(&answer).await?;
            }
        }
        Err(unavailable("ended the stream without an answer"))
    }
}

#[async_trait]
impl Wire for Streamable {
    fn name(&self) -> &'static str {
        "streamable_http"
    }

    async fn ask(&self, id: u64, message: Json) -> Result<Json, Fault> {
        let reply = self.post(&message).await?;
        let kind = reply.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("text/event-stream") {
            return self.answer_among(id, reply).await;
        }
        let body = reply.bytes(MAX_MESSAGE_BYTES).await?;
        let message: Json = serde_json::from_slice(&body)
            .map_err(|_| unavailable("answered with something that is not JSON"))?;
        match wire::answered(&message) {
            Some(found) if found == id => Ok(message),
            _ => Err(unavailable("answered something else than was asked")),
        }
    }

    async fn tell(&self, message: Json) -> Result<(), Fault> {
        self.post(&message).await.map(drop)
    }

    fn agreed(&self, revision: &str) {
        self.agreed.lock().unwrap_or_else(PoisonError::into_inner).revision = Some(revision.to_owned());
    }
}

impl Drop for Streamable {
    /// Says goodbye, where the server gave a session and there is still a runtime to say it.
    fn drop(&mut self) {
        let agreed = std::mem::take(self.agreed.get_mut().unwrap_or_else(PoisonError::into_inner));
        let (Some(session), Ok(runtime)) = (agreed.session, tokio::runtime::Handle::try_current()) else {
            return;
        };
        let mut call = Call::new(http::Method::DELETE, &self.target.url)
            .timeout(std::time::Duration::from_secs(5))
            .header("mcp-session-id", &session);
        for (name, value) in &self.target.headers {
            call = call.secret_header(name, value.expose());
        }
        let egress = Arc::clone(&self.egress);
        runtime.spawn(async move {
            let _ = call.send(&*egress).await;
        });
    }
}
