//! What the command line does with accounts, without a server.
//!
//! Whoever can start these commands can read the data folder, but not on that account act as a superuser:
//! where authentication is on, each asks for proof.

use super::bootstrap::{BootstrapError, bootstrap};
use crate::audit::Entry;
use crate::client::Client;
use crate::identify::{self, principal_of};
use crate::keys::{self, MadeKey, NewKey};
use crate::passwords::{self, Verdict};
use crate::users::{self, User};
use crate::{App, AppError, AppResult, Credential, Principal, projects};
use langflow_core::Secret;
use langflow_store::users as rows;
use thiserror::Error;

/// How somebody on the command line shows that he is a superuser.
#[derive(Clone, Debug)]
pub enum Proof {
    /// An access token or API key.
    Token(Secret),
    Password { username: String, password: Secret },
}

/// Why a command did nothing. The text is for the terminal.
#[derive(Debug, Error)]
pub enum CommandError {
    #[error(
        "Error: Superuser creation via CLI is disabled.\nSet LANGFLOW_ENABLE_SUPERUSER_CLI=true to enable this feature."
    )]
    Disabled,
    #[error(
        "Error: Cannot create additional superusers when AUTO_LOGIN is enabled.\nAUTO_LOGIN mode is for development \
         with only the default superuser.\nTo create additional superusers:\n1. Set LANGFLOW_AUTO_LOGIN=false\n2. \
         Run this command again with --auth-token"
    )]
    AutoLogin,
    #[error(
        "Error: Creating a superuser requires authentication.\nPlease provide --auth-token with a valid superuser API \
         key or JWT token.\nTo get a token, use: `langflow api-key`"
    )]
    ProofWanted,
    #[error("Error: Invalid token or insufficient privileges. Only superusers can create other superusers.")]
    NotProven,
    #[error("Error: Incorrect username or password, or the account is no active superuser.")]
    WrongPassword,
    #[error("Superuser creation failed.\nThe account {0:?} exists and is not a superuser.")]
    Exists(String),
    #[error("Error: {0}")]
    Refused(AppError),
    #[error("Error: {0}")]
    Bootstrap(#[from] BootstrapError),
}

impl From<AppError> for CommandError {
    fn from(error: AppError) -> Self {
        Self::Refused(error)
    }
}

/// Makes an API key of a superuser, named `CLI`. Other keys are left alone.
///
/// Under auto login no proof is wanted. Else it must be given; the superuser of the settings is made first if
/// this is the first start.
pub async fn make_key(app: &App, proof: Option<Proof>) -> Result<MadeKey, CommandError> {
    let principal = match proof {
        _ if app.settings.auth.auto_login => principal_of(&bootstrap(app).await?, Credential::Local),
        Some(proof) => {
            if super::bootstrap::check_settings(app).is_ok() {
                bootstrap(app).await?;
            }
            prove(app, &proof).await?
        }
        None => return Err(CommandError::WrongPassword),
    };
    let new = NewKey { name: Some("CLI".into()), ..NewKey::default() };
    Ok(keys::create_key(app, &principal, &Client::local(), new).await?)
}

/// The superuser who has shown himself.
async fn prove(app: &App, proof: &Proof) -> Result<Principal, CommandError> {
    match proof {
        Proof::Token(token) => {
            let found = match identify::by_token(app, token.expose()).await {
                Ok(principal) => Some(principal),
                Err(_) => identify::by_key(app, token.expose()).await?,
            };
            found.filter(may_administrate).ok_or(CommandError::NotProven)
        }
        Proof::Password { username, password } => {
            let user = rows::find_by_name(&app.store, username).await.map_err(AppError::from)?;
            let hash = user.as_ref().map(|user| user.password_hash.as_str());
            let verdict = app.accounts.hasher.verify(password, hash).await?;
            user.filter(|user| verdict != Verdict::Wrong && user.is_superuser && user.is_active)
                .map(|user| principal_of(&user, Credential::Local))
                .ok_or(CommandError::WrongPassword)
        }
    }
}

/// A superuser, and not by a key that was narrowed to something else.
fn may_administrate(principal: &Principal) -> bool {
    let is_wide = match &principal.credential {
        Credential::ApiKey { scopes: Some(scopes), .. } => scopes.iter().any(|scope| scope == "admin"),
        _ => true,
    };
    principal.is_superuser && is_wide
}

/// What `langflow superuser` did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MadeSuperuser {
    /// Auto login is on: its account, whatever name was given.
    OfAutoLogin(User),
    /// The first superuser of this database.
    First(User),
    Another(User),
    /// There was one of that name; its password stays.
    Known(User),
}

/// Makes a superuser.
///
/// Where there is one already, `token` must be a superuser's. Name and password are asked for by the caller
/// only when [`needs_name`] says so.
pub async fn make_superuser(
    app: &App,
    name_and_password: Option<(String, Secret)>,
    token: Option<&Secret>,
) -> Result<MadeSuperuser, CommandError> {
    let auth = &app.settings.auth;
    if !auth.enable_superuser_cli {
        return Err(CommandError::Disabled);
    }
    let existing = rows::find_superuser(&app.store).await.map_err(AppError::from)?;
    if auth.auto_login {
        if existing.is_some() {
            return Err(CommandError::AutoLogin);
        }
        return Ok(MadeSuperuser::OfAutoLogin(bootstrap(app).await?));
    }
    let maker = match (&existing, token) {
        (None, _) => None,
        (Some(_), None) => return Err(CommandError::ProofWanted),
        (Some(_), Some(token)) => Some(prove(app, &Proof::Token(token.clone())).await?),
    };
    let (username, password) = name_and_password.ok_or(CommandError::ProofWanted)?;
    if let Some(known) = rows::find_by_any_case(&app.store, &username).await.map_err(AppError::from)? {
        let is_superuser = known.is_superuser && known.is_active;
        return if is_superuser { Ok(MadeSuperuser::Known(known)) } else { Err(CommandError::Exists(username)) };
    }
    let made = insert_superuser(app, &username, &password, maker.as_ref()).await?;
    Ok(if maker.is_some() { MadeSuperuser::Another(made) } else { MadeSuperuser::First(made) })
}

/// Whether [`make_superuser`] will want a name and a password: ask for them only then.
pub async fn needs_name(app: &App, has_token: bool) -> AppResult<bool> {
    let auth = &app.settings.auth;
    if auth.auto_login || !auth.enable_superuser_cli {
        return Ok(false);
    }
    Ok(has_token || rows::find_superuser(&app.store).await?.is_none())
}

async fn insert_superuser(
    app: &App,
    username: &str,
    password: &Secret,
    maker: Option<&Principal>,
) -> AppResult<User> {
    users::check_username(app, username)?;
    passwords::check_new(password.expose(), app.settings.auth.profile)?;
    let now = app.clock.now();
    let user = User {
        id: app.ids.random(),
        username: username.to_owned(),
        password_hash: app.accounts.hasher.hash(password).await?,
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
    let entry = Entry::new(now, "create.superuser", "user", user.id);
    let entry = match maker {
        Some(maker) => entry.by(maker, &Client::local()),
        None => entry.by_name("command line", &Client::local()),
    };
    let user = users::insert(app, user, entry).await?;
    projects::default_project(app, &principal_of(&user, Credential::Local)).await?;
    Ok(user)
}
