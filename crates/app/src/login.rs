//! Signing in: with a password, or by auto login.

use crate::accounts::throttle::{Attempt, Network};
use crate::audit::Entry;
use crate::client::Client;
use crate::identify::{self, principal_of};
use crate::passwords::Verdict;
use crate::sessions::{self, Grant, SessionOrigin};
use crate::{App, AppError, AppResult, Credential, ErrorKind, Principal, projects, variables};
use langflow_core::Secret;
use langflow_store::audit::{self as audit_rows, AuditFilter};
use langflow_store::users::User;
use langflow_store::{Window, sessions as session_rows, users};
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

/// The password that Langflow used to ship with; it is refused for the superuser.
pub(crate) const LEGACY_PASSWORD: &str = "langflow";

/// Sign-ins of an account whose networks are known.
const MOST_SIGN_INS: u64 = 200;
/// When refusals go out while hashes of Langflow are stored, which take longer to verify than ours: all at the same
/// time, whatever stood behind the name.
const REFUSED_AFTER: Duration = Duration::from_secs(1);

/// Signs in with name and password.
///
/// Unknown names and wrong passwords take the same time and answer in the same words. Only who knows the
/// password learns that the account waits for approval.
///
/// # Errors
/// 401 wrong, 400 waiting for approval, 401 inactive, 429 too many attempts.
pub async fn sign_in(app: &App, username: &str, password: &Secret, client: &Client) -> AppResult<Grant> {
    let (began, now) = (Instant::now(), app.clock.now());
    if let Attempt::Wait(wait) = app.accounts.throttle.count_attempt(client.address, now) {
        return Err(too_many(wait));
    }
    let attempt = app.accounts.throttle.try_now(username, client.address, now);
    if let Attempt::Wait(wait) = attempt {
        return Err(too_many(wait));
    }
    let (user, verdict) = match judge(app, username, password, client, attempt).await {
        Ok(judged) => judged,
        Err(error) => {
            app.accounts.throttle.untried(username, client.address, now);
            return Err(error);
        }
    };
    let is_legacy = password.expose() == LEGACY_PASSWORD
        && (username == LEGACY_PASSWORD || username == app.settings.auth.superuser_name());
    let user = match user {
        Some(user) if verdict != Verdict::Wrong && !is_legacy => user,
        _ => return Err(refuse(app, username, client, began).await?),
    };
    app.accounts.throttle.succeeded(username, client.address, now);
    if !user.is_active {
        return Err(match user.last_login_at {
            None => AppError::bad_request("Waiting for approval"),
            Some(_) => AppError::unauthorised("Inactive user"),
        });
    }
    let new_hash = match verdict {
        Verdict::RightButOld => Some(app.accounts.hasher.hash(password).await?),
        _ => None,
    };
    begin_session(app, user, SessionOrigin::Login, client, new_hash).await
}

/// The account of the name, and whether the password is its own.
async fn judge(
    app: &App,
    username: &str,
    password: &Secret,
    client: &Client,
    attempt: Attempt,
) -> AppResult<(Option<User>, Verdict)> {
    let user = users::find_by_name(&app.store, username).await?;
    if attempt == Attempt::KnownNetworkOnly && !knows_network(app, user.as_ref(), client).await? {
        return Err(too_many(Duration::from_hours(1)));
    }
    let stored = user.as_ref().map(|user| user.password_hash.as_str());
    let verdict = app.accounts.hasher.verify(password, stored).await?;
    Ok((user, verdict))
}

/// Writes the failure down and gives the refusal.
async fn refuse(app: &App, username: &str, client: &Client, began: Instant) -> AppResult<AppError> {
    let now = app.clock.now();
    tracing::warn!(
        address = client.address_text().unwrap_or_default(),
        "sign-in failed from {}",
        client.address_text().unwrap_or_else(|| "an unknown address".into())
    );
    Entry::new(now, "login.failed", "user", "").by_name(username, client).refused().record(app).await?;
    if app.accounts.has_foreign_hashes.load(Ordering::Relaxed) {
        tokio::time::sleep_until(began + REFUSED_AFTER).await;
    }
    Ok(AppError::unauthorised("Incorrect username or password").with_challenge())
}

fn too_many(wait: Duration) -> AppError {
    AppError::new(ErrorKind::TooManyRequests, "Too many requests. Please try again later.")
        .with_retry_after(wait.max(Duration::from_secs(1)))
}

/// Whether the account has a session from the network of this request, or has signed in from it as far as the audit
/// log goes back: who signs out stays known.
async fn knows_network(app: &App, user: Option<&User>, client: &Client) -> AppResult<bool> {
    let Some(user) = user else { return Ok(false) };
    let here = client.network();
    let is_here =
        |ip: Option<&str>| ip.and_then(|ip| ip.parse().ok()).is_some_and(|ip| Network::of(Some(ip)) == here);
    let sessions = session_rows::list(&app.store, user.id).await?;
    if sessions.iter().any(|session| is_here(session.ip.as_deref())) {
        return Ok(true);
    }
    let filter = AuditFilter {
        actor_id: Some(user.id),
        action: Some("login.ok".into()),
        window: Window::new(MOST_SIGN_INS, 0),
        ..AuditFilter::default()
    };
    let signed_in = audit_rows::list(&app.store, &filter).await?;
    Ok(signed_in.items.iter().any(|entry| is_here(entry.ip.as_deref())))
}

/// Signs in without a password, where auto login is on.
///
/// # Errors
/// 403 when it is off, or the request is not one of a browser on this machine (or behind the operator's
/// proxy); 400 when there is no superuser.
pub async fn auto_sign_in(app: &App, client: &Client, is_same_origin: bool) -> AppResult<Grant> {
    let auth = &app.settings.auth;
    if !auth.auto_login {
        return Err(AppError::forbidden(json!({"message": "Auto login is disabled.", "auto_login": false})));
    }
    let is_near = client.is_loopback() || auth.auto_login_beyond_loopback || auth.rate_limit_trust_proxy;
    if !is_near || !is_same_origin {
        return Err(AppError::forbidden(json!({
            "message": "Auto login is given to browsers on the server's own machine only.",
            "auto_login": false,
        })));
    }
    let principal = identify::superuser(app)
        .await?
        .ok_or_else(|| AppError::bad_request("Super user hasn't been created"))?;
    let user = identify::account(app, &principal).await?;
    begin_session(app, user, SessionOrigin::AutoLogin, client, None).await
}

/// Writes the session, the time of the sign-in and the audit entry together.
async fn begin_session(
    app: &App,
    mut user: User,
    origin: SessionOrigin,
    client: &Client,
    new_hash: Option<String>,
) -> AppResult<Grant> {
    let now = app.clock.now();
    let begun = sessions::begin(app, user.id, origin, client)?;
    let principal = principal_of(&user, Credential::Session { session_id: begun.row.id });
    let action = match origin {
        SessionOrigin::Login => "login.ok",
        SessionOrigin::AutoLogin => "login.auto",
    };
    let entry = Entry::new(now, action, "session", begun.row.id).by(&principal, client);
    let (row, user_id) = (begun.row.clone(), user.id);
    app.store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(hash) = new_hash
                    && let Some(stored) = users::lock(tx, user_id).await?
                {
                    users::save(tx, &User { password_hash: hash, ..stored }).await?;
                }
                users::touch_login(tx, user_id, now).await?;
                session_rows::insert(tx, &row).await?;
                entry.append(tx).await
            })
        })
        .await?;
    user.last_login_at = Some(now);
    user.updated_at = now;
    settle_in(app, &principal, client).await?;
    begun.grant(app, user)
}

/// What everybody finds who comes in: the variables of the environment, and a project.
pub(crate) async fn settle_in(app: &App, principal: &Principal, client: &Client) -> AppResult<()> {
    variables::import_from_environment(app, principal, client).await?;
    projects::default_project(app, principal).await?;
    Ok(())
}
