//! Who somebody is, by what he shows. Which of these a route asks for is the surface's to say.

use crate::accounts::throttle::Windows;
use crate::keys::format::{Form, form_of};
use crate::policy;
use crate::tokens::{self, TokenKind};
use crate::{App, AppError, AppResult, Credential, ErrorKind, Principal};
use chrono::{DateTime, TimeDelta, Utc};
use langflow_store::{keys, sessions, users};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// The principal of an access token.
///
/// # Errors
/// 401 in the words of the reference: expired, wrong type, session ended, account inactive.
pub async fn by_token(app: &App, text: &str) -> AppResult<Principal> {
    let now = app.clock.now();
    let token = tokens::verify(&app.secrets, TokenKind::Access, text, now)
        .map_err(|error| AppError::unauthorised(error.text()))?;
    let found = sessions::find_recent(&app.store, token.session_id)
        .await?
        .filter(|found| found.0.user_id == token.user_id && found.0.expires_at > now)
        .ok_or_else(|| AppError::unauthorised("Session has ended"))?;
    let (_, user) = &*found;
    if !user.is_active {
        return Err(AppError::unauthorised("User account is inactive"));
    }
    Ok(principal_of(user, Credential::Session { session_id: token.session_id }))
}

/// The principal of an API key; `None` if it is not a good one: unknown, expired, or of an inactive account.
///
/// # Errors
/// 429 when the key has a limit and it is reached.
pub async fn by_key(app: &App, text: &str) -> AppResult<Option<Principal>> {
    if is_environment_key(app, text) {
        let superuser = superuser(app).await?;
        return Ok(superuser.map(|user| Principal { credential: Credential::EnvironmentKey, ..user }));
    }
    let form = form_of(text);
    let may_be_foreign = app.accounts.has_foreign_keys.load(Ordering::Relaxed);
    if form == Form::Nonsense || (form == Form::Foreign && !may_be_foreign) {
        return Ok(None);
    }
    let now = app.clock.now();
    let digests = match form {
        Form::Ours => app.secrets.digests(text),
        _ => app.secrets.foreign_digests(text),
    };
    let Some(found) = look_up(app, &digests).await? else { return Ok(None) };
    let (key, user) = &*found;
    let expired = key.expires_at.is_some_and(|at| at <= now);
    if expired || !key.is_active || !user.is_active {
        return Ok(None);
    }
    if let Some(limit) = key.limit_per_minute {
        count_request(&app.accounts.key_minutes, key.id, limit, now)?;
    }
    if !app.settings.auth.disable_track_apikey_usage {
        app.accounts.usage.count(key.id, now);
    }
    if let Some(current) = digests.into_iter().next()
        && current != key.key_hash
    {
        move_to_current(app, key, current).await?;
    }
    let scopes = policy::scopes_of(key)?;
    let credential = Credential::ApiKey { key_id: key.id, scopes, runs_per_day: key.limit_per_day };
    Ok(Some(principal_of(user, credential)))
}

/// Stores the digest of the current secret for a key that was made under a previous one: only now that the key
/// is shown can it be made.
async fn move_to_current(app: &App, key: &keys::ApiKey, current: String) -> AppResult<()> {
    let (owner, id) = (key.user_id, key.id);
    app.store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(mut key) = keys::lock(tx, owner, id).await? {
                    key.key_hash = current;
                    keys::save(tx, &key).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}

async fn look_up(app: &App, digests: &[String]) -> AppResult<Option<Arc<(keys::ApiKey, users::User)>>> {
    for digest in digests {
        if let Some(found) = keys::find_recent(&app.store, digest).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn is_environment_key(app: &App, text: &str) -> bool {
    let expected = app.settings.auth.environment_api_key.expose().as_bytes();
    !expected.is_empty() && bool::from(expected.ct_eq(text.as_bytes()))
}

/// Counts the start of a run by a key that has a limit of runs a day. The count is in the database: it holds for all
/// servers of it, and after a restart.
///
/// # Errors
/// 429 when it is reached.
pub(crate) async fn count_run(app: &App, who: &Principal) -> AppResult<()> {
    let Credential::ApiKey { key_id, runs_per_day: Some(limit), .. } = &who.credential else { return Ok(()) };
    let (key, now) = (*key_id, app.clock.now());
    let counted =
        app.store.write(move |tx| Box::pin(async move { keys::count_run(tx, key, now).await })).await?;
    match counted {
        Some(day) if day.count <= *limit => Ok(()),
        Some(day) => Err(limit_reached((day.began + TimeDelta::days(1) - now).to_std().unwrap_or_default())),
        None => Err(AppError::forbidden("Invalid API key")),
    }
}

/// Counts a request of a key in this minute, by this server alone.
fn count_request(windows: &Windows<Uuid>, key: Uuid, limit: i64, now: DateTime<Utc>) -> AppResult<()> {
    if i64::from(windows.add(key, now)) <= limit {
        return Ok(());
    }
    Err(limit_reached(windows.left(&key, now)))
}

fn limit_reached(wait: Duration) -> AppError {
    AppError::new(ErrorKind::TooManyRequests, "The limit of this API key is reached.")
        .with_retry_after(wait.max(Duration::from_secs(1)))
}

/// The superuser that auto login stands for: the one named in the settings, else any active one.
pub async fn superuser(app: &App) -> AppResult<Option<Principal>> {
    let named = users::find_by_name(&app.store, app.settings.auth.superuser_name()).await?;
    let user = match named.filter(|user| user.is_superuser && user.is_active) {
        Some(user) => Some(user),
        None => users::find_superuser(&app.store).await?,
    };
    Ok(user.map(|user| principal_of(&user, Credential::AutoLogin)))
}

/// The account behind a principal.
pub async fn account(app: &App, principal: &Principal) -> AppResult<users::User> {
    users::find(&app.store, principal.user_id)
        .await?
        .ok_or_else(|| AppError::unauthorised("Token authentication failed"))
}

pub(crate) fn principal_of(user: &users::User, credential: Credential) -> Principal {
    Principal {
        user_id: user.id,
        username: user.username.clone(),
        is_superuser: user.is_superuser,
        credential,
    }
}

/// Refuses who is not a superuser, in the words of the reference.
pub fn require_superuser(principal: &Principal) -> AppResult<()> {
    if principal.is_superuser {
        return Ok(());
    }
    Err(AppError::forbidden(Value::from("The user doesn't have enough privileges"))
        .with_code("administration_denied"))
}
