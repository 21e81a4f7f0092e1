//! Driving a run, and what its reader sees on the way.

use super::answer::{RunAnswer, RunOutput};
use super::journal::{CancelOnDrop, Ending, Journal};
use super::prepare::{PreparedRun, RunFlow, RunInput, prepare_run, refusal_text};
use super::suspended::{Pause, Setup, suspend};
use super::truncate::truncate;
use super::{plans, scope};
use crate::{App, AppError, AppResult, ErrorKind, Principal};
use langflow_core::run::{Events, HumanRequest, RunEvent, VertexBuild};
use langflow_core::value::Usage;
use langflow_core::{Fault, FaultKind, async_trait};
use langflow_engine::present::Select;
use langflow_engine::run::Failure;
use langflow_engine::{Outcome, Plan, RunRequest, present};
use langflow_store::runs::RunStatus;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::mpsc;

/// A larger answer is shortened in the row of its run.
const MAX_RESULT_BYTES: usize = 4 << 20;

/// What a reader of a run sees, in order.
#[derive(Clone, Debug)]
pub enum Frame {
    Event(RunEvent),
    /// The answer of a run; last.
    Answer(Box<RunAnswer>),
    /// The run failed, or could not start; last but in a build.
    Failed(String),
    /// The run waits for a human; last, and whoever reads on later finds more.
    Waiting(Box<HumanRequest>),
    /// A build is over; last.
    BuildEnd {
        seconds: f64,
    },
}

/// Where frames go. Bounded: a slow reader slows the run down.
pub type FrameSink = mpsc::Sender<Frame>;

/// Runs a flow and gives its answer. Dropping the future cancels the run.
pub async fn run_flow(app: &Arc<App>, who: &Principal, wanted: RunFlow) -> AppResult<RunAnswer> {
    prepare_run(app, who, wanted).await?.run(None).await
}

impl PreparedRun {
    /// Runs for a reader of frames; the last frame is the answer or the failure.
    pub async fn stream(self, sink: FrameSink) {
        let last = match self.run(Some(sink.clone())).await {
            Ok(answer) => Frame::Answer(Box::new(answer)),
            Err(error) => Frame::Failed(format!("500: {}", error_text(&error))),
        };
        // Nobody reads any more: nothing to tell.
        let _ = sink.send(last).await;
    }

    /// Runs every input in turn.
    pub async fn run(self, sink: Option<FrameSink>) -> AppResult<RunAnswer> {
        let mut answer = RunAnswer { session_id: self.session_id.clone(), ..RunAnswer::default() };
        for input in &self.inputs {
            let results = match self.run_input(input, sink.as_ref()).await? {
                Done::Results(results) => results,
                Done::Waits(request) => {
                    answer.waiting = Some(request);
                    return Ok(answer);
                }
            };
            answer.outputs.push(RunOutput { input_value: input.value.clone(), results });
        }
        Ok(answer)
    }

    async fn run_input(&self, input: &RunInput, sink: Option<&FrameSink>) -> AppResult<Done> {
        let head = self.head();
        let request = RunRequest {
            input_value: input.value.clone(),
            input_type: input.kind,
            input_components: input.components.clone(),
            ..self.request.clone()
        };
        let journal = Journal::new(&self.app, head.clone());
        let events = sink.map(|sink| Arc::new(ToSink(sink.clone())) as Arc<dyn Events>);
        let scope =
            scope::scope(&self.app, &self.caller, &head, &self.flow.name, &journal, self.stream, events);
        let setup = self.may_wait.then(|| self.setup(input));
        let keep = self.may_wait.then_some(&self.select);
        let driven = drive(&self.app, &journal, &self.plan, scope, request, keep, setup).await?;
        if let Some(Pause::Waits { request, .. }) = driven.pause {
            return Ok(Done::Waits(Box::new(request)));
        }
        let outcome = driven.outcome;
        match &outcome.failure {
            None => {
                self.caller.remember(&self.app, &head).await;
                Ok(Done::Results(present::results(&self.plan, &outcome, &self.select, &head.session_id)))
            }
            Some(failure) => Err(failed(&self.plan, failure, self.plain_errors)),
        }
    }
}

/// What one input has led to.
enum Done {
    Results(Vec<langflow_core::Json>),
    Waits(Box<HumanRequest>),
}

/// A run that was driven to its end, or until it waits.
pub(super) struct Driven {
    pub outcome: Outcome,
    /// The run was to wait.
    pub pause: Option<Pause>,
}

/// Runs a plan, keeps what it leaves behind, and closes its row. With `keep`, the row holds the answer too; with `setup`,
/// the run may wait for a human.
pub(super) async fn drive(
    app: &App,
    journal: &Arc<Journal>,
    plan: &Arc<Plan>,
    scope: langflow_core::run::RunScope,
    request: RunRequest,
    keep: Option<&Select>,
    setup: Option<Setup>,
) -> AppResult<Driven> {
    let session_id = scope.session_id.clone();
    let is_build = request.is_build;
    let started = std::time::Instant::now();
    let mut guard = CancelOnDrop(Some(Arc::clone(journal)));
    let request = RunRequest { may_wait: setup.is_some(), ..request };
    let mut outcome = journal.watch(langflow_engine::run(Arc::clone(plan), scope, request)).await?;
    if !is_build && app.settings.runs.store_transactions {
        keep_transactions(journal, plan, &outcome);
    }
    let mut pause = None;
    if let (Some(checkpoint), Some(setup)) = (outcome.waiting.take(), setup) {
        let paused = suspend(app, journal, plan, setup, checkpoint, outcome.usage).await?;
        match &paused {
            Pause::Waits { .. } => {
                guard.disarm();
                return Ok(Driven { outcome, pause: Some(paused) });
            }
            Pause::Refused { failure, .. } => outcome.failure = Some(failure.clone()),
            Pause::Ended => {
                let fault = Fault::new(FaultKind::Cancelled, "The run was cancelled");
                outcome.failure = Some(Failure { node: None, fault });
            }
        }
        pause = Some(paused);
    }
    let mut ending = ending(plan, &outcome);
    ending.result = keep.map(|select| result(app, plan, &outcome, select, &session_id));
    metrics::counter!("langflow_runs_total", "status" => ending.status.as_str()).increment(1);
    metrics::histogram!("langflow_run_seconds").record(started.elapsed().as_secs_f64());
    guard.disarm();
    journal.close(ending).await?;
    Ok(Driven { outcome, pause })
}

/// Builds report each node as it ends; of a run the nodes are listed when it is over.
fn keep_transactions(journal: &Journal, plan: &Plan, outcome: &Outcome) {
    for build in present::builds(plan, outcome) {
        journal.add_build(&build, &langflow_core::Json::Null, false, true);
    }
}

fn ending(plan: &Plan, outcome: &Outcome) -> Ending {
    let status = match outcome.failure.as_ref().map(|f| f.fault.kind()) {
        None => RunStatus::Completed,
        Some(FaultKind::Cancelled) => RunStatus::Cancelled,
        Some(FaultKind::Budget) if outcome.failure.as_ref().is_some_and(|f| f.node.is_none()) => {
            RunStatus::TimedOut
        }
        Some(_) => RunStatus::Failed,
    };
    let error = outcome.failure.as_ref().map(|failure| {
        let place = failure.fault.place();
        json!({
            "message": sentence(plan, failure),
            "component_id": place.map(|p| &p.node_id),
            "component": place.map(|p| &p.component),
            "field": place.and_then(|p| p.field.as_ref()),
        })
    });
    Ending { status, usage: outcome.usage.filter(|u| *u != Usage::default()), error, result: None }
}

/// The answer as the row of a run keeps it: `{"results": […]}` (contract-flows 5.3), shortened when it is large.
fn result(
    app: &App,
    plan: &Plan,
    outcome: &Outcome,
    select: &Select,
    session_id: &str,
) -> langflow_core::Json {
    let mut json = json!({ "results": present::results(plan, outcome, select, session_id) });
    if json.to_string().len() > MAX_RESULT_BYTES {
        let limits = &app.settings.flows;
        truncate(&mut json, limits.max_text_length as usize, limits.max_items_length as usize);
    }
    json
}

fn sentence(plan: &Plan, failure: &Failure) -> String {
    failure.text(failure.node.and_then(|at| plan.node(at)))
}

/// The error of a failed run. A flow that needs what this server does not have is the caller's to change
/// (400); any other failure of a component reads as in the reference (500).
pub(super) fn failed(plan: &Plan, failure: &Failure, plain: bool) -> AppError {
    let message = format!("Error running graph: {}", sentence(plan, failure));
    let kind = match failure.fault.kind() {
        FaultKind::Unsupported => ErrorKind::BadRequest,
        _ => ErrorKind::RunFailed,
    };
    AppError::new(kind, if plain { message } else { plans::detail(&message) })
}

/// The text of an error for who reads text only.
pub fn error_text(error: &AppError) -> String {
    refusal_text(error).unwrap_or_else(|| match &error.detail {
        langflow_core::Json::String(text) => text.clone(),
        other => other.to_string(),
    })
}

/// Events on their way to the reader. When nobody reads any more, the run is about to be cancelled.
pub(super) struct ToSink(pub FrameSink);

#[async_trait]
impl Events for ToSink {
    async fn emit(&self, event: RunEvent) {
        let _ = self.0.send(Frame::Event(event)).await;
    }
}

/// As [`ToSink`], and the states of nodes go to the journal too.
pub(super) struct ToSinkAndJournal {
    pub sink: Option<FrameSink>,
    pub journal: Arc<Journal>,
    pub store_builds: bool,
    pub store_transactions: bool,
}

#[async_trait]
impl Events for ToSinkAndJournal {
    async fn emit(&self, event: RunEvent) {
        if let RunEvent::EndVertex(build) = &event {
            let data = build_data(build);
            self.journal.add_build(build, &data, self.store_builds, self.store_transactions);
        }
        if let Some(sink) = &self.sink {
            let _ = sink.send(Frame::Event(event)).await;
        }
    }
}

/// `data` of a node's state (contract-flows 5.4).
pub fn build_data(build: &VertexBuild) -> langflow_core::Json {
    json!({
        "results": build.results,
        "outputs": build.outputs,
        "logs": build.logs,
        "message": build.artifacts,
        "artifacts": build.artifacts,
        "timedelta": build.duration_seconds,
        "duration": duration_text(build.duration_seconds),
        "used_frozen_result": build.used_frozen_result,
        "token_usage": build.token_usage,
    })
}

/// `19 ms`, `5.5 seconds`, `1 minute, 3 seconds`.
pub fn duration_text(seconds: f64) -> String {
    if seconds < 1.0 {
        return format!("{} ms", (seconds * 1000.0).round() as u64);
    }
    if seconds < 60.0 {
        return format!("{seconds:.1} seconds");
    }
    let whole = seconds as u64;
    let plural = |n: u64, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    format!("{}, {}", plural(whole / 60, "minute"), plural(whole % 60, "second"))
}
