//! What a route demands of its caller (contract-auth section 2).

/// The class of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Anyone; credentials are not looked at.
    Public,
    /// A bad or missing credential counts as anonymous.
    Optional,
    /// Bearer, cookie or API key.
    Session,
    /// As `Session`, and the caller is a superuser.
    Superuser,
    /// API key only; bearer and cookie are not looked at.
    ApiKey,
    /// MCP transport and its management.
    Mcp,
    /// The MCP server of the project in the path, as the project's own settings say.
    McpProject,
    /// The key of the flow's owner, unless webhook authentication is off.
    Webhook,
}

impl Access {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Optional => "optional",
            Self::Session => "session",
            Self::Superuser => "superuser",
            Self::ApiKey => "api-key",
            Self::Mcp => "mcp",
            Self::McpProject => "mcp-project",
            Self::Webhook => "webhook",
        }
    }
}
