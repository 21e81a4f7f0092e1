//! Converters of older versions. Flows still have them; new ones use Operations, Parser and Type Convert.

mod alter_metadata;
mod create_data;
mod create_list;
mod data_to_dataframe;
mod extract_key;
mod field_rows;
mod filter_data;
mod filter_data_values;
mod json_cleaner;
mod merge_data;
mod message_to_data;
mod output_parser;
mod parse_data;
mod parse_dataframe;
mod parse_json_data;
mod regex;
mod select_data;
mod update_data;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<parse_data::ParseDataComponent>::of(),
        Entry::<parse_dataframe::ParseDataFrameComponent>::of(),
        Entry::<message_to_data::MessageToDataComponent>::of(),
        Entry::<create_list::CreateListComponent>::of(),
        Entry::<create_data::CreateDataComponent>::of(),
        Entry::<update_data::UpdateDataComponent>::of(),
        Entry::<data_to_dataframe::DataToDataFrameComponent>::of(),
        Entry::<extract_key::ExtractDataKeyComponent>::of(),
        Entry::<filter_data::FilterDataComponent>::of(),
        Entry::<filter_data_values::DataFilterComponent>::of(),
        Entry::<select_data::SelectDataComponent>::of(),
        Entry::<merge_data::MergeDataComponent>::of(),
        Entry::<alter_metadata::AlterMetadataComponent>::of(),
        Entry::<json_cleaner::JsonCleaner>::of(),
        Entry::<parse_json_data::ParseJsonDataComponent>::of(),
        Entry::<regex::RegexExtractorComponent>::of(),
        Entry::<output_parser::OutputParserComponent>::of(),
    ]
}
