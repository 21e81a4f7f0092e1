//! What past runs left: states of nodes, what went through them, traces.

use crate::ctx::App;
use crate::error::{AppError, AppResult};
use crate::principal::Principal;
use langflow_store::Page;
pub use langflow_store::Window;
use langflow_store::flows::{self, FlowKey};
use langflow_store::runs;
pub use langflow_store::runs::{Outcome, Run, RunFilter};
use langflow_store::transactions;
pub use langflow_store::transactions::Transaction;
use langflow_store::vertex_builds::{self, VertexBuild};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use uuid::Uuid;

/// States of nodes that an editor restores.
const MAX_BUILDS: u64 = 1000;

/// The latest states of the nodes of a flow, oldest first; none for a flow that is not the caller's.
pub async fn list_builds(app: &App, who: &Principal, flow: Uuid) -> AppResult<Vec<VertexBuild>> {
    let mut builds = vertex_builds::list(&app.store, who.user_id, flow, MAX_BUILDS).await?;
    // More may be stored until they are trimmed the next time.
    let most = app.settings.runs.max_builds_per_vertex;
    let mut newer: HashMap<String, u64> = HashMap::new();
    builds.reverse();
    builds.retain(|build| {
        let count = newer.entry(build.vertex_id.clone()).or_default();
        *count += 1;
        *count <= most
    });
    builds.reverse();
    Ok(builds)
}

pub async fn delete_builds(app: &App, who: &Principal, flow: Uuid) -> AppResult<()> {
    let owner = who.user_id;
    app.store.write(move |tx| Box::pin(async move { vertex_builds::delete(tx, owner, flow).await })).await?;
    Ok(())
}

/// What went through the nodes of a flow, newest first.
pub async fn list_transactions(
    app: &App,
    who: &Principal,
    flow: Uuid,
    page: u64,
    size: u64,
) -> AppResult<Page<Transaction>> {
    Ok(transactions::list(&app.store, who.user_id, flow, Window::page(page, size)).await?)
}

/// A run with the name of its flow.
#[derive(Clone, Debug)]
pub struct Trace {
    pub run: Run,
    pub name: String,
}

/// Runs of the caller, newest first.
pub async fn list_runs(app: &App, who: &Principal, filter: &RunFilter) -> AppResult<Page<Run>> {
    Ok(runs::list(&app.store, who.user_id, filter).await?)
}

/// The newest run of each of these flows of the caller.
pub async fn latest_runs(app: &App, who: &Principal, flows: &[Uuid]) -> AppResult<Vec<Run>> {
    Ok(runs::latest(&app.store, who.user_id, flows).await?)
}

/// Runs as traces, newest first. The text of the filter is looked for in the name of a trace as well.
pub async fn list_traces(app: &App, who: &Principal, mut filter: RunFilter) -> AppResult<Page<Trace>> {
    if let (Some(flow), Some(text)) = (filter.flow_id, &filter.text) {
        // All traces of a flow have one name.
        let name = trace_name(app, who, flow).await?;
        if name.to_lowercase().contains(&text.to_lowercase()) {
            filter.text = None;
        }
    }
    let found = runs::list(&app.store, who.user_id, &filter).await?;
    let mut names: HashMap<Uuid, String> = HashMap::new();
    for run in &found.items {
        if let Entry::Vacant(place) = names.entry(run.flow_id) {
            place.insert(trace_name(app, who, run.flow_id).await?);
        }
    }
    Ok(found.map(|run| Trace { name: names.get(&run.flow_id).cloned().unwrap_or_default(), run }))
}

/// A run and what went through its nodes, oldest first.
pub async fn find_trace(app: &App, who: &Principal, id: Uuid) -> AppResult<(Trace, Vec<Transaction>)> {
    let run = runs::find(&app.store, who.user_id, id).await?;
    let run = run.ok_or_else(|| AppError::not_found("Trace not found"))?;
    let spans = transactions::list_of_run(&app.store, who.user_id, id).await?;
    let name = trace_name(app, who, run.flow_id).await?;
    Ok((Trace { run, name }, spans))
}

/// Forgets an ended run of the caller.
///
/// # Errors
/// 404 for a run that is not there, is somebody else's or has not ended.
pub async fn delete_trace(app: &App, who: &Principal, id: Uuid) -> AppResult<()> {
    let owner = who.user_id;
    let gone = app
        .store
        .write(move |tx| Box::pin(async move { runs::delete(tx, owner, Some(id), None).await }))
        .await?;
    if gone == 0 { Err(AppError::not_found("Trace not found")) } else { Ok(()) }
}

/// Forgets the ended runs of a flow of the caller.
pub async fn delete_traces(app: &App, who: &Principal, flow: Uuid) -> AppResult<()> {
    let owner = who.user_id;
    app.store
        .write(move |tx| Box::pin(async move { runs::delete(tx, owner, None, Some(flow)).await }))
        .await?;
    Ok(())
}

async fn trace_name(app: &App, who: &Principal, flow: Uuid) -> AppResult<String> {
    let found = flows::find_ref(&app.store, who.user_id, FlowKey::Id(flow)).await?;
    Ok(format!("{} - {flow}", found.map_or_else(|| "deleted flow".to_owned(), |flow| flow.name)))
}
