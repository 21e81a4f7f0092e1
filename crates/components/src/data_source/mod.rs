//! Data from elsewhere: pages, searches, APIs.

mod api_request;
mod arxiv;
mod assemblyai;
mod csv_to_data;
mod curl;
mod json_to_data;
mod mock_data;
mod news_search;
mod one_source;
mod rss;
mod sql;
mod url;
mod web_search;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<api_request::ApiRequestComponent>::of(),
        Entry::<url::UrlComponent>::of(),
        Entry::<web_search::WebSearchComponent>::of(),
        Entry::<sql::SqlComponent>::of(),
        Entry::<csv_to_data::CsvToDataComponent>::of(),
        Entry::<json_to_data::JsonToDataComponent>::of(),
        Entry::<news_search::NewsSearchComponent>::of(),
        Entry::<rss::RssReaderComponent>::of(),
        Entry::<arxiv::ArXivComponent>::of(),
        Entry::<assemblyai::AssemblyAiTranscriber>::of(),
        Entry::<mock_data::MockData>::of(),
    ]
}

/// Header rows of a table: `{key, value}`; rows without a value are left out.
fn header_rows(table: &langflow_core::Table) -> Vec<(String, String)> {
    use langflow_core::Json;
    table
        .rows()
        .filter_map(|row| {
            let text = |key: &str| row.get(key).and_then(Json::as_str).map(str::trim).unwrap_or_default();
            let (key, value) = (text("key"), text("value"));
            (!key.is_empty() && !value.is_empty()).then(|| (key.to_owned(), value.to_owned()))
        })
        .collect()
}

/// The columns of a table of headers.
fn header_columns() -> langflow_core::Json {
    serde_json::json!([
        { "name": "key", "display_name": "Header", "type": "str", "description": "Name of the header." },
        { "name": "value", "display_name": "Value", "type": "str", "description": "Its value." },
    ])
}
