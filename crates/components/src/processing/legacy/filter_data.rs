//! Filter Data.

use langflow_core::prelude::*;

/// Keeps chosen keys of data.
#[derive(Component)]
#[component(
    id = "FilterData",
    class = "FilterDataComponent",
    title = "Filter Data",
    icon = "filter",
    category = "processing",
    module = "lfx.components.processing.filter_data.FilterDataComponent",
    beta,
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct FilterDataComponent {
    /// The data to filter.
    #[input(title = "JSON", kind = Data)]
    data: AnyValue,
    /// The keys to keep.
    #[input(title = "Filter Criteria")]
    filter_criteria: Vec<String>,
}

#[outputs]
impl FilterDataComponent {
    /// The data with the chosen keys alone; nothing where no data came.
    #[output(name = "filtered_data", title = "Filtered Data")]
    async fn filter_data(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut kept = match &self.data.0 {
            Value::Data(data) => data.data.clone(),
            Value::Json(Json::Object(map)) => map.clone(),
            _ => JsonMap::new(),
        };
        kept.retain(|key, _| self.filter_criteria.contains(key));
        let data = Data::new(kept);
        cx.set_status(data.clone());
        Ok(data)
    }
}

examples! {
    "Keys that are there": {"data": {"$data": {"a": 1, "b": 2}}, "filter_criteria": ["b", "z"]} => filtered_data: {"b": 2};
    "No data": {"filter_criteria": ["b"]} => filtered_data: {};
}
