//! Global variables of the caller.

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::fields::{Fields, problem, unprocessable};
use crate::extract::json::JsonBody;
use crate::extract::path::PathId;
use crate::extract::{Caller, client};
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use langflow_app::variables::{self, NewVariable, ShownVariable, VariableChange, VariableKind};
use langflow_app::{App, AppResult};
use langflow_core::Secret;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

/// Flow versions that are looked through at once.
const MOST_VERSIONS: usize = 50;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_variables, create_variable))
        .add(Access::Session, routes!(detect_variables))
        .add(Access::Session, routes!(change_variable, delete_variable))
}

/// A variable in the form of the reference.
#[derive(Serialize, ToSchema)]
struct VariableRead {
    id: Uuid,
    name: String,
    /// `Generic` or `Credential`.
    r#type: &'static str,
    /// Of a Generic variable; a Credential's never comes back.
    value: Option<String>,
    has_value: bool,
    default_fields: Vec<String>,
    is_owner: bool,
    can_manage_shares: bool,
    validation_error: Option<String>,
    /// Whether its provider took the key; null where nobody knows.
    is_valid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
}

impl VariableRead {
    fn new(variable: ShownVariable, is_valid: Option<bool>) -> Self {
        Self {
            id: variable.id,
            name: variable.name,
            r#type: match variable.kind {
                VariableKind::Generic => "Generic",
                VariableKind::Credential => "Credential",
            },
            value: variable.value,
            has_value: variable.has_value,
            default_fields: variable.default_fields,
            is_owner: true,
            can_manage_shares: true,
            validation_error: None,
            is_valid,
            category: variable.category,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct VariableNames {
    variables: Vec<String>,
}

/// The caller's variables, by name. Values of Credentials never come back.
#[utoipa::path(get, path = "/api/v1/variables/", tag = "variables",
    responses((status = 200, description = "The variables", body = Vec<VariableRead>)))]
async fn list_variables(State(app): State<AppState>, caller: Caller) -> ApiResult<Json<Vec<VariableRead>>> {
    let found = variables::list_variables(&app, &caller.0).await?;
    let shown = |variable: ShownVariable| {
        let is_valid = is_provider_key(&app, &variable);
        VariableRead::new(variable, is_valid)
    };
    Ok(Json(found.into_iter().map(shown).collect()))
}

/// A stored main key of a provider was accepted when it was stored: the editor marks it as valid.
fn is_provider_key(app: &App, variable: &ShownVariable) -> Option<bool> {
    let mut keys = app.providers.list().iter().filter_map(|info| info.main_variable());
    let is_key = variable.kind == VariableKind::Credential && keys.any(|key| key.key == variable.name);
    is_key.then_some(true)
}

/// Make a variable. A name that is there already is refused.
#[utoipa::path(post, path = "/api/v1/variables/", tag = "variables",
    request_body(content = Object, description = "`{name, value, type, default_fields, category}`"),
    responses((status = 201, description = "The variable", body = VariableRead),
        (status = 400, description = "The name is taken")))]
async fn create_variable(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    body: JsonBody,
) -> ApiResult<(StatusCode, Json<VariableRead>)> {
    let new = read_new(&body)?;
    let variable = variables::create_variable(&app, &caller.0, &client.0, new).await?;
    Ok((StatusCode::CREATED, Json(VariableRead::new(variable, None))))
}

fn read_new(body: &JsonBody) -> AppResult<NewVariable> {
    let mut fields = body.fields()?;
    let name = fields.required_text("name");
    let value = Secret::new(fields.required_text("value"));
    let kind = read_kind(&mut fields).unwrap_or(VariableKind::Credential);
    if !fields.contains("default_fields") {
        fields.missing("default_fields");
    }
    let default_fields = fields.texts("default_fields").flatten().unwrap_or_default();
    let category = fields.text("category").flatten();
    fields.finish()?;
    Ok(NewVariable { name, value, kind, default_fields, category })
}

/// What is not Generic is kept secret.
fn read_kind(fields: &mut Fields<'_>) -> Option<VariableKind> {
    let text = fields.text("type").flatten()?;
    Some(if text == "Generic" { VariableKind::Generic } else { VariableKind::Credential })
}

/// Change a variable; what is not sent stays.
#[utoipa::path(patch, path = "/api/v1/variables/{variable_id}", tag = "variables",
    params(("variable_id" = uuid::Uuid, Path)),
    request_body(content = Object, description = "`{id}`, and what changes of `{name, value, type, default_fields, category}`"),
    responses((status = 200, description = "The variable", body = VariableRead),
        (status = 404, description = "Not there")))]
async fn change_variable(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
    body: JsonBody,
) -> ApiResult<Json<VariableRead>> {
    let change = read_change(&body)?;
    let variable = variables::change_variable(&app, &caller.0, &client.0, id.0, change).await?;
    Ok(Json(VariableRead::new(variable, None)))
}

fn read_change(body: &JsonBody) -> AppResult<VariableChange> {
    let mut fields = body.fields()?;
    // The id of the path counts, but the reference wants it here too.
    match fields.uuid("id") {
        None if !fields.contains("id") => fields.missing("id"),
        Some(None) => {
            fields.problem("id", "uuid_type", "UUID input should be a string, bytes or UUID object");
        }
        _ => {}
    }
    let change = VariableChange {
        name: fields.text("name").flatten(),
        value: fields.text("value").flatten().map(Secret::new),
        kind: read_kind(&mut fields),
        default_fields: fields.texts("default_fields").flatten(),
        category: fields.text("category"),
    };
    fields.finish()?;
    Ok(change)
}

/// Delete a variable.
#[utoipa::path(delete, path = "/api/v1/variables/{variable_id}", tag = "variables",
    params(("variable_id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Deleted"), (status = 404, description = "Not there")))]
async fn delete_variable(
    State(app): State<AppState>,
    caller: Caller,
    client: client::From,
    id: PathId,
) -> ApiResult<StatusCode> {
    variables::delete_variable(&app, &caller.0, &client.0, id.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which of the caller's variables these flow versions stand on.
#[utoipa::path(post, path = "/api/v1/variables/detections", tag = "variables",
    request_body(content = Object, description = "`{flow_version_ids}`"),
    responses((status = 200, description = "Names, sorted", body = VariableNames),
        (status = 404, description = "A version is not there")))]
async fn detect_variables(
    State(app): State<AppState>,
    caller: Caller,
    body: JsonBody,
) -> ApiResult<Json<VariableNames>> {
    let mut fields = body.fields()?;
    if !fields.contains("flow_version_ids") {
        fields.missing("flow_version_ids");
    }
    let ids = fields.uuids("flow_version_ids").flatten().unwrap_or_default();
    fields.finish()?;
    check_count(ids.len())?;
    Ok(Json(VariableNames { variables: variables::detect_variables(&app, &caller.0, &ids).await? }))
}

fn check_count(count: usize) -> AppResult<()> {
    let (kind, word, end, bound, limit) = match count {
        0 => ("too_short", "at least 1 item", "0", "min_length", 1),
        n if n > MOST_VERSIONS => ("too_long", "at most 50 items", "more", "max_length", MOST_VERSIONS),
        _ => return Ok(()),
    };
    let msg = format!("List should have {word} after validation, not {end}");
    let mut entry = problem(kind, &[json!("body"), json!("flow_version_ids")], &msg);
    if let Some(entry) = entry.as_object_mut() {
        entry.insert("ctx".into(), json!({"field_type": "List", bound: limit}));
    }
    Err(unprocessable(vec![entry]))
}
