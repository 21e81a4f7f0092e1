//! Requests that change something and carry a cookie of ours must come from our own pages.

use crate::guard::is_own;
use crate::{ApiError, AppState, cookies};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use langflow_app::AppError;

pub async fn refuse_foreign(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    if !is_reading && cookies::has_session(headers, &app.settings.auth.root_path) && !is_own(&app, headers) {
        let error =
            AppError::forbidden("This request came from a page of another site").with_code("foreign_origin");
        return ApiError(error).into_response();
    }
    next.run(request).await
}
