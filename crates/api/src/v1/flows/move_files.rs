//! Flows in from files and out to files.

use super::answer::{FlowRead, flow_reads};
use super::body;
use crate::AppState;
use crate::attachment;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::client::From;
use crate::extract::fields::Fields;
use crate::extract::json::JsonBody;
use crate::extract::query::Query;
use crate::extract::upload;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use langflow_app::flows::{self, Download, FlowDraft};
use langflow_app::{AppError, AppResult};
use serde_json::json;
use serde_json::value::RawValue;

/// Stores the flows of a file: one flow, `{"flows": […]}`, or a zip of such files.
#[utoipa::path(post, path = "/api/v1/flows/upload/", tag = "flows",
    params(("folder_id" = Option<String>, Query, description = "The project they go to")),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, description = "The flows", body = Vec<FlowRead>),
        (status = 400, description = "No file, or not readable")))]
pub async fn upload_flows(
    State(app): State<AppState>,
    Caller(who): Caller,
    From(client): From,
    mut query: Query,
    request: Request,
) -> ApiResult<(StatusCode, Json<Vec<FlowRead>>)> {
    let project = query.uuid("folder_id");
    query.finish()?;
    let file =
        upload::small_file(&app, request).await?.ok_or_else(|| AppError::bad_request("No file provided"))?;
    let texts = flows::read_file(file.bytes.into()).await?;
    let drafts = read_drafts(&texts)?;
    let stored = flows::import_flows(&app, &who, &client, drafts, project).await?;
    Ok((StatusCode::CREATED, Json(flow_reads(stored))))
}

/// The flows of a file, all problems of all of them named.
pub fn read_drafts(texts: &[Box<RawValue>]) -> AppResult<Vec<FlowDraft>> {
    body::check_count(texts.len())?;
    let mut problems = Fields::parse("{}", Vec::new())?;
    let mut drafts = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let mut fields = Fields::parse(text.get(), vec![json!("flows"), json!(index)])?;
        drafts.push(body::read_draft(&mut fields));
        problems.absorb(fields);
    }
    problems.finish()?;
    Ok(drafts)
}

/// Flows as a file: one as JSON, several as a zip.
#[utoipa::path(post, path = "/api/v1/flows/download/", tag = "flows", request_body = Vec<String>,
    responses((status = 200, description = "JSON or zip", content_type = "application/octet-stream"),
        (status = 404, description = "None of them is there")))]
pub async fn download_flows(
    State(app): State<AppState>,
    Caller(who): Caller,
    body: JsonBody,
) -> ApiResult<Response> {
    let ids = body.uuids()?;
    body::check_count(ids.len())?;
    Ok(match flows::download_flows(&app, &who, ids).await? {
        Download::Json(flow) => Json(flow).into_response(),
        Download::Zip { name, bytes } => attachment::bytes(&name, attachment::ZIP, bytes),
    })
}
