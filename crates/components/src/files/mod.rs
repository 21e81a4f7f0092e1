//! Files: reading documents, writing results.

pub mod decode;
mod directory;
mod document;
mod documents;
mod elsewhere;
mod office;
mod read_file;
mod render;
mod s3_uploader;
mod spreadsheet;
mod tar;
mod write_file;

pub use documents::documents;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<read_file::FileComponent>::of(),
        Entry::<write_file::SaveToFileComponent>::of(),
        Entry::<directory::DirectoryComponent>::of(),
        Entry::<s3_uploader::S3BucketUploader>::of(),
    ]
}
