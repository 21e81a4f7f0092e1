//! The body of `/run`: JSON, JSON inside `input_request`, a form, or nothing.
//!
//! The reference answers 200 with all defaults when one field has the wrong type; here every wrong field is
//! named in a 422.

use crate::extract::fields::{Fields, problem, unprocessable};
use crate::extract::json::{JsonBody, MaybeJsonBody};
use crate::{ApiError, AppState};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use langflow_app::runs::{InputType, OutputChoice, RunFlow, RunInput};
use langflow_app::{AppError, AppResult};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// What may be sent.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body in the API's document; it is read field by field")]
pub struct RunBody {
    /// Text for the input components.
    input_value: Option<String>,
    /// `chat`, `text` or `any`.
    input_type: Option<String>,
    /// `chat`, `text`, `any` or `debug`.
    output_type: Option<String>,
    /// Id or display name of the one component to answer with.
    output_component: Option<String>,
    /// Changes of fields for this run.
    #[schema(value_type = Object)]
    tweaks: Option<Value>,
    /// The conversation; the flow's id if absent.
    session_id: Option<String>,
}

/// More fields of a form than this are not read.
const MAX_PARTS: usize = 64;

pub async fn read(request: Request, app: &AppState) -> Result<RunFlow, ApiError> {
    if is_form(&request) {
        return from_form(request, app).await;
    }
    match MaybeJsonBody::from_request(request, app).await?.0 {
        None => Ok(with_input(RunFlow::default(), None, InputType::Chat)),
        Some(body) => Ok(from_json(&body)?),
    }
}

fn is_form(request: &Request) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.to_ascii_lowercase().starts_with("multipart/form-data"))
}

fn from_json(body: &JsonBody) -> AppResult<RunFlow> {
    if body.text().trim() == "null" {
        return Ok(with_input(RunFlow::default(), None, InputType::Chat));
    }
    let outer = body.fields()?;
    match outer.raw("input_request").flatten() {
        Some(inner) => read_fields(Fields::parse(inner.get(), vec![json!("body"), json!("input_request")])?),
        None => read_fields(outer),
    }
}

fn read_fields(mut fields: Fields<'_>) -> AppResult<RunFlow> {
    let value = fields.text("input_value").flatten();
    let kind = input_type(fields.choice("input_type", &["chat", "text", "any"]).flatten());
    let output_type = fields.choice("output_type", &["chat", "text", "any", "debug"]).flatten();
    let component = fields.text("output_component").flatten().filter(|c| !c.is_empty());
    let wanted = RunFlow {
        tweaks: fields.object("tweaks").flatten().unwrap_or_default(),
        session_id: fields.text("session_id").flatten(),
        output: output(component, output_type),
        ..RunFlow::default()
    };
    fields.finish()?;
    Ok(with_input(wanted, value, kind))
}

fn output(component: Option<String>, kind: Option<&'static str>) -> OutputChoice {
    match component {
        Some(component) => OutputChoice::Named(vec![component]),
        None => OutputChoice::Kind(kind.unwrap_or("chat")),
    }
}

pub(super) fn input_type(word: Option<&str>) -> InputType {
    match word {
        Some("text") => InputType::Text,
        Some("any") => InputType::Any,
        _ => InputType::Chat,
    }
}

fn with_input(mut wanted: RunFlow, value: Option<String>, kind: InputType) -> RunFlow {
    wanted.inputs = vec![RunInput { value, kind, components: Vec::new() }];
    wanted
}

/// A form has the same fields as texts; `tweaks` is JSON.
async fn from_form(request: Request, app: &AppState) -> Result<RunFlow, ApiError> {
    let bad = |why: String| AppError::bad_request(format!("The form cannot be read: {why}"));
    let mut form = Multipart::from_request(request, app).await.map_err(|error| bad(error.body_text()))?;
    let mut map = Map::new();
    let mut parts = 0;
    while let Some(field) = form.next_field().await.map_err(|error| bad(error.body_text()))? {
        parts += 1;
        if parts > MAX_PARTS {
            return Err(bad(format!("more than {MAX_PARTS} fields")).into());
        }
        let name = field.name().unwrap_or_default().to_owned();
        let text = field.text().await.map_err(|error| bad(error.body_text()))?;
        let value = match name.as_str() {
            "tweaks" if text.trim().is_empty() => continue,
            "tweaks" => serde_json::from_str(&text).map_err(|_| {
                unprocessable(vec![problem(
                    "dict_type",
                    &[json!("body"), json!("tweaks")],
                    "Input should be a valid dictionary",
                )])
            })?,
            _ => Value::String(text),
        };
        map.insert(name, value);
    }
    let text = Value::Object(map).to_string();
    Ok(read_fields(Fields::parse(&text, vec![json!("body")])?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> AppResult<RunFlow> {
        from_json(&JsonBody::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn both_forms_are_read_and_unknown_keys_ignored() {
        for text in [
            r#"{"input_value": "x", "foo": 1, "session_id": "s"}"#,
            r#"{"input_request": {"input_value": "x", "session_id": "s"}, "context": {}}"#,
        ] {
            let wanted = parse(text).unwrap();
            assert_eq!(wanted.inputs[0].value.as_deref(), Some("x"));
            assert_eq!(wanted.session_id.as_deref(), Some("s"));
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let error = parse(r#"{"input_value": 5, "input_type": "zzz", "tweaks": "x"}"#).unwrap_err();
        let places: Vec<Value> =
            error.detail.as_array().unwrap().iter().map(|p| p["loc"][1].clone()).collect();
        assert_eq!(places, ["input_value", "input_type", "tweaks"]);
    }
}
