//! Reaching the servers of a user: out of their list, or as a node describes them.

use super::Shelf;
use crate::crypto::KeyRing;
use crate::{App, AppError, AppResult, Principal};
use futures::StreamExt as _;
use langflow_core::capability::{McpConnector, McpPlace, McpServerRef, McpSession, McpTarget, McpTransport};
use langflow_core::clock::Clock;
use langflow_core::run::{McpServers, Variables};
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use langflow_store::{Store, settings};
use std::sync::Arc;
use uuid::Uuid;

/// Servers that are asked at one time for their tools.
const AT_ONCE: usize = 4;

/// The servers of a user, for a run or an editor's question.
pub struct UserMcpServers {
    store: Store,
    connector: Arc<dyn McpConnector>,
    ring: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
    owner: Uuid,
    variables: Arc<dyn Variables>,
}

impl UserMcpServers {
    pub fn new(app: &App, owner: Uuid, variables: Arc<dyn Variables>) -> Self {
        Self {
            store: app.store.clone(),
            connector: Arc::clone(&app.mcp_client),
            ring: app.secrets.clone(),
            clock: app.clock.clone(),
            owner,
            variables,
        }
    }

    /// What stands in the list under the name, secrets in clear text.
    async fn stored(&self, name: &str) -> AppResult<Option<JsonMap>> {
        let shelf = Shelf { owner: self.owner, ring: Arc::clone(&self.ring), clock: Arc::clone(&self.clock) };
        let servers = shelf.open(settings::get(&self.store, &shelf.key()).await?)?;
        Ok(servers.get(name).and_then(Json::as_object).cloned())
    }
}

#[async_trait]
impl McpServers for UserMcpServers {
    async fn connect(&self, server: McpServerRef) -> Result<Arc<dyn McpSession>, Fault> {
        let unread = |error: AppError| {
            Fault::new(FaultKind::Unavailable, "the list of MCP servers could not be read").with_source(error)
        };
        let stored =
            if server.name.is_empty() { None } else { self.stored(&server.name).await.map_err(unread)? };
        let config = stored.unwrap_or(server.config);
        let mut target = target(&config, &*self.variables).await?.ok_or_else(|| {
            let named = if server.name.is_empty() { String::new() } else { format!(" '{}'", server.name) };
            Fault::missing(format!(
                "The MCP server{named} is not configured: it has neither a URL nor a command"
            ))
        })?;
        if let McpPlace::Http { headers, .. } = &mut target.place {
            for (name, value) in server.headers {
                let value = filled(&value, &*self.variables).await?;
                headers.retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
                headers.push((name, value));
            }
        }
        target.accept_invalid_certs |= server.accept_invalid_certs;
        target.call_timeout = server.call_timeout;
        let name = server.name;
        self.connector.connect(target).await.map_err(|fault| {
            if name.is_empty() { fault } else { fault.prefixed(&format!("MCP server '{name}': ")) }
        })
    }
}

/// Reads a configuration; `None`: it says no place.
async fn target(config: &JsonMap, variables: &dyn Variables) -> Result<Option<McpTarget>, Fault> {
    let text =
        |key: &str| config.get(key).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
    let mode = text("mode").unwrap_or_default().to_ascii_lowercase();
    let place = match (text("url"), text("command")) {
        (Some(url), _) if mode != "stdio" => McpPlace::Http {
            url: filled(&Secret::new(url), variables).await?.expose().to_owned(),
            headers: pairs(config.get("headers"), variables).await?,
            transport: match mode.as_str() {
                "sse" => McpTransport::Sse,
                "streamable_http" if config.get("allow_sse_fallback") == Some(&Json::Bool(false)) => {
                    McpTransport::StreamableHttp
                }
                _ => McpTransport::Any,
            },
        },
        (_, Some(command)) => {
            let args = config.get("args").and_then(Json::as_array).into_iter().flatten();
            McpPlace::Program {
                command: command.to_owned(),
                args: args.filter_map(Json::as_str).map(str::to_owned).collect(),
                env: pairs(config.get("env"), variables).await?,
            }
        }
        _ => return Ok(None),
    };
    let accept_invalid_certs = config.get("verify_ssl") == Some(&Json::Bool(false));
    Ok(Some(McpTarget { place, accept_invalid_certs, call_timeout: None }))
}

/// `{name: value}` or a list of `{key, value}`.
async fn pairs(given: Option<&Json>, variables: &dyn Variables) -> Result<Vec<(String, Secret)>, Fault> {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let raw: Vec<(String, String)> = match given {
        Some(Json::Object(map)) => map.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        Some(Json::Array(rows)) => rows
            .iter()
            .filter_map(|row| Some((row.get("key")?.as_str()?.to_owned(), text(row.get("value")?))))
            .collect(),
        _ => Vec::new(),
    };
    let mut pairs = Vec::with_capacity(raw.len());
    for (name, value) in raw {
        pairs.push((name, filled(&Secret::new(value), variables).await?));
    }
    Ok(pairs)
}

/// A value that is the name of a variable becomes its value, and so does every `{{NAME}}` in it. Unknown names
/// stay.
async fn filled(value: &Secret, variables: &dyn Variables) -> Result<Secret, Fault> {
    if let Some(found) = look_up(value.expose(), variables).await? {
        return Ok(found);
    }
    let mut rest = value.expose();
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let Some((name, after)) = after.split_once("}}") else {
            text.push_str("{{");
            rest = after;
            continue;
        };
        match look_up(name.trim(), variables).await? {
            Some(found) => text.push_str(found.expose()),
            None => text.push_str(&format!("{{{{{name}}}}}")),
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(Secret::new(text))
}

async fn look_up(name: &str, variables: &dyn Variables) -> Result<Option<Secret>, Fault> {
    let is_name = !name.is_empty()
        && name.len() <= 128
        && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    if !is_name {
        return Ok(None);
    }
    match variables.get(name).await {
        Ok(found) => Ok(found.map(|variable| variable.value)),
        Err(fault) if fault.kind() == FaultKind::Missing => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// A server that was asked for its tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbedServer {
    pub name: String,
    /// `streamable_http`, `sse` or `stdio`; of one that did not answer as configured.
    pub mode: Option<&'static str>,
    /// How many tools it has, or what went wrong.
    pub tools: Result<usize, String>,
}

/// Connects to every server of the caller and counts its tools; a few at a time, each within the time limit for
/// answers.
pub async fn probe_servers(app: &Arc<App>, who: &Principal) -> AppResult<Vec<ProbedServer>> {
    let listed = super::list_servers(app, who).await?;
    let variables =
        crate::variables::RunVariables::new(app, who.user_id, crate::variables::Overrides::default());
    let servers = UserMcpServers::new(app, who.user_id, Arc::new(variables));
    let probed = futures::stream::iter(listed).map(|(name, config)| {
        let servers = &servers;
        async move {
            let asked = async {
                let server = McpServerRef { name: name.clone(), ..McpServerRef::default() };
                let session = servers.connect(server).await?;
                let tools = session.tools().await?;
                Ok::<_, Fault>((session.transport(), tools.len()))
            };
            match asked.await {
                Ok((mode, count)) => ProbedServer { name, mode: Some(mode), tools: Ok(count) },
                Err(fault) => ProbedServer {
                    name,
                    mode: super::mode_of(&config),
                    tools: Err(fault.message().to_owned()),
                },
            }
        }
    });
    Ok(probed.buffered(AT_ONCE).collect().await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::run::ports::Variable;
    use serde_json::json;

    struct One;

    #[async_trait]
    impl Variables for One {
        async fn get(&self, name: &str) -> Result<Option<Variable>, Fault> {
            let value = (name == "TOKEN").then(|| Secret::new("t0k"));
            Ok(value.map(|value| Variable { value, is_credential: true }))
        }
    }

    #[tokio::test]
    async fn variables_are_filled_in() {
        for (given, expected) in [
            ("TOKEN", "t0k"),
            ("Bearer {{TOKEN}}", "Bearer t0k"),
            ("{{ TOKEN }}/{{OTHER}}", "t0k/{{OTHER}}"),
            ("{{open", "{{open"),
            ("plain text", "plain text"),
        ] {
            assert_eq!(filled(&Secret::new(given), &One).await.unwrap().expose(), expected, "{given}");
        }
    }

    #[tokio::test]
    async fn configurations_are_read() {
        let read = async |config: Json| target(config.as_object().unwrap(), &One).await.unwrap();
        assert!(read(json!({})).await.is_none());
        let http =
            read(json!({"url": "http://h/mcp", "headers": {"x-api-key": "TOKEN"}, "verify_ssl": false}))
                .await;
        let http = http.unwrap();
        assert!(http.accept_invalid_certs);
        let McpPlace::Http { url, headers, transport } = http.place else { panic!("not over HTTP") };
        assert_eq!(
            (url.as_str(), headers[0].1.expose(), transport),
            ("http://h/mcp", "t0k", McpTransport::Any)
        );
        let program =
            read(json!({"command": "npx", "args": ["-y", "x"], "env": {"A": "{{TOKEN}}"}})).await.unwrap();
        let McpPlace::Program { command, args, env } = program.place else { panic!("not a program") };
        assert_eq!((command.as_str(), args.len(), env[0].1.expose()), ("npx", 2, "t0k"));
    }
}
