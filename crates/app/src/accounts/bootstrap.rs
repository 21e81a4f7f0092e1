//! The first account, and what else must hold before the server answers.

use crate::audit::Entry;
use crate::client::Client;
use crate::identify::principal_of;
use crate::login::{LEGACY_PASSWORD, settle_in};
use crate::passwords;
use crate::settings::AuthSettings;
use crate::users::{self, NO_PASSWORD, User};
use crate::{App, AppError, AppResult, Credential};
use langflow_store::sessions::{self, SessionOrigin};
use langflow_store::users as rows;
use serde_json::json;
use thiserror::Error;

/// Why the server does not start. Each says what to set.
#[derive(Debug, Error)]
pub enum BootstrapError {
    #[error(
        "authentication is on (LANGFLOW_AUTO_LOGIN=False), so the superuser must be named: set {missing} in the \
         environment or in the file given with --env-file"
    )]
    NoSuperuser { missing: &'static str },
    #[error("LANGFLOW_SUPERUSER_PASSWORD is `langflow`, which everybody knows; set another one")]
    LegacyPassword,
    #[error("LANGFLOW_SUPERUSER_PASSWORD cannot be used: {0}")]
    BadPassword(String),
    #[error(
        "the account {0:?} exists and is not a superuser; set LANGFLOW_SUPERUSER to another name, or let a \
         superuser promote it"
    )]
    NotSuperuser(String),
    #[error(
        "the account {0:?} is the superuser of the settings and is deactivated; let another superuser activate it"
    )]
    Inactive(String),
    #[error(transparent)]
    App(#[from] AppError),
}

/// Refuses settings that cannot be, before anything is opened.
pub fn check_settings(auth: &AuthSettings) -> Result<(), BootstrapError> {
    let password = auth.superuser_password.expose();
    if auth.auto_login {
        return Ok(());
    }
    let missing = match (auth.superuser.is_empty(), password.is_empty()) {
        (true, true) => Some("LANGFLOW_SUPERUSER and LANGFLOW_SUPERUSER_PASSWORD"),
        (true, false) => Some("LANGFLOW_SUPERUSER"),
        (false, true) => Some("LANGFLOW_SUPERUSER_PASSWORD"),
        (false, false) => None,
    };
    if let Some(missing) = missing {
        return Err(BootstrapError::NoSuperuser { missing });
    }
    if password == LEGACY_PASSWORD {
        return Err(BootstrapError::LegacyPassword);
    }
    passwords::check_new(password, auth.profile).map_err(|e| BootstrapError::BadPassword(e.to_string()))
}

/// Makes or checks the superuser of the settings, and ends what another login mode left behind.
///
/// * Auto login on: the account of that name, made without a usable password unless one is set (and is not
///   the old default). Where no name is set and there is a superuser, it is the one.
/// * Auto login off: name and password must be set. An existing account keeps its password, unless it has
///   none because auto login made it. Where the name is new and auto login has left such an account, that
///   account gets name and password, so that the work done so far stays with the operator. Sessions that
///   auto login began are ended.
pub async fn bootstrap(app: &App) -> Result<User, BootstrapError> {
    let auth = &app.settings.auth;
    check_settings(auth)?;
    let name = auth.superuser_name();
    let existing = rows::find_by_any_case(&app.store, name).await.map_err(AppError::from)?;
    let user = match existing {
        None => create_or_inherit(app, name).await?,
        Some(user) if !user.is_superuser => return Err(BootstrapError::NotSuperuser(user.username)),
        Some(user) => adopt(app, user).await?,
    };
    if !auth.auto_login {
        end_auto_sessions(app).await?;
    }
    settle_in(app, &principal_of(&user, Credential::Local), &Client::local()).await?;
    super::housekeeping::look_for_foreign_secrets(app).await?;
    Ok(user)
}

async fn create_or_inherit(app: &App, name: &str) -> Result<User, BootstrapError> {
    let auth = &app.settings.auth;
    match rows::find_superuser(&app.store).await.map_err(AppError::from)? {
        Some(user) if auth.auto_login && auth.superuser.is_empty() => Ok(user),
        Some(user) if !auth.auto_login && user.password_hash == NO_PASSWORD => {
            adopt(app, User { username: name.to_owned(), ..user }).await
        }
        _ => Ok(create(app, name).await?),
    }
}

async fn end_auto_sessions(app: &App) -> AppResult<()> {
    let ended = app
        .store
        .write(|tx| Box::pin(async move { sessions::delete_by_origin(tx, SessionOrigin::AutoLogin).await }))
        .await?;
    if ended > 0 {
        tracing::info!(ended, "ended {ended} sessions that auto login had begun");
    }
    Ok(())
}

/// The hash of the password of the settings; none that fits where none is set.
async fn hash_of_settings(app: &App) -> AppResult<String> {
    let password = &app.settings.auth.superuser_password;
    let unusable = password.is_empty() || password.expose() == LEGACY_PASSWORD;
    if unusable || passwords::check_new(password.expose(), app.settings.auth.profile).is_err() {
        return Ok(NO_PASSWORD.into());
    }
    app.accounts.hasher.hash(password).await
}

async fn create(app: &App, name: &str) -> AppResult<User> {
    let now = app.clock.now();
    let user = User {
        id: app.ids.random(),
        username: name.to_owned(),
        password_hash: hash_of_settings(app).await?,
        profile_image: None,
        store_api_key: None,
        is_active: true,
        is_superuser: true,
        optins: Some(users::default_optins()),
        created_at: now,
        updated_at: now,
        last_login_at: None,
        retired_at: None,
    };
    let entry = Entry::new(now, "create.user", "user", user.id);
    users::insert(app, user, entry).await
}

/// An account that is there: given the password of the settings if it has none.
async fn adopt(app: &App, mut user: User) -> Result<User, BootstrapError> {
    let needs_password = user.password_hash == NO_PASSWORD;
    let was_retired = user.retired_at.is_some();
    if !user.is_active && !was_retired {
        return Err(BootstrapError::Inactive(user.username));
    }
    if !needs_password && !was_retired {
        return Ok(user);
    }
    if needs_password {
        user.password_hash = hash_of_settings(app).await?;
    }
    user.is_active = true;
    user.retired_at = None;
    let now = app.clock.now();
    let entry = Entry::new(now, "change.user", "user", user.id)
        .with(json!({"username": user.username, "password": needs_password}));
    let saved = user.clone();
    app.store
        .write(move |tx| {
            Box::pin(async move {
                rows::save(tx, &saved).await?;
                entry.append(tx).await
            })
        })
        .await
        .map_err(AppError::from)?;
    Ok(user)
}
