//! Create List.

use langflow_core::prelude::*;

/// Makes a list of texts.
#[derive(Component)]
#[component(
    id = "CreateList",
    class = "CreateListComponent",
    title = "Create List",
    icon = "list",
    category = "processing",
    module = "lfx.components.processing.create_list.CreateListComponent",
    legacy,
    examples = EXAMPLES
)]
pub struct CreateListComponent {
    /// The texts, one each.
    #[input(title = "Texts", kind = Str)]
    texts: Vec<String>,
}

#[outputs]
impl CreateListComponent {
    /// One data for each text.
    #[output(name = "list", title = "JSON List")]
    async fn create_list(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.texts.iter().map(Data::from_text).collect())
    }

    /// One row for each text.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, _cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows(self.texts.iter().map(|text| Data::from_text(text).data)))
    }
}

examples! {
    "A list": {"texts": ["a", "b"]} => list: [{"text": "a"}, {"text": "b"}];
    "A table": {"texts": ["a"]} => dataframe: [{"text": "a"}];
}
