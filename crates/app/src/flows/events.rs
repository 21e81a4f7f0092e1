//! A bulletin in memory, so that an open editor notices changes that others make.

use super::find_flow;
use crate::ctx::App;
use crate::error::AppResult;
use crate::principal::Principal;
use moka::sync::Cache;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Flows with news at the same time.
const MAX_FLOWS: u64 = 1000;
/// News kept of one flow.
const MAX_EVENTS: usize = 100;
const KEEP: Duration = Duration::from_hours(1);

/// Something that happened to a flow.
#[derive(Clone, Debug)]
pub struct FlowEvent {
    pub kind: &'static str,
    /// Seconds since 1970.
    pub timestamp: f64,
    pub summary: String,
}

/// News by flow.
pub struct Bulletin {
    by_flow: Cache<Uuid, Arc<Mutex<VecDeque<FlowEvent>>>>,
}

impl Default for Bulletin {
    fn default() -> Self {
        Self { by_flow: Cache::builder().max_capacity(MAX_FLOWS).time_to_idle(KEEP).build() }
    }
}

/// Adds news of a flow of the caller.
pub async fn post_event(
    app: &App,
    who: &Principal,
    flow: Uuid,
    kind: &'static str,
    summary: String,
) -> AppResult<FlowEvent> {
    find_flow(app, who, flow).await?;
    let event = FlowEvent { kind, timestamp: app.clock.now().timestamp_micros() as f64 / 1e6, summary };
    let list = app.bulletin.by_flow.get_with(flow, Arc::default);
    let mut list = list.lock();
    if list.len() >= MAX_EVENTS {
        list.pop_front();
    }
    list.push_back(event.clone());
    Ok(event)
}

/// News after `since` (seconds since 1970), and whether the last of all said that the changes are done.
pub async fn list_events(
    app: &App,
    who: &Principal,
    flow: Uuid,
    since: f64,
) -> AppResult<(Vec<FlowEvent>, bool)> {
    find_flow(app, who, flow).await?;
    let Some(list) = app.bulletin.by_flow.get(&flow) else { return Ok((Vec::new(), true)) };
    let list = list.lock();
    let settled = list.back().is_none_or(|event| event.kind == "flow_settled");
    Ok((list.iter().filter(|event| event.timestamp > since).cloned().collect(), settled))
}
