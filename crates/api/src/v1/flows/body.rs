//! What clients say about flows, read with every problem named.

use crate::extract::fields::{Fields, problem, unprocessable};
use axum::http::HeaderMap;
use langflow_app::flows::{AccessType, FlowChange, FlowDraft, FlowType, GraphChanges, RawJson, graph, names};
use langflow_app::{AppError, AppResult};
use serde_json::json;
use uuid::Uuid;

const ENDPOINT_RULE: &str = "Endpoint name must contain only letters, numbers, hyphens, and underscores";

/// A flow to be made. Unknown keys are passed over; those inside the graph are kept.
pub fn read_draft(fields: &mut Fields<'_>) -> FlowDraft {
    FlowDraft {
        name: fields.required_text("name"),
        description: fields.text("description").flatten(),
        icon: fields.text("icon").flatten(),
        icon_bg_color: color(fields),
        gradient: fields.text("gradient").flatten(),
        data: graph_of(fields),
        is_component: fields.boolean("is_component").flatten().unwrap_or(false),
        webhook: fields.boolean("webhook").flatten().unwrap_or(false),
        endpoint_name: endpoint(fields).flatten(),
        tags: tags(fields),
        locked: fields.boolean("locked").unwrap_or(Some(false)),
        mcp_enabled: fields.boolean("mcp_enabled").unwrap_or(Some(false)),
        action_name: fields.text("action_name").flatten(),
        action_description: fields.text("action_description").flatten(),
        access_type: access(fields).unwrap_or_default(),
        flow_type: flow_type(fields).unwrap_or_default(),
        a2a_enabled: fields.boolean("a2a_enabled").flatten().unwrap_or(false),
        a2a_card_overrides: overrides(fields),
        id: fields.uuid("id").flatten(),
        project_id: fields.uuid("folder_id").flatten(),
    }
}

/// Changes of a PATCH. Keys it does not know (icon, tags, …) are passed over, as the reference does.
pub fn read_change(fields: &mut Fields<'_>) -> FlowChange {
    FlowChange {
        name: fields.text("name").flatten(),
        description: fields.text("description").flatten(),
        data: graph_of(fields),
        project_id: fields.uuid("folder_id").flatten(),
        endpoint_name: endpoint(fields),
        mcp_enabled: fields.boolean("mcp_enabled").flatten(),
        locked: fields.boolean("locked").flatten(),
        action_name: fields.text("action_name").flatten(),
        action_description: fields.text("action_description").flatten(),
        access_type: access(fields),
        flow_type: flow_type(fields),
        a2a_enabled: fields.boolean("a2a_enabled").flatten(),
        a2a_card_overrides: overrides(fields),
        ..FlowChange::default()
    }
}

/// What may stand beside `graph_changes`: everything that a PATCH changes but the graph.
const BESIDE: [&str; 13] = [
    "graph_changes",
    "name",
    "description",
    "folder_id",
    "endpoint_name",
    "mcp_enabled",
    "locked",
    "action_name",
    "action_description",
    "access_type",
    "flow_type",
    "a2a_enabled",
    "a2a_card_overrides",
];

/// Changes beside `graph_changes`. No client of Langflow sends those, so nothing has to be passed over: what is not
/// applied is refused by its name.
pub fn read_change_beside(fields: &mut Fields<'_>) -> FlowChange {
    let others: Vec<String> = fields.keys().filter(|key| !BESIDE.contains(key)).map(str::to_owned).collect();
    for key in others {
        fields.problem(&key, "extra_forbidden", "Extra inputs are not permitted beside graph_changes");
    }
    FlowChange { data: None, ..read_change(fields) }
}

/// Changes of a PUT: those of a PATCH and what a draft has besides. Problems are those of the draft, which is
/// read from the same body.
pub fn read_replacement(fields: &mut Fields<'_>) -> FlowChange {
    FlowChange {
        icon: fields.text("icon").flatten(),
        icon_bg_color: color(fields),
        gradient: fields.text("gradient").flatten(),
        tags: tags(fields),
        is_component: fields.boolean("is_component").flatten(),
        ..read_change(fields)
    }
}

/// The graph of the body `{"data": …}`, which must be there.
pub fn required_graph(fields: &mut Fields<'_>) -> Option<RawJson> {
    if fields.raw("data").flatten().is_none() {
        fields.missing("data");
    }
    graph_of(fields)
}

/// The graph as it was written, if it has nodes and edges.
pub fn graph_of(fields: &mut Fields<'_>) -> Option<RawJson> {
    let raw = fields.raw("data").flatten()?;
    if !raw.get().starts_with('{') {
        fields.problem("data", "dict_type", "Input should be a valid dictionary");
        return None;
    }
    if let Some(why) = graph::fault(raw.get()) {
        fields.value_error("data", why);
        return None;
    }
    Some(raw.to_owned().into())
}

/// What changed in the graph, where the body says that instead of the whole graph.
pub fn graph_changes(fields: &mut Fields<'_>) -> Option<GraphChanges> {
    let raw = fields.raw("graph_changes").flatten()?;
    match serde_json::from_str(raw.get()) {
        Ok(changes) => Some(changes),
        Err(error) => {
            fields.problem("graph_changes", "value_error", &format!("Value error, {error}"));
            Some(GraphChanges::default())
        }
    }
}

fn endpoint(fields: &mut Fields<'_>) -> Option<Option<String>> {
    let name = fields.text("endpoint_name")?;
    if name.as_deref().is_some_and(|name| !names::is_endpoint_name(name)) {
        fields.value_error("endpoint_name", ENDPOINT_RULE);
    }
    Some(name)
}

fn color(fields: &mut Fields<'_>) -> Option<String> {
    let color = fields.text("icon_bg_color").flatten()?;
    if !color.starts_with('#') {
        fields.value_error("icon_bg_color", "Icon background color must start with #");
    } else if color.len() != 7 || !color.bytes().skip(1).all(|b| b.is_ascii_hexdigit()) {
        fields.value_error("icon_bg_color", "Icon background color must be # and six hexadecimal digits");
    }
    Some(color)
}

fn tags(fields: &mut Fields<'_>) -> Option<RawJson> {
    fields.texts("tags").flatten().map(|tags| json!(tags).into())
}

fn overrides(fields: &mut Fields<'_>) -> Option<RawJson> {
    fields.object("a2a_card_overrides").flatten()?;
    fields.raw("a2a_card_overrides").flatten().map(|raw| raw.to_owned().into())
}

fn access(fields: &mut Fields<'_>) -> Option<AccessType> {
    Some(match fields.choice("access_type", &["PRIVATE", "PUBLIC"]).flatten()? {
        "PUBLIC" => AccessType::Public,
        _ => AccessType::Private,
    })
}

fn flow_type(fields: &mut Fields<'_>) -> Option<FlowType> {
    Some(match fields.choice("flow_type", &["workflow", "agent"]).flatten()? {
        "agent" => FlowType::Agent,
        _ => FlowType::Workflow,
    })
}

/// The version token of `If-Match`; quotes and the weak mark are accepted.
pub fn if_match(headers: &HeaderMap) -> AppResult<Option<Uuid>> {
    let Some(value) = headers.get("if-match") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
    match Uuid::parse_str(text) {
        Ok(token) => Ok(Some(token)),
        Err(_) => Err(AppError::bad_request("Invalid If-Match header: expected a version token")),
    }
}

/// Refuses a list of flows that is longer than one transaction should be.
pub fn check_count(count: usize) -> AppResult<()> {
    const MAX_FLOWS: usize = 1000;
    if count <= MAX_FLOWS {
        return Ok(());
    }
    let msg = format!("List should have at most {MAX_FLOWS} items after validation, not {count}");
    Err(unprocessable(vec![problem("too_long", &[json!("body"), json!("flows")], &msg)]))
}
