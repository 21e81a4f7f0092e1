//! Files: reading documents, writing results.

pub mod decode;
mod document;
mod documents;
mod office;
mod read_file;
mod render;
mod spreadsheet;
mod write_file;

pub use documents::documents;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![Entry::<read_file::FileComponent>::of(), Entry::<write_file::SaveToFileComponent>::of()]
}
