//! The context of a running node.

use super::event::{Log, RunEvent};
use super::ports::{
    CodePolicy, Databases, Egress, Events, Files, Flows, Graph, McpServers, Messages, Variables, Vectors,
};
use crate::clock::Clock;
use crate::ids::Ids;
use crate::value::{Json, Message, MessageState, Usage};
use crate::{Fault, Value};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// A node as others see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeRef {
    pub id: String,
    pub display_name: String,
    /// Type key.
    pub kind: String,
    pub icon: Option<String>,
    /// Name of the model, once the node has run one.
    pub model_name: Option<String>,
}

/// What all nodes of one run share.
pub struct RunScope {
    pub run_id: Uuid,
    pub flow_id: Uuid,
    pub flow_name: String,
    pub user_id: Option<Uuid>,
    pub session_id: String,
    /// The caller asked for a stream.
    pub stream: bool,
    /// How deep this run is nested in others.
    pub depth: u32,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub variables: Arc<dyn Variables>,
    pub messages: Arc<dyn Messages>,
    pub files: Arc<dyn Files>,
    pub egress: Arc<dyn Egress>,
    pub flows: Arc<dyn Flows>,
    /// Databases that users name, where there are such.
    pub databases: Option<Arc<dyn Databases>>,
    pub mcp: Arc<dyn McpServers>,
    /// Whether people's own code may run.
    pub code: Arc<dyn CodePolicy>,
    pub vectors: Arc<dyn Vectors>,
    /// Where events go, if anybody listens.
    pub events: Option<Arc<dyn Events>>,
}

/// The context handed to every output of a component.
#[derive(Clone)]
pub struct Cx {
    scope: Arc<RunScope>,
    node: Arc<NodeRef>,
    graph: Arc<dyn Graph>,
}

impl Cx {
    pub fn new(scope: Arc<RunScope>, node: Arc<NodeRef>, graph: Arc<dyn Graph>) -> Self {
        Self { scope, node, graph }
    }

    pub fn scope(&self) -> &RunScope {
        &self.scope
    }

    pub fn node(&self) -> &NodeRef {
        &self.node
    }

    pub fn graph(&self) -> &dyn Graph {
        self.graph.as_ref()
    }

    pub fn clock(&self) -> &dyn Clock {
        self.scope.clock.as_ref()
    }

    pub fn variables(&self) -> &dyn Variables {
        self.scope.variables.as_ref()
    }

    pub fn messages(&self) -> &dyn Messages {
        self.scope.messages.as_ref()
    }

    pub fn files(&self) -> &dyn Files {
        self.scope.files.as_ref()
    }

    /// The vector store of the server.
    pub fn vectors(&self) -> &dyn Vectors {
        self.scope.vectors.as_ref()
    }

    /// The HTTP door, to hand to a provider.
    pub fn egress(&self) -> Arc<dyn Egress> {
        Arc::clone(&self.scope.egress)
    }

    /// Databases that users name.
    pub fn databases(&self) -> Result<Arc<dyn Databases>, Fault> {
        let databases = self.scope.databases.as_ref().map(Arc::clone);
        databases.ok_or_else(|| Fault::unsupported("databases cannot be reached from here"))
    }

    pub fn session_id(&self) -> &str {
        &self.scope.session_id
    }

    /// A log line on the output that runs now.
    pub fn log(&self, name: &str, message: impl Into<Json>) {
        let message = message.into();
        let kind = match &message {
            Json::Object(_) => "object",
            Json::Array(_) => "array",
            _ => "text",
        };
        self.graph.log(Log { name: name.into(), message, kind: kind.into() });
    }

    /// What the editor shows as the node's result instead of the output itself.
    pub fn set_status(&self, status: impl Into<Value>) {
        self.graph.set_status(status.into());
    }

    /// Sends an event, if anybody listens.
    pub async fn emit(&self, event: RunEvent) {
        if let Some(events) = &self.scope.events {
            events.emit(event).await;
        }
    }

    /// A new message of this run: time, flow, run and session filled in.
    pub fn new_message(&self, text: impl Into<String>) -> Message {
        Message {
            timestamp: self.scope.clock.now(),
            flow_id: Some(self.scope.flow_id),
            run_id: Some(self.scope.run_id),
            session_id: self.scope.session_id.clone(),
            session_metadata: Some(json!({ "graph_run_id": self.scope.run_id })),
            ..Message::from_text(text)
        }
    }

    /// Stores a message (a new row, or the row with its id) and tells the listeners.
    pub async fn send_message(&self, mut message: Message) -> Result<Arc<Message>, Fault> {
        self.own(&mut message);
        if message.id.is_none() {
            message.id = Some(self.scope.ids.ordered());
        }
        self.scope.messages.save(&message).await?;
        let message = Arc::new(message);
        if self.scope.events.is_some() {
            self.emit(RunEvent::AddMessage(Arc::clone(&message))).await;
        }
        Ok(message)
    }

    /// Announces a message that grows: it gets an id and the state `partial`, listeners see it, and it is
    /// stored once it is complete ([`Cx::send_message`]).
    pub async fn begin_message(&self, mut message: Message) -> Message {
        message.properties.state = MessageState::Partial;
        self.announce(&mut message).await;
        message
    }

    /// Gives a message its id and shows it to listeners, without storing it yet.
    pub async fn announce(&self, message: &mut Message) {
        self.own(message);
        message.id.get_or_insert_with(|| self.scope.ids.ordered());
        if self.scope.events.is_some() {
            self.emit(RunEvent::AddMessage(Arc::new(message.clone()))).await;
        }
    }

    /// A piece of a growing message.
    pub async fn token(&self, message: &Message, chunk: &str) {
        if self.scope.events.is_some()
            && let Some(id) = message.id
        {
            self.emit(RunEvent::Token { id: id.to_string(), chunk: chunk.to_owned() }).await;
        }
    }

    /// Counts tokens into the node's result and against the run's budget.
    pub fn add_usage(&self, usage: Usage) -> Result<(), Fault> {
        self.graph.add_usage(usage)
    }

    /// A model streams into the chat when the caller asked for a stream, somebody listens, there is a
    /// session, and the node feeds a Chat Output (engine.md 2.15).
    pub fn streams_to_chat(&self) -> bool {
        self.scope.events.is_some() && !self.scope.session_id.is_empty() && self.graph.feeds_chat_output()
    }

    fn own(&self, message: &mut Message) {
        if message.timestamp == chrono::DateTime::UNIX_EPOCH {
            message.timestamp = self.scope.clock.now();
        }
        message.flow_id.get_or_insert(self.scope.flow_id);
        message.run_id.get_or_insert(self.scope.run_id);
        if message.session_metadata.is_none() {
            message.session_metadata = Some(json!({ "graph_run_id": self.scope.run_id }));
        }
    }
}
