//! The outside world as traits: what the engine and components ask of the rooms around them.

use super::event::RunEvent;
use super::human::{HumanAsk, HumanDecision};
use super::{Log, NodeRef};
use crate::capability::{Embedder, McpServerRef, McpSession, ModelKind, ProviderValues, VectorIndex};
use crate::value::{Json, JsonMap};
use crate::{Fault, Message, Secret, Table, Value, async_trait};
use bytes::Bytes;
use futures::stream::BoxStream;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Global variables of the user who runs the flow (engine.md 2.9).
#[async_trait]
pub trait Variables: Send + Sync {
    /// The value under `name`: request override, the user's variable, then the environment where the
    /// operator allows it. `None` if there is none.
    async fn get(&self, name: &str) -> Result<Option<Variable>, Fault>;
}

/// A variable's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub value: Secret,
    /// A Credential: only fields that are secret may take it.
    pub is_credential: bool,
}

/// Models that the user may pick, for the lists of the editor.
#[async_trait]
pub trait Models: Send + Sync {
    /// The enabled models of the providers that are set up, as a model picker shows them.
    async fn options(&self, kind: ModelKind) -> Result<Vec<Json>, Fault>;
    /// Names of the models that a provider offers now, asked with the user's variables; `values` go first.
    async fn offered(
        &self,
        provider: &str,
        kind: ModelKind,
        values: ProviderValues,
    ) -> Result<Vec<String>, Fault>;
}

/// A named collection of texts with the model that makes their vectors.
#[derive(Clone, Debug)]
pub struct Knowledge {
    pub id: Uuid,
    pub name: String,
    pub embedding_provider: String,
    pub embedding_model: String,
    pub index: Arc<dyn VectorIndex>,
    pub embedder: Arc<dyn Embedder>,
}

/// The vector store of the server, for the user who runs the flow.
#[async_trait]
pub trait Vectors: Send + Sync {
    /// The store of nodes under this name; it is made with the first records.
    async fn open(&self, name: &str) -> Result<Arc<dyn VectorIndex>, Fault>;
    /// Names of the knowledge bases.
    async fn knowledge_names(&self) -> Result<Vec<String>, Fault>;
    /// Makes a knowledge base, and gives the name it got.
    async fn create_knowledge(&self, name: &str, provider: &str, model: &str) -> Result<String, Fault>;
    /// A knowledge base, with a key of its embedding provider where the node gives one.
    async fn knowledge(&self, name: &str, key: &Secret) -> Result<Knowledge, Fault>;
    /// Names of the memories of a flow.
    async fn memory_names(&self, flow_id: Uuid) -> Result<Vec<String>, Fault>;
    /// A memory of a flow.
    async fn memory(&self, flow_id: Uuid, name: &str) -> Result<Knowledge, Fault>;
}

/// A server without a vector store.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoVectors;

#[async_trait]
impl Vectors for NoVectors {
    async fn open(&self, _name: &str) -> Result<Arc<dyn VectorIndex>, Fault> {
        Err(no_vectors())
    }

    async fn knowledge_names(&self) -> Result<Vec<String>, Fault> {
        Ok(Vec::new())
    }

    async fn create_knowledge(&self, _name: &str, _provider: &str, _model: &str) -> Result<String, Fault> {
        Err(no_vectors())
    }

    async fn knowledge(&self, _name: &str, _key: &Secret) -> Result<Knowledge, Fault> {
        Err(no_vectors())
    }

    async fn memory_names(&self, _flow_id: Uuid) -> Result<Vec<String>, Fault> {
        Ok(Vec::new())
    }

    async fn memory(&self, _flow_id: Uuid, _name: &str) -> Result<Knowledge, Fault> {
        Err(no_vectors())
    }
}

fn no_vectors() -> Fault {
    Fault::unsupported("there is no vector store here")
}

/// Stored chat messages. Implementations scope by user.
#[async_trait]
pub trait Messages: Send + Sync {
    /// Stores the message, or updates the row with its id. It is durable once the run is acknowledged;
    /// later reads of the same run see it at once.
    async fn save(&self, message: &Message) -> Result<(), Fault>;
    /// Newest `limit` messages that match, oldest first.
    async fn history(&self, query: HistoryQuery) -> Result<Vec<Message>, Fault>;
}

/// Which messages to read.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    pub flow_id: Option<Uuid>,
    pub session_id: Option<String>,
    pub context_id: Option<String>,
    pub sender: Option<String>,
    pub sender_name: Option<String>,
    pub limit: usize,
}

/// Uploaded files, by storage path `<flow or user id>/<name>`.
#[async_trait]
pub trait Files: Send + Sync {
    /// Reads a file of at most `limit` bytes.
    async fn read(&self, path: &str, limit: usize) -> Result<Bytes, Fault>;
    /// Storage paths of the user's own files, by name.
    async fn list(&self) -> Result<Vec<String>, Fault> {
        Ok(Vec::new())
    }
    /// Writes a file into the user's folder and gives its storage path.
    async fn write(&self, name: &str, content: Bytes) -> Result<String, Fault>;
}

/// A reply of a remote service whose body arrives in pieces.
pub struct Reply {
    pub status: http::StatusCode,
    pub headers: http::HeaderMap,
    /// The URL that answered, after redirects.
    pub url: String,
    pub body: BoxStream<'static, Result<Bytes, Fault>>,
}

impl Reply {
    /// Collects the body, at most `limit` bytes.
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, Fault> {
        use futures::StreamExt as _;
        let mut all = Vec::new();
        while let Some(piece) = self.body.next().await {
            let piece = piece?;
            if all.len() + piece.len() > limit {
                return Err(Fault::invalid(format!("the reply is larger than {limit} bytes")));
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.into())
    }
}

/// How an outbound call is made.
#[derive(Clone, Copy, Debug)]
pub struct CallOptions {
    /// Time until the head of the reply.
    pub timeout: Duration,
    /// How often to try again on 429, 5xx and lost connections.
    pub retries: u32,
    pub follow_redirects: bool,
    /// Skip certificate checks; only where a user asks for it by name.
    pub accept_invalid_certs: bool,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            retries: 2,
            follow_redirects: true,
            accept_invalid_certs: false,
        }
    }
}

/// What nodes that read web pages may take in; the operator's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// Bytes of one page.
    pub page_bytes: usize,
    /// Bytes of all pages of one run together.
    pub run_bytes: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { page_bytes: 10 * 1024 * 1024, run_bytes: 100 * 1024 * 1024 }
    }
}

/// A connection that is not HTTP: what is written goes to the other side, what it writes is read.
pub trait Wire: futures::AsyncRead + futures::AsyncWrite + Send + Unpin {}

impl<T: futures::AsyncRead + futures::AsyncWrite + Send + Unpin> Wire for T {}

/// How a connection that is not HTTP is encrypted.
#[derive(Clone, Debug, Default)]
pub enum Encryption {
    #[default]
    None,
    /// By TLS with the authorities of the operator.
    Tls,
    /// The same, and the other side is shown a certificate: it and its key in PEM.
    TlsAs(Secret),
}

/// Where a service runs, as DNS says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceRecords {
    /// The hosts and ports of the SRV records. Nobody has checked them yet.
    pub hosts: Vec<(String, u16)>,
    /// The TXT records of the name.
    pub texts: Vec<String>,
}

/// The one door for outbound HTTP: SSRF protection, proxy, TLS, retry.
#[async_trait]
pub trait Egress: Send + Sync + std::fmt::Debug {
    /// Bounds for nodes that read web pages.
    fn page_limits(&self) -> PageLimits {
        PageLimits::default()
    }
    /// Whether the key of a provider of models may be sent to `url`, where `own` are the provider's own hosts
    /// (`*.example.com`: all below).
    ///
    /// A key that the operator gave in the environment stays with the provider, the addresses that the operator
    /// gave himself and the hosts he lists: whoever writes flows may use it and may not carry it off. A key that
    /// is not in the environment is its user's own, and goes wherever he says.
    ///
    /// # Errors
    /// Refused: the key is the operator's, and the address is not one of these.
    fn check_key_use(&self, _key: &Secret, _url: &str, _own: &[&str]) -> Result<(), Fault> {
        Ok(())
    }
    /// Sends a request. Statuses of 400 and above are replies, not faults.
    async fn send(&self, request: http::Request<Bytes>, options: CallOptions) -> Result<Reply, Fault>;
    /// Whether a connection of another kind may be made to `host`, by the same rules; gives one of its
    /// addresses.
    async fn address_of(&self, host: &str) -> Result<IpAddr, Fault> {
        Err(Fault::refused(format!("'{host}' cannot be reached from here")))
    }
    /// Opens a connection of another kind, by the same rules and to an address that was checked.
    ///
    /// # Errors
    /// `Refused` where the host may not be called, `Unavailable` or `Timeout` where it cannot be reached or its
    /// certificate is not trusted, `Invalid` where no certificate could be for such a name or the own one is not in
    /// order.
    async fn connect(
        &self,
        host: &str,
        _port: u16,
        _encryption: &Encryption,
    ) -> Result<Box<dyn Wire>, Fault> {
        Err(Fault::refused(format!("'{host}' cannot be reached from here")))
    }
    /// Looks up where `service` (as in `_service._tcp`) of a name runs, and what else the name's records say.
    ///
    /// # Errors
    /// `Unavailable` where there are no such records, `Timeout` where nobody tells.
    async fn service_records(&self, _service: &str, name: &str) -> Result<ServiceRecords, Fault> {
        Err(Fault::refused(format!("'{name}' cannot be looked up from here")))
    }
}

/// Databases that users name in their flows.
#[async_trait]
pub trait Databases: Send + Sync {
    /// Runs one statement. `url` as SQLAlchemy writes it: `postgresql://user:password@host/name`,
    /// `mysql+pymysql://…`, `sqlite:///file`.
    ///
    /// # Errors
    /// `Refused` where the operator does not allow the file, the host or writing; `Invalid` with what the
    /// database says about the statement; `Unavailable` when it cannot be reached.
    async fn query(&self, url: &Secret, statement: &str) -> Result<Table, Fault>;

    /// A collection of vectors in a PostgreSQL database with the extension `vector`; it is made with the first records.
    ///
    /// # Errors
    /// There is no driver for it here.
    async fn vectors(&self, _url: &Secret, _collection: &str) -> Result<Arc<dyn VectorIndex>, Fault> {
        Err(Fault::unsupported("vectors in databases cannot be reached from here"))
    }
}

/// MCP servers that flows of a user may call.
#[async_trait]
pub trait McpServers: Send + Sync {
    /// Opens a session with a server: the one of the user's list, else the one the node describes.
    async fn connect(&self, server: McpServerRef) -> Result<Arc<dyn McpSession>, Fault>;
}

/// No servers: for what runs outside of a server.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMcpServers;

#[async_trait]
impl McpServers for NoMcpServers {
    async fn connect(&self, _server: McpServerRef) -> Result<Arc<dyn McpSession>, Fault> {
        Err(Fault::refused("MCP servers cannot be called here"))
    }
}

/// Where run events go. Waits when the reader is slow, up to a bound.
#[async_trait]
pub trait Events: Send + Sync {
    async fn emit(&self, event: RunEvent);
}

/// Other flows of the same user, for Run Flow and flows as tools.
#[async_trait]
pub trait Flows: Send + Sync {
    /// `(id, name, description)` of the flows that may be called.
    async fn list(&self) -> Result<Vec<(Uuid, String, String)>, Fault>;
    /// The graph of a flow.
    async fn graph(&self, flow_id: Uuid) -> Result<Arc<Json>, Fault>;
    async fn run(&self, call: FlowCall) -> Result<FlowOutcome, Fault>;
}

/// A nested run.
#[derive(Clone, Debug)]
pub struct FlowCall {
    pub flow_id: Uuid,
    pub input_value: Option<String>,
    pub tweaks: JsonMap,
    pub session_id: String,
    /// Depth of the calling run; the budget bounds it.
    pub depth: u32,
}

/// Results of a nested run: node id, output name, value; in node order.
#[derive(Clone, Debug, Default)]
pub struct FlowOutcome {
    pub results: Vec<(String, String, Value)>,
}

/// Whether people's own code may run here.
#[async_trait]
pub trait CodePolicy: Send + Sync {
    /// Lets the source run, or says why not and what would let it.
    async fn allow(&self, code: &str) -> Result<(), Fault>;
}

/// Lets no code run.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCode;

#[async_trait]
impl CodePolicy for NoCode {
    async fn allow(&self, _code: &str) -> Result<(), Fault> {
        Err(Fault::refused("Custom Python code does not run here (LANGFLOW_CUSTOM_COMPONENTS)"))
    }
}

/// The engine's side of a running node.
#[async_trait]
pub trait Graph: Send + Sync {
    /// Nodes with an edge into this one, in the order of the flow file.
    fn upstream(&self) -> Vec<NodeRef>;
    /// An edge leads from this node straight to a Chat Output.
    fn feeds_chat_output(&self) -> bool;
    /// Display name and sender name of the Chat Output this node feeds, if it does.
    fn chat_output_sender_name(&self) -> Option<String> {
        None
    }
    /// An edge leads straight from a Chat Input to this node.
    fn fed_by_chat_input(&self) -> bool;
    /// Whether any edge leaves from the output.
    fn is_connected(&self, output: &str) -> bool;
    /// Whether an edge feeds the field.
    fn is_fed(&self, field: &str) -> bool;
    /// Marks the branch of an output as not taken for this step (engine.md 2.11).
    fn stop(&self, output: &str);
    /// Excludes the branches of these outputs for the rest of the run, or until this node runs again.
    fn exclude(&self, outputs: &[&str]);
    /// Sum of the token usage of all nodes above this one.
    fn usage_above(&self) -> Option<crate::value::Usage>;
    /// Runs the body of a loop once with `item`, and gives what feeds back (engine.md 2.12).
    async fn run_body(&self, item: Value, index: usize) -> Result<Value, Fault>;
    /// Stores a value under a key of the run, for Notify and counters.
    ///
    /// # Errors
    /// All shared values of the run together would be larger than its budget allows.
    fn put_shared(&self, key: &str, value: Value) -> Result<(), Fault>;
    fn shared(&self, key: &str) -> Option<Value>;
    /// Wakes the Listen nodes of a key, once.
    fn notify(&self, key: &str);
    /// Adds a log line to the output that runs now.
    fn log(&self, log: Log);
    /// Sets what the editor shows as the state of the node (`status` of the reference).
    fn set_status(&self, status: Value);
    /// What a human has decided. Where nobody has yet, this does not come back: the node is left as it stands, the run
    /// goes on without it and waits, and the node runs again from its beginning once there is an answer.
    ///
    /// # Errors
    /// `Unsupported` where nobody could answer: in a loop, in a tool, in a run that does not wait.
    async fn decision(&self, _ask: HumanAsk) -> Result<HumanDecision, Fault> {
        Err(Fault::unsupported("nobody can be asked here"))
    }
    /// Counts tokens against the budget of the run and into the result of the node.
    fn add_usage(&self, usage: crate::value::Usage) -> Result<(), Fault>;
}
