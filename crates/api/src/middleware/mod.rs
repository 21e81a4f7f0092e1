//! What happens to every request, outermost first. One list, here.

mod compress;
mod cors;
mod limit;
mod metrics;
mod panic_guard;
mod request_id;
mod request_log;
mod same_origin;
mod security_headers;

pub use request_id::RequestId;

use crate::AppState;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// A JSON body is held in memory, so it is bounded below the limit of uploads. The largest template of the
/// reference is under one megabyte.
pub const JSON_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// Puts the stack around the routes.
pub fn stack(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let limit_bytes = limit::bytes(state);
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.clone(), request_id::assign))
            .layer(from_fn(request_log::log_request))
            .layer(from_fn(metrics::record))
            .layer(from_fn_with_state(state.clone(), security_headers::add))
            .layer(from_fn_with_state(state.clone(), cors::apply))
            .layer(from_fn_with_state(state.clone(), same_origin::refuse_foreign))
            .layer(compress::layer())
            .layer(CatchPanicLayer::custom(panic_guard::answer))
            .layer(from_fn_with_state(state.clone(), limit::refuse_oversized))
            .layer(RequestBodyLimitLayer::new(limit_bytes))
            .layer(Extension(state.clone()))
            .layer(DefaultBodyLimit::max(JSON_LIMIT_BYTES.min(limit_bytes))),
    )
}
