//! What a run that waits is continued from, as it is stored.

use crate::runs::build::{BuildFlow, BuildInputs};
use crate::variables::Overrides;
use crate::{App, AppError, AppResult};
use langflow_core::{Fault, Json, JsonMap, Secret};
use langflow_engine::Plan;
use langflow_engine::run::{Checkpoint, InputType};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// The form of what is stored; another one cannot be read.
const VERSION: u32 = 1;

/// How a run was started, for a run that may wait.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::runs) struct Setup {
    pub flow_name: String,
    pub input_value: Option<String>,
    /// `chat`, `text` or `any`.
    pub input_type: String,
    pub input_components: Vec<String>,
    pub files: Vec<String>,
    pub start: Option<String>,
    pub stop: Option<String>,
    pub from_inputs: bool,
    pub log_builds: bool,
    /// Templates of tweaked nodes, by node.
    pub templates: BTreeMap<String, JsonMap>,
    /// Values that the request gave to global variables.
    pub variables: BTreeMap<String, String>,
}

impl Setup {
    /// Of a build as it was wanted.
    pub(in crate::runs) fn of(
        wanted: &BuildFlow,
        flow_name: &str,
        plan: &Plan,
        templates: &[(usize, JsonMap)],
        variables: &Overrides,
    ) -> Self {
        let id = |at: usize| plan.node(at).map(|node| node.id().to_owned());
        Self {
            flow_name: flow_name.to_owned(),
            input_value: wanted.inputs.value.clone(),
            input_type: match wanted.inputs.kind {
                InputType::Chat => "chat",
                InputType::Text => "text",
                InputType::Any => "any",
            }
            .to_owned(),
            input_components: wanted.inputs.components.clone(),
            files: wanted.files.clone(),
            start: wanted.start_component_id.clone(),
            stop: wanted.stop_component_id.clone(),
            from_inputs: wanted.from_inputs,
            log_builds: wanted.log_builds,
            templates: templates.iter().filter_map(|(at, fields)| Some((id(*at)?, fields.clone()))).collect(),
            variables: variables
                .iter()
                .map(|(name, value)| (name.to_owned(), value.expose().to_owned()))
                .collect(),
        }
    }

    /// The build that goes on.
    pub(in crate::runs) fn to_build(&self, flow_id: Uuid, session: &str) -> BuildFlow {
        BuildFlow {
            flow_id,
            inputs: BuildInputs {
                value: self.input_value.clone(),
                session: Some(session.to_owned()),
                kind: match self.input_type.as_str() {
                    "text" => InputType::Text,
                    "any" => InputType::Any,
                    _ => InputType::Chat,
                },
                components: self.input_components.clone(),
            },
            files: self.files.clone(),
            start_component_id: self.start.clone(),
            stop_component_id: self.stop.clone(),
            log_builds: self.log_builds,
            variables: self.overrides(),
            from_inputs: self.from_inputs,
            ..BuildFlow::default()
        }
    }

    fn overrides(&self) -> Overrides {
        let variables = self.variables.iter().map(|(name, value)| (name.clone(), value.clone()));
        Overrides::default().over_body(variables)
    }
}

/// All of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    version: u32,
    pub setup: Setup,
    /// The flow as it was run, tweaks aside.
    pub graph: Json,
    pub checkpoint: Checkpoint,
}

impl Stored {
    pub(super) fn new(setup: Setup, graph: Json, checkpoint: Checkpoint) -> Self {
        Self { version: VERSION, setup, graph, checkpoint }
    }

    /// Encrypts it, off the threads that serve requests.
    ///
    /// # Errors
    /// The fault: it is larger than the bound, or could not be read again.
    pub(super) async fn seal(self, app: &App) -> AppResult<Result<String, Fault>> {
        let (secrets, clock) = (Arc::clone(&app.secrets), Arc::clone(&app.clock));
        let limit = app.settings.runs.suspended_bytes;
        let sealed = tokio::task::spawn_blocking(move || {
            let clear = serde_json::to_string(&self).map_err(AppError::internal)?;
            if clear.len() > limit {
                return Ok(Err(Fault::refused(format!(
                    "The run cannot wait: what it has to be continued from is larger than {} MB",
                    limit >> 20
                ))));
            }
            // Values that lie within each other too deeply can be written and not be read.
            if serde_json::from_str::<Self>(&clear).is_err() {
                return Ok(Err(Fault::refused(
                    "The run cannot wait: a value that it has to be continued from is nested too deeply",
                )));
            }
            secrets.encrypt(&Secret::new(clear), &*clock).map(Ok)
        });
        sealed.await.map_err(AppError::internal)?
    }

    /// Reads what [`Self::seal`] has written. `None`: no key of the server fits, or another version wrote it.
    pub(super) async fn open(app: &App, sealed: String) -> AppResult<Option<Self>> {
        let secrets = Arc::clone(&app.secrets);
        let opened = tokio::task::spawn_blocking(move || {
            let clear = secrets.decrypt(&sealed)?;
            serde_json::from_str::<Self>(clear.expose()).ok().filter(|stored| stored.version == VERSION)
        });
        opened.await.map_err(AppError::internal)
    }
}
