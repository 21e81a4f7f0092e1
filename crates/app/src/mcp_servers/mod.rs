//! MCP servers that a user's flows may call. Values of `env` and `headers` are secrets: the list is stored
//! encrypted and they never come back.

mod connect;

pub use connect::{ProbedServer, UserMcpServers, probe_servers};

use crate::audit::Entry;
use crate::client::Client;
use crate::crypto::KeyRing;
use crate::ctx::App;
use crate::error::{AppError, AppResult};
use crate::principal::Principal;
use langflow_core::clock::Clock;
use langflow_core::{JsonMap, Secret};
use langflow_store::{Tx, settings};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// What stands in place of a secret in answers, and in a change leaves it as it is.
pub const MASK: &str = "********";
const MAX_SERVERS: usize = 100;
const MAX_CONFIG_BYTES: usize = 64 * 1024;
const SECRET_KEYS: [&str; 2] = ["env", "headers"];

/// How the list is named among the values of the server.
const KEY_PREFIX: &str = "mcp_servers:";

/// `stdio` or `streamable_http`, as a configuration says; `sse` where it names it.
pub fn mode_of(config: &JsonMap) -> Option<&'static str> {
    let is_sse =
        config.get("mode").and_then(Value::as_str).is_some_and(|mode| mode.eq_ignore_ascii_case("sse"));
    match (config.contains_key("command"), config.contains_key("url")) {
        (_, true) if is_sse => Some("sse"),
        (_, true) => Some("streamable_http"),
        (true, false) => Some("stdio"),
        (false, false) => None,
    }
}

fn not_found() -> AppError {
    AppError::not_found("Server not found.")
}

/// All servers of the caller by name, secrets masked.
pub async fn list_servers(app: &App, who: &Principal) -> AppResult<Vec<(String, JsonMap)>> {
    let shelf = Shelf::of(app, who);
    let stored = settings::get(&app.store, &shelf.key()).await?;
    let servers = shelf.open(stored)?;
    Ok(servers.into_iter().map(|(name, config)| (name, masked(&config))).collect())
}

/// One server, secrets masked.
pub async fn find_server(app: &App, who: &Principal, name: &str) -> AppResult<JsonMap> {
    let found = list_servers(app, who).await?.into_iter().find(|(known, _)| known == name);
    found.map(|(_, config)| config).ok_or_else(not_found)
}

/// Adds a server.
pub async fn add_server(
    app: &App,
    who: &Principal,
    client: &Client,
    name: String,
    config: JsonMap,
) -> AppResult<JsonMap> {
    let entry = told(app, who, client, "create.mcp_server", &name, Some(&config));
    change(app, who, entry, move |servers| {
        if servers.contains_key(&name) {
            return Err(AppError::conflict("Server already exists."));
        }
        if servers.len() >= MAX_SERVERS {
            return Err(AppError::bad_request(format!("At most {MAX_SERVERS} servers")));
        }
        let answer = masked(&Value::Object(config.clone()));
        servers.insert(name, Value::Object(config));
        Ok(answer)
    })
    .await
}

/// Merges keys into a server; a masked secret stays as it is.
pub async fn change_server(
    app: &App,
    who: &Principal,
    client: &Client,
    name: String,
    patch: JsonMap,
) -> AppResult<JsonMap> {
    let entry = told(app, who, client, "change.mcp_server", &name, Some(&patch));
    change(app, who, entry, move |servers| {
        let known = servers.get_mut(&name).and_then(Value::as_object_mut).ok_or_else(not_found)?;
        for (key, value) in patch {
            let kept = known.get(&key).cloned();
            known.insert(key, unmasked(value, kept.as_ref()));
        }
        Ok(masked(&Value::Object(known.clone())))
    })
    .await
}

pub async fn delete_server(app: &App, who: &Principal, client: &Client, name: String) -> AppResult<()> {
    let entry = told(app, who, client, "delete.mcp_server", &name, None);
    change(app, who, entry, move |servers| servers.shift_remove(&name).map(drop).ok_or_else(not_found)).await
}

/// What became of servers that were taken over.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TakenServers {
    pub new: u64,
    /// There is one of the name.
    pub known: u64,
    /// Beyond what a user may have.
    pub too_many: u64,
}

/// Adds servers of another installation to the list of `owner`; what is here already stays. Without `applies` only
/// counts.
pub(crate) async fn take_over(
    app: &App,
    owner: Uuid,
    found: &JsonMap,
    applies: bool,
) -> AppResult<TakenServers> {
    let shelf = Shelf { owner, ring: app.secrets.clone(), clock: app.clock.clone() };
    let known = shelf.open(settings::get(&app.store, &shelf.key()).await?)?;
    let mut taken = TakenServers::default();
    let mut new = JsonMap::new();
    for (name, config) in found {
        if known.contains_key(name) {
            taken.known += 1;
        } else if known.len() + new.len() >= MAX_SERVERS {
            taken.too_many += 1;
        } else {
            taken.new += 1;
            new.insert(name.clone(), config.clone());
        }
    }
    if applies && taken.new > 0 {
        let add = move |servers: &mut JsonMap| {
            servers.extend(new);
            Ok(())
        };
        app.store.write_or(move |tx| Box::pin(async move { shelf.change(tx, add).await })).await?;
    }
    Ok(taken)
}

/// What the audit log says of a change: which members were set, and the program if one is named; no values.
fn told(
    app: &App,
    who: &Principal,
    client: &Client,
    action: &str,
    name: &str,
    config: Option<&JsonMap>,
) -> Entry {
    let entry = Entry::new(app.clock.now(), action, "mcp_server", name).by(who, client);
    match config {
        Some(config) => {
            let members: Vec<&String> = config.keys().collect();
            entry.with(json!({"members": members, "command": config.get("command")}))
        }
        None => entry,
    }
}

/// Reads, changes and writes the list in one transaction, with the entry that tells of it.
async fn change<T: Send + 'static>(
    app: &App,
    who: &Principal,
    entry: Entry,
    work: impl FnOnce(&mut JsonMap) -> AppResult<T> + Send + 'static,
) -> AppResult<T> {
    if app.settings.mcp.servers_locked {
        return Err(AppError::forbidden("The list of MCP servers is locked by the operator"));
    }
    let shelf = Shelf::of(app, who);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let answer = shelf.change(tx, work).await?;
                entry.append(tx).await?;
                Ok(answer)
            })
        })
        .await
}

/// Where the list of a user is kept, and how it is read.
struct Shelf {
    owner: Uuid,
    ring: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
}

impl Shelf {
    fn of(app: &App, who: &Principal) -> Self {
        Self { owner: who.user_id, ring: app.secrets.clone(), clock: app.clock.clone() }
    }

    fn key(&self) -> String {
        format!("{KEY_PREFIX}{}", self.owner)
    }

    fn open(&self, stored: Option<String>) -> AppResult<JsonMap> {
        let Some(token) = stored else { return Ok(JsonMap::new()) };
        let clear = self.ring.decrypt(&token);
        let clear = clear.ok_or_else(|| AppError::bug("the MCP servers of a user cannot be decrypted"))?;
        serde_json::from_str(clear.expose()).map_err(AppError::internal)
    }

    async fn change<T>(self, tx: &Tx, work: impl FnOnce(&mut JsonMap) -> AppResult<T>) -> AppResult<T> {
        let mut servers = self.open(settings::get(tx, &self.key()).await?)?;
        let answer = work(&mut servers)?;
        let text = Value::Object(servers).to_string();
        if text.len() > MAX_CONFIG_BYTES * MAX_SERVERS {
            return Err(AppError::bad_request("The configuration is too large"));
        }
        let token = self.ring.encrypt(&Secret::new(text), &*self.clock)?;
        settings::put(tx, &self.key(), &token, self.clock.now()).await?;
        Ok(answer)
    }
}

fn masked(config: &Value) -> JsonMap {
    let mut config = config.as_object().cloned().unwrap_or_default();
    for key in SECRET_KEYS {
        for value in
            config.get_mut(key).and_then(Value::as_object_mut).into_iter().flat_map(|map| map.values_mut())
        {
            *value = Value::from(MASK);
        }
    }
    config
}

fn unmasked(new: Value, kept: Option<&Value>) -> Value {
    let Value::Object(mut new) = new else { return new };
    for (key, value) in &mut new {
        if value == MASK
            && let Some(secret) = kept.and_then(|kept| kept.get(key))
        {
            *value = secret.clone();
        }
    }
    Value::Object(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_a_mask_keeps_the_secret() {
        let stored = json!({"command": "npx", "env": {"TOKEN": "abc"}});
        assert_eq!(Value::Object(masked(&stored)), json!({"command": "npx", "env": {"TOKEN": MASK}}));
        let patch = json!({"TOKEN": MASK, "OTHER": "x"});
        assert_eq!(unmasked(patch, stored.get("env")), json!({"TOKEN": "abc", "OTHER": "x"}));
    }
}
