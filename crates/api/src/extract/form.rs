//! A form: url-encoded or multipart.

use super::fields::{problem, unprocessable};
use super::json::body_error;
use crate::{ApiError, AppState};
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use langflow_app::{AppError, AppResult};
use serde_json::{Value, json};

/// Text fields of a form. A body of another kind has none.
#[derive(Debug, Default)]
pub struct LoginForm {
    pairs: Vec<(String, String)>,
    problems: Vec<Value>,
}

/// So many fields are read at most.
const MOST_FIELDS: usize = 64;

impl LoginForm {
    fn parse(body: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(body).into_owned().take(MOST_FIELDS).collect();
        Self { pairs, problems: Vec::new() }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// A text that must be there. Empty when it is not; [`LoginForm::finish`] then refuses.
    pub fn required_text(&mut self, key: &str) -> String {
        match self.text(key) {
            Some(text) => text.to_owned(),
            None => {
                self.problem(key, "missing", "Field required");
                String::new()
            }
        }
    }

    pub fn problem(&mut self, key: &str, kind: &str, msg: &str) {
        self.problems.push(problem(kind, &[json!("body"), json!(key)], msg));
    }

    /// Refuses with all problems, if there is any.
    pub fn finish(self) -> AppResult<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(unprocessable(self.problems)) }
    }
}

impl FromRequest<AppState> for LoginForm {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            return multipart(request, state).await;
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| body_error(&rejection))?;
        if kind.starts_with("application/x-www-form-urlencoded") {
            return Ok(Self::parse(&bytes));
        }
        Ok(Self::default())
    }
}

async fn multipart(request: Request, state: &AppState) -> Result<LoginForm, ApiError> {
    let unreadable = |_| AppError::bad_request("There was an error parsing the body");
    let Ok(mut parts) = Multipart::from_request(request, state).await else {
        return Err(AppError::bad_request("There was an error parsing the body").into());
    };
    let mut form = LoginForm::default();
    while form.pairs.len() < MOST_FIELDS
        && let Some(part) = parts.next_field().await.map_err(unreadable)?
    {
        let name = part.name().unwrap_or_default().to_owned();
        form.pairs.push((name, part.text().await.map_err(unreadable)?));
    }
    Ok(form)
}
