//! Memories of flows.

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::page::PageBody;
use crate::routes::Routes;
use crate::time::micros;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use langflow_app::AppResult;
use langflow_app::knowledge::status_word;
use langflow_app::memories::{
    self, ChangeMemory, MemoryBase, MemoryMessage, MemoryRun, MemorySession, NewMemory,
};
use serde_json::{Value, json};
use utoipa_axum::routes;

/// Runs of a session until its messages are taken in, where nobody says.
const THRESHOLD: i64 = 50;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_memories, create_memory))
        .add(Access::Session, routes!(find_memory, change_memory, delete_memory))
        .add(Access::Session, routes!(list_memory_sessions))
        .add(Access::Session, routes!(list_memory_messages))
        .add(Access::Session, routes!(list_memory_runs))
        .add(Access::Session, routes!(flush_memory))
        .add(Access::Session, routes!(regenerate_memory))
        .add(Access::Session, routes!(check_memory))
}

/// The caller's memories, of one flow or of all.
#[utoipa::path(get, path = "/api/v1/memories/", tag = "memories",
    params(("flow_id" = Option<uuid::Uuid>, Query), ("page" = Option<u64>, Query), ("size" = Option<u64>, Query)),
    responses((status = 200, description = "A page of memories")))]
async fn list_memories(
    State(app): State<AppState>,
    caller: Caller,
    mut query: Query,
) -> ApiResult<Json<PageBody<Value>>> {
    let flow = query.uuid("flow_id");
    let (page, size) = query.page();
    query.finish()?;
    let found = memories::list_memories(&app, &caller.0, flow, page, size).await?;
    let items = found.items.iter().map(show).collect();
    Ok(Json(PageBody::new(items, found.total, page, size)))
}

/// Make a memory of a flow.
#[utoipa::path(post, path = "/api/v1/memories/", tag = "memories",
    request_body(content = Object, description = "`{name, flow_id, threshold, auto_capture, embedding_provider, embedding_model, \
        preprocessing, preproc_model, preproc_instructions, preproc_kill_phrase, backend_type}`"),
    responses((status = 201, description = "The memory"), (status = 404, description = "There is no such flow"),
        (status = 409, description = "The name is taken"),
        (status = 422, description = "A name, a model or a place that cannot be")))]
async fn create_memory(
    State(app): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let base = memories::create_memory(&app, &caller.0, read_new(&body)?).await?;
    Ok((StatusCode::CREATED, Json(show(&base))))
}

fn read_new(body: &JsonBody) -> AppResult<NewMemory> {
    let mut fields = body.fields()?;
    let name = fields.required_text("name");
    let flow_id = fields.uuid("flow_id").flatten();
    if !fields.contains("flow_id") {
        fields.missing("flow_id");
    }
    let new = NewMemory {
        name,
        flow_id: flow_id.unwrap_or_default(),
        threshold: fields.integer("threshold").flatten().unwrap_or(THRESHOLD),
        auto_capture: fields.boolean("auto_capture").flatten().unwrap_or(true),
        embedding_provider: fields.text("embedding_provider").flatten(),
        embedding_model: fields.text("embedding_model").flatten().unwrap_or_default(),
        preprocessing: fields.boolean("preprocessing").flatten().unwrap_or(false),
        preproc_model: fields.text("preproc_model").flatten(),
        preproc_instructions: fields.text("preproc_instructions").flatten(),
        preproc_kill_phrase: fields.text("preproc_kill_phrase").flatten(),
        backend: fields.text("backend_type").flatten(),
    };
    let has_model = new.preproc_model.as_deref().is_some_and(|model| !model.is_empty());
    if new.preprocessing && !has_model {
        fields.value_error("preproc_model", "preproc_model is required when preprocessing is enabled");
    }
    fields.finish()?;
    Ok(new)
}

/// One memory.
#[utoipa::path(get, path = "/api/v1/memories/{memory_base_id}", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The memory"), (status = 404, description = "Not there")))]
async fn find_memory(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
) -> ApiResult<Json<Value>> {
    let base = memories::find_memory(&app, &caller.0, id).await?;
    Ok(Json(show(&base)))
}

/// Change the name of a memory, or when it takes messages in.
#[utoipa::path(patch, path = "/api/v1/memories/{memory_base_id}", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path)),
    request_body(content = Object, description = "`{name, threshold, auto_capture}`, each may be absent"),
    responses((status = 200, description = "The memory"), (status = 404, description = "Not there"),
        (status = 409, description = "The name is taken")))]
async fn change_memory(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let change = ChangeMemory {
        name: fields.text("name").flatten(),
        threshold: fields.integer("threshold").flatten(),
        auto_capture: fields.boolean("auto_capture").flatten(),
    };
    fields.finish()?;
    let base = memories::change_memory(&app, &caller.0, id, change).await?;
    Ok(Json(show(&base)))
}

/// Delete a memory with all it holds.
#[utoipa::path(delete, path = "/api/v1/memories/{memory_base_id}", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Deleted"), (status = 404, description = "Not there")))]
async fn delete_memory(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
) -> ApiResult<StatusCode> {
    memories::delete_memory(&app, &caller.0, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sessions that a memory knows, the one taken in last first.
#[utoipa::path(get, path = "/api/v1/memories/{memory_base_id}/sessions", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path), ("page" = Option<u64>, Query), ("size" = Option<u64>, Query)),
    responses((status = 200, description = "A page of sessions"), (status = 404, description = "Not there")))]
async fn list_memory_sessions(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
    mut query: Query,
) -> ApiResult<Json<PageBody<Value>>> {
    let (page, size) = query.page();
    query.finish()?;
    let found = memories::list_sessions(&app, &caller.0, id, page, size).await?;
    Ok(Json(PageBody::new(found.items.iter().map(session).collect(), found.total, page, size)))
}

/// What a memory holds, the newest first.
#[utoipa::path(get, path = "/api/v1/memories/{memory_base_id}/messages", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path), ("session_id" = Option<String>, Query),
        ("page" = Option<u64>, Query), ("size" = Option<u64>, Query)),
    responses((status = 200, description = "A page of messages"), (status = 404, description = "Not there")))]
async fn list_memory_messages(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
    mut query: Query,
) -> ApiResult<Json<PageBody<Value>>> {
    let (page, size) = query.page();
    let session = query.text("session_id").map(str::to_owned);
    query.finish()?;
    let found = memories::list_messages(&app, &caller.0, id, session.as_deref(), page, size).await?;
    Ok(Json(PageBody::new(found.items.iter().map(message).collect(), found.total, page, size)))
}

/// How messages were taken in, the newest run first. Langflow has no such list.
#[utoipa::path(get, path = "/api/v1/memories/{memory_base_id}/runs", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path), ("session_id" = Option<String>, Query),
        ("page" = Option<u64>, Query), ("size" = Option<u64>, Query)),
    responses((status = 200, description = "A page of runs"), (status = 404, description = "Not there")))]
async fn list_memory_runs(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
    mut query: Query,
) -> ApiResult<Json<PageBody<Value>>> {
    let (page, size) = query.page();
    let session = query.text("session_id").map(str::to_owned);
    query.finish()?;
    let found = memories::list_runs(&app, &caller.0, id, session.as_deref(), page, size).await?;
    Ok(Json(PageBody::new(found.items.iter().map(run).collect(), found.total, page, size)))
}

/// Take in what waits of a session now.
#[utoipa::path(post, path = "/api/v1/memories/{memory_base_id}/flush", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path)),
    request_body(content = Object, description = "`{session_id}`"),
    responses((status = 202, description = "The job"), (status = 404, description = "Not there"),
        (status = 409, description = "The session is being taken in")))]
async fn flush_memory(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let mut fields = body.fields()?;
    let session = fields.required_text("session_id");
    fields.finish()?;
    let job = memories::flush(&app, &caller.0, id, &session).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "job_id": job }))))
}

/// Forget all that a memory holds and take its sessions in anew.
#[utoipa::path(post, path = "/api/v1/memories/{memory_base_id}/regenerate", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path)),
    responses((status = 202, description = "The jobs"), (status = 404, description = "Not there")))]
async fn regenerate_memory(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let jobs = memories::regenerate(&app, &caller.0, id).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "job_ids": jobs }))))
}

/// Whether messages count as taken in of which nothing is there.
#[utoipa::path(get, path = "/api/v1/memories/{memory_base_id}/mismatch", tag = "memories",
    params(("memory_base_id" = uuid::Uuid, Path)),
    responses((status = 200, description = "Whether"), (status = 404, description = "Not there")))]
async fn check_memory(
    State(app): State<AppState>,
    caller: Caller,
    PathId(id): PathId,
) -> ApiResult<Json<Value>> {
    let detected = memories::detect_mismatch(&app, &caller.0, id).await?;
    Ok(Json(json!({ "mismatch_detected": detected })))
}

fn show(base: &MemoryBase) -> Value {
    json!({
        "name": base.name,
        "flow_id": base.flow_id,
        "user_id": base.user_id,
        "threshold": base.threshold,
        "auto_capture": base.auto_capture,
        "embedding_model": base.embedding_model,
        "preprocessing": base.preprocessing,
        "preproc_model": base.preproc_model,
        "preproc_instructions": base.preproc_instructions,
        "preproc_kill_phrase": base.preproc_kill_phrase,
        "id": base.id,
        "kb_name": base.store_name,
        "created_at": micros(base.created_at),
        "backend_type": "sqlite",
        "backend_config": {},
        "storage_state": "ready",
        "storage_kb_id": base.id,
        "active_migration_id": null,
    })
}

fn session(session: &MemorySession) -> Value {
    json!({
        "session_id": session.session_id,
        "cursor_id": session.cursor_id,
        "total_processed": session.total_processed,
        "last_sync_at": session.last_sync_at.map(micros),
        "id": session.id,
        "memory_base_id": session.memory_base_id,
        "pending_count": session.pending_runs,
    })
}

fn message(message: &MemoryMessage) -> Value {
    json!({
        "id": message.id,
        "timestamp": micros(message.timestamp),
        "sender": message.sender,
        "sender_name": message.sender_name,
        "session_id": message.session_id,
        "text": message.text,
        "content_blocks": message.content_blocks,
        "job_id": message.job_id,
        "ingested_at": micros(message.ingested_at),
    })
}

fn run(run: &MemoryRun) -> Value {
    json!({
        "id": run.id,
        "job_id": run.id,
        "memory_base_id": run.memory_base_id,
        "session_id": run.session_id,
        "status": status_word(run.status),
        "error_message": run.error_message,
        "total_messages": run.total_messages,
        "done_messages": run.done_messages,
        "chunks_created": run.chunks_created,
        "started_at": micros(run.started_at),
        "finished_at": run.finished_at.map(micros),
    })
}
