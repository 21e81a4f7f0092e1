//! Workflows in the background: started, asked about, read and stopped by later requests (contract-flows 10.4).

use super::background::{self, Background};
use super::build::{BuildFlow, prepare_build};
use super::log::LogReader;
use crate::{App, AppError, AppResult, Principal};
use chrono::{DateTime, Utc};
use langflow_core::Json;
use langflow_store::Window;
use langflow_store::runs::{self, Run, RunFilter, RunStatus};
use std::sync::Arc;
use uuid::Uuid;

const KIND: &str = "workflow";
/// Runs that wait for a human, of one flow.
const MAX_PENDING: u64 = 100;

/// A workflow to be run in the background.
#[derive(Clone, Debug, Default)]
pub struct StartWorkflow {
    pub build: BuildFlow,
    /// What later requests want to know of this one.
    pub remember: Json,
    /// The caller's name for the run: a second run of this name is refused.
    pub idempotency_key: Option<String>,
}

/// A run in the background as its row tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Workflow {
    pub id: Uuid,
    pub flow_id: Uuid,
    pub session_id: String,
    pub status: &'static str,
    /// Nothing more will happen to it.
    pub is_over: bool,
    pub created_at: DateTime<Utc>,
    /// What went wrong.
    pub error: Option<String>,
    /// The name of the component that failed.
    pub component: Option<String>,
    /// Result objects of the output nodes (contract-flows 5.3).
    pub results: Vec<Json>,
    /// See [`StartWorkflow::remember`].
    pub remembered: Json,
}

impl From<Run> for Workflow {
    fn from(run: Run) -> Self {
        let error = run.error.map(|error| error.to_value()).unwrap_or_default();
        let text = |key: &str| error.get(key).and_then(Json::as_str).map(str::to_owned);
        let mut result = run.result.map(|result| result.to_value()).unwrap_or_default();
        let results = match result.get_mut("results").map(Json::take) {
            Some(Json::Array(results)) => results,
            _ => Vec::new(),
        };
        Self {
            id: run.id,
            flow_id: run.flow_id,
            session_id: run.session_id,
            status: run.status.as_str(),
            is_over: run.status.is_final(),
            created_at: run.created_at,
            error: text("message"),
            component: text("component"),
            results,
            remembered: run.input.map(|input| input.to_value()).unwrap_or_default(),
        }
    }
}

/// Accepts a workflow; it is durable when this returns.
///
/// # Errors
/// 404 and 422 as [`prepare_build`], 409 for a name that was given to another run, 503 while too many wait.
pub async fn start_workflow(app: &Arc<App>, who: &Principal, wanted: StartWorkflow) -> AppResult<Uuid> {
    let mut build = prepare_build(app, who, wanted.build).await?;
    build.kind = KIND;
    let how = Background {
        input: Some(wanted.remember),
        idempotency_key: wanted.idempotency_key,
        in_line: true,
        keeps_answer: true,
        keeps_events: true,
    };
    background::start(app, build, how).await
}

/// The caller's workflow, if there is one of this id.
pub async fn find_workflow(app: &App, who: &Principal, id: Uuid) -> AppResult<Option<Workflow>> {
    let found = runs::find(&app.store, who.user_id, id).await?;
    Ok(found.filter(|run| run.kind == KIND).map(Workflow::from))
}

/// The events of a workflow that [`find_workflow`] has found, from the first.
pub fn read_workflow(app: &Arc<App>, workflow: &Workflow) -> LogReader {
    LogReader::new(app, workflow.id, 0)
}

/// Stops a workflow that [`find_workflow`] has found. False: it had ended before.
pub async fn stop_workflow(app: &App, workflow: &Workflow) -> AppResult<bool> {
    if workflow.is_over {
        return Ok(false);
    }
    background::stop(app, workflow.id).await
}

/// Runs of a flow of the caller that wait for a human.
///
/// # Errors
/// 404 for a flow the caller may not see.
pub async fn list_pending(app: &App, who: &Principal, flow: Uuid) -> AppResult<Vec<Workflow>> {
    let filter = RunFilter {
        flow_id: Some(flow),
        status: Some(RunStatus::Suspended),
        window: Window { limit: Some(MAX_PENDING), ..Window::default() },
        ..RunFilter::default()
    };
    let found = runs::list(&app.store, who.user_id, &filter).await?;
    Ok(found.items.into_iter().map(Workflow::from).collect())
}

/// No run waits for an answer: none of the components asks for one.
///
/// # Errors
/// Always: 409 `NOT_RESUMABLE`.
pub fn resume_workflow(workflow: &Workflow) -> AppResult<()> {
    Err(AppError::conflict(serde_json::json!({
        "error": "Workflow is not waiting", "code": "NOT_RESUMABLE",
        "message": format!("Job {} is {}, not suspended.", workflow.id, workflow.status),
        "job_id": workflow.id,
    })))
}
