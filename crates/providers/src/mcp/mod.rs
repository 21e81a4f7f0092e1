//! MCP servers of others: streamable HTTP, the older SSE pair, and programs of this machine where the operator allows
//! it.
//!
//! HTTP goes through the one door like any other call. A session is made for the run that needs it and ends with
//! it. Messages, tools, answers and waits are bounded.

mod duplex;
mod program;
mod session;
mod sse;
mod streamable;
mod wire;

use langflow_core::capability::{McpConnector, McpPlace, McpSession, McpTarget, McpTransport};
use langflow_core::run::Egress;
use langflow_core::run::ports::CallOptions;
use langflow_core::{Fault, FaultKind, Secret, async_trait};
use session::Session;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use wire::Wire;

/// The largest message of a server.
const MAX_MESSAGE_BYTES: usize = 16 << 20;

/// Limits of sessions, and whether programs may be started.
#[derive(Clone, Copy, Debug)]
pub struct McpLimits {
    /// Time until a server has answered anything but a call.
    pub answer: Duration,
    /// Time until a tool has answered, where a node says nothing else.
    pub call: Duration,
    /// Programs of this machine may be servers.
    pub programs: bool,
}

impl Default for McpLimits {
    fn default() -> Self {
        Self { answer: Duration::from_mins(1), call: Duration::from_mins(3), programs: false }
    }
}

/// Opens sessions over the three transports.
#[derive(Debug)]
pub struct McpClient {
    egress: Arc<dyn Egress>,
    limits: McpLimits,
    /// What programs get of our environment.
    surroundings: Vec<(String, Secret)>,
}

impl McpClient {
    /// `environment` is that of the process; programs see of it only what they need to find their own.
    pub fn new(egress: Arc<dyn Egress>, limits: McpLimits, environment: &BTreeMap<String, Secret>) -> Self {
        let known = |name: &&str| Some(((*name).to_owned(), environment.get(*name)?.clone()));
        Self { egress, limits, surroundings: program::PASSED_ON.iter().filter_map(known).collect() }
    }

    async fn open(&self, wire: Arc<dyn Wire>, call: Option<Duration>) -> Result<Arc<dyn McpSession>, Fault> {
        let limits = McpLimits { call: call.unwrap_or(self.limits.call), ..self.limits };
        Ok(Arc::new(Session::open(wire, limits).await?))
    }

    async fn over_http(&self, target: &Http) -> Result<Arc<dyn McpSession>, Fault> {
        let streamable = || streamable::Streamable::new(Arc::clone(&self.egress), target.clone());
        let first = match target.transport {
            McpTransport::Sse => None,
            _ => Some(self.open(Arc::new(streamable()), target.call_timeout).await),
        };
        match first {
            Some(Ok(session)) => Ok(session),
            // The older transport answers a posted message so.
            Some(Err(fault)) if target.transport == McpTransport::Any && is_unknown(&fault) => {
                let wire = tokio::time::timeout(self.limits.answer, sse::connect(&self.egress, target)).await;
                match wire.map_err(|_| Fault::new(FaultKind::Timeout, "the server does not answer")) {
                    Ok(Ok(wire)) => self.open(Arc::new(wire), target.call_timeout).await,
                    // The first answer says more about a server that speaks neither.
                    Ok(Err(_)) | Err(_) => Err(fault),
                }
            }
            Some(Err(fault)) => Err(fault),
            None => {
                let wire = tokio::time::timeout(self.limits.answer, sse::connect(&self.egress, target))
                    .await
                    .map_err(|_| Fault::new(FaultKind::Timeout, "the MCP server does not answer"))??;
                self.open(Arc::new(wire), target.call_timeout).await
            }
        }
    }
}

/// Whether a server answered that it does not know streamable HTTP.
fn is_unknown(fault: &Fault) -> bool {
    fault.reply().is_some_and(|reply| matches!(reply.status, 400 | 404 | 405 | 406 | 415 | 501))
}

/// A server at a URL.
#[derive(Clone, Debug)]
struct Http {
    url: String,
    headers: Vec<(String, Secret)>,
    transport: McpTransport,
    call_timeout: Option<Duration>,
    options: CallOptions,
}

#[async_trait]
impl McpConnector for McpClient {
    async fn connect(&self, target: McpTarget) -> Result<Arc<dyn McpSession>, Fault> {
        match target.place {
            McpPlace::Http { url, headers, transport } => {
                let options = CallOptions {
                    timeout: self.limits.answer.max(target.call_timeout.unwrap_or(self.limits.call)),
                    retries: 0,
                    follow_redirects: true,
                    accept_invalid_certs: target.accept_invalid_certs,
                };
                let http = Http { url, headers, transport, call_timeout: target.call_timeout, options };
                self.over_http(&http).await
            }
            McpPlace::Program { .. } if !self.limits.programs => Err(Fault::refused(
                "this server does not start programs: the operator may allow MCP servers that are programs \
                 with LANGFLOW_MCP_STDIO_ENABLED",
            )),
            McpPlace::Program { command, args, env } => {
                let wire = program::start(&command, &args, &env, &self.surroundings)?;
                self.open(Arc::new(wire), target.call_timeout).await
            }
        }
    }
}
