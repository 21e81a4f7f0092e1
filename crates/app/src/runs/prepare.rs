//! From a request to a run that can start: everything a caller can do wrong is refused here.

use super::build::{BuildFlow, BuildInputs};
use super::journal::RunHead;
use super::plans;
use super::scope::Caller;
use super::suspended::Setup;
use super::workflow::KIND;
use crate::principal::Credential;
use crate::variables::Overrides;
use crate::{App, AppError, AppResult, ErrorKind, Principal, identify};
use langflow_core::flow::tweaks::Refusal;
use langflow_core::{Json, JsonMap};
use langflow_engine::plan::Scope;
use langflow_engine::present::Select;
use langflow_engine::run::InputType;
use langflow_engine::{Plan, RunRequest};
use langflow_store::flows::{self, FlowKey, FlowRef};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// A request to run a stored flow.
#[derive(Clone, Debug, Default)]
pub struct RunFlow {
    /// Id or endpoint name.
    pub flow: String,
    /// One run per input; none is one run without input.
    pub inputs: Vec<RunInput>,
    pub output: OutputChoice,
    pub tweaks: JsonMap,
    pub session_id: Option<String>,
    /// The caller reads events; models may stream.
    pub stream: bool,
    /// Values that the request gives to global variables.
    pub variables: Overrides,
    /// Somebody can answer later: a flow that asks a human may wait. Otherwise it is refused.
    pub may_wait: bool,
    /// What later requests want to know of a run that waits.
    pub remember: Option<Json>,
    /// How errors read: `/run` puts JSON into the text, other surfaces the plain sentence.
    pub plain_errors: bool,
}

/// One input.
#[derive(Clone, Debug, Default)]
pub struct RunInput {
    pub value: Option<String>,
    pub kind: InputType,
    /// Ids or display names of the nodes that get it.
    pub components: Vec<String>,
}

/// Which nodes the answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputChoice {
    /// `chat`, `text`, `any`, `debug`.
    Kind(&'static str),
    /// Ids or display names.
    Named(Vec<String>),
}

impl Default for OutputChoice {
    fn default() -> Self {
        Self::Kind("chat")
    }
}

/// A run that can start.
pub struct PreparedRun {
    pub(super) app: Arc<App>,
    pub(super) caller: Caller,
    pub(super) flow: Arc<FlowRef>,
    pub(super) plan: Arc<Plan>,
    pub(super) session_id: String,
    pub(super) inputs: Vec<RunInput>,
    pub(super) select: Select,
    pub(super) request: RunRequest,
    pub(super) stream: bool,
    pub(super) plain_errors: bool,
    /// The flow asks a human, and the run may wait.
    pub(super) may_wait: bool,
    remember: Option<Json>,
    templates: Vec<(usize, JsonMap)>,
}

/// Finds the flow, checks the tweaks, compiles.
///
/// # Errors
/// 404 for a flow the caller may not see, 400 for an input that is given twice and for a broken flow, 422
/// for refused tweaks (code `TWEAKS_REFUSED`).
pub async fn prepare_run(app: &Arc<App>, who: &Principal, wanted: RunFlow) -> AppResult<PreparedRun> {
    let not_found = || AppError::not_found(format!("Flow identifier {} not found", wanted.flow));
    let flow = flows::find_ref_recent(&app.store, who.user_id, FlowKey::parse(&wanted.flow))
        .await?
        .ok_or_else(not_found)?;
    check_key(who, flow.id)?;
    check_conflict(&wanted)?;
    let plan = plans::load(app, who.user_id, &flow, true).await?;
    let may_wait = plan.asks_human();
    if may_wait && !wanted.may_wait {
        return Err(cannot_wait());
    }
    let templates = plan.tweak(&wanted.tweaks, app.settings.runs.tweaks_policy).map_err(refused)?;
    let kept = if may_wait { templates.clone() } else { Vec::new() };
    let request = RunRequest {
        scope: Scope::Inputs,
        stream: (!mentions(&wanted.tweaks, "stream")).then_some(wanted.stream),
        limits: app.settings.runs.limits,
        frozen: Some(Arc::clone(&app.runs.frozen)),
        memory: Some(Arc::clone(&app.runs.memory)),
        keep_inputs: app.settings.runs.store_transactions,
        ..RunRequest::default()
    }
    .tweaked(&plan, templates);
    identify::count_run(app, who).await?;
    let inputs = if wanted.inputs.is_empty() { vec![RunInput::default()] } else { wanted.inputs };
    Ok(PreparedRun {
        app: Arc::clone(app),
        caller: Caller { who: who.clone(), overrides: wanted.variables, depth: 0, is_public: false },
        session_id: wanted.session_id.filter(|s| !s.is_empty()).unwrap_or_else(|| flow.id.to_string()),
        select: select(wanted.output),
        flow,
        plan,
        inputs,
        request,
        stream: wanted.stream,
        plain_errors: wanted.plain_errors,
        may_wait,
        remember: wanted.remember,
        templates: kept,
    })
}

impl PreparedRun {
    /// Whether the flow has a component of this kind.
    pub fn has_component(&self, kind: &str) -> bool {
        self.plan.nodes.iter().any(|node| node.node.kind == kind)
    }

    /// Refuses a flow that strangers may not run, and lets it run only what they may.
    ///
    /// # Errors
    /// 403 that names the components.
    pub(crate) async fn refuse_closed(&mut self) -> AppResult<()> {
        super::public::check(&self.app, &self.plan).await?;
        self.caller.is_public = true;
        Ok(())
    }

    pub(super) fn head(&self) -> RunHead {
        let kind = if self.may_wait { KIND } else { "run" };
        let head = head(&self.app, &self.caller.who, self.flow.id, self.session_id.clone(), kind);
        RunHead { input: self.remember.clone().filter(|_| self.may_wait), ..head }
    }

    /// What a run with this input is continued with.
    pub(super) fn setup(&self, input: &RunInput) -> Setup {
        let wanted = BuildFlow {
            inputs: BuildInputs {
                value: input.value.clone(),
                kind: input.kind,
                components: input.components.clone(),
                ..BuildInputs::default()
            },
            log_builds: true,
            from_inputs: true,
            ..BuildFlow::default()
        };
        Setup::of(&wanted, &self.flow.name, &self.plan, &self.templates, &self.caller.overrides)
    }
}

/// The flow asks a human, and the way it was called cannot wait for one.
pub(super) fn cannot_wait() -> AppError {
    AppError::bad_request(
        "The flow asks a human (Human Input), and a run over this route cannot wait for the answer. Run it as a workflow: \
         POST /api/v2/workflows with mode \"background\", then POST /api/v2/workflows/{job_id}/resume with the decision.",
    )
    .with_code("HUMAN_INPUT_UNSUPPORTED")
}

pub(super) fn head(
    app: &App,
    who: &Principal,
    flow_id: Uuid,
    session_id: String,
    kind: &'static str,
) -> RunHead {
    RunHead {
        id: app.ids.ordered(),
        owner: who.user_id,
        flow_id,
        session_id,
        kind,
        api_key_id: match &who.credential {
            Credential::ApiKey { key_id, .. } => Some(*key_id),
            _ => None,
        },
        started_at: app.clock.now(),
        input: None,
        idempotency_key: None,
    }
}

/// A key that is limited to flows runs only these.
pub(super) fn check_key(who: &Principal, flow_id: Uuid) -> AppResult<()> {
    if may_run(who, flow_id) { Ok(()) } else { Err(AppError::forbidden("This API key may not run the flow")) }
}

/// Whether the scopes of the caller's key, if it has any, let it run the flow.
pub(crate) fn may_run(who: &Principal, flow_id: Uuid) -> bool {
    let Credential::ApiKey { scopes: Some(scopes), .. } = &who.credential else { return true };
    scopes.iter().any(|scope| {
        scope == "flows:run"
            || scope == "admin"
            || scope.strip_prefix("run:").is_some_and(|id| id == flow_id.to_string())
    })
}

fn select(choice: OutputChoice) -> Select {
    match choice {
        OutputChoice::Kind("any") => Select::Outputs,
        OutputChoice::Kind("debug") => Select::All,
        OutputChoice::Kind(word) => Select::Kind(word.to_owned()),
        OutputChoice::Named(names) => Select::Named(names),
    }
}

/// The input may be sent as such or as a tweak, not both.
fn check_conflict(wanted: &RunFlow) -> AppResult<()> {
    for input in wanted.inputs.iter().filter(|i| i.value.is_some()) {
        let (words, name) = match input.kind {
            InputType::Chat => (["ChatInput", "Chat Input"], "chat input"),
            InputType::Text => (["TextInput", "Text Input"], "text input"),
            InputType::Any => continue,
        };
        let is_twice = wanted.tweaks.iter().any(|(key, value)| {
            words.iter().any(|word| key.contains(word)) && value.get("input_value").is_some()
        });
        if is_twice {
            return Err(AppError::bad_request(format!(
                "If you pass an input_value to the {name}, you cannot pass a tweak with the same name."
            )));
        }
    }
    Ok(())
}

fn mentions(tweaks: &JsonMap, field: &str) -> bool {
    tweaks.iter().any(|(key, value)| key == field || value.get(field).is_some())
}

pub(super) fn refused(refusal: Refusal) -> AppError {
    AppError::new(
        ErrorKind::Unprocessable,
        json!({
            "error": "Refused tweaks",
            "code": "TWEAKS_REFUSED",
            "message": refusal.reason,
            "fields": refusal.fields,
        }),
    )
    .with_code("TWEAKS_REFUSED")
}

/// The sentence of a refusal for surfaces that show text only.
pub fn refusal_text(error: &AppError) -> Option<String> {
    let fields: Vec<&str> = error.detail.get("fields")?.as_array()?.iter().filter_map(Json::as_str).collect();
    let quoted: Vec<String> = fields.iter().map(|f| format!("'{f}'")).collect();
    let message = error.detail.get("message")?.as_str()?;
    Some(format!("Refused tweak keys [{}]: {message}", quoted.join(", ")))
}
