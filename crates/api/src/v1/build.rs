//! Builds: runs as the editor wants them, node by node (contract-flows 9).

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::fields::Fields;
use crate::extract::json::MaybeJsonBody;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::frames::{self, Surface};
use crate::routes::Routes;
use crate::v1::runs::request_variables;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures::{Stream, stream};
use langflow_app::AppError;
use langflow_app::runs::{
    BuildFlow, BuildInputs, Delivery, InputType, Job, LogReader, LoggedEvent, Polled, PreparedBuild,
    find_job, prepare_build, start_build,
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;
use utoipa_axum::routes;

/// Frames that the reader of a direct build may be behind.
const QUEUE: usize = 64;
const INPUT_KEYS: [&str; 5] = ["components", "input_value", "session", "type", "client_request_time"];

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(build_flow))
        .add(Access::Session, routes!(read_events))
        .add(Access::Session, routes!(cancel))
}

/// Build a flow: run it node by node, reporting each.
#[utoipa::path(post, path = "/api/v1/build/{flow_id}/flow", tag = "builds",
    params(("flow_id" = String, Path, description = "The flow"),
        ("event_delivery" = Option<String>, Query, description = "polling, streaming or direct"),
        ("start_component_id" = Option<String>, Query, description = "Run this component and what follows"),
        ("stop_component_id" = Option<String>, Query, description = "Run what this component needs, and it"),
        ("log_builds" = Option<bool>, Query, description = "Keep the results for the editor")),
    request_body(content = Option<Object>, description = "`{inputs, data, files}`; without `data`: the stored graph"),
    responses((status = 200, description = "A job id, or events"), (status = 404, description = "No such flow")))]
async fn build_flow(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(flow_id): PathId,
    mut query: Query,
    headers: HeaderMap,
    body: MaybeJsonBody,
) -> ApiResult<Response> {
    let delivery = delivery(&mut query, Delivery::Polling);
    let mut wanted = read_body(body.0.as_ref().map_or("{}", |b| b.text()))?;
    wanted.flow_id = flow_id;
    wanted.start_component_id = query.text("start_component_id").map(str::to_owned);
    wanted.stop_component_id = query.text("stop_component_id").map(str::to_owned);
    wanted.log_builds = query.boolean("log_builds", true);
    wanted.variables = request_variables(&headers);
    query.finish()?;
    let build = prepare_build(&app, &who, wanted).await?;
    if delivery != Delivery::Direct {
        return Ok(Json(json!({ "job_id": start_build(&app, build).await? })).into_response());
    }
    Ok(stream_build(&app, build))
}

/// Events of a build in the answer itself.
pub(super) fn stream_build(app: &AppState, build: PreparedBuild) -> Response {
    let (sink, receiver) = mpsc::channel(QUEUE);
    let clock = Arc::clone(&app.clock);
    let to_line = move |frame| frames::line(frame, Surface::Build, clock.now());
    ndjson(Body::from_stream(frames::driven(build.stream(sink), receiver, to_line)))
}

/// Events of a build.
#[utoipa::path(get, path = "/api/v1/build/{job_id}/events", tag = "builds",
    params(("job_id" = String, Path, description = "The job"),
        ("event_delivery" = Option<String>, Query, description = "streaming or polling")),
    responses((status = 200, description = "Events"), (status = 404, description = "No such job")))]
async fn read_events(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(job_id): PathId,
    mut query: Query,
) -> ApiResult<Response> {
    let delivery = delivery(&mut query, Delivery::Streaming);
    query.finish()?;
    let job = find_job(&app, &who, job_id).await?;
    read_job(&app, &job, delivery).await
}

/// Stop a build.
#[utoipa::path(post, path = "/api/v1/build/{job_id}/cancel", tag = "builds",
    params(("job_id" = String, Path, description = "The job")),
    responses((status = 200, description = "Stopped"), (status = 404, description = "No such job")))]
async fn cancel(
    State(app): State<AppState>,
    Caller(who): Caller,
    PathId(job_id): PathId,
) -> ApiResult<Json<Value>> {
    find_job(&app, &who, job_id).await?.cancel(&app).await?;
    Ok(Json(json!({"success": true, "message": "Flow build cancelled successfully"})))
}

pub(super) fn delivery(query: &mut Query, default: Delivery) -> Delivery {
    match query.choice("event_delivery", &["streaming", "direct", "polling"]) {
        Some("streaming") => Delivery::Streaming,
        Some("direct") => Delivery::Direct,
        Some("polling") => Delivery::Polling,
        _ => default,
    }
}

pub(super) fn read_body(text: &str) -> ApiResult<BuildFlow> {
    let mut fields = Fields::parse(text, vec![json!("body")])?;
    let mut wanted = BuildFlow::default();
    if let Some(raw) = fields.raw("inputs").flatten() {
        let mut inputs = Fields::parse(raw.get(), vec![json!("body"), json!("inputs")])?;
        wanted.inputs = read_inputs(&mut inputs);
        fields.absorb(inputs);
    }
    wanted.data = fields.object("data").flatten().map(Value::Object);
    wanted.files = fields.texts("files").flatten().unwrap_or_default();
    fields.finish()?;
    Ok(wanted)
}

fn read_inputs(fields: &mut Fields<'_>) -> BuildInputs {
    let unknown: Vec<String> =
        fields.keys().filter(|key| !INPUT_KEYS.contains(key)).map(str::to_owned).collect();
    for key in unknown {
        fields.problem(&key, "extra_forbidden", "Extra inputs are not permitted");
    }
    let kind = match fields.choice("type", &["chat", "text", "any"]).flatten() {
        Some("text") => InputType::Text,
        Some("any") => InputType::Any,
        _ => InputType::Chat,
    };
    BuildInputs {
        value: fields.text("input_value").flatten(),
        session: fields.text("session").flatten(),
        kind,
        components: fields.texts("components").flatten().unwrap_or_default(),
    }
}

/// The events of a job: what has come up since the last poll, or all of them as they come.
pub(super) async fn read_job(app: &AppState, job: &Job, delivery: Delivery) -> ApiResult<Response> {
    if delivery == Delivery::Polling {
        return Ok(ndjson(Body::from(poll(app, job).await?)));
    }
    // As in the reference: when the reader goes before the end, the build goes too.
    Ok(ndjson(Body::from_stream(lines(job.read(app).needed()))))
}

/// Each event on a line of its own; `end` when there is no more.
async fn poll(app: &AppState, job: &Job) -> ApiResult<String> {
    Ok(match job.poll(app).await? {
        Polled::Over => frames::render("end", json!({})),
        Polled::NothingYet => String::new(),
        Polled::Events(all) => {
            let lines: Vec<String> = all.iter().map(|event| event.line()).collect();
            lines.join("\n")
        }
    })
}

/// A page of the log at a time. A log without `end` (its build was stopped) gets one, as clients wait for it.
fn lines(reader: LogReader) -> impl Stream<Item = Result<Bytes, AppError>> + Send {
    stream::try_unfold((reader, false), async |(mut reader, has_end)| {
        let Some(events) = reader.next().await? else {
            let end = (!has_end).then(|| Bytes::from(frames::render("end", json!({}))));
            return Ok(end.map(|line| (line, (reader, true))));
        };
        let text: String = events.iter().map(|event| event.line()).collect();
        let has_end = has_end || events.iter().any(|event| is_last(event));
        Ok(Some((Bytes::from(text), (reader, has_end))))
    })
}

/// Nothing follows: a build is over, or could not start (its second error has no message).
fn is_last(event: &LoggedEvent) -> bool {
    event.kind == "end" || (event.kind == "error" && event.value().get("error").is_some_and(Value::is_string))
}

pub(super) fn ndjson(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-cache")], body)
        .into_response()
}
