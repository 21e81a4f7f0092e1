//! What a component may ask for while it is edited: the user's variables and flows, and nothing that runs.

use crate::App;
use crate::knowledge::UserVectors;
use crate::mcp_servers::UserMcpServers;
use crate::models::UserModels;
use crate::variables::{Overrides, RunVariables};
use langflow_core::component::RefreshCx;
use langflow_core::run::ports::{FlowCall, FlowOutcome, Variable};
use langflow_core::run::{Flows, Variables};
use langflow_core::{Fault, FaultKind, Json, async_trait};
use langflow_store::{Store, StoreError, flows};
use std::sync::Arc;
use uuid::Uuid;

/// The ports of one question of one user's editor.
pub(crate) struct EditorPorts {
    store: Store,
    owner: Uuid,
    variables: RunVariables,
}

impl EditorPorts {
    pub fn new(app: &App, owner: Uuid) -> Self {
        let variables = RunVariables::new(app, owner, Overrides::default());
        Self { store: app.store.clone(), owner, variables }
    }

    /// All that a component sees of the outside while it is edited.
    pub fn context(self: &Arc<Self>, app: &Arc<App>) -> RefreshCx {
        RefreshCx {
            variables: Arc::clone(self) as _,
            egress: Arc::clone(&app.egress),
            flows: Arc::clone(self) as _,
            models: Arc::new(UserModels::new(Arc::clone(app), self.owner)),
            mcp: Arc::new(UserMcpServers::new(app, self.owner, Arc::clone(self) as _)),
            vectors: Arc::new(UserVectors::new(Arc::clone(app), self.owner)),
        }
    }
}

#[async_trait]
impl Variables for EditorPorts {
    /// A missing variable is an answer here: it says that a provider is not set up.
    async fn get(&self, name: &str) -> Result<Option<Variable>, Fault> {
        match self.variables.get(name).await {
            Err(fault) if fault.kind() == FaultKind::Missing => Ok(None),
            found => found,
        }
    }
}

fn unavailable(error: StoreError) -> Fault {
    Fault::new(FaultKind::Unavailable, "the flows could not be read").with_source(error)
}

#[async_trait]
impl Flows for EditorPorts {
    async fn list(&self) -> Result<Vec<(Uuid, String, String)>, Fault> {
        let filter = flows::FlowFilter { is_component: Some(false), ..flows::FlowFilter::default() };
        let page = flows::list_headers(&self.store, self.owner, &filter).await.map_err(unavailable)?;
        Ok(page.items.into_iter().map(|f| (f.id, f.name, f.description.unwrap_or_default())).collect())
    }

    async fn graph(&self, flow_id: Uuid) -> Result<Arc<Json>, Fault> {
        let flow = flows::find(&self.store, self.owner, flow_id)
            .await
            .map_err(unavailable)?
            .ok_or_else(|| Fault::missing(format!("The flow {flow_id} is not there")))?;
        Ok(Arc::new(flow.data.map(|data| data.to_value()).unwrap_or_default()))
    }

    async fn run(&self, _call: FlowCall) -> Result<FlowOutcome, Fault> {
        Err(Fault::refused("an editor's question runs no flow"))
    }
}
