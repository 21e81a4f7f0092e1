//! HTTP surfaces over the use cases of `langflow-app`.
//!
//! A handler translates: extractors in, one use case, its answer out. Who calls is one extractor
//! ([`extract::Caller`]); what a route demands of a caller stands beside it in the route table
//! ([`access::Access`]), and a route cannot be registered without it ([`routes::Routes`]).

pub mod access;
mod attachment;
mod common_answers;
pub mod cookies;
pub mod credentials;
mod docs;
mod editor;
pub mod error;
pub mod extract;
mod fallback;
pub mod frames;
pub mod guard;
pub mod mcp;
pub mod middleware;
pub mod origin;
mod page;
pub mod routes;
mod sse;
mod time;
pub mod v1;
pub mod v2;

pub use error::ApiError;
pub use routes::{RouteInfo, Routes, router};

use langflow_app::App;
use std::sync::Arc;

/// What handlers get as state.
pub type AppState = Arc<App>;
