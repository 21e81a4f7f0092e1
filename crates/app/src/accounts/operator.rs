//! What an operator does from the command line: make a key, make a superuser.
//!
//! Whoever can read the data folder holds the secret key, so the command line proves nothing by itself: with
//! authentication on, it wants the superuser's password or credential as any client would.

use crate::audit::Entry;
use crate::client::Client;
use crate::keys::{self, MadeKey, NewKey};
use crate::login::LEGACY_PASSWORD;
use crate::passwords::{self, Verdict};
use crate::users::{self, User};
use crate::{App, AppError, AppResult, Credential, Principal, identify, projects};
use langflow_core::Secret;
use langflow_store::users as rows;
use serde_json::json;

/// What the operator shows. Without anything it is nobody.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// An access token or an API key.
    pub token: Secret,
    pub username: String,
    pub password: Secret,
}

/// Makes a key of the superuser.
///
/// With automatic login everybody is the superuser, so nothing has to be shown.
///
/// # Errors
/// 403 when what is shown is not a superuser's.
pub async fn make_key(app: &App, proof: &Proof, name: &str) -> AppResult<MadeKey> {
    let principal = if app.settings.auth.auto_login {
        identify::superuser(app).await?.ok_or_else(|| AppError::forbidden("There is no superuser"))?
    } else {
        prove(app, proof).await?
    };
    let principal = Principal { credential: Credential::Local, ..principal };
    keys::create_key(
        app,
        &principal,
        &Client::local(),
        NewKey { name: Some(name.to_owned()), ..NewKey::default() },
    )
    .await
}

/// The superuser behind a proof.
async fn prove(app: &App, proof: &Proof) -> AppResult<Principal> {
    let refusal = || AppError::forbidden("Invalid token or insufficient privileges: a superuser's is needed");
    if !proof.token.is_empty() {
        let text = proof.token.expose();
        let found = match identify::by_token(app, text).await {
            Ok(principal) => Some(principal),
            Err(_) => identify::by_key(app, text).await?,
        };
        return found
            .filter(|principal| principal.is_superuser && has_all_rights(principal))
            .ok_or_else(refusal);
    }
    let user = rows::find_by_name(&app.store, &proof.username).await?;
    let stored = user.as_ref().map(|user| user.password_hash.as_str());
    let verdict = app.accounts.hasher.verify(&proof.password, stored).await?;
    let proven = user.filter(|user| verdict != Verdict::Wrong && user.is_superuser && user.is_active);
    match proven {
        Some(user) => Ok(identify::principal_of(&user, Credential::Local)),
        None => {
            let entry = Entry::new(app.clock.now(), "login.failed", "user", "");
            entry.by_name(&proof.username, &Client::local()).refused().record(app).await?;
            Err(AppError::forbidden("Incorrect username or password of a superuser"))
        }
    }
}

/// A key with scopes does not stand for its user.
fn has_all_rights(principal: &Principal) -> bool {
    !matches!(principal.credential, Credential::ApiKey { scopes: Some(_), .. })
}

/// Why no superuser is made; each has its own words on the command line.
#[derive(Debug)]
pub enum SuperuserRefusal {
    /// `LANGFLOW_ENABLE_SUPERUSER_CLI=False`
    Disabled,
    /// Automatic login knows one superuser only.
    AutoLogin,
    /// There are superusers, and nothing was shown.
    NeedsProof,
    /// What was shown is not a superuser's.
    BadProof,
    /// The name is taken by an account that is none.
    NameTaken,
    App(AppError),
}

impl<E: Into<AppError>> From<E> for SuperuserRefusal {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

/// Whether `langflow superuser` may make one, asked before name and password are.
///
/// # Errors
/// The first rule that forbids it.
pub async fn may_make_superuser(app: &App, token: &Secret) -> Result<Option<Principal>, SuperuserRefusal> {
    let auth = &app.settings.auth;
    if !auth.enable_superuser_cli {
        return Err(SuperuserRefusal::Disabled);
    }
    if rows::find_superuser(&app.store).await?.is_none() {
        return Ok(None);
    }
    if auth.auto_login {
        return Err(SuperuserRefusal::AutoLogin);
    }
    if token.is_empty() {
        return Err(SuperuserRefusal::NeedsProof);
    }
    let proof = Proof { token: token.clone(), ..Proof::default() };
    prove(app, &proof).await.map(Some).map_err(|_| SuperuserRefusal::BadProof)
}

/// Makes a superuser with its default project. A superuser of that name stays as it is.
///
/// # Errors
/// A rule of [`may_make_superuser`], a taken name, a password that breaks a rule.
pub async fn make_superuser(
    app: &App,
    token: &Secret,
    username: &str,
    password: &Secret,
) -> Result<User, SuperuserRefusal> {
    let principal = may_make_superuser(app, token).await?;
    if let Some(user) = rows::find_by_any_case(&app.store, username).await? {
        return if user.is_superuser { Ok(user) } else { Err(SuperuserRefusal::NameTaken) };
    }
    users::check_username(app, username)?;
    if password.expose() == LEGACY_PASSWORD {
        return Err(
            AppError::bad_request("The password `langflow` is known to everybody; choose another").into()
        );
    }
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
    let entry = Entry::new(now, "create.user", "user", user.id).with(json!({"is_superuser": true}));
    let entry = match &principal {
        Some(principal) => entry.by(principal, &Client::local()),
        None => entry.by_name(username, &Client::local()),
    };
    let user = users::insert(app, user, entry).await?;
    projects::default_project(app, &identify::principal_of(&user, Credential::Local)).await?;
    Ok(user)
}
