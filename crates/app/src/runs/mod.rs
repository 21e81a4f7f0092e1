//! Running flows: over `/run`, `/build`, and for other flows.
//!
//! A run is prepared first (flow found, tweaks checked, plan compiled: everything a caller can do wrong is
//! answered here) and driven then. What a short run leaves behind (its row, messages, transactions, node
//! states) is written in one transaction before the answer; a run that takes longer writes its row and its
//! messages as it goes. Dropping the future of a run cancels it and says so in its row. A workflow that asks a human is
//! neither ended nor cancelled: it waits (`suspended`).

mod answer;
mod background;
mod build;
pub mod history;
mod jobs;
mod journal;
mod left_over;
mod log;
mod messages;
mod nested;
mod plans;
mod prepare;
mod public;
mod scope;
mod start;
mod suspended;
mod truncate;
mod vertices;
mod webhook;
pub mod wire;
pub mod workflow;

pub use answer::{RunAnswer, RunOutput};
pub use background::finish_all;
pub use build::{BuildFlow, BuildInputs, PreparedBuild, prepare_build};
pub use jobs::{Delivery, Job, Polled, find_job, find_public_job, start_build};
pub use journal::trim_rows;
pub use langflow_engine::run::InputType;
pub use left_over::{close_left_over, delete_old_events, delete_old_visits};
pub use log::{LogReader, LoggedEvent, Logs};
pub use plans::Plans;
pub(crate) use prepare::may_run;
pub use prepare::{OutputChoice, PreparedRun, RunFlow, RunInput, prepare_run, refusal_text};
pub use public::{Visitor, count_visitor_run, prepare_public_build, virtual_flow_id};
pub use start::{Frame, FrameSink, build_data, duration_text, error_text, run_flow};
pub use suspended::give_up_suspended;
pub use vertices::{Vertices, build_vertex, list_vertices};
pub use webhook::{WebhookCall, WebhookListener, WebhookNews, accept_webhook, listen_to_webhooks};

use crate::settings::RunSettings;
use crate::variables::defaults::DefaultFields;
use langflow_engine::run::{FrozenResults, RunMemory};
use moka::sync::Cache;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Another server on the same database may change variables: so long may this one not know.
const DEFAULTS_LIVE: Duration = Duration::from_secs(10);

/// What runs keep in memory between requests. Every part is bounded.
pub struct Runs {
    pub plans: Plans,
    pub frozen: Arc<FrozenResults>,
    /// What the results of all runs take now.
    pub memory: Arc<RunMemory>,
    /// Logs of runs in the background.
    pub logs: Logs,
    /// Workflows in the background that run at the same time; others wait.
    pub(crate) background: Arc<Semaphore>,
    pub(crate) webhooks: webhook::Listeners,
    /// Variables that fill fields by themselves, by user.
    pub(crate) defaults: Cache<Uuid, Arc<DefaultFields>>,
    /// Rows of nodes written since old ones were last removed.
    pub(crate) rows_since_trim: AtomicU64,
    /// This start of the server: rows of runs carry it, so that the next start can tell what died with it.
    pub boot_id: Uuid,
}

impl Runs {
    pub fn new(settings: &RunSettings, boot_id: Uuid) -> Self {
        Self {
            plans: Plans::new(settings.plan_cache_bytes),
            frozen: Arc::new(FrozenResults::new(settings.frozen_bytes)),
            memory: Arc::new(RunMemory::new(settings.all_held_bytes)),
            logs: Logs::new(settings.max_jobs),
            background: Arc::new(Semaphore::new(settings.background_concurrency.max(1))),
            webhooks: webhook::Listeners::default(),
            defaults: Cache::builder().max_capacity(10_000).time_to_live(DEFAULTS_LIVE).build(),
            rows_since_trim: AtomicU64::new(0),
            boot_id,
        }
    }
}

impl Runs {
    /// A variable of the user was changed.
    pub fn forget_variables(&self, user_id: Uuid) {
        self.defaults.invalidate(&user_id);
    }
}
