//! The audit log, for superusers.

use super::times::micros;
use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::query::Query;
use crate::routes::Routes;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use langflow_app::AppError;
use langflow_app::audit::{self, AuditEntry, AuditFilter, Chain};
use langflow_app::users::{RawJson, Window};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

/// Entries that are read at once for an export.
const BATCH: u64 = 500;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Superuser, routes!(list_entries))
        .add(Access::Superuser, routes!(export_entries))
        .add(Access::Superuser, routes!(verify_chain))
}

/// An entry of the audit log as clients see it.
#[derive(Serialize, ToSchema)]
struct AuditRead {
    /// From 1, without gaps.
    seq: i64,
    at: String,
    user_id: Option<Uuid>,
    /// Name of the user at the time.
    actor: String,
    credential: Option<String>,
    action: String,
    object_kind: String,
    object_id: Option<String>,
    outcome: String,
    address: Option<String>,
    request_id: Option<String>,
    #[schema(value_type = Option<Object>)]
    details: Option<RawJson>,
    previous_hash: String,
    hash: String,
}

#[derive(Serialize, ToSchema)]
struct AuditPage {
    items: Vec<AuditRead>,
    total: u64,
    page: u64,
    size: u64,
}

/// Whether the chain of hashes is whole.
#[derive(Serialize, ToSchema)]
struct ChainRead {
    whole: bool,
    /// How many entries there are, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<u64>,
    /// Number of the first entry that is not as it was written, where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at: Option<i64>,
}

/// Entries of the audit log, newest first.
#[utoipa::path(get, path = "/api/v1/audits", tag = "audit", params(
    ("user_id" = Option<Uuid>, Query, description = "Who did it"),
    ("action" = Option<String>, Query, description = "Such as `create.key`"),
    ("object_kind" = Option<String>, Query, description = "Such as `user`"),
    ("object_id" = Option<String>, Query), ("page" = Option<i64>, Query), ("size" = Option<i64>, Query),
), responses((status = 200, body = AuditPage, description = "A page of entries")))]
async fn list_entries(
    State(app): State<AppState>,
    caller: Caller,
    mut query: Query,
) -> ApiResult<Json<AuditPage>> {
    let page = query.integer("page", 1, 1, None).unsigned_abs();
    let size = query.integer("size", 50, 1, Some(500)).unsigned_abs();
    let filter = AuditFilter {
        actor_id: query.uuid("user_id"),
        action: query.text("action").map(str::to_owned),
        object_kind: query.text("object_kind").map(str::to_owned),
        object_id: query.text("object_id").map(str::to_owned),
        window: Window::page(page, size),
        ..AuditFilter::default()
    };
    query.finish()?;
    let found = audit::list_entries(&app, &caller.0, &filter).await?;
    let items = found.items.into_iter().map(shown).collect();
    Ok(Json(AuditPage { items, total: found.total, page, size }))
}

/// The whole log as JSON lines, oldest first.
#[utoipa::path(get, path = "/api/v1/audits/export", tag = "audit",
    params(("after" = Option<i64>, Query, description = "Number of the last entry that is known already")),
    responses((status = 200, description = "One entry a line")))]
async fn export_entries(
    State(app): State<AppState>,
    caller: Caller,
    mut query: Query,
) -> ApiResult<Response> {
    let after = query.integer("after", 0, 0, None);
    query.finish()?;
    let lines = stream::try_unfold(after, move |after| {
        let (app, principal) = (app.clone(), caller.0.clone());
        async move {
            let batch = audit::export_entries(&app, &principal, after, BATCH).await?;
            let Some(last) = batch.last().map(|entry| entry.seq) else { return Ok(None) };
            let mut lines = Vec::new();
            for entry in batch {
                serde_json::to_writer(&mut lines, &shown(entry)).map_err(AppError::internal)?;
                lines.push(b'\n');
            }
            Ok::<_, AppError>(Some((Bytes::from(lines), last)))
        }
    });
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"))];
    Ok((kind, Body::from_stream(lines)).into_response())
}

/// Whether the log is as it was written.
#[utoipa::path(get, path = "/api/v1/audits/verify", tag = "audit",
    responses((status = 200, body = ChainRead, description = "Whether the chain is whole, or where it breaks")))]
async fn verify_chain(State(app): State<AppState>, caller: Caller) -> ApiResult<Json<ChainRead>> {
    Ok(Json(match audit::verify_chain(&app, &caller.0).await? {
        Chain::Whole(entries) => ChainRead { whole: true, entries: Some(entries), broken_at: None },
        Chain::BrokenAt(seq) => ChainRead { whole: false, entries: None, broken_at: Some(seq) },
    }))
}

fn shown(entry: AuditEntry) -> AuditRead {
    AuditRead {
        seq: entry.seq,
        at: micros(entry.at),
        user_id: entry.actor_id,
        actor: entry.actor,
        credential: entry.credential,
        action: entry.action,
        object_kind: entry.object_kind,
        object_id: entry.object_id,
        outcome: entry.outcome,
        address: entry.ip,
        request_id: entry.request_id,
        details: entry.details,
        previous_hash: entry.previous_hash,
        hash: entry.hash,
    }
}
