//! Calls to Firecrawl that several components make.

use super::remote::{ANSWER_BYTES, ask, text_at};
use langflow_core::run::Cx;
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret};
use langflow_providers::http::Call;
use std::time::Duration;

const API: &str = "https://api.firecrawl.dev/v1";
/// Between two questions whether a job is done.
const PAUSE: Duration = Duration::from_secs(2);
/// A job may take this long.
const JOB: Duration = Duration::from_mins(10);

/// Sends a request; `success: false` is a fault.
pub async fn send(key: &Secret, path: &str, body: JsonMap, cx: &Cx) -> Result<Json, Fault> {
    let call = Call::post(format!("{API}/{path}"))
        .timeout(Duration::from_mins(2))
        .bearer(key)
        .json(&Json::Object(body));
    checked(ask(call, "Firecrawl", cx).await?)
}

/// Starts a job and waits until it is done.
pub async fn run_job(key: &Secret, path: &str, body: JsonMap, cx: &Cx) -> Result<Json, Fault> {
    let started = send(key, path, body, cx).await?;
    let id = text_at(&started, "/id").to_owned();
    if id.is_empty() {
        return Ok(started);
    }
    let egress = cx.egress();
    let poll = async {
        loop {
            let call = Call::get(format!("{API}/{path}/{id}")).bearer(key);
            let state = checked(call.send_json(&*egress, "Firecrawl", ANSWER_BYTES).await?)?;
            match text_at(&state, "/status") {
                "completed" => return Ok(state),
                "failed" | "cancelled" => {
                    return Err(Fault::invalid(format!(
                        "Firecrawl could not finish: {}",
                        text_at(&state, "/error")
                    )));
                }
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
    };
    match tokio::time::timeout(JOB, poll).await {
        Ok(done) => done,
        Err(_) => Err(Fault::new(FaultKind::Timeout, "Firecrawl was not done within 10 minutes")),
    }
}

fn checked(answer: Json) -> Result<Json, Fault> {
    if answer.get("success") == Some(&Json::Bool(false)) {
        return Err(Fault::invalid(format!("Firecrawl refused: {}", text_at(&answer, "/error"))));
    }
    Ok(answer)
}

/// The addresses in a text, by commas and lines.
pub fn addresses(text: &str) -> Result<Vec<String>, Fault> {
    let all: Vec<String> = super::remote::parts(text).into_iter().map(str::to_owned).collect();
    if all.is_empty() {
        return Err(Fault::missing("no URL is given").at_field("urls"));
    }
    Ok(all)
}
