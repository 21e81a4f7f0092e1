//! Text, data and tables, changed and put together.

mod columns;
mod combine_text;
mod dynamic_create_data;
mod json_operations;
mod json_work;
mod legacy;
mod operations;
mod parser;
mod split_text;
mod table_operations;
mod table_work;
mod text_operations;
mod text_work;
mod type_convert;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    let mut entries: Vec<Arc<dyn Definition>> = vec![
        Entry::<parser::ParserComponent>::of(),
        Entry::<split_text::SplitTextComponent>::of(),
        Entry::<type_convert::TypeConverterComponent>::of(),
        Entry::<operations::OperationsComponent>::of(),
        Entry::<dynamic_create_data::DynamicCreateDataComponent>::of(),
        Entry::<json_operations::DataOperationsComponent>::of(),
        Entry::<table_operations::DataFrameOperationsComponent>::of(),
        Entry::<text_operations::TextOperations>::of(),
        Entry::<combine_text::CombineTextComponent>::of(),
    ];
    entries.extend(legacy::entries());
    entries
}
