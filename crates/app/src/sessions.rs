//! Sessions: begun by signing in, prolonged by refresh tokens, ended at once.

use crate::audit::Entry;
use crate::client::Client;
use crate::identify::{principal_of, require_superuser};
use crate::tokens::{self, Token, TokenKind};
use crate::{App, AppError, AppResult, Credential, Principal};
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use langflow_core::Secret;
use langflow_store::sessions as rows;
use langflow_store::users::User;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use uuid::Uuid;

pub use langflow_store::sessions::{Session, SessionOrigin};

/// Tabs that refresh at the same moment with the same token all succeed within this time.
const GRACE: TimeDelta = TimeDelta::seconds(10);
/// What is kept of a browser's name, in characters.
const LONGEST_AGENT: usize = 256;

/// Tokens for a signed-in user.
#[derive(Clone, Debug)]
pub struct Grant {
    pub user: User,
    pub access: Secret,
    pub access_expires_at: DateTime<Utc>,
    pub refresh: Secret,
    pub refresh_expires_at: DateTime<Utc>,
}

/// A session about to be written, with its refresh token.
pub(crate) struct Begun {
    pub row: Session,
    refresh: Token,
}

/// Prepares a session; the caller writes `row` together with what else signing in changes.
pub(crate) fn begin(app: &App, user_id: Uuid, origin: SessionOrigin, client: &Client) -> AppResult<Begun> {
    let now = app.clock.now().trunc_subsecs(0);
    let ends_at = now + TimeDelta::days(i64::from(app.settings.auth.max_session_days.max(1)));
    let id = app.ids.ordered();
    let serial = Some(app.ids.random());
    let refresh = Token { user_id, session_id: id, expires_at: refresh_end(app, now, ends_at), serial };
    let text = tokens::sign(&app.secrets, TokenKind::Refresh, &refresh)?;
    let row = Session {
        id,
        user_id,
        origin,
        refresh_hash: hash(text.expose()),
        previous_refresh_hash: None,
        rotated_at: None,
        created_at: now,
        expires_at: ends_at,
        last_seen_at: now,
        user_agent: client.user_agent.as_ref().map(|agent| agent.chars().take(LONGEST_AGENT).collect()),
        ip: client.address_text(),
    };
    Ok(Begun { row, refresh })
}

impl Begun {
    /// The tokens, once the row is written.
    pub(crate) fn grant(&self, app: &App, user: User) -> AppResult<Grant> {
        grant(app, user, &self.row, &self.refresh)
    }
}

fn grant(app: &App, user: User, session: &Session, refresh: &Token) -> AppResult<Grant> {
    let length = seconds(app.settings.auth.access_token_seconds);
    let expires_at = later(app.clock.now(), length).min(session.expires_at);
    let access = Token { user_id: user.id, session_id: session.id, expires_at, serial: None };
    Ok(Grant {
        access: tokens::sign(&app.secrets, TokenKind::Access, &access)?,
        access_expires_at: expires_at,
        refresh: tokens::sign(&app.secrets, TokenKind::Refresh, refresh)?,
        refresh_expires_at: refresh.expires_at,
        user,
    })
}

fn refresh_end(app: &App, now: DateTime<Utc>, ends_at: DateTime<Utc>) -> DateTime<Utc> {
    later(now, seconds(app.settings.auth.refresh_token_seconds)).min(ends_at)
}

fn seconds(count: u64) -> TimeDelta {
    i64::try_from(count).ok().and_then(TimeDelta::try_seconds).unwrap_or(TimeDelta::MAX)
}

fn later(now: DateTime<Utc>, length: TimeDelta) -> DateTime<Utc> {
    now.checked_add_signed(length).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Prolongs a session. A refresh token is good once.
///
/// Tabs that come within a short grace with the token just replaced get the same successor: it is derived
/// from the token, not drawn. Who comes later shows that the token is in two hands, and the session ends.
///
/// # Errors
/// 401 `Invalid refresh token`, or `User account is inactive`.
pub async fn refresh_session(app: &App, text: &str, client: &Client) -> AppResult<Grant> {
    let now = app.clock.now().trunc_subsecs(0);
    let token = tokens::verify(&app.secrets, TokenKind::Refresh, text, now).map_err(|_| invalid_refresh())?;
    let shown = hash(text);
    // Twice: between the look-up and the write another tab may have been first.
    for _ in 0..2 {
        let (session, user) = rows::find_by_refresh_hash(&app.store, &shown)
            .await?
            .filter(|(session, _)| session.id == token.session_id && session.expires_at > now)
            .ok_or_else(invalid_refresh)?;
        if !user.is_active {
            return Err(AppError::unauthorised("User account is inactive"));
        }
        if session.refresh_hash == shown {
            let next = successor(app, &token, &shown, now, session.expires_at);
            if rotate(app, &session, &shown, &next, now).await? {
                return grant(app, user, &session, &next);
            }
            continue;
        }
        let rotated_at = session.rotated_at.unwrap_or(session.created_at);
        let next = successor(app, &token, &shown, rotated_at, session.expires_at);
        let is_next =
            hash(tokens::sign(&app.secrets, TokenKind::Refresh, &next)?.expose()) == session.refresh_hash;
        if is_next && now - rotated_at <= GRACE {
            return grant(app, user, &session, &next);
        }
        end_replayed(app, &session, &user, client).await?;
        return Err(invalid_refresh());
    }
    Err(invalid_refresh())
}

fn invalid_refresh() -> AppError {
    AppError::unauthorised("Invalid refresh token")
}

/// The token that follows `token`: the same whoever computes it.
fn successor(
    app: &App,
    token: &Token,
    shown: &str,
    rotated_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
) -> Token {
    let mut serial = [0u8; 16];
    let derived = Sha256::digest(app.secrets.digest(&format!("refresh token after {shown}")).as_bytes());
    for (slot, byte) in serial.iter_mut().zip(derived) {
        *slot = byte;
    }
    let serial = Some(uuid::Builder::from_random_bytes(serial).into_uuid());
    Token { expires_at: refresh_end(app, rotated_at, ends_at), serial, ..token.clone() }
}

async fn rotate(
    app: &App,
    session: &Session,
    shown: &str,
    next: &Token,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let new_hash = hash(tokens::sign(&app.secrets, TokenKind::Refresh, next)?.expose());
    let (id, old_hash, ends_at) = (session.id, shown.to_owned(), session.expires_at);
    let rotated = app
        .store
        .write(move |tx| {
            Box::pin(async move { rows::rotate(tx, id, &old_hash, &new_hash, now, ends_at).await })
        })
        .await?;
    Ok(rotated)
}

async fn end_replayed(app: &App, session: &Session, user: &User, client: &Client) -> AppResult<()> {
    let principal = principal_of(user, Credential::Session { session_id: session.id });
    let entry = Entry::new(app.clock.now(), "end.session", "session", session.id)
        .by(&principal, client)
        .with(json!({"why": "a used refresh token was shown again"}));
    let (owner, id) = (user.id, session.id);
    app.store
        .write(move |tx| {
            Box::pin(async move {
                rows::delete(tx, owner, id).await?;
                entry.append(tx).await
            })
        })
        .await?;
    Ok(())
}

/// Ends the session that the shown tokens belong to. Tokens that are no good are no error.
pub async fn sign_out(
    app: &App,
    access: Option<&str>,
    refresh: Option<&str>,
    client: &Client,
) -> AppResult<()> {
    let now = app.clock.now();
    let shown = [(TokenKind::Access, access), (TokenKind::Refresh, refresh)];
    let tokens =
        shown.into_iter().filter_map(|(kind, text)| tokens::verify(&app.secrets, kind, text?, now).ok());
    for token in tokens {
        let Some((session, user)) = rows::find_with_user(&app.store, token.session_id).await? else {
            continue;
        };
        let principal = principal_of(&user, Credential::Session { session_id: session.id });
        let entry = Entry::new(now, "end.session", "session", session.id).by(&principal, client);
        let (owner, id) = (user.id, session.id);
        app.store
            .write(move |tx| {
                Box::pin(async move {
                    if rows::delete(tx, owner, id).await? {
                        entry.append(tx).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}

/// The sessions of the caller, or of anybody for a superuser; latest first.
pub async fn list_sessions(app: &App, principal: &Principal, owner: Option<Uuid>) -> AppResult<Vec<Session>> {
    let owner = owner.unwrap_or(principal.user_id);
    if owner != principal.user_id {
        require_superuser(principal)?;
    }
    let now = app.clock.now();
    let mut sessions = rows::list(&app.store, owner).await?;
    sessions.retain(|session| session.expires_at > now);
    Ok(sessions)
}

/// Ends a session of the caller, or of anybody for a superuser.
///
/// # Errors
/// 404: there is none, or it is somebody else's.
pub async fn end_session(
    app: &App,
    principal: &Principal,
    client: &Client,
    owner: Option<Uuid>,
    id: Uuid,
) -> AppResult<()> {
    let owner = owner.unwrap_or(principal.user_id);
    if owner != principal.user_id {
        require_superuser(principal)?;
    }
    let entry = Entry::new(app.clock.now(), "end.session", "session", id).by(principal, client);
    let found = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let found = rows::delete(tx, owner, id).await?;
                if found {
                    entry.append(tx).await?;
                }
                Ok(found)
            })
        })
        .await?;
    if found { Ok(()) } else { Err(AppError::not_found("Session not found")) }
}

/// Ends all sessions of the caller but the one he uses, or all of another user for a superuser. Gives how many.
pub async fn end_other_sessions(
    app: &App,
    principal: &Principal,
    client: &Client,
    owner: Option<Uuid>,
) -> AppResult<u64> {
    let owner = owner.unwrap_or(principal.user_id);
    let mut keep = None;
    if owner != principal.user_id {
        require_superuser(principal)?;
    } else if let Credential::Session { session_id } = principal.credential {
        keep = Some(session_id);
    }
    let entry = Entry::new(app.clock.now(), "end.sessions", "user", owner).by(principal, client);
    let ended = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let ended = rows::delete_of_user(tx, owner, keep).await?;
                entry.with(json!({ "count": ended })).append(tx).await?;
                Ok(ended)
            })
        })
        .await?;
    Ok(ended)
}

/// How a refresh token is stored.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
