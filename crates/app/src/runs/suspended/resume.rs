//! A run that waits is answered and goes on.

use super::card;
use super::stored::Stored;
use crate::runs::background;
use crate::runs::build::goes_on;
use crate::runs::log::OpenLog;
use crate::runs::workflow::{KIND, Workflow};
use crate::runs::{plans, prepare};
use crate::{App, AppError, AppResult, ErrorKind, Principal};
use langflow_core::run::{HumanDecision, HumanRequest};
use langflow_core::{Json, JsonMap, Message};
use langflow_engine::Plan;
use langflow_engine::run::Checkpoint;
use langflow_store::{run_events, suspended};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long an answer waits for the part of the run before it to let go, and how often it looks.
const LETTING_GO: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(10);

/// From where a build goes on.
pub(in crate::runs) struct GoesOn {
    pub checkpoint: Arc<Checkpoint>,
    /// The message with the question, answered: told before anything else.
    pub card: Option<Arc<Message>>,
}

/// An answer that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumed {
    pub id: Uuid,
    /// It came after the timeout: another way was taken than it says, or none.
    pub is_late: bool,
}

/// Answers a workflow that waits: it goes on in the background, whatever way it was started.
///
/// # Errors
/// 409 `NOT_RESUMABLE` for a run that does not wait, waits for another answer or has just got one; 422
/// `INVALID_DECISION` for an action that is not among those allowed; 503 while too many runs are in the background.
pub async fn resume_workflow(
    app: &Arc<App>,
    who: &Principal,
    workflow: &Workflow,
    request_id: &str,
    decision: JsonMap,
) -> AppResult<Resumed> {
    let (id, owner) = (workflow.id, who.user_id);
    prepare::check_key(who, workflow.flow_id)?;
    let found = suspended::find(&app.store, owner, id).await?;
    let Some(row) = found.filter(|_| workflow.is_suspended()) else { return Err(not_resumable(id)) };
    let request: HumanRequest = row.request.read().map_err(AppError::internal)?;
    let decision = read(decision).filter(|d| request.allowed_decisions.contains(&d.action_id));
    let decision = decision.ok_or_else(|| invalid_decision(id, &request))?;
    if row.request_id != request_id {
        return Err(not_resumable(id));
    }
    let Some(mut stored) = Stored::open(app, row.state).await? else { return Err(unreadable(id)) };
    let chosen = decision.action_id.clone();
    let decision = request.in_time(decision, app.clock.now());
    let is_late = decision.action_id != chosen;
    if !stored.checkpoint.answer(request_id, decision) {
        return Err(not_resumable(id));
    }
    let graph = std::mem::take(&mut stored.graph);
    let plan = plans::compile(app, move || graph).await?;
    let log = open_log(app, owner, id).await?;
    log.begin_after(run_events::last(&app.store, id).await?);
    let answered = Answered {
        app: Arc::clone(app),
        who: who.clone(),
        workflow: workflow.clone(),
        request_id: request_id.to_owned(),
        chosen,
        stored,
        plan,
        log,
    };
    // A task of its own: a caller who goes away must not leave behind a run that was taken and does not go on.
    tokio::spawn(answered.go_on()).await.map_err(AppError::internal)??;
    Ok(Resumed { id, is_late })
}

/// A run with its answer, ready to be taken.
struct Answered {
    app: Arc<App>,
    who: Principal,
    workflow: Workflow,
    request_id: String,
    /// As the human said it.
    chosen: String,
    stored: Stored,
    plan: Arc<Plan>,
    log: OpenLog,
}

impl Answered {
    async fn go_on(self) -> AppResult<()> {
        let Self { app, who, workflow, request_id, chosen, stored, plan, log } = self;
        let (id, owner, boot, now) = (workflow.id, who.user_id, app.runs.boot_id, app.clock.now());
        let taken = app.store.write(move |tx| {
            Box::pin(async move {
                let Some(row) = suspended::take(tx, owner, id, &request_id, boot, now).await? else {
                    return Ok(None);
                };
                let card = card::answered(tx, owner, row.message_id, &chosen).await?;
                Ok(Some(card))
            })
        });
        let Some(card) = taken.await? else { return Err(not_resumable(id)) };
        let card = card.and_then(|row| row.to_message().ok()).map(Arc::new);
        let on = GoesOn { checkpoint: Arc::new(stored.checkpoint), card };
        let build = goes_on(&app, &who, &workflow, &stored.setup, plan, on);
        background::go_on(&app, build, log);
        Ok(())
    }
}

/// The part of the run that asked may be about to end.
async fn open_log(app: &Arc<App>, owner: Uuid, id: Uuid) -> AppResult<OpenLog> {
    let let_go = async {
        while app.runs.logs.find(id).is_some() {
            if suspended::requests(&app.store, owner, &[id]).await?.is_empty() {
                return Err(not_resumable(id));
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    };
    match tokio::time::timeout(LETTING_GO, let_go).await {
        Ok(done) => done?,
        Err(_) => return Err(not_resumable(id)),
    }
    OpenLog::new(app, id, owner, KIND).map_err(|error| match error.kind {
        ErrorKind::Conflict => not_resumable(id),
        _ => error,
    })
}

fn read(mut decision: JsonMap) -> Option<HumanDecision> {
    match decision.remove("action_id")? {
        Json::String(action_id) => Some(HumanDecision { action_id, more: decision }),
        _ => None,
    }
}

fn not_resumable(id: Uuid) -> AppError {
    AppError::conflict(json!({
        "error": "Job is not resumable", "code": "NOT_RESUMABLE",
        "message": "The job does not wait, was answered already, or waits for another request_id.", "job_id": id,
    }))
}

fn unreadable(id: Uuid) -> AppError {
    AppError::conflict(json!({
        "error": "Job is not resumable", "code": "NOT_RESUMABLE", "job_id": id,
        "message": "What the job is to be continued from cannot be read: the server's secret key has changed, or another \
            version has stored it. Bring the key back, or stop the job.",
    }))
}

fn invalid_decision(id: Uuid, request: &HumanRequest) -> AppError {
    AppError::new(
        ErrorKind::Unprocessable,
        json!({
            "error": "Invalid decision", "code": "INVALID_DECISION",
            "message": "decision.action_id is none of the actions that are allowed.",
            "job_id": id, "allowed_decisions": request.allowed_decisions,
        }),
    )
}
