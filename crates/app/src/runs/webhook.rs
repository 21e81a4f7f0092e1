//! Webhooks: a call is accepted at once and runs in the background (contract-flows 8).

use super::background::{self, Background};
use super::build::{BuildFlow, BuildInputs, PreparedBuild, planned};
use super::log::{LogReader, LoggedEvent};
use super::plans;
use super::prepare::check_key;
use super::scope::Caller;
use crate::principal::Credential;
use crate::variables::Overrides;
use crate::{App, AppError, AppResult, Principal, identify};
use chrono::{DateTime, Utc};
use langflow_core::JsonMap;
use langflow_core::flow::tweaks::TweakPolicy;
use langflow_engine::Plan;
use langflow_store::flows::{self, FlowKey, FlowRef};
use langflow_store::runs;
use parking_lot::Mutex;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

const KIND: &str = "webhook";
/// The component that takes what was sent.
const COMPONENT: &str = "Webhook";
/// How often a listener looks for runs of other servers of the same database.
const LOOK: Duration = Duration::from_secs(1);
/// Runs that a listener may be behind.
const BEHIND: u64 = 100;

/// A call of a webhook.
#[derive(Clone, Debug, Default)]
pub struct WebhookCall {
    /// Id or endpoint name.
    pub flow: String,
    /// What was sent, as text.
    pub body: String,
    pub variables: Overrides,
}

/// Starts the run that a call asks for and gives its id. Without a caller (webhooks need no key) the flow runs
/// as its owner's; the operator has chosen that.
///
/// # Errors
/// 404 for a flow the caller may not see, 503 while too many runs are in the background.
pub async fn accept_webhook(app: &Arc<App>, who: Option<&Principal>, call: WebhookCall) -> AppResult<Uuid> {
    let key = FlowKey::parse(&call.flow);
    let found = match who {
        Some(who) => flows::find_ref(&app.store, who.user_id, key).await?,
        None => flows::find_any_ref(&app.store, key).await?,
    };
    let flow = found.ok_or_else(|| not_found(&call.flow))?;
    let who = match who {
        Some(who) => who.clone(),
        None => owner(&flow).ok_or_else(|| not_found(&call.flow))?,
    };
    check_key(&who, flow.id)?;
    identify::count_run(app, &who).await?;
    let plan = planned(plans::load(app, who.user_id, &flow, true).await)?;
    if plan.as_ref().is_ok_and(|plan| plan.asks_human()) {
        return Err(super::prepare::cannot_wait());
    }
    let templates = match &plan {
        Ok(plan) => with_body(plan, &call.body)?,
        Err(_) => Vec::new(),
    };
    let has_listeners = app.runs.webhooks.has(flow.id);
    let flow_id = flow.id;
    let build = PreparedBuild {
        app: Arc::clone(app),
        caller: Caller { who, overrides: call.variables, depth: 0, is_public: false },
        flow_id,
        run_id: app.ids.random(),
        flow_name: flow.name,
        session_id: flow_id.to_string(),
        wanted: BuildFlow {
            flow_id,
            inputs: BuildInputs::default(),
            log_builds: has_listeners,
            from_inputs: true,
            ..BuildFlow::default()
        },
        plan,
        kind: KIND,
        visitor: None,
        templates,
        may_wait: false,
        remember: None,
        goes_on: None,
    };
    // On a shared database somebody may listen at another server.
    let how = Background { keeps_events: has_listeners || app.store.is_postgres(), ..Background::default() };
    let id = background::start(app, build, how).await?;
    app.runs.webhooks.tell(flow_id);
    Ok(id)
}

fn not_found(flow: &str) -> AppError {
    AppError::not_found(format!("Flow identifier {flow} not found"))
}

fn owner(flow: &FlowRef) -> Option<Principal> {
    Some(Principal {
        user_id: flow.user_id?,
        username: String::new(),
        is_superuser: false,
        credential: Credential::Local,
    })
}

/// What was sent becomes the data of every webhook component. The server's own change: no policy forbids it.
fn with_body(plan: &Plan, body: &str) -> AppResult<Vec<(usize, JsonMap)>> {
    let tweaks: JsonMap = plan
        .nodes
        .iter()
        .filter(|node| node.node.kind == COMPONENT)
        .map(|node| (node.id().to_owned(), json!({ "data": body })))
        .collect();
    plan.tweak(&tweaks, TweakPolicy::Permissive).map_err(super::prepare::refused)
}

/// Who listens to the webhooks of which flow.
#[derive(Default)]
pub(crate) struct Listeners {
    by_flow: Mutex<HashMap<Uuid, watch::Sender<()>>>,
}

impl Listeners {
    fn has(&self, flow: Uuid) -> bool {
        self.by_flow.lock().get(&flow).is_some_and(|news| news.receiver_count() > 0)
    }

    fn tell(&self, flow: Uuid) {
        if let Some(news) = self.by_flow.lock().get(&flow) {
            news.send_modify(|()| {});
        }
    }

    fn listen(&self, flow: Uuid) -> watch::Receiver<()> {
        let mut all = self.by_flow.lock();
        all.retain(|id, news| *id == flow || news.receiver_count() > 0);
        all.entry(flow).or_default().subscribe()
    }
}

/// Hears of every call of one webhook from now on, one run after the other.
pub struct WebhookListener {
    app: Arc<App>,
    pub flow_id: Uuid,
    pub flow_name: String,
    owner: Uuid,
    news: watch::Receiver<()>,
    since: DateTime<Utc>,
    run: Option<(Uuid, LogReader)>,
}

/// Events of one run.
#[derive(Debug)]
pub struct WebhookNews {
    pub run_id: Uuid,
    pub events: Vec<Arc<LoggedEvent>>,
}

/// Begins to listen to the webhook of a flow of the caller.
///
/// # Errors
/// 404 for a flow the caller may not see.
pub async fn listen_to_webhooks(app: &Arc<App>, who: &Principal, flow: &str) -> AppResult<WebhookListener> {
    let found = flows::find_ref(&app.store, who.user_id, FlowKey::parse(flow)).await?;
    let found = found.ok_or_else(|| not_found(flow))?;
    Ok(WebhookListener {
        app: Arc::clone(app),
        flow_id: found.id,
        flow_name: found.name,
        owner: who.user_id,
        news: app.runs.webhooks.listen(found.id),
        since: app.clock.now(),
        run: None,
    })
}

impl WebhookListener {
    /// The next events. May be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> AppResult<WebhookNews> {
        loop {
            if let Some((run_id, reader)) = &mut self.run {
                if let Some(events) = reader.next().await? {
                    return Ok(WebhookNews { run_id: *run_id, events });
                }
                self.run = None;
            }
            // What comes up during the look wakes the wait after it.
            self.news.borrow_and_update();
            let store = &self.app.store;
            let found =
                runs::started_since(store, self.owner, self.flow_id, KIND, self.since, BEHIND).await?;
            if let Some((id, at)) = found.first().copied() {
                self.since = at;
                self.run = Some((id, LogReader::new(&self.app, id, 0)));
            } else if self.app.store.is_postgres() {
                let _ = tokio::time::timeout(LOOK, self.news.changed()).await;
            } else if self.news.changed().await.is_err() {
                return Err(AppError::bug("the news of webhooks ended"));
            }
        }
    }
}
