//! The conversation with a server, whatever carries it.

use super::McpLimits;
use super::wire::{self, Wire};
use langflow_core::capability::{McpReply, McpSession, McpTool};
use langflow_core::{Fault, FaultKind, Json, JsonMap, async_trait};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The revision we ask for, and those we understand.
const ASKED: &str = "2025-11-25";
const KNOWN: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
/// Tools of one server.
const MAX_TOOLS: usize = 500;
/// Pages of its list.
const MAX_PAGES: usize = 20;

/// A session that has been opened.
#[derive(Debug)]
pub struct Session {
    wire: Arc<dyn Wire>,
    limits: McpLimits,
    next: AtomicU64,
}

impl Session {
    pub async fn open(wire: Arc<dyn Wire>, limits: McpLimits) -> Result<Self, Fault> {
        let session = Self { wire, limits, next: AtomicU64::new(1) };
        let params = json!({
            "protocolVersion": ASKED,
            "capabilities": {},
            "clientInfo": {"name": "langflow-rs", "version": env!("CARGO_PKG_VERSION")},
        });
        let begun = session.ask("initialize", params, limits.answer).await?;
        let revision = begun.get("protocolVersion").and_then(Json::as_str).unwrap_or_default();
        if !KNOWN.contains(&revision) {
            let text = format!(
                "the MCP server speaks revision '{revision}' of the protocol, which is not known here"
            );
            return Err(Fault::new(FaultKind::Unsupported, text));
        }
        session.wire.agreed(revision);
        let ready = wire::notification("notifications/initialized", json!({}));
        session.within(limits.answer, session.wire.tell(ready)).await?;
        Ok(session)
    }

    async fn ask(&self, method: &str, params: Json, limit: Duration) -> Result<Json, Fault> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let answer = self.within(limit, self.wire.ask(id, wire::request(id, method, params))).await;
        if matches!(&answer, Err(fault) if fault.kind() == FaultKind::Timeout) && method == "tools/call" {
            let params = json!({"requestId": id, "reason": "timeout"});
            let cancel = wire::notification("notifications/cancelled", params);
            // The caller has its fault already; a second would say nothing.
            let _ = tokio::time::timeout(Duration::from_secs(1), self.wire.tell(cancel)).await;
        }
        wire::result(answer?)
    }

    async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            let text = format!("the MCP server did not answer within {} seconds", limit.as_secs_f64());
            Err(Fault::new(FaultKind::Timeout, text))
        })
    }
}

#[async_trait]
impl McpSession for Session {
    fn transport(&self) -> &'static str {
        self.wire.name()
    }

    async fn tools(&self) -> Result<Vec<McpTool>, Fault> {
        let mut tools = Vec::new();
        let mut cursor = Json::Null;
        for _ in 0..MAX_PAGES {
            let params = if cursor.is_null() { json!({}) } else { json!({ "cursor": cursor }) };
            let page = self.ask("tools/list", params, self.limits.answer).await?;
            tools.extend(page.get("tools").and_then(Json::as_array).into_iter().flatten().filter_map(tool));
            if tools.len() > MAX_TOOLS {
                return Err(Fault::invalid(format!("the MCP server has more than {MAX_TOOLS} tools")));
            }
            cursor = page.get("nextCursor").cloned().unwrap_or_default();
            if cursor.is_null() {
                return Ok(tools);
            }
        }
        Err(Fault::invalid(format!("the list of tools of the MCP server has more than {MAX_PAGES} pages")))
    }

    async fn call(&self, tool: &str, arguments: JsonMap) -> Result<McpReply, Fault> {
        let params = json!({"name": tool, "arguments": arguments});
        let result = self.ask("tools/call", params, self.limits.call).await?;
        Ok(McpReply {
            content: result.get("content").and_then(Json::as_array).cloned().unwrap_or_default(),
            is_error: result.get("isError").and_then(Json::as_bool).unwrap_or(false),
        })
    }
}

fn tool(json: &Json) -> Option<McpTool> {
    let text = |key: &str| json.get(key).and_then(Json::as_str);
    let schema = json.get("inputSchema").filter(|schema| schema.is_object()).cloned();
    Some(McpTool {
        name: text("name").filter(|name| !name.is_empty())?.to_owned(),
        description: text("description").or_else(|| text("title")).unwrap_or_default().to_owned(),
        input_schema: schema.unwrap_or_else(|| json!({"type": "object", "properties": {}})),
    })
}
