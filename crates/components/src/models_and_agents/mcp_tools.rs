//! MCP Tools.

use super::mcp_fields::{self, arguments_of, text_of_reply};
use langflow_core::capability::{McpServerRef, McpSession, McpTool, ToolOutput, ToolSchema};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_core::run::McpServers;
use serde_json::json;
use std::time::Duration;

/// Longest time a node may give a tool.
const MAX_SECONDS: f64 = 3600.0;

/// Uses the tools of an MCP server.
///
/// As a tool of an agent the node gives it all tools of the server. Without an agent, choose one tool: its arguments
/// become fields of the node. The server is one of your list, or described by its URL. A value that names a
/// global variable, or holds `{{NAME}}`, is filled in.
#[derive(Component)]
#[component(
    id = "MCPTools",
    class = "MCPToolsComponent",
    title = "MCP Tools",
    icon = "Mcp",
    category = "models_and_agents",
    module = "lfx.components.models_and_agents.mcp_component.MCPToolsComponent",
    documentation = "https://docs.langflow.org/mcp-tools",
    aliases = ["MCP", "MCPSse", "MCPStdio"]
)]
pub struct McpToolsComponent {
    /// The server whose tools are used.
    #[input(title = "MCP Server", kind = Mcp, real_time_refresh)]
    mcp_server: JsonMap,
    /// Kept for stored flows: a session lives as long as the run that needs it.
    #[input(title = "Use Cached Server", advanced)]
    #[expect(dead_code, reason = "stored flows carry it")]
    use_cache: bool,
    /// Checks the certificate of the server.
    #[input(title = "Verify SSL Certificate", advanced, default = true)]
    verify_ssl: bool,
    /// Headers that go with every message, besides those of the server's configuration.
    #[input(title = "Headers", advanced, list)]
    headers: JsonMap,
    /// Seconds a tool may take; 0: as the operator says.
    #[input(
        title = "Tool Execution Timeout (seconds)", advanced, real_time_refresh,
        extra = json!({"range_spec": {"min": 0.0, "max": 3600.0, "step": 0.01, "step_type": "float"}})
    )]
    tool_execution_timeout: f64,
    /// The tool to call.
    #[input(title = "Tool", kind = Dropdown, options = NO_OPTIONS, required, hidden, real_time_refresh, refresh_button)]
    tool: String,
    /// Lets the component be used as a tool.
    #[input(title = "Tool Placeholder", hidden, tool_mode)]
    #[expect(dead_code, reason = "it only marks the component")]
    tool_placeholder: String,
    #[input(rest)]
    values: Params,
}

const NO_OPTIONS: [&str; 0] = [];

#[outputs]
impl McpToolsComponent {
    /// What the tool gave: a row for each block of its answer.
    #[output(title = "Response", method = "build_output")]
    async fn response(&self, cx: &Cx) -> Result<Table, Fault> {
        if self.tool.is_empty() {
            return Ok(Data::from_json(json!({"error": "You must select a tool"})).to_table());
        }
        let session = self.connect(cx.scope().mcp.as_ref()).await?;
        let tools = session.tools().await?;
        let known = || tools.iter().map(|tool| tool.name.as_str()).collect::<Vec<_>>().join(", ");
        let tool = tools.iter().find(|tool| tool.name == self.tool).ok_or_else(|| {
            Fault::invalid(format!("the MCP server has no tool '{}'; it has: {}", self.tool, known()))
                .at_field("tool")
        })?;
        let given: JsonMap =
            self.values.iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect();
        let reply = session.call(&tool.name, arguments_of(&tool.input_schema, given, true)).await?;
        if reply.is_error {
            return Err(Fault::new(
                FaultKind::Unavailable,
                format!("{}: {}", tool.name, text_of_reply(&reply)),
            ));
        }
        let rows: Vec<Json> = reply.content.iter().map(mcp_fields::row).collect();
        Ok(Data::from_json(Json::Array(rows)).to_table())
    }

    /// All tools of the server.
    #[toolset]
    async fn tools(&self, cx: &Cx) -> Result<Vec<Arc<dyn Tool>>, Fault> {
        let session = self.connect(cx.scope().mcp.as_ref()).await?;
        let tools = session.tools().await?;
        Ok(tools
            .into_iter()
            .map(|tool| Arc::new(RemoteTool::new(Arc::clone(&session), tool)) as Arc<dyn Tool>)
            .collect())
    }

    /// The tools of the server, and the arguments of the chosen one.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if !matches!(request.field.as_str(), "mcp_server" | "tool" | "tool_mode") {
            return Ok(patch);
        }
        let is_tool = match request.field.as_str() {
            "tool_mode" => request.value.as_bool() == Some(true),
            _ => request.template.contains_key("tools_metadata"),
        };
        let server = server_of(&request.template);
        let has_server = !server.name.is_empty() || !server.config.is_empty();
        let asked = async { cx.mcp.connect(server).await?.tools().await };
        let tools = match if has_server { asked.await } else { Ok(Vec::new()) } {
            // The switch works without the server: an empty table of actions lets all tools through.
            Err(_) if request.field == "tool_mode" => Vec::new(),
            found => found?,
        };
        let stored = |key: &str| request.template.get("tool").and_then(|field| field.get(key)).cloned();
        let chosen = stored("value").and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        let chosen = tools.iter().find(|tool| tool.name == chosen && !is_tool);
        patch.template.insert(
            "tool".into(),
            json!({
                "options": tools.iter().map(|tool| tool.name.as_str()).collect::<Vec<_>>(),
                "value": chosen.map_or("", |tool| tool.name.as_str()),
                "show": has_server && !is_tool,
            }),
        );
        for (name, _) in request.template.iter().filter(|(_, field)| mcp_fields::is_argument(field)) {
            patch.template.insert(name.clone(), Json::Null);
        }
        if is_tool {
            patch.template.insert("tools_metadata".into(), mcp_fields::actions(&tools, &request.template));
        }
        if let Some(tool) = chosen {
            patch.template.extend(mcp_fields::fields(tool, &request.template));
        }
        Ok(patch)
    }
}

impl McpToolsComponent {
    async fn connect(&self, servers: &dyn McpServers) -> Result<Arc<dyn McpSession>, Fault> {
        let mut server = named(&self.mcp_server);
        server.accept_invalid_certs = !self.verify_ssl;
        server.headers = self
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), Secret::new(value.as_str()?))))
            .collect();
        let seconds = self.tool_execution_timeout.clamp(0.0, MAX_SECONDS);
        server.call_timeout = (seconds > 0.0).then(|| Duration::from_secs_f64(seconds));
        servers.connect(server).await.map_err(|fault| fault.at_field("mcp_server"))
    }
}

/// `{name, config}` of the field; older nodes hold the name alone.
fn named(value: &JsonMap) -> McpServerRef {
    let text = |key: &str| value.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let config = value.get("config").and_then(Json::as_object).cloned();
    McpServerRef { name: text("name"), config: config.unwrap_or_default(), ..McpServerRef::default() }
}

fn server_of(template: &JsonMap) -> McpServerRef {
    let field = |name: &str| template.get(name).and_then(|field| field.get("value"));
    let mut server = match field("mcp_server") {
        Some(Json::Object(value)) => named(value),
        Some(Json::String(name)) => McpServerRef { name: name.clone(), ..McpServerRef::default() },
        _ => McpServerRef::default(),
    };
    server.accept_invalid_certs = field("verify_ssl").and_then(Json::as_bool) == Some(false);
    server
}

/// A tool of the server, for an agent.
#[derive(Debug)]
struct RemoteTool {
    session: Arc<dyn McpSession>,
    tool: McpTool,
    schema: ToolSchema,
}

impl RemoteTool {
    fn new(session: Arc<dyn McpSession>, tool: McpTool) -> Self {
        let legal = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let schema = ToolSchema {
            name: tool.name.chars().map(legal).take(64).collect(),
            description: tool.description.clone(),
            parameters: tool.input_schema.clone(),
        };
        Self { session, tool, schema }
    }
}

#[async_trait]
impl Tool for RemoteTool {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        let given = match arguments {
            Json::Object(map) => map,
            Json::String(text) => serde_json::from_str(&text).unwrap_or_default(),
            _ => JsonMap::new(),
        };
        let reply =
            self.session.call(&self.tool.name, arguments_of(&self.tool.input_schema, given, false)).await?;
        Ok(ToolOutput {
            text: text_of_reply(&reply),
            artifact: Some(Json::Array(reply.content)),
            is_error: reply.is_error,
        })
    }
}
