//! What the components of remote services share.

use futures::future::BoxFuture;
use langflow_core::capability::{Tool, ToolOutput, ToolSchema};
use langflow_core::run::Cx;
use langflow_core::{Fault, Json, JsonMap, async_trait};
use langflow_providers::http::Call;
use serde_json::json;
use std::fmt;
use std::sync::Arc;

/// Largest answer of a service.
pub const ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Sends a call and reads the JSON of its answer; refusals are faults that name the service.
pub async fn ask(call: Call, service: &str, cx: &Cx) -> Result<Json, Fault> {
    call.send_json(&*cx.egress(), service, ANSWER_BYTES).await
}

/// The objects of a list inside an answer; nothing where it has none.
pub fn objects(json: &Json, pointer: &str) -> Vec<JsonMap> {
    let list = json.pointer(pointer).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|item| item.as_object().cloned()).collect()
}

/// The text inside an answer; empty where it has none.
pub fn text_at<'a>(json: &'a Json, pointer: &str) -> &'a str {
    json.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

/// The text under a key; empty where there is none.
pub fn text_of<'a>(map: &'a JsonMap, key: &str) -> &'a str {
    map.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// An object literal as a row.
pub fn row(json: Json) -> JsonMap {
    match json {
        Json::Object(map) => map,
        _ => JsonMap::new(),
    }
}

/// The first `max` characters; all of them for 0.
pub fn clip(text: &str, max: usize) -> String {
    if max == 0 { text.to_owned() } else { text.chars().take(max).collect() }
}

/// The parts of a list that is written with commas or blanks.
pub fn parts(text: &str) -> Vec<&str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty()).collect()
}

/// A row that says what went wrong, for models to read.
pub fn error_row(fault: &Fault) -> JsonMap {
    row(json!({"text": fault.to_string(), "error": fault.to_string()}))
}

/// Title, link and snippet of search results, shortened.
pub fn results(found: Vec<JsonMap>, max_results: usize, max_length: usize) -> Vec<JsonMap> {
    let short = |found: &JsonMap| {
        row(json!({
            "title": clip(text_of(found, "title"), max_length),
            "link": text_of(found, "link"),
            "snippet": clip(text_of(found, "snippet"), max_length),
        }))
    };
    found.iter().take(max_results).map(short).collect()
}

/// A parameter of a call as text; objects and lists as JSON.
pub fn parameter(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

type Work = dyn Fn(Json) -> BoxFuture<'static, Result<Json, Fault>> + Send + Sync;

/// A tool with a name of its own, as older flows have it.
struct ServiceTool {
    schema: ToolSchema,
    work: Box<Work>,
}

impl fmt::Debug for ServiceTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceTool").field("schema", &self.schema).finish_non_exhaustive()
    }
}

#[async_trait]
impl Tool for ServiceTool {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        let answer = (self.work)(arguments).await?;
        Ok(ToolOutput { text: parameter(&answer), artifact: Some(answer), is_error: false })
    }
}

/// One tool that takes a `query`.
pub fn query_tool<F>(
    name: &str,
    description: &str,
    work: impl Fn(String) -> F + Send + Sync + 'static,
) -> Vec<Arc<dyn Tool>>
where
    F: Future<Output = Result<Json, Fault>> + Send + 'static,
{
    fields_tool(name, description, &[("query", "What to search for.")], move |arguments| {
        work(text_at(&arguments, "/query").to_owned())
    })
}

/// One tool that takes these texts: `(name, meaning)`.
pub fn fields_tool<F>(
    name: &str,
    description: &str,
    fields: &[(&str, &str)],
    work: impl Fn(Json) -> F + Send + Sync + 'static,
) -> Vec<Arc<dyn Tool>>
where
    F: Future<Output = Result<Json, Fault>> + Send + 'static,
{
    let field = |(name, meaning): &(&str, &str)| {
        ((*name).to_owned(), json!({"type": "string", "description": meaning}))
    };
    let schema = ToolSchema {
        name: name.into(),
        description: description.into(),
        parameters: json!({
            "type": "object",
            "properties": fields.iter().map(field).collect::<JsonMap>(),
            "required": fields.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        }),
    };
    let work =
        move |arguments: Json| -> BoxFuture<'static, Result<Json, Fault>> { Box::pin(work(arguments)) };
    vec![Arc::new(ServiceTool { schema, work: Box::new(work) })]
}
