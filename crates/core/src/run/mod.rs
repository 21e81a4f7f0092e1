//! What a component sees while it runs.

mod context;
mod event;
pub mod ports;

pub use context::{Cx, NodeRef, RunScope};
pub use event::{Log, RunEvent, VertexBuild, VertexOutput};
pub use ports::{
    CodePolicy, Egress, Encryption, Events, Files, FlowCall, FlowOutcome, Flows, Graph, HistoryQuery,
    Knowledge, McpServers, Messages, Models, NoCode, NoMcpServers, NoVectors, PageLimits, Reply,
    ServiceRecords, Variables, Vectors, Wire,
};
