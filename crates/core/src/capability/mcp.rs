//! Servers of tools that speak MCP, as flows use them.

use crate::value::{Json, JsonMap};
use crate::{Fault, Secret, async_trait};
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

/// A server as a node names it.
#[derive(Clone, Debug, Default)]
pub struct McpServerRef {
    /// Name in the user's list. What is stored there wins over `config`.
    pub name: String,
    /// `{url, headers}` or `{command, args, env}`, where the list has no such name.
    pub config: JsonMap,
    /// Further headers of this node.
    pub headers: Vec<(String, Secret)>,
    /// Skip certificate checks; only where the user asks for it.
    pub accept_invalid_certs: bool,
    /// Longest time of a call of a tool; none: the server's setting.
    pub call_timeout: Option<Duration>,
}

/// Where a server is, with its secrets in clear text.
#[derive(Clone, Debug)]
pub struct McpTarget {
    pub place: McpPlace,
    pub accept_invalid_certs: bool,
    pub call_timeout: Option<Duration>,
}

#[derive(Clone, Debug)]
pub enum McpPlace {
    Http {
        url: String,
        headers: Vec<(String, Secret)>,
        transport: McpTransport,
    },
    /// A program of this machine that speaks over its standard input and output.
    Program {
        command: String,
        args: Vec<String>,
        env: Vec<(String, Secret)>,
    },
}

/// How a server at a URL is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum McpTransport {
    /// Streamable HTTP, and where the server does not know that, the older pair.
    #[default]
    Any,
    StreamableHttp,
    Sse,
}

/// A tool that a server offers.
#[derive(Clone, Debug, PartialEq)]
pub struct McpTool {
    pub name: String,
    pub description: String,
    /// JSON schema of the arguments.
    pub input_schema: Json,
}

/// What a call of a tool gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct McpReply {
    /// Content blocks as MCP has them: `{"type": "text", "text": …}`, …
    pub content: Vec<Json>,
    pub is_error: bool,
}

/// An open session with a server. It ends when it is dropped.
#[async_trait]
pub trait McpSession: Debug + Send + Sync {
    /// `streamable_http`, `sse` or `stdio`.
    fn transport(&self) -> &'static str;

    async fn tools(&self) -> Result<Vec<McpTool>, Fault>;

    /// Calls a tool. A tool that fails is a reply that says so; a fault is a server that did not answer.
    async fn call(&self, tool: &str, arguments: JsonMap) -> Result<McpReply, Fault>;
}

/// Opens sessions.
#[async_trait]
pub trait McpConnector: Debug + Send + Sync {
    async fn connect(&self, target: McpTarget) -> Result<Arc<dyn McpSession>, Fault>;
}
