//! Update Data.

use super::field_rows;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;

/// Adds keys to data, or changes them.
#[derive(Component)]
#[component(
    id = "UpdateData",
    class = "UpdateDataComponent",
    title = "Update Data",
    icon = "FolderSync",
    category = "processing",
    module = "lfx.components.processing.update_data.UpdateDataComponent",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct UpdateDataComponent {
    /// The data to change.
    #[input(title = "JSON", required)]
    old_data: Vec<Data>,
    /// How many fields the node has, at most 15.
    #[input(title = "Number of Fields", default = 0, real_time_refresh, range = (1.0, 15.0, 1.0))]
    #[expect(dead_code, reason = "the editor makes fields of it")]
    number_of_fields: u64,
    /// The key that counts as the text of the data.
    #[input(title = "Text Key", advanced)]
    text_key: String,
    /// Kept for older flows: the text key is checked whenever there is one.
    #[input(title = "Text Key Validator", advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    text_key_validator: bool,
    #[input(rest)]
    fields: Params,
}

#[outputs]
impl UpdateDataComponent {
    /// The data with the keys of all fields.
    #[output(name = "data", title = "JSON")]
    async fn build_data(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        let new = field_rows::collect(&self.fields);
        let update = |data: &Data| {
            let mut data = data.clone();
            data.data.extend(new.clone());
            if !self.text_key.is_empty() {
                data.text_key.clone_from(&self.text_key);
            }
            field_rows::check_text_key(&self.text_key, &data.data)?;
            Ok(data)
        };
        self.old_data.iter().map(update).collect()
    }

    /// A number makes as many fields.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        field_rows::patch(request)
    }
}

examples! {
    "A new key and a changed one": {"old_data": {"$data": {"a": 1, "b": 2}}, "field_1_key": {"b": "3", "c": "4"}}
        => data: [{"a": 1, "b": "3", "c": "4"}];
    "A text key that is not there": {"old_data": {"$data": {"a": 1}}, "text_key": "t"} => fails "'t'";
    "Nothing to change": {} => fails "required";
}
