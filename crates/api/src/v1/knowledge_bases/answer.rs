//! Knowledge bases in the form of the reference.

use crate::time::micros;
use langflow_app::flows::RawJson;
use langflow_app::knowledge::{
    BaseInfo, Chunk, FilePreview, IngestionRun, KnowledgeBase, KnowledgeStatus, status_word,
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A knowledge base and what is in it.
#[derive(Serialize, ToSchema)]
pub struct BaseRead {
    id: Uuid,
    dir_name: String,
    name: String,
    embedding_provider: String,
    embedding_model: String,
    /// Bytes of texts, metadata and vectors.
    size: i64,
    words: i64,
    characters: i64,
    chunks: i64,
    avg_chunk_size: f64,
    /// Null of a fresh one.
    chunk_size: Option<i64>,
    chunk_overlap: Option<i64>,
    separator: Option<String>,
    /// `empty`, `ingesting`, `ready` or `failed`.
    status: &'static str,
    failure_reason: Option<String>,
    last_job_id: Option<Uuid>,
    source_types: Vec<String>,
    /// Null of a fresh one.
    #[schema(value_type = Option<Vec<Object>>)]
    column_config: Option<RawJson>,
    backend_type: &'static str,
    #[schema(value_type = Object)]
    backend_config: BTreeMap<String, String>,
    storage_state: &'static str,
    storage_generation: u32,
    active_migration_id: Option<Uuid>,
}

impl From<&BaseInfo> for BaseRead {
    fn from(info: &BaseInfo) -> Self {
        let BaseInfo { base, totals, source_types } = info;
        #[expect(clippy::cast_precision_loss, reason = "an average of sizes")]
        let average = if totals.chunks == 0 { 0.0 } else { totals.characters as f64 / totals.chunks as f64 };
        Self {
            id: base.id,
            dir_name: base.name.clone(),
            name: base.name.clone(),
            embedding_provider: base.embedding_provider.clone(),
            embedding_model: base.embedding_model.clone(),
            size: totals.bytes,
            words: totals.words,
            characters: totals.characters,
            chunks: totals.chunks,
            avg_chunk_size: average,
            chunk_size: Some(base.chunk_size),
            chunk_overlap: Some(base.chunk_overlap),
            separator: base.separator.clone(),
            status: match base.status {
                KnowledgeStatus::Empty => "empty",
                KnowledgeStatus::Ingesting => "ingesting",
                KnowledgeStatus::Ready => "ready",
                KnowledgeStatus::Failed => "failed",
            },
            failure_reason: base.failure_reason.clone(),
            last_job_id: base.last_job_id,
            source_types: source_types.clone(),
            column_config: Some(base.column_config.clone()),
            backend_type: "sqlite",
            backend_config: BTreeMap::new(),
            storage_state: "ready",
            storage_generation: 1,
            active_migration_id: None,
        }
    }
}

impl BaseRead {
    /// One that was just made has not been filled with any sizes yet.
    pub fn fresh(info: &BaseInfo) -> Self {
        let columns = Some(info.base.column_config.clone()).filter(|columns| columns.get() != "[]");
        Self { chunk_size: None, chunk_overlap: None, column_config: columns, ..Self::from(info) }
    }
}

/// How many knowledge bases a request has deleted.
#[derive(Serialize, ToSchema)]
pub struct DeletedBases {
    pub message: String,
    pub deleted_count: usize,
    /// Names that were not there, with commas between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_found: Option<String>,
}

/// Work in the background.
#[derive(Serialize, ToSchema)]
pub struct JobRead {
    id: Uuid,
    href: String,
}

impl JobRead {
    pub fn new(id: Uuid) -> Self {
        Self { id, href: format!("/task/{id}") }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ChunkRead {
    id: String,
    content: String,
    char_count: i64,
    #[schema(value_type = Object)]
    metadata: RawJson,
}

impl From<&Chunk> for ChunkRead {
    fn from(chunk: &Chunk) -> Self {
        Self {
            id: chunk.id.clone(),
            content: chunk.content.clone(),
            char_count: chunk.characters,
            metadata: chunk.metadata.clone(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ChunkPage {
    pub chunks: Vec<ChunkRead>,
    pub total: u64,
    pub page: u64,
    pub limit: u64,
    pub total_pages: u64,
}

/// One filling of a knowledge base.
#[derive(Serialize, ToSchema)]
pub struct IngestionRead {
    id: Uuid,
    kb_name: String,
    kb_id: Uuid,
    job_id: Uuid,
    source_type: String,
    source_name: Option<String>,
    status: &'static str,
    error_message: Option<String>,
    total_items: i64,
    succeeded: i64,
    failed: i64,
    skipped: i64,
    total_bytes: i64,
    chunks_created: i64,
    started_at: String,
    finished_at: Option<String>,
    #[schema(value_type = Object)]
    user_metadata: RawJson,
    /// Where it was asked for alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    source_config: Option<RawJson>,
    /// What came of each file, where it was asked for alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    items: Option<RawJson>,
}

impl IngestionRead {
    pub fn new(base: &KnowledgeBase, run: &IngestionRun) -> Self {
        let source_name = Some(run.source_name.trim()).filter(|name| !name.is_empty());
        Self {
            id: run.id,
            kb_name: base.name.clone(),
            kb_id: base.id,
            job_id: run.job_id,
            source_type: run.source_type.clone(),
            source_name: source_name.map(str::to_owned),
            status: status_word(run.status),
            error_message: run.error_message.clone(),
            total_items: run.total_items,
            succeeded: run.succeeded,
            failed: run.failed,
            skipped: run.skipped,
            total_bytes: run.total_bytes,
            chunks_created: run.chunks_created,
            started_at: micros(run.started_at),
            finished_at: run.finished_at.map(micros),
            user_metadata: run.user_metadata.clone(),
            source_config: None,
            items: None,
        }
    }

    pub fn with_items(base: &KnowledgeBase, run: &IngestionRun) -> Self {
        Self {
            source_config: Some(run.source_config.clone()),
            items: Some(run.items.clone()),
            ..Self::new(base, run)
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct IngestionPage {
    pub runs: Vec<IngestionRead>,
    pub total: u64,
    pub page: u64,
    pub limit: u64,
    pub total_pages: u64,
}

/// How one file would be cut.
#[derive(Serialize, ToSchema)]
pub struct FilePreviewRead {
    file_name: String,
    /// An estimate where only the beginning was cut.
    total_chunks: i64,
    preview_chunks: Vec<PreviewChunkRead>,
}

#[derive(Serialize, ToSchema)]
pub struct PreviewChunkRead {
    content: String,
    index: usize,
    char_count: usize,
    /// Characters before it in the text.
    start: usize,
    end: usize,
}

#[derive(Serialize, ToSchema)]
pub struct Previews {
    files: Vec<FilePreviewRead>,
}

impl From<&[FilePreview]> for Previews {
    fn from(previews: &[FilePreview]) -> Self {
        Self { files: previews.iter().map(preview).collect() }
    }
}

fn preview(preview: &FilePreview) -> FilePreviewRead {
    let chunks = preview.chunks.iter().enumerate().map(|(index, chunk)| PreviewChunkRead {
        content: chunk.content.clone(),
        index,
        char_count: chunk.characters,
        start: chunk.start,
        end: chunk.start + chunk.characters,
    });
    FilePreviewRead {
        file_name: preview.file_name.clone(),
        total_chunks: preview.total_chunks,
        preview_chunks: chunks.collect(),
    }
}

/// Keys and values of the metadata that callers gave.
#[derive(Serialize, ToSchema)]
pub struct MetadataKeys {
    pub keys: BTreeMap<String, Vec<String>>,
    /// There are more than are listed.
    pub truncated: bool,
}

/// Whether a place for vectors can be used.
#[derive(Serialize, ToSchema)]
pub struct ConnectionRead {
    pub ok: bool,
    pub message: String,
}
