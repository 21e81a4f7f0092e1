//! What a component sees while it runs.

mod context;
mod event;
mod human;
pub mod ports;

pub use context::{Cx, NodeRef, RunScope};
pub use event::{Log, RunEvent, VertexBuild, VertexOutput};
pub use human::{EXPIRED_ACTION, HUMAN_INPUT, HumanAsk, HumanDecision, HumanOption, HumanRequest};
pub use ports::{
    CodePolicy, Egress, Encryption, Events, Files, FlowCall, FlowOutcome, Flows, Graph, HistoryQuery,
    Knowledge, McpServers, Messages, Models, NoCode, NoMcpServers, NoVectors, PageLimits, Reply,
    ServiceRecords, Variables, Vectors, Wire,
};
