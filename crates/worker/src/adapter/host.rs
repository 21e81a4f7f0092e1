//! The server's side of a running component: what it may ask for, and the checks on the way.

use super::CodeNode;
use super::values::{Handles, decode, encode};
use crate::config::WorkerConfig;
use crate::process::Host;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use langflow_core::capability::{ChatRequest, ChatRole, ChatTurn};
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Cx, HistoryQuery};
use langflow_core::value::{json_weight, parse_timestamp};
use langflow_core::{Fault, Json, JsonMap, Message, Value, async_trait};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Log lines and messages are cut here.
const MAX_LOG: usize = 64 << 10;
/// Messages of the history a component may read at once.
const MAX_HISTORY: usize = 1000;
/// Headers that the door sets itself.
const OWN_HEADERS: [&str; 6] =
    ["host", "content-length", "connection", "accept-encoding", "transfer-encoding", "proxy-authorization"];

/// Answers one node's questions.
pub struct RunHost {
    pub cx: Cx,
    pub handles: Arc<Handles>,
    /// Whose questions these are: only the credentials that its fields name are its own.
    pub node: Arc<CodeNode>,
}

#[async_trait]
impl Host for RunHost {
    async fn answer(&self, what: &str, params: Json) -> Result<Json, Fault> {
        let Json::Object(mut params) = params else { return Err(bad()) };
        match what {
            "log" => {
                let name = text(&mut params, "name").unwrap_or_default();
                self.cx.log(&name, cut(params.remove("message").unwrap_or_default()));
                Ok(Json::Null)
            }
            "stop" => {
                self.cx.graph().stop(&text(&mut params, "output").ok_or_else(bad)?);
                Ok(Json::Null)
            }
            "variable" => self.variable(&text(&mut params, "name").ok_or_else(bad)?).await,
            "history" => self.history(params).await,
            "ctx_get" => {
                let found = self.cx.graph().shared(&text(&mut params, "key").ok_or_else(bad)?);
                // A live handle of another node stays where it is.
                Ok(found.map_or(Json::Null, |value| encode(&value, &mut Handles::default())))
            }
            "ctx_put" => {
                let key = text(&mut params, "key").ok_or_else(bad)?;
                let value = decode(params.remove("value").unwrap_or_default(), &|_| Value::Null);
                self.cx.graph().put_shared(&key, value)?;
                Ok(Json::Null)
            }
            "begin_message" => {
                let begun = self.cx.begin_message(self.message(params)?).await;
                Ok(json!(begun.id))
            }
            "send_message" => {
                let mut message = self.message(params)?;
                message.properties.state = langflow_core::value::MessageState::Complete;
                let sent = self.cx.send_message(message).await?;
                Ok(json!(sent.id))
            }
            "token" => {
                let id = text(&mut params, "id").and_then(|id| Uuid::try_parse(&id).ok()).ok_or_else(bad)?;
                let message = Message { id: Some(id), ..Default::default() };
                self.cx.token(&message, &text(&mut params, "chunk").unwrap_or_default()).await;
                Ok(Json::Null)
            }
            "file" => {
                let path = text(&mut params, "path").ok_or_else(bad)?;
                let content = self.cx.files().read(&path, self.max_bytes()).await?;
                Ok(json!(STANDARD.encode(content)))
            }
            "http" => self.http(params).await,
            "chat" => self.chat(params).await,
            "embed" => self.embed(params).await,
            "tool" => self.tool(params).await,
            _ => Err(bad()),
        }
    }
}

impl RunHost {
    fn config(&self) -> &WorkerConfig {
        self.node.supervisor.config()
    }

    /// Largest file or reply.
    fn max_bytes(&self) -> usize {
        self.config().max_frame_bytes / 2
    }

    /// A variable. Credentials only where a field of the node names them.
    async fn variable(&self, name: &str) -> Result<Json, Fault> {
        let found = self.cx.variables().get(name).await?;
        let variable = found.ok_or_else(|| Fault::missing(format!("The variable '{name}' is not set")))?;
        if variable.is_credential && !self.node.declared.iter().any(|declared| declared == name) {
            return Err(Fault::refused(format!(
                "The variable '{name}' is a credential, and no field of this component names it"
            )));
        }
        Ok(json!(variable.value.expose()))
    }

    async fn history(&self, mut params: JsonMap) -> Result<Json, Fault> {
        let limit = params.get("limit").and_then(Json::as_u64).unwrap_or(100);
        let query = HistoryQuery {
            flow_id: Some(self.cx.scope().flow_id),
            session_id: text(&mut params, "session_id").or_else(|| Some(self.cx.session_id().to_owned())),
            context_id: text(&mut params, "context_id"),
            sender: text(&mut params, "sender"),
            sender_name: text(&mut params, "sender_name"),
            limit: usize::try_from(limit).unwrap_or(MAX_HISTORY).min(MAX_HISTORY),
        };
        let found = self.cx.messages().history(query).await?;
        let mut none = Handles::default();
        Ok(found.into_iter().map(|message| encode(&Value::from(message), &mut none)).collect())
    }

    /// A message of this run: whose it is does not follow from what the component says.
    fn message(&self, mut params: JsonMap) -> Result<Message, Fault> {
        let Some(Json::Object(fields)) = params.remove("message") else { return Err(bad()) };
        let mut message = Message::from_fields(fields, parse_timestamp);
        message.flow_id = Some(self.cx.scope().flow_id);
        message.run_id = Some(self.cx.scope().run_id);
        if message.session_id.is_empty() {
            self.cx.session_id().clone_into(&mut message.session_id);
        }
        Ok(message)
    }

    async fn http(&self, mut params: JsonMap) -> Result<Json, Fault> {
        let url = text(&mut params, "url").ok_or_else(bad)?;
        let parsed = url::Url::parse(&url).map_err(|_| Fault::invalid(format!("'{url}' is not a URL")))?;
        let host = parsed.host_str().unwrap_or_default();
        if !is_open(host, &self.config().hosts) {
            return Err(Fault::refused(format!(
                "Custom components have no way to '{host}': LANGFLOW_PYTHON_ALLOWED_HOSTS names the hosts they may \
                 reach"
            )));
        }
        let method = text(&mut params, "method").unwrap_or_else(|| "GET".into());
        let body = STANDARD.decode(text(&mut params, "body").unwrap_or_default()).map_err(|_| bad())?;
        let mut request = http::Request::builder().method(method.as_str()).uri(parsed.as_str());
        if let Some(Json::Array(headers)) = params.remove("headers") {
            for pair in headers {
                let (Some(name), Some(value)) =
                    (pair.get(0).and_then(Json::as_str), pair.get(1).and_then(Json::as_str))
                else {
                    continue;
                };
                if !OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                    request = request.header(name, value);
                }
            }
        }
        let request = request
            .body(Bytes::from(body))
            .map_err(|error| Fault::invalid(format!("the request cannot be made: {error}")))?;
        let seconds = params.get("timeout").and_then(Json::as_f64).filter(|s| s.is_finite()).unwrap_or(60.0);
        // A redirect may leave the hosts that are open: the component follows it by a call of its own.
        let options = CallOptions {
            timeout: Duration::from_secs_f64(seconds.clamp(0.1, 600.0)),
            retries: 0,
            follow_redirects: false,
            accept_invalid_certs: false,
        };
        let reply = self.cx.egress().send(request, options).await?;
        let (status, final_url) = (reply.status.as_u16(), reply.url.clone());
        let headers: Vec<(String, String)> = reply
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let body = reply.bytes(self.max_bytes()).await?;
        Ok(json!({"status": status, "headers": headers, "body": STANDARD.encode(body), "url": final_url}))
    }

    async fn chat(&self, mut params: JsonMap) -> Result<Json, Fault> {
        let model = at(&self.handles.models, &params)?;
        let Some(Json::Array(turns)) = params.remove("turns") else { return Err(bad()) };
        let turns = turns
            .iter()
            .map(|turn| {
                let role = match turn.get(0).and_then(Json::as_str)? {
                    "system" => ChatRole::System,
                    "assistant" => ChatRole::Assistant,
                    _ => ChatRole::User,
                };
                Some(ChatTurn::text(role, turn.get(1).and_then(Json::as_str)?))
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(bad)?;
        let answer = model.complete(ChatRequest::new(turns)).await?;
        if let Some(usage) = answer.usage {
            self.cx.add_usage(usage)?;
        }
        Ok(json!({"text": answer.text, "usage": answer.usage}))
    }

    async fn embed(&self, mut params: JsonMap) -> Result<Json, Fault> {
        let embedder = at(&self.handles.embedders, &params)?;
        let texts: Vec<String> = serde_json::from_value(params.remove("texts").unwrap_or_default())
            .map_err(|_| Fault::invalid("the texts to embed are not texts"))?;
        Ok(json!(embedder.embed(texts).await?))
    }

    async fn tool(&self, mut params: JsonMap) -> Result<Json, Fault> {
        let tool = at(&self.handles.tools, &params)?;
        let answer = tool.call(params.remove("arguments").unwrap_or_default()).await?;
        Ok(json!(answer.text))
    }
}

/// Whether a host is open: its name, a name under `*.`, or `*`.
fn is_open(host: &str, hosts: &[String]) -> bool {
    let host = host.to_ascii_lowercase();
    hosts.iter().map(|entry| entry.to_ascii_lowercase()).any(|entry| {
        entry == "*"
            || entry == host
            || entry.strip_prefix("*.").is_some_and(|domain| host.ends_with(&format!(".{domain}")))
    })
}

fn at<'a, T>(things: &'a [T], params: &JsonMap) -> Result<&'a T, Fault> {
    let handle = params.get("handle").and_then(Json::as_u64).and_then(|at| usize::try_from(at).ok());
    handle.and_then(|at| things.get(at)).ok_or_else(bad)
}

fn text(params: &mut JsonMap, key: &str) -> Option<String> {
    match params.remove(key) {
        Some(Json::String(text)) => Some(text),
        _ => None,
    }
}

fn cut(message: Json) -> Json {
    if json_weight(&message) <= MAX_LOG {
        return message;
    }
    let text = match message {
        Json::String(text) => text,
        other => {
            let mut start = Start(Vec::with_capacity(MAX_LOG));
            // It ends with an error where there is more; the start is what is wanted.
            let _ = serde_json::to_writer(&mut start, &other);
            String::from_utf8_lossy(&start.0).into_owned()
        }
    };
    Json::String(text.chars().take(MAX_LOG / 4).collect())
}

/// The first bytes of what is written to it.
struct Start(Vec<u8>);

impl std::io::Write for Start {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() >= MAX_LOG {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        self.0.extend_from_slice(bytes.get(..MAX_LOG - self.0.len()).unwrap_or(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn bad() -> Fault {
    Fault::invalid("a question without sense")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_of_any_form_are_cut() {
        for (message, stays) in [
            (json!("a line"), true),
            (json!({"a": [1, 2]}), true),
            (json!("x".repeat(MAX_LOG + 1)), false),
            (json!({"a": ["x".repeat(MAX_LOG)]}), false),
            (json!(vec![0; MAX_LOG]), false),
        ] {
            let kept = cut(message.clone());
            assert_eq!(kept == message, stays);
            assert!(json_weight(&kept) <= MAX_LOG);
        }
    }

    #[test]
    fn hosts_are_open_by_name() {
        let hosts = |list: &[&str]| list.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>();
        for (host, list, open) in [
            ("api.example.com", &["api.example.com"][..], true),
            ("API.example.com", &["api.EXAMPLE.com"], true),
            ("api.example.com", &["*.example.com"], true),
            ("example.com", &["*.example.com"], false),
            ("evilexample.com", &["*.example.com"], false),
            ("anything", &["*"], true),
            ("anything", &[], false),
        ] {
            assert_eq!(is_open(host, &hosts(list)), open, "{host} {list:?}");
        }
    }
}
