//! Knowledge bases in the form of the reference.

use crate::time::micros;
use langflow_app::knowledge::{
    BaseInfo, Chunk, FilePreview, IngestionRun, KnowledgeBase, KnowledgeStatus, status_word,
};
use serde_json::{Map, Value, json};

pub fn base(info: &BaseInfo) -> Value {
    let BaseInfo { base, totals, source_types } = info;
    #[expect(clippy::cast_precision_loss, reason = "an average of sizes")]
    let average = if totals.chunks == 0 { 0.0 } else { totals.characters as f64 / totals.chunks as f64 };
    let status = match base.status {
        KnowledgeStatus::Empty => "empty",
        KnowledgeStatus::Ingesting => "ingesting",
        KnowledgeStatus::Ready => "ready",
        KnowledgeStatus::Failed => "failed",
    };
    json!({
        "id": base.id,
        "dir_name": base.name,
        "name": base.name,
        "embedding_provider": base.embedding_provider,
        "embedding_model": base.embedding_model,
        "size": totals.bytes,
        "words": totals.words,
        "characters": totals.characters,
        "chunks": totals.chunks,
        "avg_chunk_size": average,
        "chunk_size": base.chunk_size,
        "chunk_overlap": base.chunk_overlap,
        "separator": base.separator,
        "status": status,
        "failure_reason": base.failure_reason,
        "last_job_id": base.last_job_id,
        "source_types": source_types,
        "column_config": base.column_config,
        "backend_type": "sqlite",
        "backend_config": {},
        "storage_state": "ready",
        "storage_generation": 1,
        "active_migration_id": null,
    })
}

pub fn chunk(chunk: &Chunk) -> Value {
    json!({
        "id": chunk.id,
        "content": chunk.content,
        "char_count": chunk.characters,
        "metadata": chunk.metadata,
    })
}

pub fn run(base: &KnowledgeBase, run: &IngestionRun) -> Value {
    let source_name = Some(run.source_name.trim()).filter(|name| !name.is_empty());
    json!({
        "id": run.id,
        "kb_name": base.name,
        "kb_id": base.id,
        "job_id": run.job_id,
        "source_type": run.source_type,
        "source_name": source_name,
        "status": status_word(run.status),
        "error_message": run.error_message,
        "total_items": run.total_items,
        "succeeded": run.succeeded,
        "failed": run.failed,
        "skipped": run.skipped,
        "total_bytes": run.total_bytes,
        "chunks_created": run.chunks_created,
        "started_at": micros(run.started_at),
        "finished_at": run.finished_at.map(micros),
        "user_metadata": run.user_metadata,
    })
}

pub fn run_detail(base: &KnowledgeBase, row: &IngestionRun) -> Value {
    let mut shown = run(base, row);
    if let Some(map) = shown.as_object_mut() {
        map.insert("source_config".into(), row.source_config.to_value());
        map.insert("items".into(), row.items.to_value());
    }
    shown
}

pub fn preview(preview: &FilePreview) -> Value {
    let chunks: Vec<Value> = preview
        .chunks
        .iter()
        .enumerate()
        .map(|(index, chunk)| {
            json!({
                "content": chunk.content,
                "index": index,
                "char_count": chunk.characters,
                "start": chunk.start,
                "end": chunk.start + chunk.characters,
            })
        })
        .collect();
    json!({
        "file_name": preview.file_name,
        "total_chunks": preview.total_chunks,
        "preview_chunks": chunks,
    })
}

/// A page of a list under `key`.
pub fn page(key: &str, items: Vec<Value>, total: u64, page: u64, limit: u64) -> Value {
    let mut body = Map::new();
    body.insert(key.to_owned(), json!(items));
    body.insert("total".into(), json!(total));
    body.insert("page".into(), json!(page));
    body.insert("limit".into(), json!(limit));
    body.insert("total_pages".into(), json!(total.div_ceil(limit.max(1))));
    Value::Object(body)
}
