//! The component catalogue, and the editor's questions about one node (contract-flows 6).

use crate::AppState;
use crate::access::Access;
use crate::error::ApiResult;
use crate::extract::Caller;
use crate::extract::json::JsonBody;
use crate::routes::Routes;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use langflow_app::catalogue::{self, CheckPrompt, UpdateNode};
use langflow_app::custom;
use serde_json::{Map, Value, json};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(list_components))
        .add(Access::Session, routes!(describe_component))
        .add(Access::Session, routes!(update_component))
        .add(Access::Session, routes!(validate_code))
        .add(Access::Session, routes!(validate_prompt))
}

/// All components: category, type key, definition.
#[utoipa::path(get, path = "/api/v1/all", tag = "components",
    responses((status = 200, description = "The catalogue"), (status = 304, description = "Unchanged")))]
async fn list_components(State(app): State<AppState>, _caller: Caller, headers: HeaderMap) -> Response {
    let document = catalogue::read_catalogue(&app);
    let told = |name, needle: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|text| text.contains(needle))
    };
    let mut response = if told(header::IF_NONE_MATCH, &document.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if told(header::ACCEPT_ENCODING, "gzip") && !document.gzip.is_empty() {
        ([(header::CONTENT_ENCODING, "gzip")], document.gzip.clone()).into_response()
    } else {
        document.plain.clone().into_response()
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&document.etag) {
        out.insert(header::ETAG, etag);
    }
    response
}

/// Keys that nodes and outputs of these answers have in the reference, null where nobody has set them; the catalogue
/// leaves them out.
const NODE_KEYS: [&str; 8] = [
    "is_input",
    "is_output",
    "is_composition",
    "priority",
    "full_path",
    "replacement",
    "error",
    "add_tool_output",
];
const OUTPUT_KEYS: [&str; 4] = ["hidden", "required_inputs", "loop_types", "options"];

fn fill(object: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        object.entry(*key).or_insert(Value::Null);
    }
}

fn fill_outputs(node: Option<&mut Map<String, Value>>) {
    let outputs = node.and_then(|node| node.get_mut("outputs")).and_then(Value::as_array_mut);
    for output in outputs.into_iter().flatten().filter_map(Value::as_object_mut) {
        fill(output, &OUTPUT_KEYS);
    }
}

/// The definition of the component a piece of Python stands for.
#[utoipa::path(post, path = "/api/v1/custom_component", tag = "components",
    request_body(content = Object, description = "`{code}`"),
    responses((status = 200, description = "The definition"), (status = 400, description = "Not a native component")))]
async fn describe_component(
    State(app): State<AppState>,
    Caller(principal): Caller,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let code = fields.required_text("code");
    fields.finish()?;
    let mut described = catalogue::describe_code(&app, &principal, &code).await?;
    fill_outputs(described.node.as_object_mut());
    Ok(Json(json!({"data": described.node, "type": described.kind})))
}

/// The node after one of its fields was changed.
#[utoipa::path(post, path = "/api/v1/custom_component/update", tag = "components",
    request_body(content = Object, description = "`{code, template, field, field_value, tool_mode}`"),
    responses((status = 200, description = "The node"), (status = 400, description = "It cannot be changed so")))]
async fn update_component(
    State(app): State<AppState>,
    Caller(principal): Caller,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let request = UpdateNode {
        code: fields.required_text("code"),
        field: fields.required_text("field"),
        template: match fields.object("template") {
            Some(map) => map.unwrap_or_default(),
            None => {
                if !fields.contains("template") {
                    fields.missing("template");
                }
                Map::new()
            }
        },
        value: fields.json("field_value").flatten().unwrap_or_default(),
        tool_mode: fields.boolean("tool_mode").flatten(),
        metadata: fields
            .object("frontend_node")
            .flatten()
            .and_then(|node| node.get("metadata").and_then(Value::as_object).cloned())
            .unwrap_or_default(),
    };
    fields.finish()?;
    let mut node = catalogue::update_node(&app, &principal, request).await?;
    fill_outputs(node.as_object_mut());
    Ok(Json(node))
}

/// Problems of a piece of Python. It is parsed and not run; imports are tried in a worker where there are any.
#[utoipa::path(post, path = "/api/v1/validate/code", tag = "components",
    request_body(content = Object, description = "`{code}`"),
    responses((status = 200, description = "Problems of imports and functions")))]
async fn validate_code(
    State(app): State<AppState>,
    Caller(principal): Caller,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let code = fields.required_text("code");
    fields.finish()?;
    let found = custom::validate_code(&app, &principal, &code).await;
    Ok(Json(json!({"imports": {"errors": found.imports}, "function": {"errors": found.function}})))
}

/// The variables of a prompt template, and the node with a field for each.
#[utoipa::path(post, path = "/api/v1/validate/prompt", tag = "components",
    request_body(content = Object, description = "`{name, template, frontend_node, mustache}`"),
    responses((status = 200, description = "Variables and node"), (status = 500, description = "The template is wrong")))]
async fn validate_prompt(
    State(app): State<AppState>,
    Caller(principal): Caller,
    body: JsonBody,
) -> ApiResult<Json<Value>> {
    let mut fields = body.fields()?;
    let request = CheckPrompt {
        name: fields.required_text("name"),
        template: fields.required_text("template"),
        node: fields.object("frontend_node").flatten(),
        mustache: fields.boolean("mustache").flatten().unwrap_or(false),
    };
    fields.finish()?;
    let mut checked = catalogue::check_prompt(&app, &principal, request)?;
    if let Some(node) = &mut checked.node {
        fill(node, &NODE_KEYS);
        node.entry("name").or_insert_with(|| json!(""));
        fill_outputs(Some(node));
    }
    Ok(Json(json!({"input_variables": checked.variables, "frontend_node": checked.node})))
}
