//! Runs for the editor: every node reports, other branches go on after a failure.

use super::journal::{Ending, Journal, RunHead};
use super::plans;
use super::prepare::{check_key, head, refused};
use super::scope::{self, Caller};
use super::start::{Frame, FrameSink, ToSinkAndJournal, drive, error_text};
use super::suspended::{GoesOn, Pause, Setup};
use super::workflow::Workflow;
use crate::variables::Overrides;
use crate::{App, AppError, AppResult, Principal, identify, policy};
use langflow_core::flow::Problem;
use langflow_core::run::RunEvent;
use langflow_core::value::{Category, Properties};
use langflow_core::{Json, JsonMap, Message};
use langflow_engine::plan::Scope;
use langflow_engine::present::Select;
use langflow_engine::run::InputType;
use langflow_engine::{Plan, RunRequest};
use langflow_store::flows::{self, FlowKey};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

/// A request to build a flow.
#[derive(Clone, Debug, Default)]
pub struct BuildFlow {
    pub flow_id: Uuid,
    pub inputs: BuildInputs,
    /// An unsaved graph, instead of the stored one.
    pub data: Option<Json>,
    /// Storage paths for the chat input.
    pub files: Vec<String>,
    pub start_component_id: Option<String>,
    pub stop_component_id: Option<String>,
    /// Keep the states of nodes.
    pub log_builds: bool,
    /// Changes of fields for this build.
    pub tweaks: JsonMap,
    /// Values that the request gives to global variables.
    pub variables: Overrides,
    /// What runs when neither start nor stop is named: the whole graph, or what the inputs lead to.
    pub from_inputs: bool,
}

/// What goes into the input nodes.
#[derive(Clone, Debug, Default)]
pub struct BuildInputs {
    pub value: Option<String>,
    pub session: Option<String>,
    pub kind: InputType,
    pub components: Vec<String>,
}

/// A build that can start.
pub struct PreparedBuild {
    pub(super) app: Arc<App>,
    pub(super) caller: Caller,
    pub(super) flow_id: Uuid,
    pub(super) run_id: Uuid,
    pub(super) flow_name: String,
    pub(super) wanted: BuildFlow,
    pub(super) session_id: String,
    /// Or why there is none: told to the reader, as the reference does.
    pub(super) plan: Result<Arc<Plan>, String>,
    /// The surface it came by, for the row of the run.
    pub(super) kind: &'static str,
    /// Who may read it, when that is not the owner.
    pub(super) visitor: Option<Uuid>,
    pub(super) templates: Vec<(usize, JsonMap)>,
    /// Somebody can answer what it asks: it may wait.
    pub(super) may_wait: bool,
    /// What later requests want to know of it.
    pub(super) remember: Option<Json>,
    /// It has waited, and goes on from there.
    pub(super) goes_on: Option<GoesOn>,
}

/// Finds the flow.
///
/// # Errors
/// 404 for a flow the caller may not see, 422 for refused tweaks (code `TWEAKS_REFUSED`). A flow that cannot be
/// compiled is told to the reader of the build.
pub async fn prepare_build(app: &Arc<App>, who: &Principal, wanted: BuildFlow) -> AppResult<PreparedBuild> {
    let flow = flows::find_ref(&app.store, who.user_id, FlowKey::Id(wanted.flow_id))
        .await?
        .ok_or_else(|| AppError::not_found(format!("Flow with id {} not found", wanted.flow_id)))?;
    check_key(who, flow.id)?;
    let plan = match &wanted.data {
        Some(graph) => {
            policy::allow_own_graph(who)?;
            let graph = graph.clone();
            plans::compile(app, move || graph).await
        }
        None => plans::load(app, who.user_id, &flow, false).await,
    };
    let plan = planned(plan)?;
    let tweaks_policy = app.settings.runs.tweaks_policy;
    let templates = match &plan {
        Ok(plan) if !wanted.tweaks.is_empty() => {
            plan.tweak(&wanted.tweaks, tweaks_policy).map_err(refused)?
        }
        _ => Vec::new(),
    };
    identify::count_run(app, who).await?;
    let session = wanted.inputs.session.clone().filter(|s| !s.is_empty());
    Ok(PreparedBuild {
        app: Arc::clone(app),
        caller: Caller { who: who.clone(), overrides: wanted.variables.clone(), depth: 0, is_public: false },
        flow_id: flow.id,
        run_id: app.ids.random(),
        flow_name: flow.name,
        session_id: session.unwrap_or_else(|| flow.id.to_string()),
        wanted,
        plan,
        kind: "build",
        visitor: None,
        templates,
        may_wait: false,
        remember: None,
        goes_on: None,
    })
}

/// A workflow that has waited, ready to go on as it was set up.
pub(super) fn goes_on(
    app: &Arc<App>,
    who: &Principal,
    workflow: &Workflow,
    setup: &Setup,
    plan: Arc<Plan>,
    on: GoesOn,
) -> PreparedBuild {
    let wanted = setup.to_build(workflow.flow_id, &workflow.session_id);
    let templates = setup.templates.iter().filter_map(|(id, fields)| Some((plan.index(id)?, fields.clone())));
    PreparedBuild {
        app: Arc::clone(app),
        caller: Caller { who: who.clone(), overrides: wanted.variables.clone(), depth: 0, is_public: false },
        flow_id: workflow.flow_id,
        run_id: workflow.id,
        flow_name: setup.flow_name.clone(),
        session_id: workflow.session_id.clone(),
        templates: templates.collect(),
        wanted,
        plan: Ok(plan),
        kind: super::workflow::KIND,
        visitor: None,
        may_wait: true,
        remember: None,
        goes_on: Some(on),
    }
}

/// A flow that cannot be run is no error yet: the reader of the build hears of it.
pub(super) fn planned(plan: AppResult<Arc<Plan>>) -> AppResult<Result<Arc<Plan>, String>> {
    match plan {
        Ok(plan) => Ok(Ok(plan)),
        Err(error) if error.kind == crate::ErrorKind::RunFailed => Ok(Err("Invalid flow ID".to_owned())),
        Err(error) if error.code == Some("INVALID_FLOW") => Ok(Err(plain(&error))),
        Err(error) => Err(error),
    }
}

/// The sentence inside the JSON text of an error.
fn plain(error: &AppError) -> String {
    let text = error_text(error);
    serde_json::from_str::<Json>(&text)
        .ok()
        .and_then(|json| json.get("message")?.as_str().map(str::to_owned))
        .unwrap_or(text)
}

impl PreparedBuild {
    /// The session the build belongs to.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// The id of the run that the build will be.
    pub fn run_id(&self) -> Uuid {
        self.run_id
    }

    /// Whether the flow asks a human.
    pub(super) fn asks_human(&self) -> bool {
        self.plan.as_ref().is_ok_and(|plan| plan.asks_human())
    }

    /// Whose flow runs.
    pub(super) fn owner(&self) -> Uuid {
        self.caller.who.user_id
    }

    pub(super) fn head(&self) -> RunHead {
        let head = head(&self.app, &self.caller.who, self.flow_id, self.session_id.clone(), self.kind);
        RunHead { id: self.run_id, input: self.remember.clone(), ..head }
    }

    /// Runs to the end, telling the reader. Dropping the future cancels the build.
    pub async fn stream(self, sink: FrameSink) {
        let journal = Journal::new(&self.app, self.head());
        let keeps_answer = self.may_wait;
        self.run(Some(sink), journal, keeps_answer).await;
    }

    /// Runs to the end. With `keeps_answer` the row of the run holds the answer.
    pub(super) async fn run(self, sink: Option<FrameSink>, journal: Arc<Journal>, keeps_answer: bool) {
        let started = Instant::now();
        let plan = match &self.plan {
            Ok(plan) => Arc::clone(plan),
            Err(why) => return self.refuse(sink, &journal, why).await,
        };
        let scope = self.scope();
        if let Err(Problem { message, .. }) = plan.select(&scope) {
            return self.refuse(sink, &journal, &message).await;
        }
        let runs = &self.app.settings.runs;
        let request = RunRequest {
            input_value: self.wanted.inputs.value.clone(),
            input_type: self.wanted.inputs.kind,
            input_components: self.wanted.inputs.components.clone(),
            files: self.wanted.files.clone(),
            scope,
            is_build: true,
            limits: runs.limits,
            frozen: Some(Arc::clone(&self.app.runs.frozen)),
            memory: Some(Arc::clone(&self.app.runs.memory)),
            checkpoint: self.goes_on.as_ref().map(|on| Arc::clone(&on.checkpoint)),
            ..RunRequest::default()
        }
        .tweaked(&plan, self.templates.clone());
        let events = Arc::new(ToSinkAndJournal {
            sink: sink.clone(),
            journal: Arc::clone(&journal),
            store_builds: self.wanted.log_builds && runs.store_vertex_builds,
            store_transactions: runs.store_transactions,
        });
        let head = journal.head();
        let scope =
            scope::scope(&self.app, &self.caller, head, &self.flow_name, &journal, false, Some(events as _));
        let keep = keeps_answer.then_some(&Select::Outputs);
        let setup = self.may_wait.then(|| {
            Setup::of(&self.wanted, &self.flow_name, &plan, &self.templates, &self.caller.overrides)
        });
        if let Some(card) = self.goes_on.as_ref().and_then(|on| on.card.clone()) {
            tell(sink.as_ref(), Frame::Event(RunEvent::AddMessage(card))).await;
        }
        let last = match drive(&self.app, &journal, &plan, scope, request, keep, setup).await {
            Ok(driven) => {
                let outcome = driven.outcome;
                match driven.pause {
                    Some(Pause::Waits { request, card }) => {
                        tell(sink.as_ref(), Frame::Event(RunEvent::AddMessage(card))).await;
                        return tell(sink.as_ref(), Frame::Waiting(Box::new(request))).await;
                    }
                    Some(Pause::Refused { message, .. }) => {
                        tell(sink.as_ref(), Frame::Event(RunEvent::Error(message))).await;
                    }
                    Some(Pause::Ended) | None => {}
                }
                if outcome.failure.is_none() && self.is_whole() {
                    self.caller.remember(&self.app, head).await;
                }
                match outcome.failure.filter(|f| f.node.is_none()) {
                    None => Frame::BuildEnd { seconds: started.elapsed().as_secs_f64() },
                    Some(failure) => Frame::Failed(format!("500: {}", failure.fault.message())),
                }
            }
            Err(error) => Frame::Failed(format!("500: {}", error_text(&error))),
        };
        tell(sink.as_ref(), last).await;
    }

    /// Neither begins nor ends at a node.
    fn is_whole(&self) -> bool {
        self.wanted.start_component_id.is_none() && self.wanted.stop_component_id.is_none()
    }

    fn scope(&self) -> Scope {
        let (start, stop) = (&self.wanted.start_component_id, &self.wanted.stop_component_id);
        if self.wanted.from_inputs && self.is_whole() {
            return Scope::Inputs;
        }
        Scope::Build { start: start.clone(), stop: stop.clone() }
    }

    /// Two error frames: a message for the chat, and the plain sentence.
    async fn refuse(&self, sink: Option<FrameSink>, journal: &Journal, why: &str) {
        if journal.is_open()
            && let Err(error) = journal.close(Ending::refused(why)).await
        {
            tracing::warn!(run_id = %self.run_id, %error, "a run that could not start was not closed: {error}");
        }
        let Some(sink) = sink else { return };
        let message = Message {
            session_id: self.session_id.clone(),
            category: Category::Error,
            error: true,
            timestamp: self.app.clock.now(),
            flow_id: Some(self.flow_id),
            properties: Properties {
                text_color: Some("red".into()),
                background_color: Some("red".into()),
                icon: Some("error".into()),
                ..Properties::default()
            },
            content_blocks: vec![json!({
                "title": "Error",
                "contents": [{
                    "type": "error", "duration": null, "header": {}, "component": null, "field": null,
                    "reason": format!("**ValueError**\n - **Details: {why}**\n"),
                    "solution": null, "code": null, "traceback": "",
                }],
                "allow_markdown": true,
                "media_url": null,
            })],
            ..Message::from_text(format!("{why}\n"))
        };
        let _ = sink.send(Frame::Event(RunEvent::Error(Arc::new(message)))).await;
        let _ = sink.send(Frame::Failed(format!("500: {why}"))).await;
    }
}

/// Whoever reads no more is not told.
async fn tell(sink: Option<&FrameSink>, frame: Frame) {
    if let Some(sink) = sink {
        let _ = sink.send(frame).await;
    }
}
