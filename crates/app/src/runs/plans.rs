//! Compiled plans, by flow and version.

use crate::variables::defaults::DefaultFields;
use crate::{App, AppError, AppResult};
use chrono::{DateTime, Utc};
use langflow_core::Json;
use langflow_engine::Plan;
use langflow_store::flows::{self, FlowRef};
use moka::sync::Cache;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// A cache of plans. Its bound is the size of the flows' JSON, of which plans are a small multiple.
pub struct Plans {
    cache: Cache<Key, (Arc<Plan>, u32)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    flow_id: Uuid,
    version: Option<Uuid>,
    updated_at: DateTime<Utc>,
    /// Which variables fill fields.
    defaults: u64,
}

impl Plans {
    pub(super) fn new(bytes: u64) -> Self {
        let cache = Cache::builder().max_capacity(bytes).weigher(|_, (_, size): &(_, u32)| *size).build();
        Self { cache }
    }
}

/// The plan of a stored flow. For runs over the API, variables fill the fields they are meant for.
pub(super) async fn load(app: &App, owner: Uuid, flow: &FlowRef, fill: bool) -> AppResult<Arc<Plan>> {
    let defaults = if fill { defaults(app, owner).await? } else { Arc::default() };
    let key = Key {
        flow_id: flow.id,
        version: flow.version_token,
        updated_at: flow.updated_at,
        defaults: if defaults.is_empty() { 0 } else { defaults.fingerprint() },
    };
    if let Some((plan, _)) = app.runs.plans.cache.get(&key) {
        return Ok(plan);
    }
    let stored = flows::find(&app.store, owner, flow.id).await?;
    let Some(data) = stored.and_then(|f| f.data).filter(|d| d.get() != "null") else {
        return Err(run_failed(&format!("Flow {} has no data", flow.id)));
    };
    let size = u32::try_from(data.get().len()).unwrap_or(u32::MAX);
    let plan = compile(app, move || {
        let mut graph = data.to_value();
        defaults.apply(&mut graph);
        graph
    })
    .await?;
    app.runs.plans.cache.insert(key, (Arc::clone(&plan), size));
    Ok(plan)
}

async fn defaults(app: &App, owner: Uuid) -> AppResult<Arc<DefaultFields>> {
    if let Some(known) = app.runs.defaults.get(&owner) {
        return Ok(known);
    }
    let loaded = Arc::new(DefaultFields::load(app, owner).await?);
    app.runs.defaults.insert(owner, Arc::clone(&loaded));
    Ok(loaded)
}

/// Compiles a graph away from the async threads: a large one takes milliseconds.
pub(super) async fn compile(
    app: &App,
    graph: impl FnOnce() -> Json + Send + 'static,
) -> AppResult<Arc<Plan>> {
    let catalogue = Arc::clone(&app.catalogue);
    let compiled = tokio::task::spawn_blocking(move || langflow_engine::compile(&graph(), &catalogue))
        .await
        .map_err(AppError::internal)?;
    compiled.map(Arc::new).map_err(|problems| {
        let lines: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        // The flow is at fault, not the server: 400, in the form clients read errors of runs from.
        let mut error = AppError::bad_request(detail(&format!("Error running graph: {}", lines.join("\n"))));
        error.code = Some("INVALID_FLOW");
        error
    })
}

/// The `detail` of a failed run: JSON inside a string, as clients expect it.
pub(super) fn detail(message: &str) -> String {
    json!({
        "message": message,
        "traceback": null,
        "description": null,
        "code": null,
        "suggestion": null,
    })
    .to_string()
}

pub(super) fn run_failed(message: &str) -> AppError {
    AppError::new(crate::ErrorKind::RunFailed, detail(message))
}
