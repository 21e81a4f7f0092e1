//! Errors become HTTP here and nowhere else.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use langflow_app::{AppError, ErrorKind};
use serde_json::json;

/// An [`AppError`] on its way to the client.
#[derive(Debug)]
pub struct ApiError(pub AppError);

pub type ApiResult<T> = Result<T, ApiError>;

impl<E: Into<AppError>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::BadRequest => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthorised => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::TimedOut => StatusCode::REQUEST_TIMEOUT,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Locked => StatusCode::LOCKED,
        ErrorKind::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        ErrorKind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::RunFailed | ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorKind::NotImplemented => StatusCode::NOT_IMPLEMENTED,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let error = self.0;
        if error.kind == ErrorKind::Internal {
            tracing::error!(%error, "request failed");
        }
        let mut body = match error.kind {
            ErrorKind::Internal => json!({ "message": error.detail }),
            // The reference lifts an object under a 404 to the top.
            ErrorKind::NotFound if error.detail.is_object() => error.detail,
            _ => json!({ "detail": error.detail }),
        };
        if error.kind == ErrorKind::TooManyRequests
            && let (Some(map), Some(wait)) = (body.as_object_mut(), error.retry_after)
        {
            // The reference gives the seconds as a text.
            map.insert("retry_after".into(), json!(wait.as_secs().to_string()));
        }
        let mut response = (status(error.kind), Json(body)).into_response();
        let headers = response.headers_mut();
        if error.challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = error.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        if let Some(code) = error.code {
            headers.insert("x-langflow-error-code", HeaderValue::from_static(code));
        }
        response
    }
}
