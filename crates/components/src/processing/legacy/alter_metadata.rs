//! Alter Metadata.

use langflow_core::prelude::*;

/// Adds keys to data, and takes others away.
#[derive(Component)]
#[component(
    id = "AlterMetadata",
    class = "AlterMetadataComponent",
    title = "Alter Metadata",
    icon = "merge",
    category = "processing",
    module = "lfx.components.processing.alter_metadata.AlterMetadataComponent",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct AlterMetadataComponent {
    /// The data or messages to change.
    #[input(title = "Input", kind = Handle, handles = ["Message", "Data", "JSON"])]
    input_value: Vec<Data>,
    /// A text that becomes one more data.
    #[input(title = "User Text", kind = Str)]
    text_in: String,
    /// The keys to add.
    #[input(title = "Metadata", kind = NestedDict, handles = ["Data", "JSON"], required)]
    metadata: JsonMap,
    /// The keys to take away.
    #[input(title = "Fields to Remove")]
    remove_fields: Vec<String>,
}

#[outputs]
impl AlterMetadataComponent {
    /// The changed data.
    #[output(name = "data", title = "JSON")]
    async fn process_output(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.altered())
    }

    /// The changed data as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, _cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(self.altered().into_iter().map(|data| data.data)))
    }
}

impl AlterMetadataComponent {
    fn altered(&self) -> Vec<Data> {
        let mut all = Vec::with_capacity(self.input_value.len() + 1);
        if !self.text_in.is_empty() {
            all.push(Data::from_text(&self.text_in));
        }
        all.extend(self.input_value.iter().cloned());
        let remove: Vec<&str> = self.remove_fields.iter().map(|name| name.trim()).collect();
        for data in &mut all {
            let added = self.metadata.iter().filter(|(key, _)| !key.trim().is_empty());
            data.data.extend(added.map(|(key, value)| (key.clone(), value.clone())));
            data.data.retain(|key, _| key.is_empty() || !remove.contains(&key.as_str()));
        }
        all
    }
}

examples! {
    "Added and taken away": {"input_value": {"$data": {"a": 1, "b": 2}}, "metadata": {"c": 3}, "remove_fields": [" b "]}
        => data: [{"a": 1, "c": 3}];
    "A text of its own": {"text_in": "x", "metadata": {"c": 3}} => dataframe: [{"text": "x", "c": 3}];
    "Nothing to add": {"text_in": "x"} => fails "required";
}
