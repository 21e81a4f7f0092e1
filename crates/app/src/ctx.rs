//! What every use case is given.

use crate::settings::Settings;
use langflow_core::clock::Clock;
use langflow_core::component::Catalogue;
use langflow_core::ids::Ids;
use langflow_core::run::Egress;
use langflow_store::Store;
use std::sync::Arc;

/// The application: its store, its settings, and the outside world as parameters.
pub struct App {
    pub settings: Settings,
    pub store: Store,
    pub catalogue: Arc<Catalogue>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub egress: Arc<dyn Egress>,
}
