//! MCP servers of users: rows of new releases, files of old ones.

use super::{BATCH, Import};
use crate::crypto::keyring::is_token;
use crate::{AppResult, mcp_servers};
use langflow_core::{Json, JsonMap};
use langflow_store::langflow::ForeignRow;
use std::collections::BTreeMap;
use uuid::Uuid;

/// In the address of the servers that Langflow has of its own projects.
const OWN_PROJECTS: &str = "/api/v1/mcp/project/";

impl Import<'_> {
    pub(super) async fn mcp_servers(&mut self) -> AppResult<()> {
        self.report.mcp_servers.found = self.source.database.count("mcp_server").await?;
        let mut found: BTreeMap<Uuid, JsonMap> = BTreeMap::new();
        let mut after = None;
        loop {
            let rows = self.page("mcp_server", &mut after, BATCH).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                match self.mcp_server(&row) {
                    Some((owner, name, config)) => {
                        found.entry(owner).or_default().insert(name, Json::Object(config));
                    }
                    None => self.report.mcp_servers.left_out += 1,
                }
            }
        }
        for (owner, servers) in std::mem::take(&mut self.listed_servers) {
            let known = found.entry(owner).or_default();
            for (name, config) in servers {
                // A row of the same name was made of this entry.
                if !known.contains_key(&name) {
                    self.report.mcp_servers.found += 1;
                    known.insert(name, config);
                }
            }
        }
        for (owner, servers) in found {
            let taken = mcp_servers::take_over(self.app, owner, &servers, self.applies).await?;
            self.report.mcp_servers.taken += taken.new;
            self.report.mcp_servers.present += taken.known;
            self.report.mcp_servers.left_out += taken.too_many;
        }
        Ok(())
    }

    fn mcp_server(&mut self, row: &ForeignRow) -> Option<(Uuid, String, JsonMap)> {
        let owner = *self.users.get(&row.uuid("user_id")?)?;
        let name = row.string("name");
        if row.flag("enabled") == Some(false) {
            self.report.note(format!("The MCP server {name:?} is left out: it is turned off."));
            return None;
        }
        let mut config = row.json("config")?.to_value();
        if config.to_string().contains(OWN_PROJECTS) {
            self.report.note(format!(
                "The MCP server {name:?} is left out: Langflow has made it for a project of its own."
            ));
            return None;
        }
        if !self.reveal(&mut config) {
            self.report.note(format!(
                "Secrets of the MCP server {name:?} are left out: they are encrypted with a secret key that is not \
                 known."
            ));
        }
        let Json::Object(mut config) = config else { return None };
        if row.text("transport").is_some_and(|kind| kind.eq_ignore_ascii_case("sse")) {
            config.entry("mode").or_insert_with(|| "sse".into());
        }
        Some((owner, name, config))
    }

    /// Puts clear texts in the place of encrypted ones, wherever they stand. False: one could not be read, and is
    /// empty.
    fn reveal(&self, value: &mut Json) -> bool {
        match value {
            Json::String(text) if is_token(text) => {
                let clear = self.open(text);
                let is_known = clear.is_some();
                *text = clear.map(|clear| clear.expose().to_owned()).unwrap_or_default();
                is_known
            }
            Json::Array(items) => self.reveal_all(items.iter_mut()),
            Json::Object(map) => self.reveal_all(map.values_mut()),
            _ => true,
        }
    }

    /// Every one of them, also after one that is not known.
    fn reveal_all<'v>(&self, values: impl Iterator<Item = &'v mut Json>) -> bool {
        values.filter_map(|value| (!self.reveal(value)).then_some(())).count() == 0
    }
}
