//! Knowledge bases: texts of a user that flows search by meaning.
//!
//! * [`base`]: making, listing, deleting.
//! * [`chunks`]: what is in one, and how files would be cut.
//! * [`ingest`]: files go in, in the background.
//! * [`jobs`]: what bounds and stops work in the background.
//! * [`port`]: what components see of it.

mod base;
mod chunks;
mod ingest;
pub(crate) mod jobs;
mod metadata;
mod port;

pub use base::{BaseInfo, NewBase, create_base, delete_base, delete_bases, find_base, list_bases};
pub use chunks::{ChunkFilter, FilePreview, PreviewChunk, list_chunks, metadata_keys, preview_chunks};
pub(crate) use ingest::embedder_of;
pub use ingest::{
    Ingestion, NewIngestion, UploadedFile, cancel_ingestion, close_left_over, find_run, list_runs,
    start_ingestion, status_word,
};
pub use jobs::KnowledgeJobs;
pub use metadata::{read_file_metadata, read_metadata};
pub use port::UserVectors;

pub use langflow_store::knowledge::{IngestionRun, IngestionStatus, KnowledgeBase, KnowledgeStatus};
pub use langflow_store::vectors::Chunk;
