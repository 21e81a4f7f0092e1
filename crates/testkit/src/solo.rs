//! One component alone: a context with a still clock, counted ids, and the outside world in memory.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use langflow_core::clock::Clock;
use langflow_core::component::{Catalogue, Params};
use langflow_core::ids::Ids;
use langflow_core::run::ports::{CallOptions, Variable};
use langflow_core::run::{
    CodePolicy, Cx, Egress, Events, Files, FlowCall, FlowOutcome, Flows, Graph, HistoryQuery, Log,
    McpServers, Messages, NoMcpServers, NoVectors, NodeRef, Reply, RunEvent, RunScope, Variables, Vectors,
};
use langflow_core::value::{Usage, parse_timestamp};
use langflow_core::{Fault, Json, Message, Secret, Value, async_trait};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The time of every solo run: 2026-01-02 03:04:05 UTC.
pub fn still_time() -> DateTime<Utc> {
    parse_timestamp("2026-01-02 03:04:05 UTC").unwrap_or(DateTime::UNIX_EPOCH)
}

/// The world around one component, and what it did to it.
#[derive(Default)]
pub struct Solo {
    pub node: NodeRef,
    pub upstream: Vec<NodeRef>,
    pub fed_by_chat_input: bool,
    pub usage_above: Option<Usage>,
    pub session_id: String,
    /// The caller asked for a stream.
    pub stream: bool,
    pub feeds_chat_output: bool,
    /// Where calls go; without it the component has no network.
    pub egress: Option<Arc<dyn Egress>>,
    /// MCP servers; without it there are none.
    pub mcp: Option<Arc<dyn McpServers>>,
    /// The vector store of the server; without it there is none.
    pub vectors: Option<Arc<dyn Vectors>>,
    variables: HashMap<String, Variable>,
    /// Outputs without an edge; all others count as connected.
    pub unconnected: Vec<String>,
    seen: Arc<Seen>,
}

/// What a component did.
#[derive(Default)]
struct Seen {
    next_id: AtomicU64,
    files: Mutex<HashMap<String, Bytes>>,
    messages: Mutex<Vec<Message>>,
    events: Mutex<Vec<RunEvent>>,
    stopped: Mutex<Vec<String>>,
    excluded: Mutex<Vec<String>>,
    shared: Mutex<HashMap<String, Value>>,
    notified: Mutex<Vec<String>>,
    logs: Mutex<Vec<Log>>,
    flows: Mutex<Vec<(Uuid, String, Json, FlowOutcome)>>,
    calls: Mutex<Vec<FlowCall>>,
    usage: Mutex<Usage>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Solo {
    /// A session `s1` and nothing else.
    pub fn new() -> Self {
        Self { session_id: "s1".into(), ..Self::default() }
    }

    /// A variable of the user.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        let value = Variable { value: Secret::new(value), is_credential: false };
        self.variables.insert(name.to_owned(), value);
        self
    }

    /// A credential of the user: only secret fields may take it.
    pub fn with_credential(mut self, name: &str, value: &str) -> Self {
        let value = Variable { value: Secret::new(value), is_credential: true };
        self.variables.insert(name.to_owned(), value);
        self
    }

    /// A network.
    pub fn with_mcp(mut self, mcp: Arc<dyn McpServers>) -> Self {
        self.mcp = Some(mcp);
        self
    }

    pub fn with_egress(mut self, egress: Arc<dyn Egress>) -> Self {
        self.egress = Some(egress);
        self
    }

    /// A file in the store.
    pub fn with_file(self, path: &str, content: impl Into<Bytes>) -> Self {
        lock(&self.seen.files).insert(path.to_owned(), content.into());
        self
    }

    /// A message in the history.
    pub fn with_message(self, message: Message) -> Self {
        lock(&self.seen.messages).push(message);
        self
    }

    /// A flow that may be called.
    pub fn with_flow(self, id: Uuid, name: &str, graph: Json, outcome: FlowOutcome) -> Self {
        lock(&self.seen.flows).push((id, name.to_owned(), graph, outcome));
        self
    }

    /// The context for the component.
    pub fn cx(&self) -> Cx {
        let world = Arc::new(World {
            seen: Arc::clone(&self.seen),
            upstream: self.upstream.clone(),
            fed_by_chat_input: self.fed_by_chat_input,
            usage_above: self.usage_above,
            unconnected: self.unconnected.clone(),
            feeds_chat_output: self.feeds_chat_output,
            variables: self.variables.clone(),
        });
        let egress = self.egress.clone().unwrap_or_else(|| Arc::clone(&world) as Arc<dyn Egress>);
        let scope = RunScope {
            run_id: Uuid::from_u128(1),
            flow_id: Uuid::from_u128(2),
            flow_name: "Solo".into(),
            user_id: Some(Uuid::from_u128(3)),
            session_id: self.session_id.clone(),
            stream: self.stream,
            depth: 0,
            clock: Arc::clone(&world) as Arc<dyn Clock>,
            ids: Arc::clone(&world) as Arc<dyn Ids>,
            variables: Arc::clone(&world) as Arc<dyn Variables>,
            messages: Arc::clone(&world) as Arc<dyn Messages>,
            files: Arc::clone(&world) as Arc<dyn Files>,
            egress,
            flows: Arc::clone(&world) as Arc<dyn Flows>,
            databases: None,
            mcp: self.mcp.clone().unwrap_or_else(|| Arc::new(NoMcpServers)),
            code: Arc::clone(&world) as Arc<dyn CodePolicy>,
            vectors: self.vectors.clone().unwrap_or_else(|| Arc::new(NoVectors)),
            events: Some(Arc::clone(&world) as Arc<dyn Events>),
        };
        Cx::new(Arc::new(scope), Arc::new(self.node.clone()), world)
    }

    /// Runs one output of a component. All faults of its parameters are joined.
    pub async fn run(
        &self,
        catalogue: &Catalogue,
        key: &str,
        params: Params,
        output: &str,
    ) -> Result<Value, Fault> {
        let definition = catalogue.get(key).ok_or_else(|| Fault::missing(format!("no component '{key}'")))?;
        definition.parse(params).map_err(Fault::join)?.run_output(output, &self.cx()).await
    }

    pub fn messages(&self) -> Vec<Message> {
        lock(&self.seen.messages).clone()
    }

    pub fn events(&self) -> Vec<RunEvent> {
        lock(&self.seen.events).clone()
    }

    /// Outputs that were stopped.
    pub fn stopped(&self) -> Vec<String> {
        lock(&self.seen.stopped).clone()
    }

    /// Outputs that were excluded.
    pub fn excluded(&self) -> Vec<String> {
        lock(&self.seen.excluded).clone()
    }

    /// Tokens counted.
    pub fn usage(&self) -> Usage {
        *lock(&self.seen.usage)
    }

    pub fn notified(&self) -> Vec<String> {
        lock(&self.seen.notified).clone()
    }

    pub fn calls(&self) -> Vec<FlowCall> {
        lock(&self.seen.calls).clone()
    }

    pub fn file(&self, path: &str) -> Option<Bytes> {
        lock(&self.seen.files).get(path).cloned()
    }
}

struct World {
    seen: Arc<Seen>,
    upstream: Vec<NodeRef>,
    fed_by_chat_input: bool,
    usage_above: Option<Usage>,
    unconnected: Vec<String>,
    feeds_chat_output: bool,
    variables: HashMap<String, Variable>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}

#[async_trait]
impl CodePolicy for World {
    async fn allow(&self, _code: &str) -> Result<(), Fault> {
        Ok(())
    }
}

impl Clock for World {
    fn now(&self) -> DateTime<Utc> {
        still_time()
    }
}

impl Ids for World {
    fn random(&self) -> Uuid {
        Uuid::from_u128(100 + u128::from(self.seen.next_id.fetch_add(1, Ordering::Relaxed)))
    }

    fn ordered(&self) -> Uuid {
        self.random()
    }
}

#[async_trait]
impl Variables for World {
    async fn get(&self, name: &str) -> Result<Option<Variable>, Fault> {
        Ok(self.variables.get(name).cloned())
    }
}

#[async_trait]
impl Messages for World {
    async fn save(&self, message: &Message) -> Result<(), Fault> {
        let mut messages = lock(&self.seen.messages);
        match messages.iter_mut().find(|known| known.id == message.id) {
            Some(known) => *known = message.clone(),
            None => messages.push(message.clone()),
        }
        Ok(())
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Message>, Fault> {
        let matches = |message: &&Message| {
            query.session_id.as_ref().is_none_or(|id| *id == message.session_id)
                && query.context_id.as_ref().is_none_or(|id| *id == message.context_id)
                && query.sender.as_ref().is_none_or(|s| Some(s) == message.sender.as_ref())
                && query.sender_name.as_ref().is_none_or(|s| Some(s) == message.sender_name.as_ref())
        };
        let found: Vec<Message> = lock(&self.seen.messages).iter().filter(matches).cloned().collect();
        let skip = found.len().saturating_sub(query.limit);
        Ok(found.into_iter().skip(skip).collect())
    }
}

#[async_trait]
impl Files for World {
    async fn read(&self, path: &str, limit: usize) -> Result<Bytes, Fault> {
        let found = lock(&self.seen.files).get(path).cloned();
        let content = found.ok_or_else(|| Fault::missing(format!("the file '{path}' does not exist")))?;
        if content.len() > limit {
            return Err(Fault::invalid(format!("the file '{path}' is larger than {limit} bytes")));
        }
        Ok(content)
    }

    async fn list(&self) -> Result<Vec<String>, Fault> {
        let mut paths: Vec<String> = lock(&self.seen.files).keys().cloned().collect();
        paths.sort_unstable();
        Ok(paths)
    }

    async fn write(&self, name: &str, content: Bytes) -> Result<String, Fault> {
        let path = format!("user/{name}");
        lock(&self.seen.files).insert(path.clone(), content);
        Ok(path)
    }
}

#[async_trait]
impl Egress for World {
    async fn send(&self, _request: http::Request<Bytes>, _options: CallOptions) -> Result<Reply, Fault> {
        Err(Fault::refused("a component alone has no network"))
    }
}

#[async_trait]
impl Events for World {
    async fn emit(&self, event: RunEvent) {
        lock(&self.seen.events).push(event);
    }
}

#[async_trait]
impl Flows for World {
    async fn list(&self) -> Result<Vec<(Uuid, String, String)>, Fault> {
        Ok(lock(&self.seen.flows).iter().map(|(id, name, ..)| (*id, name.clone(), String::new())).collect())
    }

    async fn graph(&self, flow_id: Uuid) -> Result<Arc<Json>, Fault> {
        lock(&self.seen.flows)
            .iter()
            .find(|(id, ..)| *id == flow_id)
            .map(|(_, _, graph, _)| Arc::new(graph.clone()))
            .ok_or_else(|| Fault::missing(format!("the flow {flow_id} does not exist")))
    }

    async fn run(&self, call: FlowCall) -> Result<FlowOutcome, Fault> {
        let id = call.flow_id;
        lock(&self.seen.calls).push(call);
        lock(&self.seen.flows)
            .iter()
            .find(|(known, ..)| *known == id)
            .map(|(.., outcome)| outcome.clone())
            .ok_or_else(|| Fault::missing(format!("the flow {id} does not exist")))
    }
}

#[async_trait]
impl Graph for World {
    fn upstream(&self) -> Vec<NodeRef> {
        self.upstream.clone()
    }

    fn feeds_chat_output(&self) -> bool {
        self.feeds_chat_output
    }

    fn fed_by_chat_input(&self) -> bool {
        self.fed_by_chat_input
    }

    fn is_connected(&self, output: &str) -> bool {
        !self.unconnected.iter().any(|name| name == output)
    }

    fn is_fed(&self, _field: &str) -> bool {
        false
    }

    fn stop(&self, output: &str) {
        lock(&self.seen.stopped).push(output.to_owned());
    }

    fn exclude(&self, outputs: &[&str]) {
        *lock(&self.seen.excluded) = outputs.iter().map(|name| (*name).to_owned()).collect();
    }

    fn usage_above(&self) -> Option<Usage> {
        self.usage_above
    }

    async fn run_body(&self, item: Value, _index: usize) -> Result<Value, Fault> {
        Ok(item)
    }

    fn put_shared(&self, key: &str, value: Value) -> Result<(), Fault> {
        lock(&self.seen.shared).insert(key.to_owned(), value);
        Ok(())
    }

    fn shared(&self, key: &str) -> Option<Value> {
        lock(&self.seen.shared).get(key).cloned()
    }

    fn notify(&self, key: &str) {
        lock(&self.seen.notified).push(key.to_owned());
    }

    fn log(&self, log: Log) {
        lock(&self.seen.logs).push(log);
    }

    fn set_status(&self, _status: Value) {}

    fn add_usage(&self, usage: Usage) -> Result<(), Fault> {
        *lock(&self.seen.usage) += usage;
        Ok(())
    }
}
