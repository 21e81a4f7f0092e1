//! Webhooks: flows that other systems start (contract-flows 8).

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::json::body_error;
use crate::extract::{Caller, MaybeCaller};
use crate::routes::Routes;
use crate::sse;
use crate::v1::runs::request_variables;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use futures::{StreamExt as _, stream};
use langflow_app::AppError;
use langflow_app::runs::{LoggedEvent, WebhookCall, accept_webhook, listen_to_webhooks};
use serde_json::{Value, json};
use std::time::Duration;
use utoipa_axum::routes;
use uuid::Uuid;

/// How often a listener is told that the server is there.
const HEARTBEAT: Duration = Duration::from_secs(30);

pub fn routes() -> Routes {
    Routes::new().add(Access::Webhook, routes!(call_webhook)).add(Access::Session, routes!(listen))
}

/// Call the webhook of a flow: it runs in the background with what was sent.
#[utoipa::path(post, path = "/api/v1/webhook/{flow_id_or_name}", tag = "runs",
    params(("flow_id_or_name" = String, Path, description = "Id or endpoint name")),
    request_body(content = Object, description = "What the webhook component gives on"),
    responses((status = 202, description = "Started"), (status = 400, description = "Nothing was sent"),
        (status = 404, description = "No such flow"), (status = 503, description = "Too many runs in the background")))]
async fn call_webhook(
    State(app): State<AppState>,
    caller: MaybeCaller,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> ApiResult<(StatusCode, Json<Value>)> {
    let body = body.map_err(|rejection| body_error(&rejection))?;
    if body.is_empty() {
        return Err(AppError::bad_request(
            "Request body is empty. You should provide a JSON payload containing the flow ID.",
        )
        .into());
    }
    let call = WebhookCall {
        flow,
        body: String::from_utf8_lossy(&body).into_owned(),
        variables: request_variables(&headers),
    };
    accept_webhook(&app, caller.0.as_ref(), call).await?;
    let answer = json!({"message": "Task started in the background", "status": "in progress"});
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// Events of the runs that calls of a webhook start, from now on.
#[utoipa::path(get, path = "/api/v1/webhook-events/{flow_id_or_name}", tag = "runs",
    params(("flow_id_or_name" = String, Path, description = "Id or endpoint name")),
    responses((status = 200, description = "Events", content_type = "text/event-stream"),
        (status = 404, description = "No such flow")))]
async fn listen(
    State(app): State<AppState>,
    Caller(who): Caller,
    Path(flow): Path<String>,
) -> ApiResult<Response> {
    let listener = listen_to_webhooks(&app, &who, &flow).await?;
    let head = json!({"flow_id": listener.flow_id, "flow_name": listener.flow_name});
    let first = stream::once(async move { Ok::<_, AppError>(Bytes::from(frame("connected", &head))) });
    let events = stream::try_unfold((listener, Presenter::default()), async |(mut listener, mut to)| {
        let news = listener.next().await?;
        let text: String = news.events.iter().map(|event| to.present(news.run_id, event)).collect();
        Ok(Some((Bytes::from(text), (listener, to))))
    });
    let heartbeat = move || frame("heartbeat", &json!({"timestamp": app.clock.now().to_rfc3339()}));
    Ok(sse::answer(sse::kept_alive(first.chain(events), HEARTBEAT, heartbeat)))
}

fn frame(event: &str, data: &Value) -> String {
    format!("event: {event}\ndata: {data}\n\n")
}

/// Events of a build as this surface tells them: each node is said to begin, and how the run ended.
#[derive(Default)]
struct Presenter {
    run_id: Uuid,
    has_failed: bool,
}

impl Presenter {
    fn present(&mut self, run_id: Uuid, event: &LoggedEvent) -> String {
        if run_id != self.run_id {
            *self = Self { run_id, has_failed: false };
        }
        let mut data = event.value();
        match event.kind.as_str() {
            "vertices_sorted" => {
                let begins = begins(data.get("ids"));
                if let Some(map) = data.as_object_mut() {
                    map.insert("run_id".into(), json!(run_id));
                }
                frame("vertices_sorted", &data) + &begins
            }
            "build_start" if data.get("id").is_none() => String::new(),
            "end_vertex" => {
                let build = data.get("build_data").cloned().unwrap_or_default();
                self.has_failed |= build.get("valid") == Some(&json!(false));
                let begins = begins(build.get("next_vertices_ids"));
                frame("end_vertex", &json!({"build_data": build})) + &begins
            }
            "error" => {
                self.has_failed = true;
                let text = frame("error", &data);
                // The run could not start: nothing else will say that it is over.
                if data.get("error").is_some_and(Value::is_string) { text + &self.end() } else { text }
            }
            "end" => self.end(),
            kind => frame(kind, &data),
        }
    }

    fn end(&self) -> String {
        frame("end", &json!({"run_id": self.run_id, "success": !self.has_failed}))
    }
}

fn begins(ids: Option<&Value>) -> String {
    let ids = ids.and_then(Value::as_array).into_iter().flatten();
    ids.map(|id| frame("build_start", &json!({"id": id}))).collect()
}
