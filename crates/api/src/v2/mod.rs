//! REST, version 2.

pub mod files;
pub mod mcp_servers;
pub mod workflows;
