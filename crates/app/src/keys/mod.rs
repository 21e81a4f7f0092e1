//! API keys: made, listed, renamed, rolled, deleted; and how their uses reach the store.

pub mod format;
mod uses;

pub use uses::flush_uses;

use crate::audit::Entry;
use crate::client::Client;
use crate::policy;
use crate::{App, AppError, AppResult, Credential, Principal};
use chrono::{DateTime, TimeDelta, Utc};
use langflow_core::Secret;
use langflow_store::keys as rows;
use langflow_store::{RawJson, StoreError, Tx};
use serde_json::json;
use uuid::Uuid;

pub use langflow_store::keys::ApiKey;

/// Longer names are cut short by nobody's list; they are refused.
const LONGEST_NAME: usize = 255;
/// An old key lives beside the one that replaces it so long at most.
const LONGEST_OVERLAP: TimeDelta = TimeDelta::days(30);
/// Keys of one user.
const MOST_KEYS: usize = 1000;

/// What a key is made with.
#[derive(Clone, Debug, Default)]
pub struct NewKey {
    pub name: Option<String>,
    pub expires_at: Option<DateTime<Utc>>,
    /// Langflow lets clients set it, so it can be taken over.
    pub created_at: Option<DateTime<Utc>>,
    /// None: the rights of the user.
    pub scopes: Option<Vec<String>>,
    pub limit_per_minute: Option<i64>,
    pub limit_per_day: Option<i64>,
}

/// A key and its text. The text is not stored and not shown again.
#[derive(Clone, Debug)]
pub struct MadeKey {
    pub row: ApiKey,
    pub key: Secret,
}

/// Makes a key for the caller.
///
/// # Errors
/// 400 for a name or scope that cannot be; 403 when the caller's own key has narrower scopes.
pub async fn create_key(
    app: &App,
    principal: &Principal,
    client: &Client,
    new: NewKey,
) -> AppResult<MadeKey> {
    check_new(&new)?;
    check_not_wider(app, principal, new.scopes.as_deref()).await?;
    if rows::list(&app.store, principal.user_id).await?.len() >= MOST_KEYS {
        return Err(AppError::bad_request(format!(
            "A user has at most {MOST_KEYS} API keys; delete some first"
        )));
    }
    let made = make(app, principal.user_id, new)?;
    let entry = Entry::new(app.clock.now(), "create.key", "key", made.row.id)
        .by(principal, client)
        .with(json!({"name": made.row.name, "scopes": made.row.scopes, "expires_at": made.row.expires_at}));
    let row = made.row.clone();
    app.store
        .write(move |tx| {
            Box::pin(async move {
                rows::insert(tx, &row).await?;
                entry.append(tx).await
            })
        })
        .await?;
    Ok(made)
}

fn check_new(new: &NewKey) -> AppResult<()> {
    check_name(new.name.as_deref())?;
    let unknown = new.scopes.iter().flatten().find(|scope| !policy::is_scope(scope));
    if let Some(scope) = unknown {
        return Err(AppError::bad_request(format!("There is no scope {scope:?}")));
    }
    let limits = [new.limit_per_minute, new.limit_per_day];
    if limits.into_iter().flatten().any(|limit| limit < 1) {
        return Err(AppError::bad_request("The limit of a key is at least 1"));
    }
    Ok(())
}

fn check_name(name: Option<&str>) -> AppResult<()> {
    let Some(name) = name else { return Ok(()) };
    if name.contains('\0') || name.chars().count() > LONGEST_NAME {
        return Err(AppError::bad_request(format!(
            "The name of a key has at most {LONGEST_NAME} characters"
        )));
    }
    Ok(())
}

/// A key cannot make one that may do more than itself: more, more often or for longer. One with a limit or an end
/// makes none at all, for two of them may do twice as much.
async fn check_not_wider(app: &App, principal: &Principal, wanted: Option<&[String]>) -> AppResult<()> {
    let Credential::ApiKey { key_id, scopes, .. } = &principal.credential else { return Ok(()) };
    let own = rows::find(&app.store, principal.user_id, *key_id).await?;
    let is_bounded = own.is_none_or(|key| {
        key.limit_per_minute.is_some() || key.limit_per_day.is_some() || key.expires_at.is_some()
    });
    if is_bounded {
        return Err(AppError::forbidden("An API key with a limit or an end cannot make keys")
            .with_code("scope_missing"));
    }
    let Some(own) = scopes else { return Ok(()) };
    if wanted.is_some_and(|wanted| wanted.iter().all(|scope| own.contains(scope))) {
        return Ok(());
    }
    Err(AppError::forbidden("An API key cannot make a key with more rights than its own")
        .with_code("scope_missing"))
}

pub(crate) fn make(app: &App, user_id: Uuid, new: NewKey) -> AppResult<MadeKey> {
    let key = format::generate()?;
    let (prefix, last4) = format::shown_parts(key.expose());
    let row = ApiKey {
        id: app.ids.random(),
        user_id,
        name: new.name,
        key_hash: app.secrets.digest(key.expose()),
        prefix,
        last4,
        is_active: true,
        created_at: new.created_at.unwrap_or_else(|| app.clock.now()),
        expires_at: new.expires_at,
        last_used_at: None,
        total_uses: 0,
        scopes: new.scopes.map(|scopes| RawJson::from(json!(scopes))),
        limit_per_minute: new.limit_per_minute,
        limit_per_day: new.limit_per_day,
        rolled_from: None,
    };
    Ok(MadeKey { row, key })
}

/// The caller's keys, oldest first, with the uses that are not written yet.
pub async fn list_keys(app: &App, principal: &Principal) -> AppResult<Vec<ApiKey>> {
    let mut keys = rows::list(&app.store, principal.user_id).await?;
    for key in &mut keys {
        if let Some(uses) = app.accounts.usage.pending(key.id) {
            key.total_uses += uses.count;
            key.last_used_at = key.last_used_at.max(Some(uses.last));
        }
    }
    Ok(keys)
}

/// Deletes keys of the caller: all of them, or, when one is not his, none.
///
/// # Errors
/// 400 `API Key not found`, as the reference.
pub async fn delete_keys(app: &App, principal: &Principal, client: &Client, ids: Vec<Uuid>) -> AppResult<()> {
    let now = app.clock.now();
    let entries: Vec<Entry> =
        ids.iter().map(|id| Entry::new(now, "delete.key", "key", id).by(principal, client)).collect();
    let owner = principal.user_id;
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                for (id, entry) in ids.into_iter().zip(entries) {
                    if !rows::delete(tx, owner, id).await? {
                        return Err(not_found());
                    }
                    entry.append(tx).await?;
                }
                Ok(())
            })
        })
        .await
}

fn not_found() -> AppError {
    AppError::bad_request("API Key not found")
}

/// Gives a key another name.
pub async fn rename_key(
    app: &App,
    principal: &Principal,
    client: &Client,
    id: Uuid,
    name: Option<String>,
) -> AppResult<ApiKey> {
    check_name(name.as_deref())?;
    let entry = Entry::new(app.clock.now(), "rename.key", "key", id).by(principal, client);
    change(app, principal.user_id, id, move |key| key.name = name, entry).await
}

/// Replaces a key: a new one with its name, scopes and limits; the old one stays good for `overlap`.
pub async fn roll_key(
    app: &App,
    principal: &Principal,
    client: &Client,
    id: Uuid,
    overlap: TimeDelta,
) -> AppResult<MadeKey> {
    let now = app.clock.now();
    let overlap = overlap.clamp(TimeDelta::zero(), LONGEST_OVERLAP);
    let owner = principal.user_id;
    let old = rows::find(&app.store, owner, id).await?.ok_or_else(not_found)?;
    let scopes = policy::scopes_of(&old)?;
    check_not_wider(app, principal, scopes.as_deref()).await?;
    let new = NewKey {
        name: old.name.clone(),
        expires_at: old.expires_at,
        created_at: None,
        scopes,
        limit_per_minute: old.limit_per_minute,
        limit_per_day: old.limit_per_day,
    };
    let mut made = make(app, owner, new)?;
    made.row.rolled_from = Some(old.id);
    let entry = Entry::new(now, "roll.key", "key", id)
        .by(principal, client)
        .with(json!({"new_key": made.row.id, "old_good_until": now + overlap}));
    let row = made.row.clone();
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut old = rows::lock(tx, owner, id).await?.ok_or_else(not_found)?;
                let until = now + overlap;
                old.expires_at = Some(old.expires_at.map_or(until, |known| known.min(until)));
                rows::save(tx, &old).await?;
                rows::insert(tx, &row).await?;
                entry.append(tx).await.map_err(AppError::from)
            })
        })
        .await?;
    Ok(made)
}

async fn change(
    app: &App,
    owner: Uuid,
    id: Uuid,
    edit: impl FnOnce(&mut ApiKey) + Send + 'static,
    entry: Entry,
) -> AppResult<ApiKey> {
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut key = rows::lock(tx, owner, id).await?.ok_or_else(not_found)?;
                edit(&mut key);
                rows::save(tx, &key).await?;
                entry.append(tx).await?;
                Ok(key)
            })
        })
        .await
}

/// Keeps a text for the Langflow store service, encrypted, with the account of the caller.
pub async fn save_store_key(
    app: &App,
    principal: &Principal,
    client: &Client,
    key: &Secret,
) -> AppResult<()> {
    let sealed = app.secrets.encrypt(key, &*app.clock)?;
    let user_id = principal.user_id;
    let entry = Entry::new(app.clock.now(), "save.store_key", "user", user_id).by(principal, client);
    app.store
        .write(move |tx| Box::pin(async move { set_store_key(tx, user_id, sealed, entry).await }))
        .await?;
    Ok(())
}

async fn set_store_key(tx: &Tx, user_id: Uuid, sealed: String, entry: Entry) -> Result<(), StoreError> {
    use langflow_store::users;
    if let Some(mut user) = users::lock(tx, user_id).await? {
        user.store_api_key = Some(sealed);
        users::save(tx, &user).await?;
        entry.append(tx).await?;
    }
    Ok(())
}
