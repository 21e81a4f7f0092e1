//! Who calls. The guard in front of the route has found out; handlers only read it.

use crate::{ApiError, AppState};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use langflow_app::{AppError, Principal};

/// Who calls. Every route but those of class public, optional and webhook has one: others were refused
/// before the handler (contract-auth section 2).
#[derive(Clone, Debug)]
pub struct Caller(pub Principal);

/// Who calls, if anybody: for routes of class optional, and webhooks while their authentication is off.
#[derive(Clone, Debug)]
pub struct MaybeCaller(pub Option<Principal>);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, ApiError> {
        let principal = parts.extensions.get::<Principal>().cloned();
        principal
            .map(Self)
            .ok_or_else(|| AppError::forbidden("No authentication credentials provided").into())
    }
}

impl FromRequestParts<AppState> for MaybeCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, ApiError> {
        Ok(Self(parts.extensions.get::<Principal>().cloned()))
    }
}
