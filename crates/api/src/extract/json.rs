//! The JSON body of a request, kept as it was written.

use super::fields::{Fields, problem, unprocessable};
use crate::{ApiError, AppState};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use langflow_app::{AppError, AppResult, ErrorKind};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Most values in a body, roughly.
const MAX_ITEMS: usize = 4_000_000;

/// A body of well-formed JSON.
///
/// The content type is not looked at. A missing body is a 422 `missing`, malformed JSON a 422
/// `json_invalid` that names the offset, a body over the limit a 413.
#[derive(Clone, Debug)]
pub struct JsonBody {
    text: String,
}

/// As [`JsonBody`], and no body at all is `None`.
#[derive(Clone, Debug)]
pub struct MaybeJsonBody(pub Option<JsonBody>);

impl JsonBody {
    pub fn parse(bytes: &[u8]) -> AppResult<Self> {
        // A list of zeros takes thirty times its text.
        if bytes.len() > MAX_ITEMS && bytes.split(|byte| *byte == b',').nth(MAX_ITEMS + 1).is_some() {
            return Err(AppError::new(ErrorKind::TooLarge, "The body has too many values."));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| invalid(error.valid_up_to()))?;
        let text = text.trim_start_matches('\u{feff}');
        serde_json::from_str::<&RawValue>(text).map_err(|error| invalid(offset(text, &error)))?;
        Ok(Self { text: text.to_owned() })
    }

    /// The JSON text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The body as an object, read field by field.
    pub fn fields(&self) -> AppResult<Fields<'_>> {
        Fields::parse(&self.text, vec![json!("body")])
    }

    /// The body as any JSON value.
    pub fn value(&self) -> AppResult<Value> {
        serde_json::from_str(&self.text).map_err(|error| invalid(offset(&self.text, &error)))
    }

    /// The body as a value whose shape a program wrote; a misfit is one problem at `["body"]`.
    pub fn read<T: DeserializeOwned>(&self) -> AppResult<T> {
        serde_json::from_str(&self.text).map_err(|error| {
            unprocessable(vec![problem("value_error", &[json!("body")], &format!("Value error, {error}"))])
        })
    }

    /// The body as a list of ids.
    pub fn uuids(&self) -> AppResult<Vec<uuid::Uuid>> {
        let wrapped = format!("{{\"ids\":{}}}", self.text);
        let mut fields = Fields::parse(&wrapped, vec![json!("body")])?;
        let ids = fields.uuids("ids").flatten();
        fields.finish().map_err(without_wrapper)?;
        ids.ok_or_else(|| {
            unprocessable(vec![problem("list_type", &[json!("body")], "Input should be a valid list")])
        })
    }

    /// The body as a list of texts.
    pub fn texts(&self) -> AppResult<Vec<String>> {
        let wrapped = format!("{{\"ids\":{}}}", self.text);
        let mut fields = Fields::parse(&wrapped, vec![json!("body")])?;
        let texts = fields.texts("ids").flatten();
        fields.finish().map_err(without_wrapper)?;
        texts.ok_or_else(|| {
            unprocessable(vec![problem("list_type", &[json!("body")], "Input should be a valid list")])
        })
    }
}

/// Takes the key of the helper object out of the places of problems.
fn without_wrapper(mut error: AppError) -> AppError {
    for entry in error.detail.as_array_mut().into_iter().flatten() {
        if let Some(loc) = entry.get_mut("loc").and_then(Value::as_array_mut)
            && loc.len() > 1
        {
            loc.remove(1);
        }
    }
    error
}

fn invalid(offset: usize) -> AppError {
    unprocessable(vec![problem("json_invalid", &[json!("body"), json!(offset)], "JSON decode error")])
}

/// Characters before the place that serde names by line and column.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let before: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(|l| l.chars().count()).sum();
    before + error.column().saturating_sub(usize::from(!error.is_eof()))
}

/// A body that could not be read to its end.
pub fn body_error(rejection: &axum::extract::rejection::BytesRejection) -> AppError {
    if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        AppError::new(ErrorKind::TooLarge, "Content size limit exceeded.")
    } else {
        AppError::bad_request("The request body ended early.")
    }
}

impl FromRequest<AppState> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        match MaybeJsonBody::from_request(request, state).await?.0 {
            Some(body) => Ok(body),
            None => Err(unprocessable(vec![problem("missing", &[json!("body")], "Field required")]).into()),
        }
    }
}

impl FromRequest<AppState> for MaybeJsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| body_error(&rejection))?;
        if bytes.is_empty() {
            return Ok(Self(None));
        }
        Ok(Self(Some(JsonBody::parse(&bytes)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_of_malformed_json_is_named() {
        let cases: [(&[u8], usize); 5] =
            [(b"{bad", 1), (b"{\"a\": }", 6), (b"[1,\n2,x]", 6), (b"{\"a\"", 4), (b"\"\xff\"", 1)];
        for (body, expected) in cases {
            let detail = JsonBody::parse(body).unwrap_err().detail;
            assert_eq!(
                detail,
                json!([{"type": "json_invalid", "loc": ["body", expected], "msg": "JSON decode error"}]),
                "{}",
                String::from_utf8_lossy(body)
            );
        }
    }

    #[test]
    fn a_body_of_very_many_values_is_refused() {
        for (items, fits) in [(MAX_ITEMS, true), (MAX_ITEMS + 2, false)] {
            let body = format!("[{}0]", "0,".repeat(items - 1));
            assert_eq!(JsonBody::parse(body.as_bytes()).is_ok(), fits);
        }
    }

    #[test]
    fn a_list_of_ids_names_the_bad_one() {
        let body = JsonBody::parse(br#"["00000000-0000-4000-8000-000000000000", "abc"]"#).unwrap();
        assert_eq!(body.uuids().unwrap_err().detail[0]["loc"], json!(["body", 1]));
        assert_eq!(JsonBody::parse(b"{}").unwrap().uuids().unwrap_err().detail[0]["loc"], json!(["body"]));
    }

    #[test]
    fn deep_nesting_is_refused_without_falling_over() {
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        let body = JsonBody::parse(deep.as_bytes()).unwrap();
        assert_eq!(body.value().unwrap_err().kind, ErrorKind::Unprocessable);
    }
}
