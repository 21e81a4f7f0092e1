//! Cross-origin answers by an exact list of origins (`LANGFLOW_CORS_ORIGINS`, empty by default), methods and headers.

use crate::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use langflow_app::settings::HttpSettings;

const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
/// Headers that every listed origin may send.
const SAFE_HEADERS: [&str; 4] = ["Accept", "Accept-Language", "Content-Language", "Content-Type"];
const MAX_AGE_SECONDS: HeaderValue = HeaderValue::from_static("600");

pub async fn apply(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let rules = &app.settings.http;
    let origin = request.headers().get(header::ORIGIN).cloned();
    let grant = origin.as_ref().and_then(|origin| Grant::of(rules, origin));
    let is_preflight = request.method() == Method::OPTIONS
        && origin.is_some()
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight {
        preflight(rules, request.headers(), grant.is_some())
    } else {
        next.run(request).await
    };
    if let Some(grant) = grant {
        grant.write(response.headers_mut());
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

/// What an origin is told.
struct Grant {
    origin: HeaderValue,
    credentials: bool,
}

impl Grant {
    /// A listed origin may send credentials; the wildcard never may.
    fn of(rules: &HttpSettings, origin: &HeaderValue) -> Option<Self> {
        let allowed = &rules.cors_origins;
        let listed = allowed.iter().any(|known| known.as_bytes() == origin.as_bytes());
        if allowed.iter().any(|known| known == "*") {
            return Some(Self { origin: HeaderValue::from_static("*"), credentials: false });
        }
        listed.then(|| Self { origin: origin.clone(), credentials: rules.cors_allow_credentials })
    }

    fn write(self, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, self.origin);
        if self.credentials {
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}

fn preflight(rules: &HttpSettings, asked: &HeaderMap, is_granted: bool) -> Response {
    let methods = listed(&rules.cors_allow_methods, &METHODS, &[]);
    let headers_wanted = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let refused = [
        ("origin", is_granted),
        ("method", is_method_allowed(&methods, asked)),
        ("headers", are_headers_allowed(rules, headers_wanted)),
    ];
    let refused: Vec<&str> = refused.into_iter().filter(|(_, ok)| !ok).map(|(what, _)| what).collect();
    if !refused.is_empty() {
        return (StatusCode::BAD_REQUEST, format!("Disallowed CORS {}", refused.join(", "))).into_response();
    }
    let mut response = (StatusCode::OK, "OK").into_response();
    let headers = response.headers_mut();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
    if let Some(names) = headers_wanted {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}

/// The setting's list, with `always`; `all` for `*`.
fn listed(setting: &[String], all: &[&str], always: &[&str]) -> Vec<String> {
    if setting.iter().any(|one| one == "*") {
        return all.iter().map(|&one| one.to_owned()).collect();
    }
    always.iter().map(|&one| one.to_owned()).chain(setting.iter().cloned()).collect()
}

fn is_method_allowed(methods: &[String], asked: &HeaderMap) -> bool {
    let wanted = asked.get(header::ACCESS_CONTROL_REQUEST_METHOD);
    wanted.is_some_and(|wanted| methods.iter().any(|method| method.as_bytes() == wanted.as_bytes()))
}

fn are_headers_allowed(rules: &HttpSettings, wanted: Option<&HeaderValue>) -> bool {
    let Some(wanted) = wanted else { return true };
    if rules.cors_allow_headers.iter().any(|one| one == "*") {
        return true;
    }
    let allowed = listed(&rules.cors_allow_headers, &[], &SAFE_HEADERS);
    let is_allowed = |name: &str| allowed.iter().any(|known| known.eq_ignore_ascii_case(name.trim()));
    wanted.to_str().is_ok_and(|names| names.split(',').all(is_allowed))
}
