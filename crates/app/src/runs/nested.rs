//! Flows that flows call.

use super::journal::Journal;
use super::prepare::head;
use super::scope::Caller;
use super::{plans, scope, start};
use crate::{App, AppError};
use langflow_core::run::{FlowCall, FlowOutcome, Flows};
use langflow_core::{Fault, FaultKind, Json, async_trait};
use langflow_engine::RunRequest;
use langflow_engine::plan::Scope;
use langflow_store::flows::{self, FlowFilter, FlowKey, FlowRef};
use std::sync::Arc;
use uuid::Uuid;

/// The flows of the user whose flow runs.
pub(super) struct NestedFlows {
    pub app: Arc<App>,
    pub caller: Caller,
}

fn unavailable(error: impl Into<AppError>) -> Fault {
    Fault::new(FaultKind::Unavailable, error.into().to_string())
}

impl NestedFlows {
    fn owner(&self) -> Uuid {
        self.caller.who.user_id
    }

    async fn find(&self, id: Uuid) -> Result<FlowRef, Fault> {
        flows::find_ref(&self.app.store, self.owner(), FlowKey::Id(id))
            .await
            .map_err(unavailable)?
            .ok_or_else(|| Fault::missing(format!("The flow {id} is not there")))
    }
}

#[async_trait]
impl Flows for NestedFlows {
    async fn list(&self) -> Result<Vec<(Uuid, String, String)>, Fault> {
        let filter = FlowFilter { is_component: Some(false), ..FlowFilter::default() };
        let page = flows::list_headers(&self.app.store, self.owner(), &filter).await.map_err(unavailable)?;
        Ok(page.items.into_iter().map(|f| (f.id, f.name, f.description.unwrap_or_default())).collect())
    }

    async fn graph(&self, flow_id: Uuid) -> Result<Arc<Json>, Fault> {
        let flow = flows::find(&self.app.store, self.owner(), flow_id)
            .await
            .map_err(unavailable)?
            .ok_or_else(|| Fault::missing(format!("The flow {flow_id} is not there")))?;
        Ok(Arc::new(flow.data.map(|d| d.to_value()).unwrap_or_default()))
    }

    async fn run(&self, call: FlowCall) -> Result<FlowOutcome, Fault> {
        let flow = self.find(call.flow_id).await?;
        let plan = plans::load(&self.app, self.owner(), &flow, true).await.map_err(|error| {
            Fault::invalid(format!("The flow '{}': {}", flow.name, start::error_text(&error)))
        })?;
        let templates =
            plan.tweak(&call.tweaks, self.app.settings.runs.tweaks_policy).map_err(|refusal| {
                Fault::refused(format!("{} ({})", refusal.reason, refusal.fields.join(", ")))
            })?;
        let request = RunRequest {
            input_value: call.input_value,
            scope: Scope::Inputs,
            limits: self.app.settings.runs.limits,
            frozen: Some(Arc::clone(&self.app.runs.frozen)),
            memory: Some(Arc::clone(&self.app.runs.memory)),
            ..RunRequest::default()
        }
        .tweaked(&plan, templates);
        let caller = Caller { depth: call.depth + 1, ..self.caller.clone() };
        let head = head(&self.app, &caller.who, flow.id, call.session_id, "flow");
        let journal = Journal::new(&self.app, head.clone());
        let scope = scope::scope(&self.app, &caller, &head, &flow.name, &journal, false, None);
        let outcome = start::drive(&self.app, &journal, &plan, scope, request, None, None)
            .await
            .map_err(unavailable)?
            .outcome;
        if let Some(failure) = outcome.failure {
            let text = failure.text(failure.node.and_then(|at| plan.node(at)));
            return Err(Fault::new(failure.fault.kind(), format!("The flow '{}': {text}", flow.name)));
        }
        let results = plan
            .nodes
            .iter()
            .zip(&outcome.built)
            .filter(|(node, _)| node.is_output)
            .filter_map(|(node, built)| built.as_ref().map(|b| (node, b)))
            .flat_map(|(node, built)| {
                node.outputs.iter().zip(&built.outputs).filter_map(|(output, value)| {
                    let value = value.as_ref()?.value.clone();
                    Some((node.id().to_owned(), output.name.clone(), value))
                })
            })
            .collect();
        Ok(FlowOutcome { results })
    }
}
