//! Knowledge bases.

mod answer;
mod form;

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::extract::path;
use crate::extract::query::Query;
use crate::page::Said;
use crate::routes::Routes;
use answer::{
    BaseRead, ChunkPage, ChunkRead, ConnectionRead, DeletedBases, IngestionPage, IngestionRead, JobRead,
    MetadataKeys, Previews,
};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use form::UploadForm;
use langflow_app::knowledge::{self, ChunkFilter, NewBase, NewIngestion};
use langflow_app::{AppError, AppResult};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_bases, create_base, delete_bases))
        .add(Access::Session, routes!(preview_chunks))
        .add(Access::Session, routes!(test_connection))
        .add(Access::Session, routes!(list_connectors))
        .add(Access::Session, routes!(find_base, delete_base))
        .add(Access::Session, routes!(ingest_files))
        .add(Access::Session, routes!(ingest_folder))
        .add(Access::Session, routes!(ingest_from_connector))
        .add(Access::Session, routes!(list_chunks))
        .add(Access::Session, routes!(list_metadata_keys))
        .add(Access::Session, routes!(list_ingestions))
        .add(Access::Session, routes!(find_ingestion))
        .add(Access::Session, routes!(cancel_ingestion))
}

/// The caller's knowledge bases.
#[utoipa::path(get, path = "/api/v1/knowledge_bases/", tag = "knowledge",
    responses((status = 200, description = "Knowledge bases", body = Vec<BaseRead>)))]
async fn list_bases(State(app): State<AppState>, caller: Caller) -> ApiResult<Json<Vec<BaseRead>>> {
    let bases = knowledge::list_bases(&app, &caller.0).await?;
    Ok(Json(bases.iter().map(BaseRead::from).collect()))
}

/// Make a knowledge base.
#[utoipa::path(post, path = "/api/v1/knowledge_bases/", tag = "knowledge",
    request_body(content = Object, description = "`{name, embedding_provider, embedding_model, column_config, backend_type}`"),
    responses((status = 201, description = "The knowledge base", body = BaseRead),
        (status = 400, description = "A name or a model that cannot be"),
        (status = 409, description = "The name is taken")))]
async fn create_base(
    State(app): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<BaseRead>)> {
    let new = read_new(&body)?;
    let made = knowledge::create_base(&app, &caller.0, new).await?;
    Ok((StatusCode::CREATED, Json(BaseRead::fresh(&made))))
}

fn read_new(body: &JsonBody) -> AppResult<NewBase> {
    let mut fields = body.fields()?;
    let selection = fields.object("model_selection").flatten();
    let selected = |key: &str| selection.as_ref().and_then(|map| map.get(key)?.as_str()).map(str::to_owned);
    let name = fields.required_text("name");
    let model = if fields.contains("embedding_model") {
        fields.required_text("embedding_model")
    } else {
        selected("name").unwrap_or_else(|| {
            fields.missing("embedding_model");
            String::new()
        })
    };
    let provider = fields.text("embedding_provider").flatten().or_else(|| selected("provider"));
    let new = NewBase {
        name,
        embedding_provider: provider.unwrap_or_default(),
        embedding_model: model,
        column_config: fields.json("column_config").flatten(),
        backend: fields.text("backend_type").flatten(),
    };
    fields.finish()?;
    Ok(new)
}

/// Delete several knowledge bases.
#[utoipa::path(delete, path = "/api/v1/knowledge_bases/", tag = "knowledge",
    request_body(content = Object, description = "`{kb_names}`"),
    responses((status = 200, description = "How many", body = DeletedBases),
        (status = 404, description = "None of them is there")))]
async fn delete_bases(
    State(app): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> ApiResult<Json<DeletedBases>> {
    let mut fields = body.fields()?;
    if !fields.contains("kb_names") {
        fields.missing("kb_names");
    }
    let names = fields.texts("kb_names").flatten().unwrap_or_default();
    fields.finish()?;
    let (deleted, missing) = knowledge::delete_bases(&app, &caller.0, &names).await?;
    if deleted == 0 && !missing.is_empty() {
        return Err(AppError::not_found(format!("Knowledge bases not found: {}", missing.join(", "))).into());
    }
    Ok(Json(DeletedBases {
        message: format!("Successfully deleted {deleted} knowledge base(s)"),
        deleted_count: deleted,
        not_found: (!missing.is_empty()).then(|| missing.join(", ")),
    }))
}

/// One knowledge base.
#[utoipa::path(get, path = "/api/v1/knowledge_bases/{kb_name}", tag = "knowledge",
    params(("kb_name" = String, Path)),
    responses((status = 200, description = "The knowledge base", body = BaseRead),
        (status = 404, description = "Not there")))]
async fn find_base(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> ApiResult<Json<BaseRead>> {
    Ok(Json(BaseRead::from(&knowledge::find_base(&app, &caller.0, &name).await?)))
}

/// Delete a knowledge base.
#[utoipa::path(delete, path = "/api/v1/knowledge_bases/{kb_name}", tag = "knowledge",
    params(("kb_name" = String, Path)),
    responses((status = 200, description = "Deleted", body = Said), (status = 404, description = "Not there")))]
async fn delete_base(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> ApiResult<Json<Said>> {
    knowledge::delete_base(&app, &caller.0, &name).await?;
    Ok(Json(Said::new(format!("Knowledge base '{name}' deleted successfully"))))
}

/// Put files into a knowledge base, in the background.
#[utoipa::path(post, path = "/api/v1/knowledge_bases/{kb_name}/ingest", tag = "knowledge",
    params(("kb_name" = String, Path)),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 200, description = "The job", body = JobRead), (status = 404, description = "Not there"),
        (status = 422, description = "Sizes or metadata that cannot be")))]
async fn ingest_files(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    request: Request,
) -> ApiResult<Json<JobRead>> {
    // A base that is not there is said before anything is received.
    knowledge::find_base(&app, &caller.0, &name).await?;
    let mut form = UploadForm::read(&app, request).await?;
    let rule = form.rule()?;
    let metadata = knowledge::read_metadata(form.text("metadata"))?;
    let file_metadata = knowledge::read_file_metadata(form.text("per_file_metadata"))?;
    let columns = serde_json::from_str::<Value>(form.text("column_config")).ok();
    let new = NewIngestion {
        source_name: form.text("source_name").to_owned(),
        rule,
        column_config: columns.filter(Value::is_array),
        metadata,
        file_metadata,
        files: form.take_files()?,
    };
    let job = knowledge::start_ingestion(&app, &caller.0, &name, new).await?;
    Ok(Json(JobRead::new(job)))
}

/// Put a folder of the server into a knowledge base: no folder is open to that here.
#[utoipa::path(post, path = "/api/v1/knowledge_bases/{kb_name}/ingest/folder", tag = "knowledge",
    params(("kb_name" = String, Path)), request_body(content = Object, description = "`{path}`"),
    responses((status = 400, description = "Folders of the server are not read"),
        (status = 404, description = "Not there"), (status = 422, description = "No path")))]
async fn ingest_folder(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    body: JsonBody,
) -> ApiResult<Json<JobRead>> {
    let mut fields = body.fields()?;
    fields.required_text("path");
    fields.finish()?;
    knowledge::find_base(&app, &caller.0, &name).await?;
    Err(AppError::bad_request("Folders of the server are not read: no folder is open to knowledge bases.")
        .into())
}

/// Put what a connector gives into a knowledge base: there is no connector here.
#[utoipa::path(post, path = "/api/v1/knowledge_bases/{kb_name}/ingest/connector", tag = "knowledge",
    params(("kb_name" = String, Path)), request_body(content = Object, description = "`{source_type, source_config}`"),
    responses((status = 400, description = "No such connector"),
        (status = 404, description = "Not there"), (status = 422, description = "No source_type")))]
async fn ingest_from_connector(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    body: JsonBody,
) -> ApiResult<Json<JobRead>> {
    let mut fields = body.fields()?;
    let source = fields.required_text("source_type");
    fields.object("source_config");
    fields.finish()?;
    knowledge::find_base(&app, &caller.0, &name).await?;
    Err(AppError::bad_request(format!("There is no connector '{source}' here.")).into())
}

/// Show how files would be cut; nothing is stored.
#[utoipa::path(post, path = "/api/v1/knowledge_bases/preview-chunks", tag = "knowledge",
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 200, description = "The first chunks of each file", body = Previews),
        (status = 422, description = "Sizes that cannot be")))]
async fn preview_chunks(
    State(app): State<AppState>,
    _caller: Caller,
    request: Request,
) -> ApiResult<Json<Previews>> {
    let mut form = UploadForm::read(&app, request).await?;
    let rule = form.rule()?;
    let most = form.integer("max_chunks", 5, 1, 100)?;
    let files = form.take_files()?;
    let previews = knowledge::preview_chunks(&app, files, &rule, most).await?;
    Ok(Json(Previews::from(previews.as_slice())))
}

/// What is in a knowledge base.
#[utoipa::path(get, path = "/api/v1/knowledge_bases/{kb_name}/chunks", tag = "knowledge",
    params(("kb_name" = String, Path), ("page" = Option<u64>, Query), ("limit" = Option<u64>, Query),
        ("search" = Option<String>, Query)),
    responses((status = 200, description = "Chunks", body = ChunkPage), (status = 404, description = "Not there")))]
async fn list_chunks(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    mut query: Query,
) -> ApiResult<Json<ChunkPage>> {
    let (page, limit) = window(&mut query);
    let mut filter =
        ChunkFilter { search: query.text("search").unwrap_or_default().to_owned(), ..ChunkFilter::default() };
    for key in ["source_type", "file_name", "job_id"] {
        filter.fields.extend(query.text(key).map(|text| (key, text.to_owned())));
    }
    let mut metadata: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, value) in query.pairs() {
        if let Some(key) = key.strip_prefix("meta_") {
            metadata.entry(key.to_owned()).or_default().push(value.to_owned());
        }
    }
    filter.metadata = metadata;
    query.finish()?;
    let found = knowledge::list_chunks(&app, &caller.0, &name, &filter, page, limit).await?;
    Ok(Json(ChunkPage {
        chunks: found.items.iter().map(ChunkRead::from).collect(),
        total: found.total,
        page,
        limit,
        total_pages: found.total.div_ceil(limit.max(1)),
    }))
}

fn window(query: &mut Query) -> (u64, u64) {
    let page = query.integer("page", 1, 1, None);
    let limit = query.integer("limit", 50, 1, Some(100));
    (page.unsigned_abs(), limit.unsigned_abs())
}

/// Keys and values of the metadata that callers gave.
#[utoipa::path(get, path = "/api/v1/knowledge_bases/{kb_name}/metadata/keys", tag = "knowledge",
    params(("kb_name" = String, Path)),
    responses((status = 200, description = "Keys", body = MetadataKeys), (status = 404, description = "Not there")))]
async fn list_metadata_keys(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> ApiResult<Json<MetadataKeys>> {
    let (keys, truncated) = knowledge::metadata_keys(&app, &caller.0, &name).await?;
    Ok(Json(MetadataKeys { keys, truncated }))
}

/// The ingestions of a knowledge base, newest first.
#[utoipa::path(get, path = "/api/v1/knowledge_bases/{kb_name}/runs", tag = "knowledge",
    params(("kb_name" = String, Path), ("page" = Option<u64>, Query), ("limit" = Option<u64>, Query)),
    responses((status = 200, description = "Runs", body = IngestionPage), (status = 404, description = "Not there")))]
async fn list_ingestions(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
    mut query: Query,
) -> ApiResult<Json<IngestionPage>> {
    let (page, limit) = window(&mut query);
    query.finish()?;
    let (base, runs) = knowledge::list_runs(&app, &caller.0, &name, page, limit).await?;
    Ok(Json(IngestionPage {
        runs: runs.items.iter().map(|run| IngestionRead::new(&base, run)).collect(),
        total: runs.total,
        page,
        limit,
        total_pages: runs.total.div_ceil(limit.max(1)),
    }))
}

/// One ingestion, with what came of each file.
#[utoipa::path(get, path = "/api/v1/knowledge_bases/{kb_name}/runs/{run_id}", tag = "knowledge",
    params(("kb_name" = String, Path), ("run_id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The run", body = IngestionRead),
        (status = 404, description = "Not there")))]
async fn find_ingestion(
    State(app): State<AppState>,
    caller: Caller,
    Path((name, id)): Path<(String, String)>,
) -> ApiResult<Json<IngestionRead>> {
    let id = path::uuid("run_id", &id)?;
    let (base, run) = knowledge::find_run(&app, &caller.0, &name, id).await?;
    Ok(Json(IngestionRead::with_items(&base, &run)))
}

/// Cancel the ingestion under way.
#[utoipa::path(post, path = "/api/v1/knowledge_bases/{kb_name}/cancel", tag = "knowledge",
    params(("kb_name" = String, Path)),
    responses((status = 200, description = "Cancelled", body = Said), (status = 400, description = "It has ended"),
        (status = 404, description = "Not there")))]
async fn cancel_ingestion(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> ApiResult<Json<Said>> {
    let job = knowledge::cancel_ingestion(&app, &caller.0, &name).await?;
    Ok(Json(Said::new(format!("Ingestion job for {job} cancelled successfully."))))
}

/// Whether a place for vectors can be used: that of the server can.
#[utoipa::path(post, path = "/api/v1/knowledge_bases/test-connection", tag = "knowledge",
    request_body(content = Object, description = "`{backend_type}`"),
    responses((status = 200, description = "Whether", body = ConnectionRead)))]
async fn test_connection(_caller: Caller, body: JsonBody) -> ApiResult<Json<ConnectionRead>> {
    let mut fields = body.fields()?;
    let backend = fields.text("backend_type").flatten().unwrap_or_default();
    fields.finish()?;
    let ok = matches!(backend.as_str(), "" | "sqlite" | "postgres");
    let message = if ok {
        "Connected to the database of the server.".to_owned()
    } else {
        format!(
            "The backend '{backend}' is not available; knowledge bases are kept in the database of the server."
        )
    };
    Ok(Json(ConnectionRead { ok, message }))
}

/// Connectors to other services: there are none.
#[utoipa::path(get, path = "/api/v1/knowledge_bases/connectors", tag = "knowledge",
    responses((status = 200, description = "An empty list", body = Vec<Object>)))]
async fn list_connectors(_caller: Caller) -> Json<Vec<Value>> {
    Json(Vec::new())
}
