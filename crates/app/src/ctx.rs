//! What every use case is given.

use crate::accounts::Accounts;
use crate::catalogue::CatalogueDocument;
use crate::crypto::KeyRing;
use crate::custom::FolderComponents;
use crate::knowledge::KnowledgeJobs;
use crate::memories::MemoryWork;
use crate::runs::Runs;
use crate::settings::Settings;
use langflow_core::capability::{Documents, McpConnector, ModelProviders};
use langflow_core::clock::Clock;
use langflow_core::component::Catalogue;
use langflow_core::ids::Ids;
use langflow_core::run::Egress;
use langflow_core::run::ports::Databases;
use langflow_core::shared_files::SharedFiles;
use langflow_store::Store;
use langflow_store::foreign::ForeignDatabases;
use std::sync::{Arc, OnceLock};

/// The application: its store, its settings, and the outside world as parameters.
pub struct App {
    pub settings: Settings,
    pub store: Store,
    pub catalogue: Arc<Catalogue>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub egress: Arc<dyn Egress>,
    pub providers: Arc<dyn ModelProviders>,
    /// Databases that users name in their flows.
    pub databases: Arc<dyn Databases>,
    /// Opens sessions with MCP servers of others.
    pub mcp_client: Arc<dyn McpConnector>,
    pub documents: Arc<dyn Documents>,
    /// Encrypts stored secrets, signs tokens, digests API keys.
    pub secrets: Arc<KeyRing>,
    /// What accounts keep in memory: limits, counters of key uses, the bound on password hashing.
    pub accounts: Accounts,
    /// The catalogue as the editor reads it, made when first asked for.
    pub catalogue_document: OnceLock<CatalogueDocument>,
    /// Flows to start from, made when first asked for.
    pub templates: tokio::sync::OnceCell<Vec<crate::templates::Template>>,
    /// Components of the operator's folders, once they are loaded.
    pub folder_components: OnceLock<FolderComponents>,
    /// News of flows for open editors.
    pub bulletin: crate::flows::Bulletin,
    /// What runs keep between requests: plans, frozen results, builds that wait for a reader.
    pub runs: Runs,
    /// Ingestions under way.
    pub knowledge: KnowledgeJobs,
    /// Sessions that memories are taking in, and which flows they watch.
    pub memories: MemoryWork,
    /// Where files lie if servers share them; otherwise in the data folder.
    pub shared_files: Option<Arc<dyn SharedFiles>>,
    /// Whose turn it is to add to a file.
    pub file_turns: crate::files::Turns,
}

/// The outside world: the machine's own in the server, a still one in tests.
pub struct Outside {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub egress: Arc<dyn Egress>,
    pub providers: Arc<dyn ModelProviders>,
    pub mcp_client: Arc<dyn McpConnector>,
    pub documents: Arc<dyn Documents>,
    pub shared_files: Option<Arc<dyn SharedFiles>>,
    /// See [`crate::crypto::secret_key::load`].
    pub secrets: Arc<KeyRing>,
}

impl App {
    /// The one place that puts an application together, for the server and for tests alike.
    ///
    /// What can be derived from the settings (caches, limiters, bounds) is made here.
    pub fn new(settings: Settings, store: Store, catalogue: Catalogue, outside: Outside) -> Self {
        let Outside { clock, ids, egress, providers, documents, shared_files, mcp_client, secrets } = outside;
        let databases = Arc::new(ForeignDatabases::new(settings.runs.databases, Arc::clone(&egress)));
        let accounts = Accounts::new(&settings.auth);
        let runs = Runs::new(&settings.runs, ids.ordered());
        Self {
            settings,
            store,
            catalogue: Arc::new(catalogue),
            clock,
            ids,
            egress,
            providers,
            databases,
            mcp_client,
            documents,
            secrets,
            accounts,
            catalogue_document: OnceLock::new(),
            templates: tokio::sync::OnceCell::new(),
            folder_components: OnceLock::new(),
            bulletin: crate::flows::Bulletin::default(),
            runs,
            knowledge: KnowledgeJobs::default(),
            memories: MemoryWork::default(),
            shared_files,
            file_turns: crate::files::Turns::default(),
        }
    }
}
