//! What is in a knowledge base, and how files would be cut.

use super::base::load;
use super::ingest::UploadedFile;
use crate::{App, AppResult, Principal};
use langflow_core::Json;
use langflow_core::capability::SplitRule;
use langflow_store::vectors::{Chunk, chunks as rows};
use langflow_store::{Page, Window};
use std::collections::BTreeMap;

/// Chunks looked at together where a filter reads metadata.
const PAGE: u64 = 500;
/// Values of one metadata key that are listed.
const MOST_VALUES: usize = 100;
const MOST_KEYS: usize = 500;
/// A preview cuts this many times the text that its chunks can hold.
const PREVIEW_FACTOR: i64 = 3;

/// Which chunks.
#[derive(Clone, Debug, Default)]
pub struct ChunkFilter {
    /// Part of the text, in any case.
    pub search: String,
    /// Metadata of the server itself, by key.
    pub fields: Vec<(&'static str, String)>,
    /// Metadata of users: of one key any value, all keys.
    pub metadata: BTreeMap<String, Vec<String>>,
}

impl ChunkFilter {
    fn reads_metadata(&self) -> bool {
        !self.fields.is_empty() || !self.metadata.is_empty()
    }

    fn passes(&self, chunk: &Chunk) -> bool {
        let metadata = chunk.metadata.to_value();
        let own = |key: &str| metadata.get(key).and_then(Json::as_str).unwrap_or_default();
        let users = users_metadata(&metadata);
        self.fields.iter().all(|(key, value)| own(key) == value)
            && self.metadata.iter().all(|(key, wanted)| {
                let values = users.get(key).map(plain_values).unwrap_or_default();
                values.iter().any(|value| wanted.contains(value))
            })
    }
}

/// Metadata that users gave: an object under `source_metadata`, or its text.
fn users_metadata(metadata: &Json) -> langflow_core::JsonMap {
    match metadata.get("source_metadata") {
        Some(Json::Object(map)) => map.clone(),
        Some(Json::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        _ => langflow_core::JsonMap::new(),
    }
}

fn plain_values(value: &Json) -> Vec<String> {
    let text = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    match value {
        Json::Array(items) => items.iter().map(text).collect(),
        Json::Null => Vec::new(),
        other => vec![text(other)],
    }
}

/// Chunks in the order they came.
///
/// # Errors
/// 404
pub async fn list_chunks(
    app: &App,
    principal: &Principal,
    name: &str,
    filter: &ChunkFilter,
    page: u64,
    limit: u64,
) -> AppResult<Page<Chunk>> {
    let base = load(app, principal.user_id, name).await?;
    let search = filter.search.trim();
    if !filter.reads_metadata() {
        return Ok(rows::list(&app.store, base.id, search, Window::page(page, limit)).await?);
    }
    let (mut items, mut total, mut offset) = (Vec::new(), 0_u64, 0);
    let first = page.saturating_sub(1).saturating_mul(limit);
    loop {
        let some = rows::list(&app.store, base.id, search, Window::new(PAGE, offset)).await?;
        let is_last = (some.items.len() as u64) < PAGE;
        for chunk in some.items.into_iter().filter(|chunk| filter.passes(chunk)) {
            if total >= first && (items.len() as u64) < limit {
                items.push(chunk);
            }
            total += 1;
        }
        if is_last {
            return Ok(Page { items, total });
        }
        offset += PAGE;
    }
}

/// Keys and values of the metadata that users gave; true: there are more.
///
/// # Errors
/// 404
pub async fn metadata_keys(
    app: &App,
    principal: &Principal,
    name: &str,
) -> AppResult<(BTreeMap<String, Vec<String>>, bool)> {
    let base = load(app, principal.user_id, name).await?;
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut truncated, mut after) = (false, 0);
    loop {
        let rows = rows::metadata(&app.store, base.id, after, PAGE).await?;
        let Some((last, _)) = rows.last() else { return Ok((keys, truncated)) };
        after = *last;
        for (_, metadata) in &rows {
            for (key, value) in users_metadata(&metadata.to_value()) {
                if keys.len() >= MOST_KEYS && !keys.contains_key(&key) {
                    truncated = true;
                    continue;
                }
                let known = keys.entry(key).or_default();
                for value in plain_values(&value) {
                    if known.contains(&value) {
                        continue;
                    }
                    if known.len() >= MOST_VALUES {
                        truncated = true;
                        break;
                    }
                    known.push(value);
                }
            }
        }
    }
}

/// How a file would be cut.
#[derive(Clone, Debug)]
pub struct FilePreview {
    pub file_name: String,
    /// An estimate where only the beginning was cut.
    pub total_chunks: i64,
    pub chunks: Vec<PreviewChunk>,
}

#[derive(Clone, Debug)]
pub struct PreviewChunk {
    pub content: String,
    pub characters: usize,
    /// Characters before it in the text.
    pub start: usize,
}

/// Cuts the beginnings of files; nothing is stored. A file that cannot be read has no chunks.
pub async fn preview_chunks(
    app: &App,
    files: Vec<UploadedFile>,
    rule: &SplitRule,
    most: i64,
) -> AppResult<Vec<FilePreview>> {
    let mut previews = Vec::with_capacity(files.len());
    for file in files {
        let file_name = file.name.clone();
        let preview = match file.text(app).await {
            Ok(text) => preview(app, file_name.clone(), text, rule, most).await.ok(),
            Err(fault) => {
                tracing::info!(file_name, %fault, "{file_name} cannot be previewed");
                None
            }
        };
        previews.push(preview.unwrap_or(FilePreview { file_name, total_chunks: 0, chunks: Vec::new() }));
    }
    Ok(previews)
}

async fn preview(
    app: &App,
    file_name: String,
    text: String,
    rule: &SplitRule,
    most: i64,
) -> Result<FilePreview, langflow_core::Fault> {
    let looked_at = usize::try_from(most * rule.chunk_size * PREVIEW_FACTOR).unwrap_or(usize::MAX);
    let beginning: String = text.chars().take(looked_at).collect();
    let cut = app.documents.split(beginning.clone(), rule.clone()).await?;
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let step = (rule.chunk_size - rule.chunk_overlap).max(1);
    let estimate = (length - rule.chunk_overlap) / step;
    let total_chunks = i64::try_from(cut.len()).unwrap_or(i64::MAX).max(estimate);
    let mut chunks = Vec::new();
    let mut from = 0;
    for content in cut.into_iter().take(usize::try_from(most).unwrap_or_default()) {
        let rest = beginning.get(from..).unwrap_or_default();
        let at = rest.find(&content).map_or(from, |at| from + at);
        let start = beginning.get(..at).unwrap_or_default().chars().count();
        let next = beginning.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        from = at + next;
        chunks.push(PreviewChunk { characters: content.chars().count(), start, content });
    }
    Ok(FilePreview { file_name, total_chunks, chunks })
}
