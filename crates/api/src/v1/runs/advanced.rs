//! `POST /api/v1/run/advanced/…`: several inputs, several outputs (contract-flows 7.8).

use super::body::input_type;
use super::request_variables;
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::fields::Fields;
use crate::extract::json::MaybeJsonBody;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use langflow_app::AppError;
use langflow_app::runs::{OutputChoice, RunFlow, RunInput, run_flow};
use serde_json::Value;

const INPUT_KEYS: [&str; 5] = ["components", "input_value", "session", "type", "client_request_time"];

/// Run a flow with several inputs, one after the other.
#[utoipa::path(post, path = "/api/v1/run/advanced/{flow_id_or_name}", tag = "runs",
    params(("flow_id_or_name" = String, Path, description = "Id or endpoint name")),
    request_body(content = Option<Object>, description = "`{inputs, outputs, tweaks, session_id, stream}`"),
    responses((status = 200, description = "One entry per input"), (status = 404, description = "No such flow or session")))]
pub(super) async fn run_advanced(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: MaybeJsonBody,
) -> ApiResult<Json<Value>> {
    let text = body.0.as_ref().map_or("{}", |b| b.text());
    let mut fields = Fields::parse(text, vec!["body".into()])?;
    let mut inputs = Vec::new();
    for item in fields.items("inputs").flatten().unwrap_or_default() {
        inputs.push(read_input(item, &mut fields));
    }
    if inputs.is_empty() {
        inputs.push(RunInput { value: Some(String::new()), ..RunInput::default() });
    }
    let outputs = fields.texts("outputs").flatten().unwrap_or_default();
    let wanted = RunFlow {
        flow,
        inputs,
        output: if outputs.is_empty() { OutputChoice::Kind("any") } else { OutputChoice::Named(outputs) },
        tweaks: fields.object("tweaks").flatten().unwrap_or_default(),
        stream: fields.boolean("stream").flatten().unwrap_or(false),
        variables: request_variables(&headers),
        plain_errors: true,
        ..RunFlow::default()
    };
    let session = fields.text("session_id").flatten().filter(|s| !s.is_empty());
    fields.finish()?;
    if let Some(session) = session {
        // It names a graph kept from an earlier call; none is kept.
        return Err(AppError::not_found(format!("Session {session} not found")).into());
    }
    Ok(Json(run_flow(&app, &who, wanted).await?.into_json()))
}

fn read_input(mut item: Fields<'_>, all: &mut Fields<'_>) -> RunInput {
    let unknown: Vec<String> =
        item.keys().filter(|key| !INPUT_KEYS.contains(key)).map(str::to_owned).collect();
    for key in unknown {
        item.problem(&key, "extra_forbidden", "Extra inputs are not permitted");
    }
    let input = RunInput {
        value: item.text("input_value").flatten(),
        kind: input_type(item.choice("type", &["chat", "text", "any"]).flatten()),
        components: item.texts("components").flatten().unwrap_or_default(),
    };
    all.absorb(item);
    input
}
