//! Select Data.

use langflow_core::prelude::*;

/// Takes one data out of a list.
#[derive(Component)]
#[component(
    id = "SelectData",
    class = "SelectDataComponent",
    title = "Select Data",
    icon = "prototypes",
    category = "processing",
    module = "lfx.components.processing.select_data.SelectDataComponent",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct SelectDataComponent {
    /// The list.
    #[input(title = "JSON List")]
    data_list: Vec<Data>,
    /// Which one, counted from 0.
    #[input(title = "Data Index", default = 0, range = (0.0, 15.0, 1.0))]
    data_index: i64,
}

#[outputs]
impl SelectDataComponent {
    /// The data at that place.
    #[output(name = "selected_data", title = "Selected Data")]
    async fn select_data(&self, cx: &Cx) -> Result<Data, Fault> {
        let found = usize::try_from(self.data_index).ok().and_then(|index| self.data_list.get(index));
        let data = found.cloned().ok_or_else(|| {
            Fault::invalid(format!("Selected index {} is out of range.", self.data_index))
                .at_field("data_index")
        })?;
        cx.set_status(data.clone());
        Ok(data)
    }
}

examples! {
    "The second": {"data_list": {"$list": [{"$data": {"a": 1}}, {"$data": {"a": 2}}]}, "data_index": 1} => selected_data: {"a": 2};
    "Behind the end": {"data_list": {"$data": {"a": 1}}, "data_index": 1} => fails "out of range";
}
