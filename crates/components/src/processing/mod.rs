//! Text, data and tables, changed and put together.

mod combine_text;
mod parser;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![Entry::<parser::ParserComponent>::of(), Entry::<combine_text::CombineTextComponent>::of()]
}
