//! Accounts: signing up, the rules of changing them, deletion.
//!
//! Nobody deletes, deactivates or demotes the last superuser. What ends an account's right (deactivation,
//! deletion, a new password) ends its sessions in the same transaction; its keys are checked at each request.

use crate::audit::Entry;
use crate::client::Client;
use crate::files::names::is_invisible;
use crate::identify::{principal_of, require_superuser};
use crate::passwords::{self, Verdict};
use crate::{App, AppError, AppResult, Credential, ErrorKind, Principal, projects};
use langflow_core::Secret;
use langflow_store::users as rows;
use langflow_store::{Page, StoreError, Tx, Unique, sessions};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

pub use langflow_store::users::{User, UserFilter};
pub use langflow_store::{RawJson, Window};

/// A hash that no password fits: the account can only be entered by auto login.
pub(crate) const NO_PASSWORD: &str = "!";
const LONGEST_NAME: usize = 255;
const PROMOTE: &str = "Only a superuser may promote or demote platform superusers";

/// Who wants an account.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    pub username: String,
    pub password: Secret,
    pub optins: Option<RawJson>,
}

/// Changes to an account; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub username: Option<String>,
    pub profile_image: Option<String>,
    pub password: Option<Secret>,
    pub is_active: Option<bool>,
    pub is_superuser: Option<bool>,
    pub optins: Option<RawJson>,
}

/// Makes an account. Anonymous callers may where sign-up is open, superusers always; nobody sets more than
/// name and password.
///
/// # Errors
/// 403 sign-up is closed; 400 the name is taken or cannot be, or the password breaks a rule.
pub async fn create_user(
    app: &App,
    principal: Option<&Principal>,
    client: &Client,
    new: NewUser,
) -> AppResult<User> {
    let auth = &app.settings.auth;
    let by_superuser = principal.filter(|p| p.is_superuser && p.credential != Credential::AutoLogin);
    if by_superuser.is_none() && (auth.auto_login || !auth.enable_signup) {
        return Err(AppError::forbidden("Public user registration is disabled."));
    }
    if by_superuser.is_none() {
        let attempt = app.accounts.throttle.count_attempt(client.address, app.clock.now());
        if let crate::accounts::throttle::Attempt::Wait(wait) = attempt {
            return Err(AppError::new(
                ErrorKind::TooManyRequests,
                "Too many requests. Please try again later.",
            )
            .with_retry_after(wait));
        }
    }
    check_username(app, &new.username)?;
    passwords::check_new(new.password.expose(), auth.profile)?;
    if rows::find_by_any_case(&app.store, &new.username).await?.is_some() {
        return Err(unavailable());
    }
    let now = app.clock.now();
    let user = User {
        id: app.ids.random(),
        password_hash: app.accounts.hasher.hash(&new.password).await?,
        profile_image: None,
        store_api_key: None,
        is_active: auth.new_user_is_active,
        is_superuser: false,
        optins: Some(new.optins.unwrap_or_else(default_optins)),
        created_at: now,
        updated_at: now,
        last_login_at: None,
        retired_at: None,
        username: new.username,
    };
    let entry = Entry::new(now, "create.user", "user", user.id);
    let entry = match principal {
        Some(principal) => entry.by(principal, client),
        None => entry.by_name(&user.username, client),
    };
    let user = insert(app, user, entry).await?;
    projects::default_project(app, &principal_of(&user, Credential::Local)).await?;
    Ok(user)
}

pub(crate) async fn insert(app: &App, user: User, entry: Entry) -> AppResult<User> {
    app.store
        .write(move |tx| {
            Box::pin(async move {
                rows::insert(tx, &user).await?;
                entry.append(tx).await?;
                Ok(user)
            })
        })
        .await
        .map_err(name_taken)
}

pub(crate) fn default_optins() -> RawJson {
    RawJson::from(json!({"github_starred": false, "dialog_dismissed": false, "discord_clicked": false}))
}

fn unavailable() -> AppError {
    AppError::bad_request("This username is unavailable.")
}

fn name_taken(error: StoreError) -> AppError {
    if error.taken() == Some(Unique::Username) { unavailable() } else { error.into() }
}

pub(crate) fn check_username(app: &App, name: &str) -> AppResult<()> {
    let compat = app.settings.auth.profile == crate::settings::SecurityProfile::Compat;
    if name.trim().is_empty() && !compat {
        return Err(AppError::bad_request("The username cannot be empty"));
    }
    if name.chars().any(char::is_control) || name.chars().count() > LONGEST_NAME {
        return Err(AppError::bad_request(format!(
            "A username has at most {LONGEST_NAME} characters, none of them a control character"
        )));
    }
    // A name that reads like another one is somebody else's mask.
    let is_mask = name.chars().any(is_invisible) || name.trim() != name;
    if is_mask && !compat {
        return Err(AppError::bad_request(
            "A username has no invisible characters and no spaces at its ends",
        ));
    }
    Ok(())
}

/// The account of this id: one's own, or any for a superuser.
pub async fn find_user(app: &App, principal: &Principal, id: Uuid) -> AppResult<User> {
    if id != principal.user_id && !principal.is_superuser {
        return Err(AppError::forbidden("Permission denied: user:manage is required.")
            .with_code("administration_denied"));
    }
    rows::find(&app.store, id).await?.ok_or_else(not_found)
}

fn not_found() -> AppError {
    AppError::not_found("User not found")
}

/// A window of all accounts, sorted by name. For superusers.
pub async fn list_users(app: &App, principal: &Principal, filter: &UserFilter) -> AppResult<Page<User>> {
    require_superuser(principal)?;
    Ok(rows::list(&app.store, filter).await?)
}

/// Changes an account under the rules of the reference: oneself or a superuser; only superusers promote; the
/// password of others only by superusers, one's own through [`reset_password`].
pub async fn change_user(
    app: &App,
    principal: &Principal,
    client: &Client,
    id: Uuid,
    change: UserChange,
) -> AppResult<User> {
    check_change(principal, id, &change)?;
    if let Some(name) = &change.username {
        check_username(app, name)?;
    }
    let new_hash = match &change.password {
        Some(password) => {
            passwords::check_new(password.expose(), app.settings.auth.profile)?;
            Some(app.accounts.hasher.hash(password).await?)
        }
        None => None,
    };
    let now = app.clock.now();
    let entry = Entry::new(now, "change.user", "user", id).by(principal, client).with(told(&change));
    let own_session = match &principal.credential {
        Credential::Session { session_id } if id == principal.user_id => Some(*session_id),
        _ => None,
    };
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                // Before the row itself: two who go for each other lock the superusers in the same order, and wait.
                let may_demote = change.is_superuser == Some(false) || change.is_active == Some(false);
                let is_last = may_demote && !rows::has_other_superuser(tx, id).await?;
                let old = rows::lock(tx, id).await?.ok_or_else(not_found)?;
                let mut user = apply(old.clone(), change);
                user.updated_at = now;
                if is_last && loses_power(&old, &user) {
                    return Err(last_superuser());
                }
                if !user.is_active || new_hash.is_some() {
                    sessions::delete_of_user(tx, id, own_session.filter(|_| user.is_active)).await?;
                }
                if let Some(hash) = new_hash {
                    user.password_hash = hash;
                }
                rows::save(tx, &user).await.map_err(name_taken)?;
                entry.append(tx).await?;
                Ok(user)
            })
        })
        .await
}

fn check_change(principal: &Principal, id: Uuid, change: &UserChange) -> AppResult<()> {
    if !principal.is_superuser {
        if id != principal.user_id {
            return Err(AppError::forbidden("Permission denied").with_code("administration_denied"));
        }
        if change.is_superuser == Some(true) {
            return Err(AppError::forbidden(PROMOTE).with_code("superuser_required"));
        }
        if change.password.is_some() {
            return Err(AppError::bad_request("You can't change your password here"));
        }
    }
    if id == principal.user_id && change.is_active == Some(false) {
        return Err(AppError::forbidden("You can't deactivate your own user account"));
    }
    Ok(())
}

fn apply(mut user: User, change: UserChange) -> User {
    if let Some(name) = change.username {
        user.username = name;
    }
    if let Some(image) = change.profile_image {
        user.profile_image = Some(image);
    }
    if let Some(is_active) = change.is_active {
        user.is_active = is_active;
    }
    if let Some(is_superuser) = change.is_superuser {
        user.is_superuser = is_superuser;
    }
    if let Some(optins) = change.optins {
        user.optins = Some(optins);
    }
    user
}

/// What the audit log is told of a change: everything but the password.
fn told(change: &UserChange) -> serde_json::Value {
    json!({
        "username": change.username,
        "is_active": change.is_active,
        "is_superuser": change.is_superuser,
        "password": change.password.is_some(),
    })
}

fn loses_power(old: &User, new: &User) -> bool {
    old.is_active && old.is_superuser && !(new.is_active && new.is_superuser)
}

fn last_superuser() -> AppError {
    AppError::forbidden("The last active superuser can't be deleted, deactivated or demoted")
        .with_code("last_superuser")
}

/// Changes one's own password, with the present one in hand. Ends all other sessions.
///
/// # Errors
/// As the reference: 404 another user's, 403 signed in by key, 429 too often, 400 wrong or unchanged.
pub async fn reset_password(
    app: &App,
    principal: &Principal,
    client: &Client,
    id: Uuid,
    current: &Secret,
    new: &Secret,
) -> AppResult<User> {
    if id != principal.user_id {
        return Err(AppError::not_found("You can't change another user's password"));
    }
    let Credential::Session { session_id } = principal.credential else {
        return Err(AppError::forbidden("Sign in interactively to change your password")
            .with_code("interactive_login_required"));
    };
    let now = app.clock.now();
    if app.settings.auth.rate_limit_enabled && app.accounts.password_changes.add(id, now) > 5 {
        return Err(AppError::new(ErrorKind::TooManyRequests, "Too many requests. Please try again later.")
            .with_retry_after(Duration::from_mins(1)));
    }
    let user = rows::find(&app.store, id).await?.ok_or_else(not_found)?;
    if app.accounts.hasher.verify(current, Some(&user.password_hash)).await? == Verdict::Wrong {
        return Err(AppError::bad_request("Current password is incorrect"));
    }
    if current == new {
        return Err(AppError::bad_request("You can't use your current password"));
    }
    passwords::check_new(new.expose(), app.settings.auth.profile)?;
    let hash = app.accounts.hasher.hash(new).await?;
    let entry = Entry::new(now, "change.password", "user", id).by(principal, client);
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut user = rows::lock(tx, id).await?.ok_or_else(not_found)?;
                user.password_hash = hash;
                rows::save(tx, &user).await?;
                sessions::delete_of_user(tx, id, Some(session_id)).await?;
                entry.append(tx).await?;
                Ok(user)
            })
        })
        .await
}

/// Deletes an account and all it owns. For superusers.
///
/// # Errors
/// 400 one's own; 404 unknown; 403 for others, and for the last superuser.
pub async fn delete_user(app: &App, principal: &Principal, client: &Client, id: Uuid) -> AppResult<()> {
    if !principal.is_superuser {
        return Err(AppError::forbidden("Permission denied").with_code("administration_denied"));
    }
    if id == principal.user_id {
        return Err(AppError::bad_request("You can't delete your own user account"));
    }
    let entry = Entry::new(app.clock.now(), "delete.user", "user", id).by(principal, client);
    app.store.write_or(move |tx| Box::pin(async move { delete_row(tx, id, entry).await })).await
}

async fn delete_row(tx: &Tx, id: Uuid, entry: Entry) -> AppResult<()> {
    let has_other = rows::has_other_superuser(tx, id).await?;
    let user = rows::lock(tx, id).await?.ok_or_else(not_found)?;
    if user.is_superuser && user.is_active && !has_other {
        return Err(last_superuser());
    }
    let entry = entry.with(json!({"username": user.username}));
    rows::delete(tx, id).await?;
    entry.append(tx).await?;
    Ok(())
}
