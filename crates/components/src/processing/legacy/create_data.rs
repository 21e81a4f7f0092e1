//! Create Data.

use super::field_rows;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;

/// Makes data from numbered fields.
#[derive(Component)]
#[component(
    id = "CreateData",
    class = "CreateDataComponent",
    title = "Create Data",
    icon = "ListFilter",
    category = "processing",
    module = "lfx.components.processing.create_data.CreateDataComponent",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct CreateDataComponent {
    /// How many fields the node has, at most 15.
    #[input(title = "Number of Fields", default = 1, real_time_refresh, range = (1.0, 15.0, 1.0))]
    #[expect(dead_code, reason = "the editor makes fields of it")]
    number_of_fields: u64,
    /// The key that counts as the text of the data.
    #[input(title = "Text Key", advanced)]
    text_key: String,
    /// Fail when the text key is not among the keys.
    #[input(title = "Text Key Validator", advanced)]
    text_key_validator: bool,
    #[input(rest)]
    fields: Params,
}

#[outputs]
impl CreateDataComponent {
    /// Keys and values of all fields.
    #[output(name = "data", title = "JSON")]
    async fn build_data(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut data = Data::new(field_rows::collect(&self.fields));
        data.text_key.clone_from(&self.text_key);
        if self.text_key_validator {
            field_rows::check_text_key(&self.text_key, &data.data)?;
        }
        cx.set_status(data.clone());
        Ok(data)
    }

    /// A number makes as many fields.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        field_rows::patch(request)
    }
}

examples! {
    "Two fields": {"number_of_fields": 2, "field_1_key": {"a": "1"}, "field_2_key": {"b": "2"}} => data: {"a": "1", "b": "2"};
    "A text key that is not there": {"field_1_key": {"a": "1"}, "text_key": "t", "text_key_validator": true} => fails "'t'";
}
