//! Load CSV.

use super::one_source::OneSource;
use langflow_core::prelude::*;

/// Reads CSV: a file, or a text. One data for each row.
#[derive(Component)]
#[component(
    id = "CSVtoData",
    class = "CSVToDataComponent",
    title = "Load CSV",
    icon = "file-spreadsheet",
    category = "data_source",
    module = "lfx.components.data_source.csv_to_data.CSVToDataComponent",
    legacy,
    replacement = ["files_and_knowledge.File"],
    examples = EXAMPLES
)]
pub struct CsvToDataComponent {
    /// An uploaded file.
    #[input(title = "CSV File", kind = File, file_types = ["csv"])]
    csv_file: Option<String>,
    /// The path of an uploaded file.
    #[input(title = "CSV File Path")]
    csv_path: String,
    /// The CSV itself.
    #[input(title = "CSV String", kind = Multiline)]
    csv_string: String,
    /// The column that counts as the text of the data.
    #[input(title = "Text Key", default = "text")]
    text_key: String,
}

#[outputs]
impl CsvToDataComponent {
    /// One data for each row; all values are text.
    #[output(name = "data_list", title = "JSON List", method = "load_csv_to_data")]
    async fn data_list(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let source = OneSource {
            kind: "csv",
            file: self.csv_file.as_deref(),
            path: &self.csv_path,
            text: &self.csv_string,
        };
        let (text, field) = source.read(cx).await?;
        let wrong =
            |why: csv::Error| Fault::invalid(format!("CSV parsing error: {why}")).at_field(field.as_str());
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let names = reader.headers().map_err(wrong)?.clone();
        let data = |record: csv::StringRecord| {
            let cells = names.iter().zip(record.iter().map(Some).chain(std::iter::repeat(None)));
            let row =
                cells.map(|(name, cell)| (name.to_owned(), cell.map_or(Json::Null, Json::from))).collect();
            Data { text_key: self.text_key.clone(), ..Data::new(row) }
        };
        reader.records().map(|record| record.map(data).map_err(wrong)).collect()
    }
}

examples! {
    "A text": {"csv_string": "name,legs\nant,6\nbee,6"} => data_list: [{"name": "ant", "legs": "6"}, {"name": "bee", "legs": "6"}];
    "Nothing to read": {} => fails "exactly one";
    "Two sources": {"csv_string": "a", "csv_path": "x.csv"} => fails "exactly one";
    "Another kind of file": {"csv_path": "x.txt"} => fails "csv";
}
