//! JSON Operations.

use super::json_work as work;
use super::operations::{picked, show};
use crate::fields::{Pick, option};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// The operations, and which fields each needs.
const OPERATIONS: [(&str, &str, &[&str]); 8] = [
    ("Select Keys", "lasso-select", &["select_keys_input"]),
    ("Literal Eval", "braces", &[]),
    ("Combine", "merge", &[]),
    ("Append or Update", "circle-plus", &["append_update_data"]),
    ("Remove Keys", "eraser", &["remove_keys_input"]),
    ("Rename Keys", "pencil-line", &["rename_keys_input"]),
    ("Path Selection", "mouse-pointer", &["mapped_json_display", "selected_key"]),
    ("JQ Expression", "terminal", &["query"]),
];
/// Most paths that are offered for a selection.
const MAX_PATHS: usize = 500;

pub fn options() -> Vec<Json> {
    OPERATIONS.iter().map(|(name, icon, _)| option(name, icon)).collect()
}

/// Fields that belong to some operation, and those of one.
pub fn fields_of(operation: &str) -> (Vec<&'static str>, &'static [&'static str]) {
    let all = OPERATIONS.iter().flat_map(|(_, _, fields)| fields.iter().copied()).collect();
    let own = OPERATIONS.iter().find(|(name, ..)| *name == operation).map_or(&[][..], |(_, _, f)| f);
    (all, own)
}

/// Changes data: keys, values, structure.
///
/// Pick one operation; the fields it needs appear. Only *Combine* takes several data. *JQ Expression*
/// takes a program in the language of jq; it sees nothing but the data.
#[derive(Component)]
#[component(
    id = "DataOperations",
    class = "DataOperationsComponent",
    title = "JSON Operations",
    icon = "file-json",
    category = "processing",
    module = "lfx.components.processing.data_operations.DataOperationsComponent",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct DataOperationsComponent {
    /// The data to change.
    #[input(title = "JSON", kind = Data, required)]
    data: Many<Data>,
    /// What to do.
    #[input(
        title = "Operations", real_time_refresh, placeholder = "Select Operation",
        extra = json!({"options": options(), "limit": 1})
    )]
    operations: Pick,
    /// The keys that stay.
    #[input(title = "Select Keys", default = Vec::<&str>::new(), hidden)]
    select_keys_input: Many<String>,
    /// Keys to add, and their values.
    #[input(title = "Append or Update", list, default = json!({"key": "value"}), hidden)]
    append_update_data: JsonMap,
    /// The keys that go, wherever they are.
    #[input(title = "Remove Keys", default = Vec::<&str>::new(), hidden)]
    remove_keys_input: Many<String>,
    /// Old names of keys, and their new ones.
    #[input(title = "Rename Keys", list, default = json!({"old_key": "new_key"}), hidden)]
    rename_keys_input: JsonMap,
    /// An example of the data; its paths are offered for the selection.
    #[input(
        title = "JSON to Map", kind = Multiline, hidden, real_time_refresh, refresh_button,
        placeholder = "Add a JSON example."
    )]
    #[expect(dead_code, reason = "only the editor reads it")]
    mapped_json_display: String,
    /// The path of the value, for example `.user.emails[0]`.
    #[input(title = "Select Path", kind = Dropdown, options = NO_OPTIONS, hidden, dynamic, extra = json!({"value": null}))]
    selected_key: String,
    /// The jq program.
    #[input(title = "JQ Expression", hidden, placeholder = "e.g., .properties.id")]
    query: String,
}

const NO_OPTIONS: [&str; 0] = [];

#[outputs]
impl DataOperationsComponent {
    /// The changed data.
    #[output(name = "data_output", title = "JSON", method = "as_data")]
    async fn data_output(&self, _cx: &Cx) -> Result<Data, Fault> {
        let Some(operation) = self.operations.only() else { return Ok(Data::default()) };
        JsonWork {
            items: &self.data.0,
            select_keys: &self.select_keys_input.0,
            append: &self.append_update_data,
            remove_keys: &self.remove_keys_input.0,
            rename_keys: &self.rename_keys_input,
            path: &self.selected_key,
            query: &self.query,
        }
        .run(operation)
        .await
    }

    /// Shows the fields of the operation, and the paths of the example.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        match request.field.as_str() {
            "operations" => {
                let (all, own) = fields_of(&picked(&request.value));
                show(request, &all, own, &mut patch);
            }
            "mapped_json_display" => offer_paths(request, &mut patch),
            _ => {}
        }
        Ok(patch)
    }
}

/// Puts the paths of the example into the drop-down. An example that is no JSON offers none.
pub fn offer_paths(request: &RefreshRequest, patch: &mut SpecPatch) {
    let Some(Json::Object(mut field)) = request.template.get("selected_key").cloned() else { return };
    let example: Option<Json> = request.value.as_str().and_then(|text| serde_json::from_str(text).ok());
    let paths = example.map(|example| work::paths(&example, MAX_PATHS)).unwrap_or_default();
    field.insert("options".into(), json!(paths));
    patch.template.insert("selected_key".into(), Json::Object(field));
}

/// The fields of an operation on data, shared with Data Operations.
pub struct JsonWork<'a> {
    pub items: &'a [Data],
    pub select_keys: &'a [String],
    pub append: &'a JsonMap,
    pub remove_keys: &'a [String],
    pub rename_keys: &'a JsonMap,
    pub path: &'a str,
    pub query: &'a str,
}

impl JsonWork<'_> {
    pub async fn run(&self, operation: &str) -> Result<Data, Fault> {
        if !OPERATIONS.iter().any(|(name, ..)| *name == operation) {
            return Err(Fault::invalid(format!(
                "The '{operation}' operation is not one of JSON Operations: pick another one"
            ))
            .at_field("operations"));
        }
        if operation == "Combine" {
            let items: Vec<JsonMap> = self.items.iter().map(|item| item.data.clone()).collect();
            return Ok(Data::new(work::combine(&items)));
        }
        let [data] = self.items else {
            if self.items.is_empty() {
                return Ok(Data::default());
            }
            return Err(Fault::invalid(format!(
                "{operation} operation is not supported for multiple data objects."
            ))
            .at_field("data"));
        };
        let data = &data.data;
        let changed = match operation {
            "Select Keys" => work::select_keys(data, self.select_keys)?,
            "Literal Eval" => match work::evaluate_literals(&Json::Object(data.clone())) {
                Json::Object(map) => map,
                _ => JsonMap::new(),
            },
            "Append or Update" => {
                let mut data = data.clone();
                data.extend(self.append.clone());
                data
            }
            "Remove Keys" => work::remove_keys(data, self.remove_keys),
            "Rename Keys" => work::rename_keys(data, self.rename_keys),
            "Path Selection" => work::select_path(data, self.path).await,
            _ => work::query(data, self.query).await?,
        };
        Ok(Data::new(changed))
    }
}

examples! {
    "Select keys": {"data": {"$data": {"a": 1, "b": 2}}, "operations": [{"name": "Select Keys"}],
        "select_keys_input": ["b"]} => data_output: {"b": 2};
    "A path": {"data": {"$data": {"user": {"mails": ["x@y"]}}}, "operations": [{"name": "Path Selection"}],
        "selected_key": ".user.mails[0]"} => data_output: {"result": "x@y"};
    "A program": {"data": {"$data": {"n": [1, 2, 3]}}, "operations": [{"name": "JQ Expression"}],
        "query": "{sum: (.n | add)}"} => data_output: {"sum": 6};
    "The environment is not part of the data": {"data": {"$data": {"a": 1}},
        "operations": [{"name": "JQ Expression"}], "query": "env"} => fails "not allowed";
    "A key that is not there": {"data": {"$data": {"a": 1}}, "operations": [{"name": "Select Keys"}],
        "select_keys_input": ["b"]} => fails "Available keys: a";
}
