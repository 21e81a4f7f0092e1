//! Combine Data.

use langflow_core::prelude::*;

choice! {
    /// How data are put together.
    pub enum Operation { Concatenate = "Concatenate", Append = "Append", Merge = "Merge", Join = "Join" }
}

/// Puts several data together.
///
/// *Concatenate*: one row; texts under the same key become lines, of other values the last stays. *Append*: a
/// row each. *Merge*: one row; texts under the same key become a list. *Join*: one row; from the second data
/// on, keys end in `_doc` and the number of the data. Less than two data give an empty table.
#[derive(Component)]
#[component(
    id = "MergeDataComponent",
    title = "Combine Data",
    icon = "merge",
    category = "processing",
    module = "lfx.components.processing.merge_data.MergeDataComponent",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct MergeDataComponent {
    /// The data to put together.
    #[input(title = "Data Inputs", required)]
    data_inputs: Vec<Data>,
    /// How they are put together.
    #[input(title = "Operation Type", default = Operation::Concatenate)]
    operation: Operation,
}

#[outputs]
impl MergeDataComponent {
    /// The result.
    #[output(name = "combined_data", title = "Table")]
    async fn combine_data(&self, cx: &Cx) -> Result<Table, Fault> {
        let table = self.combine();
        cx.set_status(table.clone());
        Ok(table)
    }
}

impl MergeDataComponent {
    fn combine(&self) -> Table {
        if self.data_inputs.len() < 2 {
            return Table::default();
        }
        let objects = || self.data_inputs.iter().map(|data| data.data.clone());
        if self.operation == Operation::Append {
            return Table::from_rows(objects());
        }
        let mut row = JsonMap::new();
        for (index, object) in objects().enumerate() {
            for (key, value) in object {
                let key = match self.operation {
                    Operation::Join if index > 0 => format!("{key}_doc{}", index + 1),
                    _ => key,
                };
                // The place of a key is where it was first seen.
                if let Some(old) = row.get_mut(&key) {
                    *old = self.both(old.take(), value);
                } else {
                    row.insert(key, value);
                }
            }
        }
        Table::from_rows([row])
    }

    /// Two values of one key.
    fn both(&self, old: Json, new: Json) -> Json {
        match (self.operation, old, new) {
            (Operation::Concatenate, Json::String(old), Json::String(new)) => {
                Json::String(format!("{old}\n{new}"))
            }
            (Operation::Merge, Json::Array(mut list), new @ Json::String(_)) => {
                list.push(new);
                Json::Array(list)
            }
            (Operation::Merge, old, new @ Json::String(_)) => Json::Array(vec![old, new]),
            (_, _, new) => new,
        }
    }
}

examples! {
    "Lines": {"data_inputs": {"$list": [{"$data": {"t": "a", "n": 1}}, {"$data": {"t": "b", "n": 2}}]}}
        => combined_data: [{"t": "a\nb", "n": 2}];
    "Rows": {"data_inputs": {"$list": [{"$data": {"a": 1}}, {"$data": {"a": 2}}]}, "operation": "Append"}
        => combined_data: [{"a": 1}, {"a": 2}];
    "Lists": {"data_inputs": {"$list": [{"$data": {"t": "a"}}, {"$data": {"t": "b"}}, {"$data": {"t": "c"}}]}, "operation": "Merge"}
        => combined_data: [{"t": ["a", "b", "c"]}];
    "Side by side": {"data_inputs": {"$list": [{"$data": {"a": 1}}, {"$data": {"a": 2}}]}, "operation": "Join"}
        => combined_data: [{"a": 1, "a_doc2": 2}];
    "One alone": {"data_inputs": {"$data": {"a": 1}}} => combined_data: [];
}
