//! Flows as tools of an MCP server, and the settings of that (contract-flows 13).
//!
//! There is one server for all flows of a user, and one per project for the flows that their owner chose.
//! Transports and messages are the surface's; what a tool is, who may call it and how it runs stands here.

mod access;
mod call;
mod install;
mod names;
mod resources;
mod schema;
mod settings;
mod tools;

pub use access::{ProjectDoor, ProjectRule, owner_of, project_rule};
pub use call::{CallTool, PreparedCall, prepare_call};
pub use install::{InstallState, McpClient, install, list_installed};
pub use names::server_name;
pub use resources::{Resource, find_resource, list_resources};
pub(crate) use settings::seal;
pub use settings::{
    AuthSettings, AuthType, ProjectMcp, ProjectMcpChange, ToolSettings, ToolSettingsChange, change_settings,
    masked, read_settings,
};
pub use tools::{Tool, ToolPage, list_tools};

use uuid::Uuid;

/// Which server a client speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum McpServer {
    /// All flows of the caller.
    Global,
    /// Flows of this project that are enabled for MCP.
    Project(Uuid),
}
