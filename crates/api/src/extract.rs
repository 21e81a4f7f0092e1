//! Extractors.

pub mod fields;
pub mod json;
pub mod path;
pub mod query;

use crate::access::Access;
use crate::{ApiError, AppState};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use langflow_app::{AppError, Principal};

/// Who calls. Refuses as the access class of the route demands (contract-auth section 2).
#[derive(Clone, Debug)]
pub struct Caller(pub Principal);

/// Who calls, if anybody: for routes of class [`Access::Optional`].
#[derive(Clone, Debug)]
pub struct MaybeCaller(pub Option<Principal>);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, ApiError> {
        let _access = parts.extensions.get::<Access>().copied();
        Err(AppError::forbidden("No authentication credentials provided").into())
    }
}

impl FromRequestParts<AppState> for MaybeCaller {
    type Rejection = ApiError;

    async fn from_request_parts(_parts: &mut Parts, _state: &AppState) -> Result<Self, ApiError> {
        Ok(Self(None))
    }
}
