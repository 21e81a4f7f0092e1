//! Re-encrypting what is stored after the secret key has changed.

use crate::audit::Entry;
use crate::client::Client;
use crate::crypto::keyring::{FOREIGN, HASHED, is_token};
use crate::{App, AppResult};
use langflow_store::{RawJson, Window, keys, projects, settings, suspended, users, variables};
use serde_json::{Value, json};
use uuid::Uuid;

/// Rows that are read at once.
const BATCH: u64 = 200;

/// What a rotation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Stored secrets that are now encrypted with the current key.
    pub reencrypted: u64,
    /// Stored secrets that no key of the ring can read.
    pub unreadable: u64,
    /// API keys whose digest is of a previous key. The clear key is not stored, so each moves when it is used
    /// the next time; until then the previous key must stay in the ring.
    pub keys_of_previous: u64,
}

/// Encrypts every stored secret with the current key. Running it again does no harm; a server that runs on the
/// same database must know the new key, or be started again.
pub async fn reencrypt(app: &App) -> AppResult<Rotated> {
    let mut done = Rotated::default();
    reencrypt_variables(app, &mut done).await?;
    reencrypt_store_keys(app, &mut done).await?;
    reencrypt_projects(app, &mut done).await?;
    reencrypt_settings(app, &mut done).await?;
    reencrypt_suspended(app, &mut done).await?;
    done.keys_of_previous = keys_of_previous(app).await?;
    let told = json!({"reencrypted": done.reencrypted, "unreadable": done.unreadable});
    Entry::new(app.clock.now(), "rotate.secret_key", "server", "")
        .by_name("command line", &Client::local())
        .with(told)
        .record(app)
        .await?;
    Ok(done)
}

async fn reencrypt_variables(app: &App, done: &mut Rotated) -> AppResult<()> {
    let mut after: Option<Uuid> = None;
    loop {
        let batch = variables::all_after(&app.store, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.id);
        for row in batch {
            let Some(new) = moved(app, &row.value, done)? else { continue };
            let replaced = app
                .store
                .write(move |tx| {
                    Box::pin(async move { variables::replace_value(tx, row.id, &row.value, &new).await })
                })
                .await?;
            // Somebody saved it in between, with the current key.
            done.reencrypted += u64::from(replaced);
        }
    }
}

async fn reencrypt_store_keys(app: &App, done: &mut Rotated) -> AppResult<()> {
    let mut offset = 0;
    loop {
        let filter = users::UserFilter { window: Window::new(BATCH, offset), ..users::UserFilter::default() };
        let batch = users::list(&app.store, &filter).await?.items;
        if batch.is_empty() {
            return Ok(());
        }
        offset += BATCH;
        for user in batch {
            let Some(old) = user.store_api_key else { continue };
            let Some(new) = moved(app, &old, done)? else { continue };
            let id = user.id;
            app.store
                .write(move |tx| {
                    Box::pin(async move {
                        if let Some(mut user) = users::lock(tx, id).await?
                            && user.store_api_key.as_deref() == Some(old.as_str())
                        {
                            user.store_api_key = Some(new);
                            users::save(tx, &user).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
            done.reencrypted += 1;
        }
    }
}

/// Secrets inside the settings of projects, wherever they stand.
async fn reencrypt_projects(app: &App, done: &mut Rotated) -> AppResult<()> {
    let mut after: Option<Uuid> = None;
    loop {
        let batch = projects::with_settings_after(&app.store, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.id);
        for project in batch {
            let Some(old) = project.auth_settings else { continue };
            let mut tree = old.to_value();
            let count = moved_inside(app, &mut tree, done)?;
            if count == 0 {
                continue;
            }
            let new = RawJson::from(tree);
            let replaced = app
                .store
                .write(move |tx| {
                    Box::pin(async move { projects::replace_settings(tx, project.id, &old, &new).await })
                })
                .await?;
            done.reencrypted += if replaced { count } else { 0 };
        }
    }
}

/// Moves every token in a tree to the current key, and counts them.
fn moved_inside(app: &App, tree: &mut Value, done: &mut Rotated) -> AppResult<u64> {
    let mut count = 0;
    match tree {
        Value::String(text) => {
            if let Some(new) = moved(app, text, done)? {
                *text = new;
                count = 1;
            }
        }
        Value::Array(items) => {
            for item in items {
                count += moved_inside(app, item, done)?;
            }
        }
        Value::Object(map) => {
            for item in map.values_mut() {
                count += moved_inside(app, item, done)?;
            }
        }
        _ => {}
    }
    Ok(count)
}

/// Lists of MCP servers, and whatever else is kept encrypted among the settings.
async fn reencrypt_settings(app: &App, done: &mut Rotated) -> AppResult<()> {
    let mut after: Option<String> = None;
    loop {
        let batch = settings::starting_with(&app.store, "", after.as_deref(), BATCH).await?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        after = Some(last.clone());
        for (key, old) in batch {
            let Some(new) = moved(app, &old, done)? else { continue };
            let replaced = app
                .store
                .write(move |tx| Box::pin(async move { settings::replace(tx, &key, &old, &new).await }))
                .await?;
            done.reencrypted += u64::from(replaced);
        }
    }
}

/// Runs that wait for a human. They may be large: one at a time.
async fn reencrypt_suspended(app: &App, done: &mut Rotated) -> AppResult<()> {
    let mut after: Option<Uuid> = None;
    loop {
        let batch = suspended::ids_after(&app.store, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(*last);
        for run in batch {
            let Some(old) = suspended::state(&app.store, run).await? else { continue };
            let Some(new) = moved(app, &old, done)? else { continue };
            let replaced = app.store.write(move |tx| {
                Box::pin(async move { suspended::replace_state(tx, run, &old, &new).await })
            });
            done.reencrypted += u64::from(replaced.await?);
        }
    }
}

/// The text under the current key; `None` if it is there already, is clear, or cannot be read.
fn moved(app: &App, stored: &str, done: &mut Rotated) -> AppResult<Option<String>> {
    if !is_token(stored) || app.secrets.is_current(stored) {
        return Ok(None);
    }
    let Some(clear) = app.secrets.decrypt(stored) else {
        done.unreadable += 1;
        return Ok(None);
    };
    app.secrets.encrypt(&clear, &*app.clock).map(Some)
}

/// API keys that need a previous secret of the ring.
pub async fn keys_of_previous(app: &App) -> AppResult<u64> {
    let current = app.secrets.digest_prefix();
    let all = keys::count_by_hash_prefix(&app.store, "").await?;
    let ours = keys::count_by_hash_prefix(&app.store, &current).await?;
    let foreign = keys::count_by_hash_prefix(&app.store, &format!("{FOREIGN}{current}")).await?;
    let hashed = keys::count_by_hash_prefix(&app.store, &format!("{FOREIGN}{HASHED}")).await?;
    Ok(all.saturating_sub(ours + foreign + hashed))
}
