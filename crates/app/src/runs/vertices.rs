//! One node at a time, for clients from before whole builds (contract-flows 9.8).

use super::build::{BuildFlow, prepare_build};
use super::start::Frame;
use crate::{App, AppError, AppResult, Principal};
use langflow_core::run::{RunEvent, VertexBuild};
use langflow_engine::Plan;
use langflow_engine::plan::Scope;
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Frames that the collector may be behind.
const QUEUE: usize = 64;

/// What a build of the graph would run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vertices {
    pub run_id: Uuid,
    /// Those that nothing comes before.
    pub first: Vec<String>,
    pub to_run: Vec<String>,
}

/// # Errors
/// 404 for a flow the caller may not see, 400 for a graph that cannot be built.
pub async fn list_vertices(app: &Arc<App>, who: &Principal, wanted: BuildFlow) -> AppResult<Vertices> {
    let build = prepare_build(app, who, wanted).await?;
    let plan = build.plan.as_ref().map_err(|why| AppError::bad_request(why.as_str()))?;
    let (start, stop) = (&build.wanted.start_component_id, &build.wanted.stop_component_id);
    let scope = Scope::Build { start: start.clone(), stop: stop.clone() };
    let selection = plan.select(&scope).map_err(|problem| AppError::bad_request(problem.message))?;
    let id = |at: usize| plan.node(at).map(|node| node.id().to_owned());
    Ok(Vertices {
        run_id: build.run_id(),
        first: selection.first.iter().filter_map(|at| id(*at)).collect(),
        to_run: selection.nodes().filter_map(id).collect(),
    })
}

/// Builds the node `wanted.stop_component_id` and what it needs, and gives its result.
///
/// # Errors
/// 404 for a flow the caller may not see, 400 for a graph that cannot be built or has no such node.
pub async fn build_vertex(app: &Arc<App>, who: &Principal, wanted: BuildFlow) -> AppResult<VertexBuild> {
    let vertex = wanted.stop_component_id.clone().unwrap_or_default();
    let build = prepare_build(app, who, wanted).await?;
    let plan = build.plan.as_ref().ok().cloned();
    let (sink, mut frames) = mpsc::channel(QUEUE);
    let collect = async {
        let (mut found, mut failure) = (None, None);
        while let Some(frame) = frames.recv().await {
            match frame {
                Frame::Event(RunEvent::EndVertex(ended)) if ended.id == vertex => found = Some(*ended),
                Frame::Failed(why) => failure = Some(why),
                _ => {}
            }
        }
        (found, failure)
    };
    let ((), (found, failure)) = tokio::join!(build.stream(sink), collect);
    let mut found = found.ok_or_else(|| {
        AppError::bad_request(failure.unwrap_or_else(|| format!("The component {vertex} was not built")))
    })?;
    if let Some(plan) = plan.filter(|_| found.valid) {
        tell_next(&plan, &mut found);
    }
    Ok(found)
}

/// The build ended with its node, and the client goes on with what follows in the whole graph: whatever that needs is
/// built with it.
fn tell_next(plan: &Plan, built: &mut VertexBuild) {
    let Some(node) = plan.index(&built.id).and_then(|at| plan.node(at)) else { return };
    let next = node.successors.iter().filter_map(|at| plan.node(*at));
    let next: Vec<_> =
        next.filter(|next| !built.inactivated_vertices.iter().any(|id| id == next.id())).collect();
    built.next_vertices_ids = next.iter().map(|node| node.id().to_owned()).collect();
    built.top_level_vertices.clear();
    for node in next {
        // Nodes inside a group are shown as the group.
        let id = node.node.group.as_deref().unwrap_or(node.id());
        if !built.top_level_vertices.iter().any(|known| known == id) {
            built.top_level_vertices.push(id.to_owned());
        }
    }
}
