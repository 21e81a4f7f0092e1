//! The older pair: a stream of events says where to post messages, and carries the answers.

use super::duplex::Waiting;
use super::wire::{Wire, unavailable};
use super::{Http, MAX_MESSAGE_BYTES};
use crate::http::{Call, SseEvent, remote_fault, sse_events};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, async_trait};
use std::sync::Arc;
use tokio::task::JoinHandle;

const SERVICE: &str = "the MCP server";

#[derive(Debug)]
pub struct Sse {
    poster: Poster,
    waiting: Waiting,
    reader: JoinHandle<()>,
}

impl Drop for Sse {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// Posts messages to the path that the stream named.
#[derive(Clone, Debug)]
struct Poster {
    egress: Arc<dyn Egress>,
    target: Http,
    endpoint: String,
}

/// Opens the stream and waits for the path.
pub async fn connect(egress: &Arc<dyn Egress>, target: &Http) -> Result<Sse, Fault> {
    let mut call = Call::get(&target.url).options(target.options).header("accept", "text/event-stream");
    for (name, value) in &target.headers {
        call = call.secret_header(name, value.expose());
    }
    let reply = call.send(&**egress).await?;
    if !reply.status.is_success() {
        return Err(remote_fault(SERVICE, reply).await);
    }
    let base = reply.url.clone();
    let mut events = sse_events(reply.body);
    let endpoint = loop {
        let event = events.next().await.ok_or_else(|| unavailable("ended the stream at once"))??;
        if event.event == "endpoint" {
            break resolve(&base, &event.data)?;
        }
    };
    let poster = Poster { egress: Arc::clone(egress), target: target.clone(), endpoint };
    let waiting = Waiting::default();
    let reader = tokio::spawn(read(events, waiting.clone(), poster.clone()));
    Ok(Sse { poster, waiting, reader })
}

/// The path in full. It must lead to the same server: credentials go there.
fn resolve(base: &str, path: &str) -> Result<String, Fault> {
    let base = url::Url::parse(base).map_err(|_| unavailable("has no address"))?;
    let url = base.join(path.trim()).map_err(|_| unavailable("names a path that is no address"))?;
    if url.origin() != base.origin() {
        return Err(Fault::refused("the MCP server asks to send messages to another server"));
    }
    Ok(url.into())
}

async fn read(mut events: BoxStream<'static, Result<SseEvent, Fault>>, waiting: Waiting, poster: Poster) {
    let why = loop {
        match events.next().await {
            None => break "ended the stream".to_owned(),
            Some(Err(fault)) => break format!("is gone: {}", fault.message()),
            Some(Ok(event)) if event.data.len() > MAX_MESSAGE_BYTES => {
                break "sent a message that is too large".into();
            }
            Some(Ok(event)) if event.event == "message" || event.event.is_empty() => {
                let Ok(message) = serde_json::from_str::<Json>(&event.data) else { continue };
                if let Some(answer) = waiting.take(message)
                    && let Err(fault) = poster.post(&answer).await
                {
                    break format!("is gone: {}", fault.message());
                }
            }
            Some(Ok(_)) => {}
        }
    };
    waiting.end(why);
}

impl Poster {
    async fn post(&self, message: &Json) -> Result<(), Fault> {
        let mut call = Call::post(&self.endpoint).options(self.target.options).json(message);
        for (name, value) in &self.target.headers {
            call = call.secret_header(name, value.expose());
        }
        let reply = call.send(&*self.egress).await?;
        if reply.status.is_success() { Ok(()) } else { Err(remote_fault(SERVICE, reply).await) }
    }
}

#[async_trait]
impl Wire for Sse {
    fn name(&self) -> &'static str {
        "sse"
    }

    async fn ask(&self, id: u64, message: Json) -> Result<Json, Fault> {
        let wait = self.waiting.begin(id)?;
        self.poster.post(&message).await?;
        wait.answer().await
    }

    async fn tell(&self, message: Json) -> Result<(), Fault> {
        self.poster.post(&message).await
    }

    fn agreed(&self, _revision: &str) {}
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn messages_go_to_the_same_server() {
        let base = "https://h.example/mcp/sse";
        assert_eq!(resolve(base, "/mcp/?session_id=1").unwrap(), "https://h.example/mcp/?session_id=1");
        assert_eq!(resolve(base, "post").unwrap(), "https://h.example/mcp/post");
        for bad in
            ["https://evil.example/", "//evil.example/x", "http://h.example/", "https://h.example:8443/"]
        {
            assert!(resolve(base, bad).is_err(), "{bad}");
        }
    }
}
