//! The MCP server and MCP clients.

use super::section::section;

section! {
    /// The MCP server and MCP clients.
    pub struct Mcp {
        /// Serve flows as MCP tools.
        server_enabled: bool = "LANGFLOW_MCP_SERVER_ENABLED", true;
        /// MCP endpoints always need a key, under automatic login too. Not in Langflow.
        require_auth: bool = "LANGFLOW_MCP_REQUIRE_AUTH", false;
        /// Serve the older SSE transport too.
        sse_enabled: bool = "LANGFLOW_MCP_SSE_ENABLED", true;
        /// Public origin that URLs given to MCP clients begin with.
        base_url: String = "LANGFLOW_MCP_BASE_URL", String::new();
        /// Seconds to wait for another MCP server to answer.
        server_timeout_seconds: u64 = "LANGFLOW_MCP_SERVER_TIMEOUT", 60;
        /// Seconds a tool of another MCP server may take.
        tool_execution_timeout_seconds: f64 = "LANGFLOW_MCP_TOOL_EXECUTION_TIMEOUT", 180.0;
        /// MCP servers that flows call may be programs of this machine (`command` in their configuration). Off: only
        /// servers at a URL. Who may add a server can then start programs with the rights of this process. Not in
        /// Langflow.
        stdio_enabled: bool = "LANGFLOW_MCP_STDIO_ENABLED", false;
        /// Users cannot edit MCP servers.
        servers_locked: bool = "LANGFLOW_MCP_SERVERS_LOCKED", false;
    }
}
