//! News of a flow for its open editors.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use langflow_app::flows::{self, FlowEvent};
use serde::Serialize;
use utoipa::ToSchema;

const KINDS: [&str; 7] = [
    "component_added",
    "component_removed",
    "component_configured",
    "connection_added",
    "connection_removed",
    "flow_updated",
    "flow_settled",
];
const MAX_SUMMARY_CHARS: usize = 500;

#[derive(Serialize, ToSchema)]
pub struct NewsItem {
    r#type: &'static str,
    /// Seconds since 1970.
    timestamp: f64,
    summary: String,
}

impl From<FlowEvent> for NewsItem {
    fn from(event: FlowEvent) -> Self {
        Self { r#type: event.kind, timestamp: event.timestamp, summary: event.summary }
    }
}

#[derive(Serialize, ToSchema)]
pub struct News {
    events: Vec<NewsItem>,
    /// Nothing more is to come of these changes.
    settled: bool,
}

/// News since a time.
#[utoipa::path(get, path = "/api/v1/flows/{flow_id}/events", tag = "flows",
    params(("flow_id" = String, Path, description = "Of the flow"),
        ("since" = Option<f64>, Query, description = "Seconds since 1970")),
    responses((status = 200, description = "News, and whether the changes are done", body = News)))]
pub async fn list_events(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(flow): PathId,
    mut query: Query,
) -> ApiResult<Json<News>> {
    let since = match query.text("since").map(str::parse::<f64>) {
        Some(Ok(since)) => since,
        Some(Err(_)) => {
            query.problem(
                "since",
                "float_parsing",
                "Input should be a valid number, unable to parse string as a number",
            );
            0.0
        }
        None => 0.0,
    };
    query.finish()?;
    let (events, settled) = flows::list_events(&app, &who, flow, since).await?;
    Ok(Json(News { events: events.into_iter().map(NewsItem::from).collect(), settled }))
}

/// Adds news.
#[utoipa::path(post, path = "/api/v1/flows/{flow_id}/events", tag = "flows", request_body = Object,
    params(("flow_id" = String, Path, description = "Of the flow")),
    responses((status = 201, description = "Added", body = NewsItem)))]
pub async fn post_event(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(flow): PathId,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<NewsItem>)> {
    let mut fields = body.fields()?;
    if !fields.contains("type") {
        fields.missing("type");
    }
    let kind = fields.choice("type", &KINDS).flatten().unwrap_or_default();
    let summary = fields.text("summary").flatten().unwrap_or_default();
    if summary.chars().count() > MAX_SUMMARY_CHARS {
        fields.problem("summary", "string_too_long", "String should have at most 500 characters");
    }
    fields.finish()?;
    let event = flows::post_event(&app, &who, flow, kind, summary).await?;
    Ok((StatusCode::CREATED, Json(event.into())))
}
