//! Signing in and out.

use crate::access::Access;
use crate::cookies::{self, CookieJar};
use crate::credentials::Credentials;
use crate::error::ApiResult;
use crate::extract::client;
use crate::extract::form::LoginForm;
use crate::guard::is_own;
use crate::origin::asks_for_loopback;
use crate::routes::Routes;
use crate::v1::users::UserRead;
use crate::{ApiError, AppState};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use langflow_app::sessions::{self, Grant};
use langflow_app::{App, AppError, identify, login};
use langflow_core::Secret;
use serde_json::{Value, json};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Public, routes!(sign_in))
        .add(Access::Public, routes!(auto_sign_in))
        .add(Access::Public, routes!(refresh))
        .add(Access::Public, routes!(sign_out))
        .add(Access::Public, routes!(show_session))
}

/// Sign in with name and password.
#[utoipa::path(post, path = "/api/v1/login", tag = "login",
    request_body(content = Object, content_type = "application/x-www-form-urlencoded", description = "`username` and `password`"),
    responses(
        (status = 200, description = "Tokens, in the body and as cookies"),
        (status = 401, description = "Incorrect username or password, or the account is inactive"),
        (status = 400, description = "The account waits for approval"),
        (status = 429, description = "Too many attempts"),
    ))]
async fn sign_in(
    State(app): State<AppState>,
    client: client::From,
    headers: HeaderMap,
    mut form: LoginForm,
) -> ApiResult<Response> {
    refuse_foreign_page(&app, &headers)?;
    let username = form.required_text("username");
    let password = Secret::new(form.required_text("password"));
    if form.text("grant_type").is_some_and(|kind| kind != "password") {
        form.problem("grant_type", "string_pattern_mismatch", "String should match pattern '^password$'");
    }
    form.finish()?;
    let grant = login::sign_in(&app, &username, &password, &client.0).await?;
    Ok(answer(&app, &grant, Cookies::Login))
}

/// A page of another site would sign its visitor in under an account of its own, and see what he then enters there.
fn refuse_foreign_page(app: &App, headers: &HeaderMap) -> ApiResult<()> {
    let is_open_to_all = app.settings.http.cors_origins.iter().any(|origin| origin == "*");
    if is_own(app, headers) || is_open_to_all {
        return Ok(());
    }
    Err(AppError::forbidden("This request came from a page of another site")
        .with_code("foreign_origin")
        .into())
}

/// Sign in without a password, where auto login is on.
#[utoipa::path(get, path = "/api/v1/auto_login", tag = "login", responses(
    (status = 200, description = "Tokens, in the body and as cookies"),
    (status = 403, description = "Auto login is off, or not for this browser"),
))]
async fn auto_sign_in(
    State(app): State<AppState>,
    client: client::From,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let auth = &app.settings.auth;
    let may_be_remote = auth.auto_login_beyond_loopback || auth.rate_limit_trust_proxy;
    let is_ours = is_own(&app, &headers) && (may_be_remote || asks_for_loopback(&headers));
    let grant = login::auto_sign_in(&app, &client.0, is_ours).await?;
    Ok(answer(&app, &grant, Cookies::AutoLogin))
}

/// Exchange the refresh token in the cookie for new tokens. It is good once.
#[utoipa::path(post, path = "/api/v1/refresh", tag = "login", responses(
    (status = 200, description = "New tokens"),
    (status = 401, description = "No refresh token, or not a good one"),
))]
async fn refresh(
    State(app): State<AppState>,
    client: client::From,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let token = refresh_cookie(&app, &headers)
        .ok_or_else(|| AppError::unauthorised("Invalid refresh token").with_challenge())?;
    let grant = sessions::refresh_session(&app, &token, &client.0).await?;
    Ok(answer(&app, &grant, Cookies::Refresh))
}

/// Sign out: ends the session at once and takes the cookies back.
#[utoipa::path(post, path = "/api/v1/logout", tag = "login", responses((status = 200, description = "Signed out")))]
async fn sign_out(
    State(app): State<AppState>,
    client: client::From,
    request: Request,
) -> ApiResult<Response> {
    let (parts, _) = request.into_parts();
    let access = Credentials::read(&parts, &app.settings.auth.root_path).token;
    let refresh = refresh_cookie(&app, &parts.headers);
    sessions::sign_out(&app, access.as_deref(), refresh.as_deref(), &client.0).await?;
    let mut response = Json(json!({"message": "Logout successful"})).into_response();
    let mut jar = CookieJar::new(&app.settings.auth, response.headers_mut(), app.clock.now());
    for name in [cookies::REFRESH, cookies::ACCESS, cookies::STORE_KEY] {
        jar.delete(name);
    }
    Ok(response)
}

/// Who is signed in. Never refuses.
#[utoipa::path(get, path = "/api/v1/session", tag = "login", responses(
    (status = 200, description = "The session, or that there is none"),
))]
async fn show_session(State(app): State<AppState>, request: Request) -> Result<Json<Value>, ApiError> {
    let (parts, _) = request.into_parts();
    let token = Credentials::read(&parts, &app.settings.auth.root_path).token;
    let user = match token {
        Some(token) => match identify::by_token(&app, &token).await {
            Ok(principal) => identify::account(&app, &principal).await.ok(),
            Err(_) => None,
        },
        None => None,
    };
    Ok(Json(json!({
        "authenticated": user.is_some(),
        "user": user.map(UserRead::from),
        "store_api_key": null,
    })))
}

fn refresh_cookie(app: &App, headers: &HeaderMap) -> Option<String> {
    cookies::read(headers, &cookies::name(cookies::REFRESH, &app.settings.auth.root_path))
        .filter(|token| !token.is_empty())
}

/// Which cookies an answer sets; the reference differs by endpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cookies {
    Login,
    AutoLogin,
    Refresh,
}

fn answer(app: &App, grant: &Grant, which: Cookies) -> Response {
    let body = json!({
        "access_token": grant.access.expose(),
        "refresh_token": grant.refresh.expose(),
        "token_type": "bearer",
    });
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let mut jar = CookieJar::new(&app.settings.auth, response.headers_mut(), app.clock.now());
    jar.set(cookies::REFRESH, grant.refresh.expose(), Some(grant.refresh_expires_at));
    let ends = (which != Cookies::AutoLogin).then_some(grant.access_expires_at);
    jar.set(cookies::ACCESS, grant.access.expose(), ends);
    match which {
        Cookies::Login => jar.set(cookies::STORE_KEY, "None", None),
        Cookies::AutoLogin => jar.set(cookies::STORE_KEY, "", None),
        Cookies::Refresh => {}
    }
    response
}
