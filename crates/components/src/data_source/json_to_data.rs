//! Load JSON.

use super::one_source::OneSource;
use crate::text::repair;
use langflow_core::prelude::*;

/// Reads JSON: a file, or a text. JSON that is not quite right is mended.
#[derive(Component)]
#[component(
    id = "JSONtoData",
    class = "JSONToDataComponent",
    title = "Load JSON",
    icon = "braces",
    category = "data_source",
    module = "lfx.components.data_source.json_to_data.JSONToDataComponent",
    legacy,
    replacement = ["files_and_knowledge.File"],
    examples = EXAMPLES
)]
#[expect(clippy::struct_field_names, reason = "stored flows name them so")]
pub struct JsonToDataComponent {
    /// An uploaded file.
    #[input(title = "JSON File", kind = File, file_types = ["json"])]
    json_file: Option<String>,
    /// The path of an uploaded file.
    #[input(title = "JSON File Path")]
    json_path: String,
    /// The JSON itself.
    #[input(title = "JSON String", kind = Multiline)]
    json_string: String,
}

#[outputs]
impl JsonToDataComponent {
    /// The object, or one data for each object of a list.
    #[output(name = "data", title = "JSON", method = "convert_json_to_data", types = ["JSON"])]
    async fn data(&self, cx: &Cx) -> Result<Value, Fault> {
        let source = OneSource {
            kind: "json",
            file: self.json_file.as_deref(),
            path: &self.json_path,
            text: &self.json_string,
        };
        let (text, field) = source.read(cx).await?;
        let json =
            repair::read(&text).ok_or_else(|| Fault::invalid("there is no JSON in it").at_field(field))?;
        Ok(match json {
            Json::Array(items) => {
                Value::List(items.into_iter().map(|item| Data::from_json(item).into()).collect())
            }
            one => Data::from_json(one).into(),
        })
    }
}

examples! {
    "An object": {"json_string": "{\"a\": 1}"} => data: {"a": 1};
    "A list, not quite right": {"json_string": "[{'a': 1}, {'a': 2},]"} => data: [{"a": 1}, {"a": 2}];
    "Nothing to read": {} => fails "exactly one";
}
