//! A workflow that is answered when it has ended. A failing component is an answer too: status 200, `failed`.

use super::background::{remembered, timestamp};
use super::body::{Wanted, refuse};
use crate::AppState;
use crate::error::ApiResult;
use langflow_app::runs::{OutputChoice, RunAnswer, RunFlow, RunInput, run_flow};
use langflow_app::{AppError, ErrorKind, Principal};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub async fn run(app: &AppState, who: &Principal, wanted: Wanted) -> ApiResult<Value> {
    let (flow_id, globals) = (wanted.flow_id, wanted.globals_json());
    let remember = remembered(&wanted);
    let run = RunFlow {
        flow: flow_id.to_string(),
        inputs: vec![RunInput { value: wanted.input_value, ..RunInput::default() }],
        output: OutputChoice::Kind("any"),
        tweaks: wanted.tweaks,
        session_id: wanted.session_id,
        variables: wanted.variables,
        plain_errors: true,
        may_wait: true,
        remember: Some(remember),
        ..RunFlow::default()
    };
    let mut head = json!({
        "flow_id": flow_id, "session_id": null, "job_id": app.ids.random(), "object": "response",
        "created_timestamp": timestamp(app.clock.now()),
    });
    let (session, outputs, errors) = match run_flow(app, who, run).await {
        Ok(RunAnswer { session_id, waiting: Some(request), .. }) => {
            set(&mut head, "job_id", json!(request.job_id));
            return Ok(suspended(head, &session_id, globals, request.to_json()));
        }
        Ok(answer) => {
            let results = answer.outputs.into_iter().flat_map(|output| output.results).collect();
            (json!(answer.session_id), outputs(results), json!([]))
        }
        Err(error) if error.kind == ErrorKind::RunFailed => {
            (Value::Null, Map::new(), json!([failure(&error.to_string(), flow_id)]))
        }
        Err(error) if error.code == Some("TWEAKS_REFUSED") => {
            return Err(refuse("TWEAKS_REFUSED", &error.to_string(), &[]).into());
        }
        Err(error) => return Err(error.into()),
    };
    let outputs = chosen(outputs, wanted.output_ids.as_deref())?;
    Ok(answer(head, session, globals, outputs, errors))
}

/// A run that waits for a human: its job is asked about and answered like one in the background.
fn suspended(head: Value, session: &str, globals: Value, request: Value) -> Value {
    let mut body = answer(head, json!(session), globals, Map::new(), json!([]));
    set(&mut body, "status", json!("suspended"));
    set(&mut body, "human_request", request);
    body
}

fn set(body: &mut Value, key: &str, value: Value) {
    if let Some(map) = body.as_object_mut() {
        map.insert(key.to_owned(), value);
    }
}

/// One entry of `errors`.
pub fn failure(message: &str, flow_id: Uuid) -> Value {
    json!({
        "error": message, "code": "EXECUTION_ERROR",
        "details": {"flow_id": flow_id, "error_type": "ComponentError"},
    })
}

/// The result of a workflow (contract-flows 10.2).
pub fn answer(
    head: Value,
    session: Value,
    globals: Value,
    outputs: Map<String, Value>,
    errors: Value,
) -> Value {
    let has_errors = errors.as_array().is_some_and(|list| !list.is_empty());
    let output = summary(&outputs, has_errors);
    let mut body = head;
    if let Some(map) = body.as_object_mut() {
        map.insert("session_id".into(), session);
        map.insert("status".into(), json!(if has_errors { "failed" } else { "completed" }));
        map.insert("output".into(), output);
        map.insert("errors".into(), errors);
        map.insert("warnings".into(), json!([]));
        map.insert("inputs".into(), json!({}));
        map.insert("globals".into(), globals);
        map.insert("outputs".into(), Value::Object(outputs));
        map.insert("human_request".into(), Value::Null);
        map.insert("has_errors".into(), json!(has_errors));
    }
    body
}

/// The one text, if the run has one.
fn summary(outputs: &Map<String, Value>, has_errors: bool) -> Value {
    let mut list = outputs.iter();
    let (reason, text, source) = match (has_errors, list.next(), list.next()) {
        (true, _, _) => ("failed", Value::Null, Value::Null),
        (_, None, _) => ("none", Value::Null, Value::Null),
        (_, Some((id, output)), None) => match output.get("content") {
            Some(Value::String(text)) => ("single", json!(text), json!(id)),
            _ => ("non_string", Value::Null, json!(id)),
        },
        _ => ("multiple", Value::Null, Value::Null),
    };
    json!({"reason": reason, "text": text, "source": source})
}

/// Outputs by node, from the result objects of a run.
pub fn outputs(results: Vec<Value>) -> Map<String, Value> {
    let mut outputs = Map::new();
    for result in results {
        let id = result.get("component_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let content = content(result.get("results"));
        let kind = id.rsplit_once('-').map_or(id.as_str(), |(kind, _)| kind).to_owned();
        outputs.insert(
            id,
            json!({
                "type": content.kind, "status": "completed", "display_name": result.get("component_display_name"),
                "content": content.value, "metadata": {"component_type": kind},
            }),
        );
    }
    outputs
}

fn chosen(outputs: Map<String, Value>, ids: Option<&[String]>) -> ApiResult<Map<String, Value>> {
    let Some(ids) = ids else { return Ok(outputs) };
    if ids.iter().all(|id| outputs.contains_key(id)) {
        return Ok(outputs.into_iter().filter(|(id, _)| ids.contains(id)).collect());
    }
    let available: Vec<&String> = outputs.keys().collect();
    Err(AppError::new(
        ErrorKind::Unprocessable,
        json!({
            "error": "Validation error", "code": "UNKNOWN_OUTPUT_IDS",
            "message": "output_ids names nodes that are no outputs of the flow", "available": available,
        }),
    )
    .into())
}

/// What a node gave, and of which kind.
pub struct Content {
    pub kind: &'static str,
    pub value: Value,
}

/// The first result of a node: the text of a message, or the value as it is.
pub fn content(results: Option<&Value>) -> Content {
    let first = results.and_then(Value::as_object).and_then(|map| map.iter().next());
    match first {
        Some((_, message)) if message.get("sender_name").is_some() || message.get("text").is_some() => {
            Content { kind: "message", value: message.get("text").cloned().unwrap_or_default() }
        }
        Some((_, Value::String(text))) => Content { kind: "text", value: json!(text) },
        Some((_, value)) => Content { kind: "data", value: value.clone() },
        None => Content { kind: "unknown", value: Value::Null },
    }
}
