//! Running flows: `/api/v1/run/…` (contract-flows 7).

mod advanced;
mod body;
mod dead;

use crate::AppState;
use crate::access::Access;
use crate::error::{ApiError, ApiResult};
use crate::extract::Caller;
use crate::extract::query::Query;
use crate::frames::{self, Surface};
use crate::routes::Routes;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use langflow_app::runs::{Frame, prepare_run, run_flow as run};
use langflow_app::variables::Overrides;
use langflow_app::{AppError, Principal};
use serde_json::Value;
use tokio::sync::mpsc;
use utoipa_axum::routes;

/// Frames that a reader may be behind.
const QUEUE: usize = 64;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::ApiKey, routes!(run_flow))
        .add(Access::Session, routes!(run_flow_in_session))
        .add(Access::ApiKey, routes!(advanced::run_advanced))
        .add(Access::ApiKey, routes!(dead::process))
        .add(Access::ApiKey, routes!(dead::predict))
        .add(Access::ApiKey, routes!(dead::task))
}

/// Run a flow by id or endpoint name.
#[utoipa::path(post, path = "/api/v1/run/{flow_id_or_name}", tag = "runs",
    params(("flow_id_or_name" = String, Path, description = "Id or endpoint name"),
        ("stream" = Option<bool>, Query, description = "Answer with one JSON object per event")),
    request_body(content = Option<body::RunBody>, description = "May be absent"),
    responses((status = 200, description = "Results, or events"), (status = 400, description = "An input given twice, or a broken flow"),
        (status = 404, description = "No such flow"), (status = 422, description = "A field or tweak is refused"),
        (status = 500, description = "A component failed")))]
async fn run_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(flow): Path<String>,
    query: Query,
    request: Request,
) -> ApiResult<Response> {
    answer(app, who, flow, query, request).await
}

/// Run a flow as a signed-in user.
#[utoipa::path(post, path = "/api/v1/run/session/{flow_id_or_name}", tag = "runs",
    params(("flow_id_or_name" = String, Path, description = "Id or endpoint name")),
    request_body(content = Option<body::RunBody>, description = "May be absent"),
    responses((status = 200, description = "Results, or events")))]
async fn run_flow_in_session(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(flow): Path<String>,
    query: Query,
    request: Request,
) -> ApiResult<Response> {
    answer(app, who, flow, query, request).await
}

async fn answer(
    app: AppState,
    who: Principal,
    flow: String,
    mut query: Query,
    request: Request,
) -> ApiResult<Response> {
    let stream = query.boolean("stream", false);
    query.finish()?;
    let variables = request_variables(request.headers());
    let mut wanted = body::read(request, &app).await?;
    wanted.flow = flow;
    wanted.stream = stream;
    wanted.variables = variables;
    if !stream {
        return Ok(json(run(&app, &who, wanted).await?.into_json()));
    }
    let (sink, receiver) = mpsc::channel(QUEUE);
    let clock = std::sync::Arc::clone(&app.clock);
    let to_line = move |frame| frames::line(frame, Surface::Run, clock.now());
    match prepare_run(&app, &who, wanted).await {
        Ok(prepared) => {
            Ok(event_stream(Body::from_stream(frames::driven(prepared.stream(sink), receiver, to_line))))
        }
        // Refused tweaks are told in the stream, as in the reference.
        Err(error) if error.code == Some("TWEAKS_REFUSED") => {
            Ok(event_stream(Body::from(to_line(Frame::Failed(refusal(&error))))))
        }
        Err(error) => Err(ApiError(error)),
    }
}

/// Values for global variables in the headers of a request.
pub fn request_variables(headers: &HeaderMap) -> Overrides {
    Overrides::from_headers(headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())))
}

fn refusal(error: &AppError) -> String {
    langflow_app::runs::refusal_text(error).unwrap_or_else(|| error.to_string())
}

fn json(value: Value) -> Response {
    Json(value).into_response()
}

fn event_stream(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], body)
        .into_response()
}
