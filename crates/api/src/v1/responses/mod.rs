//! `POST /api/v1/responses`: flows for clients of the OpenAI Responses API (contract-flows 14).
//!
//! Errors of the flow are answers with status 200 and an `error`, as in the reference.

mod answer;
mod body;
mod stream;

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::routes::Routes;
use crate::v1::runs::request_variables;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use body::Wanted;
use langflow_app::runs::{PreparedRun, RunFlow, RunInput, prepare_run};
use langflow_app::{AppError, ErrorKind};
use serde_json::{Value, json};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new().add(Access::ApiKey, routes!(create_response))
}

/// Run a flow in the form of the OpenAI Responses API.
#[utoipa::path(post, path = "/api/v1/responses", tag = "runs", request_body = body::ResponsesBody,
    responses((status = 200, description = "A response, its events, or an error"),
        (status = 422, description = "Fields that do not fit")))]
async fn create_response(
    State(app): State<AppState>,
    Caller(who): Caller,
    headers: HeaderMap,
    body: JsonBody,
) -> ApiResult<Response> {
    let wanted = body::read(&body)?;
    if wanted.has_tools {
        return Ok(refusal(
            "Tools are not supported yet",
            "invalid_request_error",
            Some("tools_not_supported"),
        ));
    }
    let id = wanted.previous.clone().unwrap_or_else(|| app.ids.random().to_string());
    let run = RunFlow {
        flow: wanted.model.clone(),
        inputs: vec![RunInput { value: Some(wanted.input.clone()), ..RunInput::default() }],
        session_id: Some(id.clone()),
        stream: wanted.stream,
        variables: request_variables(&headers),
        ..RunFlow::default()
    };
    let prepared = match prepare_run(&app, &who, run).await {
        Ok(prepared) => prepared,
        Err(error) => return of_error(error, &wanted),
    };
    if let Some(missing) = missing(&prepared) {
        let text = format!("The flow has no {missing}, which this API speaks through.");
        return Ok(refusal(&text, "invalid_request_error", Some("invalid_flow_request")));
    }
    let created = app.clock.now().timestamp();
    if wanted.stream {
        return Ok(stream::answer(prepared, answer::Head { id, created, wanted }));
    }
    match prepared.run(None).await {
        Ok(done) => Ok(Json(answer::whole(&answer::Head { id, created, wanted }, &done)).into_response()),
        Err(error) => of_error(error, &wanted),
    }
}

fn missing(prepared: &PreparedRun) -> Option<&'static str> {
    [("ChatInput", "Chat Input"), ("ChatOutput", "Chat Output")]
        .into_iter()
        .find_map(|(kind, name)| (!prepared.has_component(kind)).then_some(name))
}

fn of_error(error: AppError, wanted: &Wanted) -> ApiResult<Response> {
    match error.kind {
        ErrorKind::NotFound => {
            let shown: String = wanted.model.chars().take(200).collect();
            let text = format!("Flow with id '{shown}' not found");
            Ok(refusal(&text, "invalid_request_error", Some("flow_not_found")))
        }
        ErrorKind::RunFailed => Ok(refusal(&format!("500: {error}"), "processing_error", None)),
        ErrorKind::BadRequest => Ok(refusal(&format!("400: {error}"), "processing_error", None)),
        _ => Err(error.into()),
    }
}

fn refusal(message: &str, kind: &str, code: Option<&str>) -> Response {
    let mut error = json!({"message": message, "type": kind});
    if let (Some(map), Some(code)) = (error.as_object_mut(), code) {
        map.insert("code".into(), Value::from(code));
    }
    Json(json!({ "error": error })).into_response()
}
