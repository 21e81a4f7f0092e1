//! Taking over what is in a Langflow installation: users, API keys, variables, projects, flows with their versions,
//! messages, files, MCP servers, and what its runs left.
//!
//! Ids stay what they are, so that links, clients and stored messages still fit. What is here already is left
//! as it is; so the same import can be run again, and goes on where an interrupted one has stopped. A dry run
//! decides everything an import decides and writes nothing.

mod accounts;
mod files;
mod history;
mod mcp_servers;
mod report;
mod variables;
mod work;

pub use report::{Report, Tally};

use crate::audit::Entry;
use crate::client::Client;
use crate::crypto::KeyRing;
use crate::crypto::keyring::is_token;
use crate::{App, AppResult};
use chrono::{DateTime, Utc};
use langflow_core::{JsonMap, Secret};
use langflow_store::langflow::{ForeignRow, LangflowDatabase};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use uuid::Uuid;

/// Rows that are read and written at once.
const BATCH: u64 = 200;
/// Flows are larger.
const FLOW_BATCH: u64 = 20;

/// Where to import from.
#[derive(Debug)]
pub struct Source {
    pub database: LangflowDatabase,
    /// The data folder of Langflow (its `LANGFLOW_CONFIG_DIR`), which holds the files.
    pub folder: Option<PathBuf>,
    /// The secrets it encrypted with, besides those of this server.
    pub secrets: Option<KeyRing>,
}

/// When a run began and ended, and its id.
type Span = (DateTime<Utc>, DateTime<Utc>, Uuid);

/// An import under way.
struct Import<'a> {
    app: &'a App,
    source: &'a Source,
    applies: bool,
    report: Report,
    /// Their user → ours.
    users: HashMap<Uuid, Uuid>,
    /// Their project → ours.
    projects: HashMap<Uuid, Uuid>,
    /// Projects without an owner that hold the examples Langflow ships.
    shelves: HashSet<Uuid>,
    /// Flow → its owner here.
    flows: HashMap<Uuid, Uuid>,
    superuser: Option<Uuid>,
    /// Owner here → MCP servers that were found in files of old releases.
    listed_servers: Vec<(Uuid, JsonMap)>,
    /// Flow → when its runs began and ended, and their ids.
    traces: HashMap<Uuid, Vec<Span>>,
}

/// Takes over what `source` holds; without `applies` it only tells what it would do.
///
/// # Errors
/// A database that fails. What was written by then stays, and another run goes on from there.
pub async fn import(app: &App, source: &Source, applies: bool) -> AppResult<Report> {
    let mut import = Import {
        app,
        source,
        applies,
        report: Report { applied: applies, ..Report::default() },
        users: HashMap::new(),
        projects: HashMap::new(),
        shelves: HashSet::new(),
        flows: HashMap::new(),
        superuser: None,
        listed_servers: Vec::new(),
        traces: HashMap::new(),
    };
    import.users().await?;
    import.projects().await?;
    import.flows().await?;
    import.keys().await?;
    import.variables().await?;
    import.messages().await?;
    import.files().await?;
    import.attachments().await?;
    import.mcp_servers().await?;
    import.versions().await?;
    import.runs().await?;
    import.transactions().await?;
    import.builds().await?;
    if applies {
        let told: HashMap<&str, u64> =
            import.report.tallies().into_iter().map(|(kind, tally)| (kind, tally.taken)).collect();
        Entry::new(app.clock.now(), "import.database", "server", "")
            .by_name("command line", &Client::local())
            .with(json!(told))
            .record(app)
            .await?;
    }
    Ok(import.report)
}

impl Import<'_> {
    /// The next rows of a table.
    async fn page(&self, table: &str, after: &mut Option<String>, limit: u64) -> AppResult<Vec<ForeignRow>> {
        self.page_by("id", table, after, limit).await
    }

    /// The same, of a table whose ids stand in the column `key`.
    async fn page_by(
        &self,
        key: &str,
        table: &str,
        after: &mut Option<String>,
        limit: u64,
    ) -> AppResult<Vec<ForeignRow>> {
        let rows = self.source.database.page(table, key, after.as_deref(), limit).await?;
        *after = rows.last().and_then(|row| row.text(key)).map(str::to_owned);
        Ok(rows)
    }

    /// A stored secret in clear: what is no token is clear already. `None`: no key that is known opens it.
    fn open(&self, stored: &str) -> Option<Secret> {
        if !is_token(stored) {
            return Some(Secret::new(stored));
        }
        let theirs = self.source.secrets.as_ref().and_then(|ring| ring.decrypt(stored));
        theirs.or_else(|| self.app.secrets.decrypt(stored))
    }

    /// A stored secret, encrypted with this server's key.
    fn reseal(&self, stored: &str) -> AppResult<Option<String>> {
        let Some(clear) = self.open(stored) else { return Ok(None) };
        if clear.is_empty() {
            return Ok(None);
        }
        self.app.secrets.encrypt(&clear, &*self.app.clock).map(Some)
    }
}
