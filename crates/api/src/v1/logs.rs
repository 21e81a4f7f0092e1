//! Lines of the server's log, for superusers (contract-flows 12.7).

use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::query::Query;
use crate::routes::Routes;
use crate::sse;
use axum::Json;
use axum::body::Bytes;
use axum::response::Response;
use futures::stream;
use langflow_app::log_lines::{LogLine, Wanted, lines};
use langflow_app::{AppError, ErrorKind};
use serde_json::{Map, Value, json};
use std::convert::Infallible;
use utoipa_axum::routes;

/// Lines that are given when nobody says how many.
const SOME: usize = 10;
/// Lines that one answer, or one piece of a stream, holds at most.
const MOST: i64 = 10_000;

pub fn routes() -> Routes {
    Routes::new().add(Access::Superuser, routes!(read_logs)).add(Access::Superuser, routes!(stream_logs))
}

fn check_on() -> ApiResult<()> {
    if lines().is_on() {
        return Ok(());
    }
    Err(AppError::new(ErrorKind::NotImplemented, "Log retrieval is disabled").into())
}

/// Lines of the log by their times in milliseconds since 1970: the last ones, or those around a time.
#[utoipa::path(get, path = "/logs", tag = "monitor",
    params(("lines_before" = Option<i64>, Query, description = "So many before the time, or the last ones"),
        ("lines_after" = Option<i64>, Query, description = "So many from the time on"),
        ("timestamp" = Option<i64>, Query, description = "Milliseconds since 1970")),
    responses((status = 200, description = "Lines by their times"), (status = 400, description = "Lines before and after, or after no time"),
        (status = 422, description = "No number"), (status = 501, description = "No lines are kept")))]
async fn read_logs(mut query: Query) -> ApiResult<Json<Value>> {
    check_on()?;
    let before = query.integer("lines_before", 0, 0, Some(MOST)) as usize;
    let after = query.integer("lines_after", 0, 0, Some(MOST)) as usize;
    let at = query.integer("timestamp", 0, 0, None);
    query.finish()?;
    let wanted = match (before, after, at) {
        (1.., 1.., _) => {
            return Err(AppError::bad_request(
                "Cannot request logs before and after the timestamp at the same time",
            )
            .into());
        }
        (_, 1.., 0) => {
            return Err(AppError::bad_request(
                "Timestamp is required when requesting logs after the timestamp",
            )
            .into());
        }
        (0, 1.., at) => Wanted::After(at, after),
        (0, 0, 0) => Wanted::Last(SOME),
        (0, 0, at) => Wanted::Before(at, SOME),
        (_, _, 0) => Wanted::Last(before),
        (_, _, at) => Wanted::Before(at, before),
    };
    Ok(Json(by_time(lines().read(wanted))))
}

fn by_time(lines: Vec<LogLine>) -> Value {
    Value::Object(
        lines.into_iter().map(|line| (line.at_ms.to_string(), json!(line.text))).collect::<Map<_, _>>(),
    )
}

/// Lines of the log as they come.
#[utoipa::path(get, path = "/logs-stream", tag = "monitor",
    responses((status = 200, description = "One JSON object per line of the log", content_type = "text/event-stream"),
        (status = 501, description = "No lines are kept")))]
async fn stream_logs() -> ApiResult<Response> {
    check_on()?;
    let last = lines().read(Wanted::Last(1)).last().map_or(0, |line| line.at_ms + 1);
    let events = stream::unfold(last, async |from| {
        loop {
            let changed = lines().changed();
            let new = lines().read(Wanted::After(from, SOME));
            if let Some(last) = new.last() {
                let next = last.at_ms + 1;
                let text: String = new
                    .iter()
                    .map(|line| format!("{}\n\n", json!({line.at_ms.to_string(): line.text})))
                    .collect();
                return Some((Ok::<_, Infallible>(Bytes::from(text)), next));
            }
            changed.await;
        }
    });
    Ok(sse::answer(sse::kept_alive(events, sse::KEEP_ALIVE, || "keepalive\n\n".to_owned())))
}
