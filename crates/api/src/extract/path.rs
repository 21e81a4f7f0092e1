//! Ids in paths, refused in the form of the reference.

use super::fields::{problem, unprocessable, uuid_message};
use crate::{ApiError, AppState};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use langflow_app::{AppError, AppResult};
use serde_json::json;
use uuid::Uuid;

/// The one id of a path.
#[derive(Clone, Copy, Debug)]
pub struct PathId(pub Uuid);

/// All parameters of a path as ids, in order; every bad one is named.
#[derive(Clone, Copy, Debug)]
pub struct PathIds<const N: usize>(pub [Uuid; N]);

/// An id from a parameter that was read as text.
pub fn uuid(name: &str, text: &str) -> AppResult<Uuid> {
    Uuid::parse_str(text).map_err(|_| {
        unprocessable(vec![problem("uuid_parsing", &[json!("path"), json!(name)], &uuid_message(text))])
    })
}

impl<const N: usize> FromRequestParts<AppState> for PathIds<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| AppError::bad_request("The path is not valid UTF-8."))?;
        let mut ids = Vec::with_capacity(N);
        let mut problems = Vec::new();
        for (name, text) in &params {
            match Uuid::parse_str(text) {
                Ok(id) => ids.push(id),
                Err(_) => {
                    problems.push(problem(
                        "uuid_parsing",
                        &[json!("path"), json!(name)],
                        &uuid_message(text),
                    ));
                }
            }
        }
        if !problems.is_empty() {
            return Err(unprocessable(problems).into());
        }
        let ids = ids
            .try_into()
            .map_err(|_| AppError::bug(format!("the route {} has not {N} ids", parts.uri.path())))?;
        Ok(Self(ids))
    }
}

impl FromRequestParts<AppState> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let PathIds([id]) = PathIds::<1>::from_request_parts(parts, state).await?;
        Ok(Self(id))
    }
}
