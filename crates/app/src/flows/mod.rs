//! Flows: making, reading, changing, keeping versions, moving in and out as files.
//!
//! Every use case takes the one who acts; a flow of somebody else is "not found".

pub mod archive;
mod change;
mod create;
mod delete;
mod draft;
mod events;
mod expand;
mod export;
mod fork;
pub mod graph;
mod graph_changes;
mod import;
mod load;
pub mod names;
mod publish;
mod put;
mod read;
mod versions;

pub use change::{change_flow, overwrite_flow};
pub(crate) use create::{clean, insert as insert_draft};
pub use create::{create_flow, create_flows};
pub use delete::{delete_flow, delete_flows};
pub use draft::{FlowChange, FlowDraft};
pub use events::{Bulletin, FlowEvent, list_events, post_event};
pub use expand::{CompactEdge, CompactNode, expand};
pub(crate) use export::zip;
pub use export::{Download, download_flows, export_file};
pub use fork::{Fork, fork_flow};
pub use graph_changes::{GraphChanges, change_graph};
pub use import::{import_flows, read_file};
pub use load::{Loaded, load_folder};
pub use put::put_flow;
pub use read::{
    FlowList, ListFlows, VersionState, find_flow, find_public_flow, find_usernames, list_flows,
    read_version_state,
};
pub use versions::{activate_version, create_version, delete_version, find_version, list_versions};

pub use langflow_store::RawJson;
pub use langflow_store::flows::{AccessType, Flow, FlowHeader, FlowType};
pub use langflow_store::versions::{FlowVersion, VersionHeader};

use crate::error::{AppError, ErrorKind};
use langflow_store::{StoreError, Unique};

pub(crate) fn not_found() -> AppError {
    AppError::not_found("Flow not found")
}

pub(crate) fn locked() -> AppError {
    AppError::new(ErrorKind::Locked, "Flow is locked. Unlock it before making changes.")
}

/// Names a value that is taken in the words of the reference, under the status of the use case.
pub(crate) fn taken(error: StoreError, kind: ErrorKind) -> AppError {
    match error.taken() {
        Some(Unique::FlowName) => AppError::new(kind, "Name must be unique"),
        Some(Unique::FlowEndpoint) => AppError::new(kind, "Endpoint name must be unique"),
        Some(Unique::Id) => AppError::bad_request("Id must be unique"),
        _ => error.into(),
    }
}

/// The word of the wire.
pub fn read_flow_type(kind: FlowType) -> &'static str {
    match kind {
        FlowType::Workflow => "workflow",
        FlowType::Agent => "agent",
    }
}

/// The word of the wire.
pub fn read_access_type(access: AccessType) -> &'static str {
    match access {
        AccessType::Private => "PRIVATE",
        AccessType::Public => "PUBLIC",
    }
}
