//! Workflows in the background: started, asked about, read and stopped by later requests (contract-flows 10.4).

pub use super::suspended::{Resumed, resume_workflow};

use super::background::{self, Background};
use super::build::{BuildFlow, PreparedBuild, prepare_build};
use super::log::LogReader;
use crate::{App, AppResult, Principal};
use chrono::{DateTime, Utc};
use langflow_core::Json;
use langflow_store::runs::{self, Run, RunFilter, RunStatus};
use langflow_store::{Window, suspended};
use std::sync::Arc;
use uuid::Uuid;

pub(super) const KIND: &str = "workflow";
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
    /// What a human is asked, while it waits for one.
    pub request: Option<Json>,
}

impl Workflow {
    /// It waits for a human.
    pub fn is_suspended(&self) -> bool {
        self.status == RunStatus::Suspended.as_str()
    }
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
            request: None,
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
    build.may_wait = build.asks_human();
    let how = Background {
        input: Some(wanted.remember),
        idempotency_key: wanted.idempotency_key,
        in_line: true,
        keeps_answer: true,
        keeps_events: true,
    };
    background::start(app, build, how).await
}

/// As [`prepare_build`], for a workflow that is read while it runs. One that asks a human is told of later too, with
/// what there is to `remember` of it.
pub async fn prepare_workflow(
    app: &Arc<App>,
    who: &Principal,
    wanted: BuildFlow,
    remember: Json,
) -> AppResult<PreparedBuild> {
    let mut build = prepare_build(app, who, wanted).await?;
    if build.asks_human() {
        build.kind = KIND;
        build.may_wait = true;
        build.remember = Some(remember);
    }
    Ok(build)
}

/// The caller's workflow, if there is one of this id.
pub async fn find_workflow(app: &App, who: &Principal, id: Uuid) -> AppResult<Option<Workflow>> {
    let found = runs::find(&app.store, who.user_id, id).await?;
    let Some(mut found) = found.filter(|run| run.kind == KIND).map(Workflow::from) else { return Ok(None) };
    if found.is_suspended() {
        add_requests(app, who, std::slice::from_mut(&mut found)).await?;
    }
    Ok(Some(found))
}

async fn add_requests(app: &App, who: &Principal, found: &mut [Workflow]) -> AppResult<()> {
    let ids: Vec<Uuid> = found.iter().map(|workflow| workflow.id).collect();
    let mut requests = suspended::requests(&app.store, who.user_id, &ids).await?;
    for workflow in found {
        workflow.request = requests.remove(&workflow.id).map(|request| request.to_value());
    }
    Ok(())
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
    let mut found: Vec<Workflow> = found.items.into_iter().map(Workflow::from).collect();
    add_requests(app, who, &mut found).await?;
    found.retain(|workflow| workflow.request.is_some());
    Ok(found)
}
