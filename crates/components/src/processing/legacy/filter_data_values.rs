//! Filter Values.

use langflow_core::prelude::*;
use langflow_core::value::python_repr;

choice! {
    /// How a value is compared.
    pub enum Operator {
        Equals = "equals", NotEquals = "not equals", Contains = "contains", StartsWith = "starts with",
        EndsWith = "ends with",
    }
}

/// Keeps the data whose value under a key compares as wanted.
#[derive(Component)]
#[component(
    id = "FilterDataValues",
    class = "DataFilterComponent",
    title = "Filter Values",
    icon = "filter",
    category = "processing",
    module = "lfx.components.processing.filter_data_values.DataFilterComponent",
    beta,
    legacy,
    examples = EXAMPLES
)]
pub struct DataFilterComponent {
    /// The data to filter.
    #[input(title = "Input Data")]
    input_data: Vec<Data>,
    /// The key whose value is compared.
    #[input(title = "Filter Key", default = "route", handles = ["Data", "JSON"])]
    filter_key: String,
    /// What it is compared with.
    #[input(title = "Filter Value", default = "CMIP", handles = ["Data", "JSON"])]
    filter_value: String,
    /// How it is compared.
    #[input(title = "Comparison Operator", default = Operator::Equals, advanced)]
    operator: Operator,
}

#[outputs]
impl DataFilterComponent {
    /// The data that pass; all of them while key or value are empty.
    #[output(name = "filtered_data", title = "Filtered Data")]
    async fn filter_data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        if self.filter_key.is_empty() || self.filter_value.is_empty() {
            cx.set_status(Value::text("Filter key or value is missing."));
            return Ok(self.input_data.clone());
        }
        let passes = |data: &&Data| data.data.get(&self.filter_key).is_some_and(|value| self.passes(value));
        Ok(self.input_data.iter().filter(passes).cloned().collect())
    }
}

impl DataFilterComponent {
    fn passes(&self, value: &Json) -> bool {
        let text = value.as_str().map_or_else(|| python_repr(value), str::to_owned);
        let wanted = self.filter_value.as_str();
        match self.operator {
            Operator::Equals => text == wanted,
            Operator::NotEquals => text != wanted,
            Operator::Contains => text.contains(wanted),
            Operator::StartsWith => text.starts_with(wanted),
            Operator::EndsWith => text.ends_with(wanted),
        }
    }
}

examples! {
    "Equal values": {"input_data": {"$list": [{"$data": {"n": 1}}, {"$data": {"n": 2}}, {"$data": {}}]}, "filter_key": "n",
        "filter_value": "2"} => filtered_data: [{"n": 2}];
    "Part of a text": {"input_data": {"$data": {"n": "ants"}}, "filter_key": "n", "filter_value": "nt", "operator": "contains"}
        => filtered_data: [{"n": "ants"}];
    "Nothing to compare with": {"input_data": {"$data": {"n": 1}}, "filter_value": ""} => filtered_data: [{"n": 1}];
}
