//! What the messages mean.

use super::calls::Live;
use super::progress;
use super::revision::{self, STATELESS};
use super::rpc::{self, Error, Request};
use crate::AppState;
use base64::Engine as _;
use langflow_app::mcp::{CallTool, McpServer, Tool, find_resource, list_resources, list_tools, prepare_call};
use langflow_app::variables::Overrides;
use langflow_app::{AppError, ErrorKind, Principal, runs};
use langflow_core::JsonMap;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;
use url::Url;
use uuid::Uuid;

/// The largest file that is read as a resource.
const MAX_RESOURCE_BYTES: u64 = 16 << 20;

/// Where notifications of a request go. A full queue drops them: they only inform.
#[derive(Clone)]
pub struct Outlet(pub mpsc::Sender<Value>);

impl Outlet {
    pub fn tell(&self, message: Value) {
        let _ = self.0.try_send(message);
    }
}

/// One client's view of one server.
#[derive(Clone)]
pub struct Desk {
    pub app: AppState,
    pub who: Principal,
    pub server: McpServer,
    pub live: Arc<Live>,
    /// Distinguishes requests of the same id; none: a request is cancelled by closing its stream.
    pub conversation: Option<String>,
    pub variables: Overrides,
    /// The server's address as the client sees it.
    pub origin: String,
    /// The list of tools may be told to have changed: only where the server has a way to tell.
    pub is_sse: bool,
}

impl Desk {
    /// Answers a request; `None` when it was cancelled.
    pub async fn answer(
        &self,
        request: Request,
        is_stateless: bool,
        outlet: Outlet,
    ) -> Option<Result<JsonMap, Error>> {
        let Request { id, method, params } = request;
        let work = self.result(&method, params, is_stateless, outlet);
        let outcome = match &self.conversation {
            None => work.await,
            Some(conversation) => {
                let call = self.live.begin(&self.who, conversation, &id);
                tokio::select! {
                    outcome = work => outcome,
                    () = call.cancelled() => return None,
                }
            }
        };
        Some(outcome.map(|result| {
            if is_stateless { revision::completed(&method, result, &self.server_info()) } else { result }
        }))
    }

    /// Takes a notification.
    pub fn note(&self, method: &str, params: &JsonMap) {
        let id = params.get("requestId").cloned().and_then(|id| serde_json::from_value(id).ok());
        if let ("notifications/cancelled", Some(conversation), Some(id)) = (method, &self.conversation, id) {
            self.live.cancel(&self.who, conversation, id);
        }
    }

    async fn result(
        &self,
        method: &str,
        params: JsonMap,
        is_stateless: bool,
        outlet: Outlet,
    ) -> Result<JsonMap, Error> {
        let result = match (method, is_stateless) {
            ("initialize", false) => self.initialize(&params),
            ("ping", false) => json!({}),
            ("server/discover", true) => self.discover(),
            ("tools/list", _) => self.tools(&params).await?,
            ("tools/call", _) => self.call(params, outlet).await?,
            ("resources/list", _) => self.resources().await?,
            ("resources/templates/list", _) => json!({"resourceTemplates": []}),
            ("resources/read", _) => self.read(&params, is_stateless).await?,
            ("prompts/list", _) => json!({"prompts": []}),
            _ => return Err(Error::new(rpc::METHOD_NOT_FOUND, format!("Method not found: {method}"))),
        };
        match result {
            Value::Object(map) => Ok(map),
            _ => Ok(JsonMap::new()),
        }
    }

    fn initialize(&self, params: &JsonMap) -> Value {
        let asked = params.get("protocolVersion").and_then(Value::as_str);
        json!({
            "protocolVersion": revision::negotiated(asked),
            "capabilities": self.capabilities(),
            "serverInfo": self.server_info(),
        })
    }

    fn discover(&self) -> Value {
        json!({
            "supportedVersions": STATELESS,
            "capabilities": self.capabilities(),
            "serverInfo": self.server_info(),
        })
    }

    fn capabilities(&self) -> Value {
        let changes = self.is_sse;
        json!({
            "experimental": {},
            "prompts": {"listChanged": changes},
            "resources": {"subscribe": false, "listChanged": changes},
            "tools": {"listChanged": changes},
        })
    }

    fn server_info(&self) -> Value {
        let name = match self.server {
            McpServer::Global => "langflow-mcp-server".to_owned(),
            McpServer::Project(id) => format!("langflow-mcp-project-{id}"),
        };
        json!({"name": name, "version": env!("CARGO_PKG_VERSION")})
    }

    async fn tools(&self, params: &JsonMap) -> Result<Value, Error> {
        let start = match params.get("cursor") {
            None | Some(Value::Null) => 0,
            Some(cursor) => cursor
                .as_str()
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| Error::new(rpc::INVALID_PARAMS, "Unknown cursor"))?,
        };
        let page = list_tools(&self.app, &self.who, self.server, start).await.map_err(failed)?;
        let tools: Vec<Value> = page.tools.into_iter().map(tool).collect();
        let mut answer = json!({ "tools": tools });
        if let (Some(map), Some(next)) = (answer.as_object_mut(), page.next) {
            map.insert("nextCursor".into(), json!(next.to_string()));
        }
        Ok(answer)
    }

    /// A tool that fails is a result that says so; only a call that makes no sense is an error.
    async fn call(&self, mut params: JsonMap, outlet: Outlet) -> Result<Value, Error> {
        let Some(Value::String(name)) = params.shift_remove("name") else {
            return Err(Error::new(rpc::INVALID_PARAMS, "name must be a text"));
        };
        let arguments = match params.shift_remove("arguments") {
            None | Some(Value::Null) => JsonMap::new(),
            Some(Value::Object(map)) => map,
            Some(_) => return Err(Error::new(rpc::INVALID_PARAMS, "arguments must be an object")),
        };
        let token = params.get("_meta").and_then(|meta| meta.get("progressToken")).cloned();
        let call = CallTool { name, arguments, variables: self.variables.clone() };
        match self.run(call, token, outlet).await {
            Ok(texts) => Ok(json!({"content": content(&texts), "isError": false})),
            Err(error) if error.kind == ErrorKind::Internal => Err(failed(error)),
            Err(error) => Ok(json!({"content": content(&[runs::error_text(&error)]), "isError": true})),
        }
    }

    async fn run(
        &self,
        call: CallTool,
        token: Option<Value>,
        outlet: Outlet,
    ) -> Result<Vec<String>, AppError> {
        let prepared = prepare_call(&self.app, &self.who, self.server, call).await?;
        let Some(token) = token.filter(|token| token.is_string() || token.is_number()) else {
            return prepared.run(None).await;
        };
        let (sink, frames) = mpsc::channel(progress::QUEUE);
        let (outcome, ()) = tokio::join!(prepared.run(Some(sink)), progress::tell(token, frames, outlet));
        outcome
    }

    async fn resources(&self) -> Result<Value, Error> {
        let found = list_resources(&self.app, &self.who, self.server).await.map_err(failed)?;
        let resources: Vec<Value> = found
            .iter()
            .filter_map(|resource| {
                let uri = self.uri(resource.owner, &resource.name)?;
                Some(json!({
                    "name": resource.name,
                    "uri": uri.as_str(),
                    "description": resource.description,
                    "mimeType": mime(&resource.name),
                }))
            })
            .collect();
        Ok(json!({ "resources": resources }))
    }

    async fn read(&self, params: &JsonMap, is_stateless: bool) -> Result<Value, Error> {
        let text = params.get("uri").and_then(Value::as_str);
        let text = text.ok_or_else(|| Error::new(rpc::INVALID_PARAMS, "uri must be a text"))?;
        let code = if is_stateless { rpc::INVALID_PARAMS } else { rpc::RESOURCE_NOT_FOUND };
        let missing =
            || Error::new(code, "Resource not found or access denied").with_data(json!({"uri": text}));
        let (owner, name) = parts(text).ok_or_else(missing)?;
        let stored =
            find_resource(&self.app, &self.who, self.server, owner, &name).await.map_err(|_| missing())?;
        let size = tokio::fs::metadata(stored.path()).await.map_err(|_| missing())?.len();
        if size > MAX_RESOURCE_BYTES {
            return Err(Error::new(
                rpc::INVALID_PARAMS,
                format!("The file has {size} bytes; at most {MAX_RESOURCE_BYTES} are read as a resource"),
            ));
        }
        let bytes = tokio::fs::read(stored.path()).await.map_err(|_| missing())?;
        let blob = base64::engine::general_purpose::STANDARD.encode(bytes);
        Ok(json!({"contents": [{"uri": text, "mimeType": mime(&name), "blob": blob}]}))
    }

    fn uri(&self, owner: Uuid, name: &str) -> Option<Url> {
        let mut url = Url::parse(&self.origin).ok()?;
        let owner = owner.to_string();
        url.path_segments_mut().ok()?.extend(["api", "v1", "files", "download", &owner, name]);
        Some(url)
    }
}

fn tool(tool: Tool) -> Value {
    json!({"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema})
}

fn content(texts: &[String]) -> Vec<Value> {
    texts.iter().map(|text| json!({"type": "text", "text": text})).collect()
}

fn mime(name: &str) -> String {
    mime_guess::from_path(name).first_or_octet_stream().essence_str().to_owned()
}

/// Owner and name from the last two parts of a resource's path.
fn parts(uri: &str) -> Option<(Uuid, String)> {
    let url = Url::parse(uri).ok()?;
    let segments: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let [.., owner, name] = segments.as_slice() else { return None };
    let name = url::form_urlencoded::parse(format!("n={}", name.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, name)| name.into_owned())?;
    let is_plain = !name.is_empty() && !name.contains(['/', '\\', '\0']) && name != "." && name != "..";
    is_plain.then_some((Uuid::parse_str(owner).ok()?, name))
}

/// An error of ours: logged, told without its cause.
fn failed(error: AppError) -> Error {
    if error.kind == ErrorKind::Internal {
        tracing::error!(%error, "an MCP request failed");
    }
    Error::new(rpc::INTERNAL_ERROR, runs::error_text(&error))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn owners_and_names_of_resources() {
        let id = "11111111-2222-4333-8444-555555555555";
        let of =
            |name: &str| parts(&format!("http://h/api/v1/files/download/{id}/{name}")).map(|(_, name)| name);
        assert_eq!(of("a%20b%2Bc.txt").as_deref(), Some("a b+c.txt"));
        assert_eq!(of("a+b.txt").as_deref(), Some("a+b.txt"));
        for bad in ["..%2Fx", "..%5Cx", "%00"] {
            assert_eq!(of(bad), None, "{bad}");
        }
        assert_eq!(parts("http://h/x"), None);
        assert_eq!(parts("nonsense"), None);
    }
}
