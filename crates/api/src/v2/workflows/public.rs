//! Workflows of public flows, run by visitors without an account (contract-flows 10.9).

use super::body::{Protocol, said, unknown_protocol};
use super::stream::{Writer, answer};
use crate::AppState;
use crate::error::ApiResult;
use crate::extract::MaybeCaller;
use crate::extract::client::From;
use crate::extract::fields::Fields;
use crate::extract::json::JsonBody;
use crate::v1::build_public::visitor;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use langflow_app::runs::{BuildFlow, BuildInputs, count_visitor_run, prepare_public_build};
use langflow_app::{AppError, AppResult, ErrorKind};
use uuid::Uuid;

const KEYS: [&str; 8] = [
    "flow_id",
    "input_value",
    "session_id",
    "mode",
    "stream_protocol",
    "files",
    "start_component_id",
    "stop_component_id",
];
const LONGEST_INPUT: usize = 64 << 10;
const LONGEST_SESSION: usize = 256;

/// Run a public flow: the stored one, with the visitor's text.
#[utoipa::path(post, path = "/api/v2/workflows/public", tag = "workflows", request_body = super::body::PublicBody,
    responses((status = 200, description = "Events", content_type = "text/event-stream"),
        (status = 400, description = "No client_id cookie, or a flow that visitors may not run"),
        (status = 404, description = "No such public flow"), (status = 422, description = "Fields that do not fit"),
        (status = 429, description = "Too many runs from this address")))]
pub(super) async fn run_public_workflow(
    State(app): State<AppState>,
    caller: MaybeCaller,
    From(client): From,
    headers: HeaderMap,
    body: JsonBody,
) -> ApiResult<Response> {
    let (wanted, protocol) = read(body.fields()?)?;
    let visitor = visitor(&app, &caller, &headers)?;
    count_visitor_run(&app, &client)?;
    let build = prepare_public_build(&app, &visitor, wanted).await.map_err(|error| match error.kind {
        ErrorKind::Forbidden => AppError::bad_request("This flow cannot be executed."),
        _ => error,
    })?;
    let session = build.session_id().to_owned();
    let writer = Writer::public(protocol, session, build.run_id().to_string());
    Ok(answer(&app, build, writer))
}

fn read(mut fields: Fields<'_>) -> AppResult<(BuildFlow, Protocol)> {
    let unknown: Vec<String> = fields.keys().filter(|key| !KEYS.contains(key)).map(str::to_owned).collect();
    for key in unknown {
        fields.problem(&key, "extra_forbidden", "Extra inputs are not permitted");
    }
    let flow_id = fields.required_text("flow_id");
    let flow_id = match Uuid::parse_str(&flow_id) {
        Ok(id) => id,
        Err(_) => {
            if !flow_id.is_empty() {
                fields.problem("flow_id", "value_error", "Value error, Invalid flow_id, must be a UUID");
            }
            Uuid::nil()
        }
    };
    let value = fields.text("input_value").flatten();
    let session = fields.text("session_id").flatten();
    let length = |text: Option<&str>| text.map_or(0, |text| text.chars().count());
    for (key, length, most) in [
        ("input_value", length(value.as_deref()), LONGEST_INPUT),
        ("session_id", length(session.as_deref()), LONGEST_SESSION),
    ] {
        if length > most {
            fields.problem(key, "string_too_long", &format!("String should have at most {most} characters"));
        }
    }
    fields.choice("mode", &["stream"]);
    let protocol = fields.text("stream_protocol").flatten().unwrap_or_else(|| "langflow".into());
    let wanted = BuildFlow {
        flow_id,
        inputs: BuildInputs { value: said(value, session.as_deref()), session, ..BuildInputs::default() },
        files: fields.texts("files").flatten().unwrap_or_default(),
        start_component_id: fields.text("start_component_id").flatten(),
        stop_component_id: fields.text("stop_component_id").flatten(),
        ..BuildFlow::default()
    };
    fields.finish()?;
    let protocol = protocol.parse().map_err(|()| unknown_protocol(&protocol))?;
    Ok((wanted, protocol))
}
