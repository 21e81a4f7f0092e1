//! The tools of a server.

use super::McpServer;
use super::{names, schema};
use crate::runs::may_run;
use crate::{App, AppError, AppResult, Principal};
use langflow_core::{Json, JsonMap};
use langflow_store::flows::{self, FlowFilter, FlowHeader};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Tools of one answer; their graphs are read for it.
const PAGE: usize = 500;
/// Graphs read at once.
const BATCH: usize = 50;

/// A flow as a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    pub name: String,
    pub description: String,
    /// JSON schema of the arguments.
    pub input_schema: JsonMap,
}

/// Some tools, and where the next ones begin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolPage {
    pub tools: Vec<Tool>,
    pub next: Option<usize>,
}

/// The tools from `start` on. Flows without a graph are left out; they keep their names all the same, so that
/// what is listed is what a call finds.
pub async fn list_tools(app: &App, who: &Principal, server: McpServer, start: usize) -> AppResult<ToolPage> {
    let named = named_flows(app, who, server).await?;
    let next = (named.len() > start.saturating_add(PAGE)).then_some(start.saturating_add(PAGE));
    let mut page = ToolPage { tools: Vec::new(), next };
    let wanted: Vec<(String, FlowHeader)> = named.into_iter().skip(start).take(PAGE).collect();
    for batch in wanted.chunks(BATCH) {
        let mut graphs = graphs(app, who, batch).await?;
        for (name, flow) in batch {
            if let Some(graph) = graphs.remove(&flow.id) {
                page.tools.push(Tool {
                    description: description(server, name, flow),
                    input_schema: schema::of(&schema::input_nodes(&graph)),
                    name: name.clone(),
                });
            }
        }
    }
    Ok(page)
}

/// The flow of a tool.
pub(super) async fn find_flow(
    app: &App,
    who: &Principal,
    server: McpServer,
    tool: &str,
) -> AppResult<Option<FlowHeader>> {
    let named = named_flows(app, who, server).await?;
    Ok(named.into_iter().find(|(name, _)| name == tool).map(|(_, flow)| flow))
}

/// Flows by the name of their tool, in the order of their ids: a number goes to the same flow every time.
async fn named_flows(app: &App, who: &Principal, server: McpServer) -> AppResult<Vec<(String, FlowHeader)>> {
    let filter = match server {
        McpServer::Global => FlowFilter::default(),
        McpServer::Project(id) => FlowFilter {
            project_id: Some(id),
            is_component: Some(false),
            mcp_enabled: Some(true),
            ..FlowFilter::default()
        },
    };
    let mut all = flows::list_headers(&app.store, who.user_id, &filter).await?.items;
    all.sort_by_key(|flow| flow.id);
    let mut taken = HashSet::new();
    let mut named = Vec::with_capacity(all.len());
    for flow in all {
        let action =
            flow.action_name.as_deref().filter(|name| !name.is_empty() && server != McpServer::Global);
        let name = names::unique(&names::clean(action.unwrap_or(&flow.name)), &mut taken);
        if may_run(who, flow.id) {
            named.push((name, flow));
        }
    }
    Ok(named)
}

async fn graphs(
    app: &App,
    who: &Principal,
    batch: &[(String, FlowHeader)],
) -> AppResult<HashMap<Uuid, Json>> {
    let ids: Vec<Uuid> = batch.iter().map(|(_, flow)| flow.id).collect();
    let found = flows::find_many(&app.store, who.user_id, &ids).await?;
    let graph = |data: &langflow_store::RawJson| data.read::<Json>().map_err(AppError::internal);
    found.iter().filter_map(|flow| Some(graph(flow.data.as_ref()?).map(|json| (flow.id, json)))).collect()
}

fn description(server: McpServer, name: &str, flow: &FlowHeader) -> String {
    let full = |text: &&str| !text.is_empty();
    let own = flow.description.as_deref().filter(full);
    match server {
        McpServer::Global => own.map(|text| format!("{}: {text}", flow.id)),
        McpServer::Project(_) => flow.action_description.as_deref().filter(full).or(own).map(str::to_owned),
    }
    .unwrap_or_else(|| format!("Tool generated from flow: {name}"))
}
