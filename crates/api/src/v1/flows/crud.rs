//! Making, reading, changing and deleting flows.

use super::answer::{Deleted, FlowListRead, FlowRead, HeaderRead, PublicFlowRead, VersionState, flow_reads};
use super::body;
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::json::{JsonBody, MaybeJsonBody};
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::extract::{Caller, client};
use crate::page::{PageBody, Said};
use crate::time;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use langflow_app::files::visitors;
use langflow_app::flows::{self, Flow, FlowList, FlowType, Fork, ListFlows};
use langflow_app::{AppError, ErrorKind};

/// Makes a flow. A taken name or endpoint name gets a number.
#[utoipa::path(post, path = "/api/v1/flows/", tag = "flows", request_body = Object,
    responses((status = 201, description = "The flow", body = FlowRead),
        (status = 422, description = "Fields that do not fit")))]
pub async fn create_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<FlowRead>)> {
    let mut fields = body.fields()?;
    let draft = body::read_draft(&mut fields);
    fields.finish()?;
    let flow = flows::create_flow(&app, &who, &client.0, draft).await?;
    Ok((StatusCode::CREATED, Json(flow.into())))
}

/// Makes several flows, all or none. A taken name is refused.
#[utoipa::path(post, path = "/api/v1/flows/batch/", tag = "flows", request_body = Object,
    responses((status = 201, description = "The flows", body = Vec<FlowRead>),
        (status = 409, description = "A name is taken")))]
pub async fn create_flows(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<Vec<FlowRead>>)> {
    let mut fields = body.fields()?;
    let Some(items) = fields.items("flows").flatten() else {
        if !fields.has_problems() {
            fields.missing("flows");
        }
        return Err(fields.finish().err().unwrap_or_else(|| AppError::bad_request("No flows")).into());
    };
    let mut drafts = Vec::with_capacity(items.len());
    for mut item in items {
        drafts.push(body::read_draft(&mut item));
        fields.absorb(item);
    }
    fields.finish()?;
    body::check_count(drafts.len())?;
    let made = flows::create_flows(&app, &who, &client.0, drafts).await?;
    Ok((StatusCode::CREATED, Json(flow_reads(made))))
}

/// Flows of the caller: all, or a page of one project.
#[utoipa::path(get, path = "/api/v1/flows/", tag = "flows",
    params(
        ("get_all" = Option<bool>, Query, description = "All flows as a plain list; false: a page"),
        ("header_flows" = Option<bool>, Query, description = "Without graphs"),
        ("components_only" = Option<bool>, Query, description = "Saved components only"),
        ("folder_id" = Option<String>, Query, description = "Of this project; with get_all=false"),
        ("flow_type" = Option<String>, Query, description = "workflow or agent"),
        ("page" = Option<u64>, Query, description = "From 1"),
        ("size" = Option<u64>, Query, description = "1 to 100"),
    ),
    responses((status = 200, description = "Flows", body = FlowListRead)))]
pub async fn list_flows(
    State(app): State<AppState>,
    Caller(who): Caller,
    mut query: Query,
) -> ApiResult<Json<FlowListRead>> {
    let get_all = query.boolean("get_all", true);
    let page = query.page();
    let project_id = query.uuid("folder_id");
    let flow_type = query.choice("flow_type", &["workflow", "agent"]);
    let wanted = ListFlows {
        project_id: project_id.filter(|_| !get_all),
        default_project_only: !get_all,
        is_component: query.boolean("components_only", false).then_some(true),
        flow_type: flow_type.map(|word| if word == "agent" { FlowType::Agent } else { FlowType::Workflow }),
        page: (!get_all).then_some(page),
        headers: query.boolean("header_flows", false),
        ..ListFlows::default()
    };
    query.finish()?;
    let (page, size) = page;
    Ok(Json(match flows::list_flows(&app, &who, wanted).await? {
        FlowList::Whole(found) => {
            let items = flow_reads(found.items);
            if get_all {
                FlowListRead::Flows(items)
            } else {
                FlowListRead::FlowPage(PageBody::new(items, found.total, page, size))
            }
        }
        FlowList::Headers(found) => {
            let items = found.items.into_iter().map(HeaderRead::from).collect();
            if get_all {
                FlowListRead::Headers(items)
            } else {
                FlowListRead::HeaderPage(PageBody::new(items, found.total, page, size))
            }
        }
    }))
}

/// The flow.
#[utoipa::path(get, path = "/api/v1/flows/{flow_id}", tag = "flows",
    params(("flow_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The flow", body = FlowRead),
        (status = 404, description = "Not there, or another's")))]
pub async fn read_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<Json<FlowRead>> {
    Ok(Json(flows::find_flow(&app, &who, id).await?.into()))
}

/// A public flow, for anyone.
#[utoipa::path(get, path = "/api/v1/flows/public_flow/{flow_id}", tag = "flows",
    params(("flow_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The flow", body = PublicFlowRead),
        (status = 404, description = "Not there, or private")))]
pub async fn read_public_flow(
    State(app): State<AppState>,
    PathId(id): PathId,
) -> ApiResult<Json<PublicFlowRead>> {
    let flow = flows::find_public_flow(&app, id).await?;
    Ok(Json(PublicFlowRead::new(flow, visitors::is_on(&app))))
}

/// Changes a flow; `If-Match` with the version token guards its graph.
#[utoipa::path(patch, path = "/api/v1/flows/{flow_id}", tag = "flows", request_body = Object,
    params(("flow_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The flow", body = FlowRead),
        (status = 409, description = "The graph has changed since"),
        (status = 422, description = "Fields that do not fit"),
        (status = 423, description = "The flow is locked")))]
pub async fn change_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    PathId(id): PathId,
    headers: HeaderMap,
    body: JsonBody,
) -> ApiResult<Json<FlowRead>> {
    let mut fields = body.fields()?;
    let expected = body::if_match(&headers)?;
    // What changed in the graph instead of all of it: the version it builds on must be named, and the answer comes
    // without the graph.
    if let Some(changes) = body::graph_changes(&mut fields) {
        let change = body::read_change_beside(&mut fields);
        fields.finish()?;
        let expected = expected.ok_or_else(|| {
            AppError::bad_request("graph_changes need the version token in the If-Match header")
        })?;
        let flow = flows::change_graph(&app, &who, &client.0, id, changes, change, expected).await?;
        return Ok(Json(Flow { data: None, ..flow }.into()));
    }
    let change = body::read_change(&mut fields);
    fields.finish()?;
    Ok(Json(flows::change_flow(&app, &who, &client.0, id, change, expected).await?.into()))
}

/// Makes the flow under this id, or changes it.
#[utoipa::path(put, path = "/api/v1/flows/{flow_id}", tag = "flows", request_body = Object,
    params(("flow_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "Changed", body = FlowRead),
        (status = 201, description = "Made", body = FlowRead),
        (status = 409, description = "A name is taken")))]
pub async fn put_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    PathId(id): PathId,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<FlowRead>)> {
    let mut fields = body.fields()?;
    let draft = body::read_draft(&mut fields);
    fields.finish()?;
    let change = body::read_replacement(&mut body.fields()?);
    let (flow, is_new) = flows::put_flow(&app, &who, &client.0, id, draft, change).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(flow.into())))
}

/// Deletes a flow with its messages, runs and versions.
#[utoipa::path(delete, path = "/api/v1/flows/{flow_id}", tag = "flows",
    params(("flow_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "Deleted", body = Said),
        (status = 404, description = "Not there, or another's")))]
pub async fn delete_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<Json<Said>> {
    flows::delete_flow(&app, &who, id).await?;
    Ok(Json(Said::new("Flow deleted successfully")))
}

/// Deletes flows; unknown ids are passed over.
#[utoipa::path(delete, path = "/api/v1/flows/", tag = "flows", request_body = Vec<String>,
    responses((status = 200, description = "How many there were", body = Deleted)))]
pub async fn delete_flows(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<Json<Deleted>> {
    let ids = body.uuids()?;
    body::check_count(ids.len())?;
    Ok(Json(Deleted { deleted: flows::delete_flows(&app, &who, ids).await? }))
}

/// The version token and who changed the flow last.
#[utoipa::path(get, path = "/api/v1/flows/{flow_id}/version-state", tag = "flows",
    params(("flow_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "Token, author and time of the last change", body = VersionState)))]
pub async fn read_version_state(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<Json<VersionState>> {
    let state = flows::read_version_state(&app, &who, id).await?;
    Ok(Json(VersionState {
        version_token: state.version_token,
        last_modified_by: state.last_modified_by,
        last_modified_by_username: state.last_modified_by_username,
        updated_at: time::micros(state.updated_at),
    }))
}

/// Copies a flow into the caller's default project.
#[utoipa::path(post, path = "/api/v1/flows/{flow_id}/fork", tag = "flows", request_body = Option<Object>,
    params(("flow_id" = String, Path, description = "Of the flow that is copied")),
    responses((status = 201, description = "The copy", body = FlowRead)))]
pub async fn fork_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    PathId(id): PathId,
    MaybeJsonBody(body): MaybeJsonBody,
) -> ApiResult<(StatusCode, Json<FlowRead>)> {
    let mut fork = Fork::default();
    if let Some(body) = body {
        let mut fields = body.fields()?;
        fork = Fork { name: fields.text("name").flatten(), data: body::graph_of(&mut fields) };
        fields.finish()?;
    }
    let flow = flows::fork_flow(&app, &who, &client.0, id, fork).await?;
    Ok((StatusCode::CREATED, Json(flow.into())))
}

/// Replaces the graph; what it replaces is kept as a version.
#[utoipa::path(post, path = "/api/v1/flows/{flow_id}/overwrite", tag = "flows", request_body = Object,
    params(("flow_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The flow", body = FlowRead),
        (status = 409, description = "The graph has changed since"),
        (status = 428, description = "`If-Match` is missing")))]
pub async fn overwrite_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    PathId(id): PathId,
    headers: HeaderMap,
    body: JsonBody,
) -> ApiResult<Json<FlowRead>> {
    let mut fields = body.fields()?;
    let data = body::required_graph(&mut fields);
    fields.finish()?;
    let expected = body::if_match(&headers)?.ok_or_else(|| {
        let text =
            "An overwrite needs an If-Match header with the version token of the flow that was reviewed.";
        AppError::new(ErrorKind::PreconditionRequired, text)
    })?;
    let data = data.ok_or_else(|| AppError::bug("a checked body has no graph"))?;
    Ok(Json(flows::overwrite_flow(&app, &who, &client.0, id, data, expected).await?.into()))
}
