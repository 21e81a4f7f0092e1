//! What stands before every route: finds out who calls, and refuses as the access class of the route demands.
//!
//! [`crate::Routes`] puts it there; a route cannot be registered without a class, and no handler runs before
//! the guard has let the request through. Texts and precedence are the reference's (contract-auth section 2).

use crate::access::Access;
use crate::credentials::Credentials;
use crate::extract::client::client_of;
use crate::origin::{asks_for_loopback, came_through_a_proxy, is_loopback_origin, is_same_origin};
use crate::{ApiError, AppState};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use langflow_app::mcp::{self, ProjectDoor, project_rule};
use langflow_app::{App, AppError, AppResult, Principal, identify, policy};
use uuid::Uuid;

const NO_CREDENTIALS: &str = "No authentication credentials provided";
const KEY_WANTED: &str = "An API key must be passed as query or header";
const KEY_REFUSED: &str = "Invalid or missing API key";
const PROJECT_KEY_WANTED: &str =
    "API key required for this project. Provide x-api-key header or query parameter.";
const ORIGIN_REFUSED: &str = "Requests of web pages must come from an origin in LANGFLOW_CORS_ORIGINS";
const AUTO_LOGIN_KEY_WANTED: &str = "Since v1.5, LANGFLOW_AUTO_LOGIN requires a valid API key. Set \
    LANGFLOW_SKIP_AUTH_AUTO_LOGIN=true to skip this check. Please update your authentication method.";

/// Lets a request through with its principal, or answers for the route.
pub async fn admit(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let known = parts.extensions.get::<Access>().copied().zip(parts.extensions.get::<AppState>().cloned());
    let Some((access, app)) = known else {
        return ApiError(AppError::bug("a route without access class or application")).into_response();
    };
    match identify(&app, access, &parts).await {
        Ok(principal) => {
            if let Some(principal) = principal {
                parts.extensions.insert(principal);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => ApiError(error).into_response(),
    }
}

async fn identify(app: &App, access: Access, parts: &Parts) -> AppResult<Option<Principal>> {
    if access == Access::Public {
        return Ok(None);
    }
    let credentials = Credentials::read(parts, &app.settings.auth.root_path);
    let request = Asking { app, parts, credentials: &credentials };
    // MCP: no page of another site speaks to the server, whatever it shows.
    if matches!(access, Access::Mcp | Access::McpProject) && !request.is_same_origin() {
        return Err(AppError::forbidden(ORIGIN_REFUSED));
    }
    let principal = match access {
        Access::Public => None,
        Access::Optional => request.session().await.ok(),
        Access::Session => Some(request.session().await?),
        Access::Superuser => {
            let principal = request.session().await?;
            identify::require_superuser(&principal)?;
            Some(principal)
        }
        Access::ApiKey => Some(request.api_key().await?),
        Access::Mcp => Some(request.mcp().await?),
        Access::McpProject => Some(request.mcp_project().await?),
        Access::Webhook => request.webhook().await?,
    };
    if let Some(principal) = &principal {
        let scopes = policy::allow(app, principal, parts.method.as_str(), parts.uri.path()).await;
        if access != Access::Optional {
            scopes?;
        } else if scopes.is_err() {
            return Ok(None);
        }
    }
    Ok(principal)
}

/// The project in `…/project/{id}/…`.
fn project_of(path: &str) -> Option<Uuid> {
    let mut parts = path.split('/').skip_while(|part| *part != "project").skip(1);
    Uuid::parse_str(parts.next()?).ok()
}

/// A request that wants in.
struct Asking<'a> {
    app: &'a App,
    parts: &'a Parts,
    credentials: &'a Credentials,
}

impl Asking<'_> {
    /// Bearer or cookie, whose answer is final; else a key; else auto login.
    async fn session(&self) -> AppResult<Principal> {
        if let Some(token) = &self.credentials.token {
            return identify::by_token(self.app, token).await;
        }
        match self.credentials.key() {
            Some(key) => self.by_key(key, "Invalid API key").await,
            None => self.skipped(NO_CREDENTIALS).await,
        }
    }

    /// A key only; bearer and cookie are not looked at.
    async fn api_key(&self) -> AppResult<Principal> {
        match self.credentials.key() {
            Some(key) => self.by_key(key, KEY_REFUSED).await,
            None => self.skipped(self.key_wanted()).await,
        }
    }

    /// As a session, and open without credential where auto login is on and nobody else can reach the server.
    async fn mcp(&self) -> AppResult<Principal> {
        if let Some(token) = &self.credentials.token {
            return identify::by_token(self.app, token).await;
        }
        if let Some(key) = self.credentials.key() {
            return self.by_key(key, KEY_REFUSED).await;
        }
        let auth = &self.app.settings.auth;
        let is_open = auth.auto_login
            && !auth.mcp_require_auth
            && !auth.auto_login_beyond_loopback
            && client_of(self.parts, false).is_loopback()
            && !came_through_a_proxy(&self.parts.headers)
            && asks_for_loopback(&self.parts.headers)
            && self.is_same_origin();
        if is_open && let Some(superuser) = identify::superuser(self.app).await? {
            return Ok(superuser);
        }
        if auth.mcp_require_auth {
            return Err(AppError::forbidden(self.key_wanted()));
        }
        self.skipped(self.key_wanted()).await
    }

    /// What the settings of the project ask for: a key of its owner, nothing, or what other MCP endpoints ask.
    async fn mcp_project(&self) -> AppResult<Principal> {
        let rule = match project_of(self.parts.uri.path()) {
            Some(id) => project_rule(self.app, id).await?,
            None => None,
        };
        let not_found = || AppError::not_found("Project not found");
        let rule = rule.ok_or_else(not_found)?;
        let principal = match (rule.door, self.credentials.key()) {
            (ProjectDoor::Open, _) => {
                // A page whose name was made to point here may not speak for the owner.
                if !self.is_from_no_page_or_listed() {
                    return Err(AppError::forbidden(ORIGIN_REFUSED));
                }
                mcp::owner_of(self.app, rule).await?.ok_or_else(not_found)?
            }
            (ProjectDoor::Key, None) => return Err(AppError::unauthorised(PROJECT_KEY_WANTED)),
            (ProjectDoor::Key, Some(key)) => identify::by_key(self.app, key)
                .await?
                .ok_or_else(|| AppError::unauthorised("Invalid API key"))?,
            (ProjectDoor::AsOthers, _) => self.mcp().await?,
        };
        if principal.user_id == rule.owner { Ok(principal) } else { Err(not_found()) }
    }

    /// Whether no browser page sent the request, or one of this machine or of the operator's list.
    fn is_from_no_page_or_listed(&self) -> bool {
        let Some(origin) = self.parts.headers.get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        self.app.settings.http.cors_origins.iter().any(|listed| listed == origin)
            || (is_loopback_origin(origin) && self.is_same_origin())
    }

    /// A key, the header's first; nobody where webhooks need none.
    async fn webhook(&self) -> AppResult<Option<Principal>> {
        if !self.app.settings.auth.webhook_auth_enable {
            return Ok(None);
        }
        let key = self
            .credentials
            .webhook_key()
            .ok_or_else(|| AppError::forbidden("API key required when webhook authentication is enabled"))?;
        self.by_key(key, "Invalid API key").await.map(Some)
    }

    async fn by_key(&self, key: &str, refusal: &str) -> AppResult<Principal> {
        identify::by_key(self.app, key).await?.ok_or_else(|| AppError::forbidden(refusal))
    }

    /// Without credential: the superuser where the operator skips authentication, never for a page of
    /// another site.
    async fn skipped(&self, refusal: &str) -> AppResult<Principal> {
        let auth = &self.app.settings.auth;
        // As automatic login: a page whose name was made to point here asks for its own name.
        let may_be_remote = auth.auto_login_beyond_loopback || auth.rate_limit_trust_proxy;
        if auth.auto_login
            && auth.skip_auth_auto_login
            && self.is_same_origin()
            && (may_be_remote || asks_for_loopback(&self.parts.headers))
            && let Some(superuser) = identify::superuser(self.app).await?
        {
            return Ok(superuser);
        }
        Err(AppError::forbidden(refusal))
    }

    fn key_wanted(&self) -> &'static str {
        if self.app.settings.auth.auto_login { AUTO_LOGIN_KEY_WANTED } else { KEY_WANTED }
    }

    fn is_same_origin(&self) -> bool {
        is_own(self.app, &self.parts.headers)
    }
}

/// Whether the request comes from our own pages, a listed origin, or no page.
pub fn is_own(app: &App, headers: &HeaderMap) -> bool {
    is_same_origin(headers, &app.settings.http.cors_origins)
}
