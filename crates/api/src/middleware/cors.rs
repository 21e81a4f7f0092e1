//! Cross-origin answers by an exact list of origins (`LANGFLOW_CORS_ORIGINS`, empty by default).

use crate::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const METHODS: HeaderValue = HeaderValue::from_static("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
const MAX_AGE_SECONDS: HeaderValue = HeaderValue::from_static("600");

pub async fn apply(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let allowed = &app.settings.http.cors_origins;
    let origin = request.headers().get(header::ORIGIN).cloned();
    let grant = origin.as_ref().and_then(|origin| Grant::of(allowed, origin));
    let is_preflight = request.method() == Method::OPTIONS
        && origin.is_some()
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response =
        if is_preflight { preflight(request.headers(), grant.is_some()) } else { next.run(request).await };
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
    fn of(allowed: &[String], origin: &HeaderValue) -> Option<Self> {
        let listed = allowed.iter().any(|known| known.as_bytes() == origin.as_bytes());
        if allowed.iter().any(|known| known == "*") {
            return Some(Self { origin: HeaderValue::from_static("*"), credentials: false });
        }
        listed.then(|| Self { origin: origin.clone(), credentials: true })
    }

    fn write(self, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, self.origin);
        if self.credentials {
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}

fn preflight(asked: &HeaderMap, allowed: bool) -> Response {
    if !allowed {
        return (StatusCode::BAD_REQUEST, "Disallowed CORS origin").into_response();
    }
    let mut response = (StatusCode::OK, "OK").into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
    if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}
