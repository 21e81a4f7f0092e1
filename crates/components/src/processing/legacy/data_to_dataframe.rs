//! Data to DataFrame.

use langflow_core::prelude::*;

/// Makes a table of data: a row each.
#[derive(Component)]
#[component(
    id = "DataToDataFrame",
    class = "DataToDataFrameComponent",
    title = "Data → DataFrame",
    icon = "table",
    category = "processing",
    module = "lfx.components.processing.data_to_dataframe.DataToDataFrameComponent",
    legacy,
    replacement = ["processing.Operations", "processing.TypeConverterComponent"],
    examples = EXAMPLES
)]
pub struct DataToDataFrameComponent {
    /// The data, one or many.
    #[input(title = "Data or Data List")]
    data_list: Vec<Data>,
}

#[outputs]
impl DataToDataFrameComponent {
    /// A row for each data; its text stands in the column `text`.
    #[output(name = "dataframe", title = "Table")]
    async fn build_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        let row = |data: &Data| {
            let (mut row, text) = (data.data.clone(), data.text());
            if !text.is_empty() {
                row.insert("text".into(), Json::String(text));
            }
            row
        };
        let table = Table::from_rows(self.data_list.iter().map(row));
        cx.set_status(table.clone());
        Ok(table)
    }
}

examples! {
    "Two data": {"data_list": {"$list": [{"$data": {"a": 1}}, {"$data": {"a": 2, "text": "x"}}]}}
        => dataframe: [{"a": 1, "text": null}, {"a": 2, "text": "x"}];
    "A table is no data": {"data_list": {"$table": []}} => fails "Data";
}
