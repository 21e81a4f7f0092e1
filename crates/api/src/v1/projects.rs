//! Projects (contract-flows 4).

use super::flows::{FlowRead, check_count, flow_reads, read_drafts};
use crate::AppState;
use crate::access::Access;
use crate::attachment;
use crate::error::ApiResult;
use crate::extract::fields::Fields;
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::extract::upload;
use crate::extract::{Caller, client};
use crate::page::PageBody;
use crate::routes::Routes;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use langflow_app::flows::{FlowList, ListFlows, RawJson};
use langflow_app::mcp;
use langflow_app::projects::{self, Project, ProjectChange, ProjectDraft};
use langflow_app::{AppError, Principal, flows};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_projects, create_project))
        .add(Access::Session, routes!(read_project, change_project, put_project, delete_project))
        .add(Access::Session, routes!(download_project))
        .add(Access::Session, routes!(upload_project))
}

/// A project alone.
#[derive(Serialize, ToSchema)]
struct ProjectRead {
    name: String,
    description: Option<String>,
    #[schema(value_type = Option<Object>)]
    auth_settings: Option<RawJson>,
    id: Uuid,
    parent_id: Option<Uuid>,
}

impl From<Project> for ProjectRead {
    fn from(project: Project) -> Self {
        Self {
            name: project.name,
            description: project.description,
            auth_settings: project.auth_settings.as_ref().map(|stored| mcp::masked(stored).into()),
            id: project.id,
            parent_id: project.parent_id,
        }
    }
}

/// A project in the list.
#[derive(Serialize, ToSchema)]
struct ProjectItem {
    #[serde(flatten)]
    project: ProjectRead,
    owner_username: String,
    is_owner: bool,
}

/// Projects of the caller, the default one first.
#[utoipa::path(get, path = "/api/v1/projects/", tag = "projects",
    responses((status = 200, description = "Projects", body = Vec<ProjectItem>)))]
async fn list_projects(State(app): State<AppState>, Caller(who): Caller) -> ApiResult<Json<RawJson>> {
    let found = projects::list_projects(&app, &who).await?;
    let items: Vec<ProjectItem> = found
        .into_iter()
        .map(|project| ProjectItem {
            project: project.into(),
            owner_username: who.username.clone(),
            is_owner: true,
        })
        .collect();
    Ok(Json(json_of(&items)?))
}

/// Makes a project. A taken name gets a number; listed flows move into it.
#[utoipa::path(post, path = "/api/v1/projects/", tag = "projects", request_body = Object,
    responses((status = 201, description = "The project", body = ProjectRead),
        (status = 422, description = "A name that cannot be")))]
async fn create_project(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<ProjectRead>)> {
    let mut fields = body.fields()?;
    let draft = read_draft(&mut fields);
    fields.finish()?;
    let project = projects::create_project(&app, &who, &client.0, draft).await?;
    Ok((StatusCode::CREATED, Json(project.into())))
}

fn read_draft(fields: &mut Fields<'_>) -> ProjectDraft {
    let name = fields.required_text("name");
    check_name(fields, &name);
    ProjectDraft {
        id: None,
        name,
        description: fields.text("description").flatten(),
        auth_settings: auth_settings(fields),
        parent_id: fields.uuid("parent_id").flatten(),
        flows: moved(fields, ["flows_list", "components_list", "flows", "components"]),
    }
}

fn check_name(fields: &mut Fields<'_>, name: &str) {
    if !fields.has_problems()
        && let Some(why) = projects::name_fault(name)
    {
        fields.problem("name", "invalid_project_name", why);
    }
}

fn auth_settings(fields: &mut Fields<'_>) -> Option<RawJson> {
    fields.object("auth_settings").flatten()?;
    fields.raw("auth_settings").flatten().map(|raw| raw.to_owned().into())
}

fn moved<const N: usize>(fields: &mut Fields<'_>, keys: [&str; N]) -> Vec<Uuid> {
    keys.into_iter().flat_map(|key| fields.uuids(key).flatten().unwrap_or_default()).collect()
}

/// A project with its flows; with `page` and `size`: a page of them.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}", tag = "projects",
    params(("project_id" = String, Path, description = "Its id"),
        ("page" = Option<u64>, Query, description = "From 1"), ("size" = Option<u64>, Query, description = "1 to 100"),
        ("is_component" = Option<bool>, Query, description = "Saved components only"),
        ("is_flow" = Option<bool>, Query, description = "Flows only"),
        ("search" = Option<String>, Query, description = "Part of the name")),
    responses((status = 200, description = "The project", body = ProjectBody),
        (status = 404, description = "Not there, or another's")))]
async fn read_project(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
    mut query: Query,
) -> ApiResult<Json<RawJson>> {
    let is_paged = query.text("page").is_some() && query.text("size").is_some();
    let (page, size) = query.page();
    let is_component = match (query.boolean("is_component", false), query.boolean("is_flow", false)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    };
    let search = query.text("search").map(str::to_owned);
    query.finish()?;
    let project = projects::find_project(&app, &who, id).await?;
    if !is_paged {
        return with_flows(&app, &who, project).await;
    }
    let wanted = ListFlows {
        project_id: Some(id),
        is_component,
        search,
        latest_first: true,
        page: Some((page, size)),
        ..ListFlows::default()
    };
    let FlowList::Whole(found) = flows::list_flows(&app, &who, wanted).await? else {
        return Err(AppError::bug("headers were not asked for").into());
    };
    let flows = PageBody::new(flow_reads(found.items), found.total, page, size);
    Ok(Json(json_of(&ProjectBody::Paged { folder: project.into(), flows })?))
}

/// A project with its flows.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum ProjectBody {
    /// With a page of them.
    Paged { folder: ProjectRead, flows: PageBody<FlowRead> },
    /// With all of them.
    Whole {
        #[serde(flatten)]
        project: ProjectRead,
        flows: Vec<FlowRead>,
    },
}

async fn with_flows(app: &AppState, who: &Principal, project: Project) -> ApiResult<Json<RawJson>> {
    let wanted = ListFlows { project_id: Some(project.id), ..ListFlows::default() };
    let FlowList::Whole(found) = flows::list_flows(app, who, wanted).await? else {
        return Err(AppError::bug("headers were not asked for").into());
    };
    let body = ProjectBody::Whole { project: project.into(), flows: flow_reads(found.items) };
    Ok(Json(json_of(&body)?))
}

/// The body as JSON text: graphs inside stay as they were written.
fn json_of(body: &impl Serialize) -> ApiResult<RawJson> {
    Ok(RawJson::of(body).map_err(AppError::internal)?)
}

/// Changes a project; listed flows move into it.
#[utoipa::path(patch, path = "/api/v1/projects/{project_id}", tag = "projects", request_body = Object,
    params(("project_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The project", body = ProjectRead),
        (status = 409, description = "The name is taken")))]
async fn change_project(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    PathId(id): PathId,
    body: JsonBody,
) -> ApiResult<Json<ProjectRead>> {
    let mut fields = body.fields()?;
    let name = fields.text("name").flatten();
    if let Some(name) = &name {
        check_name(&mut fields, name);
    }
    let change = ProjectChange {
        name,
        description: fields.text("description").flatten(),
        auth_settings: auth_settings(&mut fields),
        parent_id: fields.uuid("parent_id").flatten(),
        flows: moved(&mut fields, ["flows", "components"]),
    };
    fields.finish()?;
    check_count(change.flows.len())?;
    Ok(Json(projects::change_project(&app, &who, &client.0, id, change).await?.into()))
}

/// Makes the project under this id, or changes it.
#[utoipa::path(put, path = "/api/v1/projects/{project_id}", tag = "projects", request_body = Object,
    params(("project_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "Changed", body = ProjectRead),
        (status = 201, description = "Made", body = ProjectRead),
        (status = 409, description = "The name is taken")))]
async fn put_project(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    PathId(id): PathId,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<ProjectRead>)> {
    let mut fields = body.fields()?;
    let draft = read_draft(&mut fields);
    fields.finish()?;
    let (project, is_new) = projects::put_project(&app, &who, &client.0, id, draft).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(project.into())))
}

/// Deletes a project with its flows.
#[utoipa::path(delete, path = "/api/v1/projects/{project_id}", tag = "projects",
    params(("project_id" = String, Path, description = "Its id")),
    responses((status = 204, description = "Deleted"), (status = 404, description = "Not there, or another's")))]
async fn delete_project(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<StatusCode> {
    projects::delete_project(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All flows of a project as a zip.
#[utoipa::path(get, path = "/api/v1/projects/download/{project_id}", tag = "projects",
    params(("project_id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The zip", content_type = "application/x-zip-compressed"),
        (status = 404, description = "Nothing to download")))]
async fn download_project(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(id): PathId,
) -> ApiResult<Response> {
    let (name, bytes) = projects::download_project(&app, &who, id).await?;
    Ok(attachment::bytes(&name, attachment::ZIP, bytes))
}

/// Makes a project from a file: `{"folder_name", "folder_description", "flows"}` or a zip of flows.
#[utoipa::path(post, path = "/api/v1/projects/upload/", tag = "projects",
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, description = "The flows", body = Vec<FlowRead>),
        (status = 400, description = "No file, or not readable")))]
async fn upload_project(
    State(app): State<AppState>,
    Caller(who): Caller,
    client: client::From,
    request: Request,
) -> ApiResult<(StatusCode, Json<Vec<FlowRead>>)> {
    let file =
        upload::small_file(&app, request).await?.ok_or_else(|| AppError::bad_request("No file provided"))?;
    let (name, description) = if flows::archive::is_zip(&file.bytes) {
        let name = langflow_app::files::names::clean(&file.name);
        (name.strip_suffix(".zip").unwrap_or(&name).to_owned(), None)
    } else {
        read_head(&file.bytes)?
    };
    if let Some(why) = projects::name_fault(&name) {
        return Err(AppError::field("invalid_project_name", &["body", "folder_name"], why).into());
    }
    let texts = flows::read_file(file.bytes.into()).await?;
    let drafts = read_drafts(&texts)?;
    let made = projects::upload_project(&app, &who, &client.0, name, description, drafts).await?;
    Ok((StatusCode::CREATED, Json(flow_reads(made))))
}

/// Name and description of a project file.
fn read_head(bytes: &[u8]) -> ApiResult<(String, Option<String>)> {
    if bytes.is_empty() {
        return Err(AppError::bad_request("The uploaded file is empty").into());
    }
    let body = JsonBody::parse(bytes).map_err(|_| AppError::bad_request("Invalid JSON file"))?;
    let mut fields = body.fields()?;
    let missing: Vec<&str> =
        ["folder_name", "flows"].into_iter().filter(|key| !fields.contains(key)).collect();
    if !missing.is_empty() {
        return Err(
            AppError::bad_request(format!("Missing required field(s): {}", missing.join(", "))).into()
        );
    }
    let head = (fields.required_text("folder_name"), fields.text("folder_description").flatten());
    fields.finish()?;
    Ok(head)
}
