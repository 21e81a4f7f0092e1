//! Files go into a knowledge base, in the background.
//!
//! A run is stored before it begins and after every file. Few run at once, the others wait in line; a run that
//! is cancelled or fails as a whole takes back what it has written.

use super::base::load;
use super::jobs::{Ended, left_over_before};
use crate::files::{FileArea, Incoming};
use crate::models::provider_values;
use crate::{App, AppError, AppResult, Principal};
use langflow_core::capability::{Embedder, SplitRule, VectorIndex, VectorRecord};
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret};
use langflow_store::knowledge::{
    self as rows, IngestionRun, IngestionStatus, KnowledgeBase, KnowledgeStatus,
};
use langflow_store::vectors::{Collection, CollectionKind};
use langflow_store::{Page, RawJson, Window};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Files of one ingestion.
const MOST_FILES: usize = 200;
/// Chunks of one ingestion.
const MOST_CHUNKS: usize = 200_000;
/// Largest file that is read.
const FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Texts embedded and written at a time.
const BATCH: usize = 64;

/// An uploaded file on disk; it is gone when this is.
pub struct UploadedFile {
    pub name: String,
    incoming: Incoming,
}

impl UploadedFile {
    /// An empty file to write to.
    pub async fn begin(app: &App, name: String) -> AppResult<Self> {
        let incoming = Incoming::begin(&FileArea::of(app), &*app.ids, FILE_BYTES).await?;
        Ok(Self { name, incoming })
    }

    /// # Errors
    /// 413: the file grows too large.
    pub async fn write(&mut self, piece: &[u8]) -> AppResult<()> {
        self.incoming.write(piece).await
    }

    pub(super) async fn text(mut self, app: &App) -> Result<String, Fault> {
        let bytes = self.incoming.bytes().await.map_err(|error| {
            Fault::new(FaultKind::Unavailable, "the file could not be read back").with_source(error)
        })?;
        app.documents.text(&self.name, bytes.into()).await
    }
}

/// What to put in.
pub struct NewIngestion {
    pub files: Vec<UploadedFile>,
    pub source_name: String,
    pub rule: SplitRule,
    pub column_config: Option<Json>,
    /// On every chunk.
    pub metadata: JsonMap,
    /// By file name, over the above.
    pub file_metadata: BTreeMap<String, JsonMap>,
}

/// Begins an ingestion, and gives the id of its job.
///
/// # Errors
/// 404; 409: another one is under way; 429.
pub async fn start_ingestion(
    app: &Arc<App>,
    principal: &Principal,
    name: &str,
    new: NewIngestion,
) -> AppResult<Uuid> {
    let owner = principal.user_id;
    let mut base = load(app, owner, name).await?;
    if new.files.is_empty() {
        return Err(AppError::bad_request("No files provided"));
    }
    if new.files.len() > MOST_FILES {
        return Err(AppError::bad_request(format!("One ingestion takes at most {MOST_FILES} files")));
    }
    if base.status == KnowledgeStatus::Ingesting {
        return Err(AppError::conflict(format!(
            "Knowledge base '{name}' is being filled; wait or cancel it"
        )));
    }
    let embedder =
        embedder_of(app, owner, &base.embedding_provider, &base.embedding_model, &Secret::default()).await?;
    let now = app.clock.now();
    let job = app.ids.random();
    let token = app.knowledge.begin(job)?;
    base.status = KnowledgeStatus::Ingesting;
    base.failure_reason = None;
    base.last_job_id = Some(job);
    base.chunk_size = new.rule.chunk_size;
    base.chunk_overlap = new.rule.chunk_overlap;
    base.separator = Some(new.rule.separator.clone()).filter(|separator| !separator.is_empty());
    base.updated_at = now;
    if let Some(config) = &new.column_config {
        base.column_config = RawJson::from(config);
    }
    let run = IngestionRun {
        id: job,
        knowledge_base_id: base.id,
        user_id: owner,
        job_id: job,
        source_type: "file_upload".into(),
        source_name: new.source_name.clone(),
        status: IngestionStatus::Queued,
        error_message: None,
        total_items: i64::try_from(new.files.len()).unwrap_or(i64::MAX),
        succeeded: 0,
        failed: 0,
        skipped: 0,
        total_bytes: 0,
        chunks_created: 0,
        started_at: now,
        finished_at: None,
        user_metadata: RawJson::from(json!(new.metadata)),
        source_config: RawJson::from(json!({"source_name": new.source_name})),
        items: RawJson::from(json!([])),
    };
    let (row, base_row) = (run.clone(), base.clone());
    let stored = app.store.write(move |tx| {
        Box::pin(async move {
            rows::save(tx, &base_row).await?;
            rows::insert_run(tx, &row).await
        })
    });
    if let Err(error) = stored.await {
        app.knowledge.stop(job);
        return Err(error.into());
    }
    let ingestion =
        Ingestion { app: Arc::clone(app), base, run, embedder, items: Vec::new(), written: Vec::new() };
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let mut ingestion = ingestion;
        let ended = app.knowledge.run(&token, ingestion.fill(new)).await;
        ingestion.close(ended).await;
        app.knowledge.done(job);
    });
    Ok(job)
}

/// An embedding model with the user's key, or one given in its place.
pub(crate) async fn embedder_of(
    app: &App,
    owner: Uuid,
    provider: &str,
    model: &str,
    key: &Secret,
) -> AppResult<Arc<dyn Embedder>> {
    let info = app
        .providers
        .find(provider)
        .ok_or_else(|| AppError::bad_request(format!("There is no embedding provider '{provider}'")))?;
    let mut values = provider_values(app, owner, info).await?;
    if let Some(variable) = info.variables.iter().find(|variable| variable.is_secret)
        && !key.is_empty()
    {
        values.insert(variable.key.to_owned(), key.clone());
    }
    if !info.is_configured(&values) {
        let needed: Vec<&str> = info.variables.iter().filter(|v| v.required).map(|v| v.key).collect();
        return Err(AppError::bad_request(format!(
            "{} is not set up: store {} as variables",
            info.name,
            needed.join(", ")
        )));
    }
    app.providers.embedder(info.name, model, &values).map_err(|fault| AppError::bad_request(fault.message()))
}

/// The collection of a base.
pub(super) fn collection_of(base: &KnowledgeBase) -> Collection {
    Collection {
        id: base.id,
        user_id: base.user_id,
        kind: CollectionKind::Knowledge,
        name: base.name.clone(),
        dimensions: 0,
        created_at: base.created_at,
    }
}

/// An ingestion under way.
pub struct Ingestion {
    app: Arc<App>,
    base: KnowledgeBase,
    run: IngestionRun,
    embedder: Arc<dyn Embedder>,
    items: Vec<Json>,
    /// Ids of chunks that this run has made.
    written: Vec<String>,
}

impl Ingestion {
    async fn fill(&mut self, new: NewIngestion) -> Result<(), Fault> {
        self.run.status = IngestionStatus::Running;
        self.save().await;
        for file in new.files {
            let name = file.name.clone();
            let mut metadata = new.metadata.clone();
            metadata.extend(new.file_metadata.get(&name).cloned().unwrap_or_default());
            let source = if new.source_name.is_empty() { &name } else { &new.source_name };
            let outcome = self.take(file, source, &new.rule, &metadata).await;
            let (status, chunks, why) = match outcome {
                Ok(0) => {
                    self.run.skipped += 1;
                    ("skipped", 0, Some("there is no text in it".to_owned()))
                }
                Ok(chunks) => {
                    self.run.succeeded += 1;
                    ("succeeded", chunks, None)
                }
                Err(fault) => {
                    self.run.failed += 1;
                    ("failed", 0, Some(fault.message().to_owned()))
                }
            };
            self.items.push(json!({
                "item_id": name, "display_name": name, "status": status, "chunks_created": chunks,
                "error_message": why,
            }));
            self.save().await;
        }
        if self.run.succeeded == 0 && self.run.failed > 0 {
            let first = self.items.iter().find_map(|item| item.get("error_message")?.as_str());
            return Err(Fault::invalid(first.unwrap_or("no file could be read").to_owned()));
        }
        Ok(())
    }

    /// Reads, cuts, embeds and stores one file; gives how many chunks that made.
    async fn take(
        &mut self,
        file: UploadedFile,
        source: &str,
        rule: &SplitRule,
        metadata: &JsonMap,
    ) -> Result<i64, Fault> {
        let name = file.name.clone();
        self.run.total_bytes += i64::try_from(file.incoming.size_bytes()).unwrap_or_default();
        let text = file.text(&self.app).await?;
        let chunks = self.app.documents.split(text, rule.clone()).await?;
        if self.written.len() + chunks.len() > MOST_CHUNKS {
            return Err(Fault::invalid(format!("one ingestion makes at most {MOST_CHUNKS} chunks")));
        }
        let index = super::port::index_of(&self.app, &self.base);
        let total = chunks.len();
        let mut at = 0;
        for batch in chunks.chunks(BATCH) {
            let vectors = self.embedder.embed(batch.to_vec()).await?;
            let mut records = Vec::with_capacity(batch.len());
            for (text, vector) in batch.iter().zip(vectors) {
                let mut own = JsonMap::new();
                own.insert("source".into(), json!(source));
                own.insert("file_name".into(), json!(name));
                own.insert("source_type".into(), json!(self.run.source_type));
                own.insert("chunk_index".into(), json!(at));
                own.insert("total_chunks".into(), json!(total));
                own.insert("job_id".into(), json!(self.run.job_id));
                own.insert("ingested_at".into(), json!(self.run.started_at));
                if !metadata.is_empty() {
                    own.insert("source_metadata".into(), json!(metadata));
                }
                let id = self.app.ids.random().to_string();
                records.push(VectorRecord { id, text: text.clone(), vector, metadata: own });
                at += 1;
            }
            self.written.extend(records.iter().map(|record| record.id.clone()));
            self.run.chunks_created += i64::try_from(records.len()).unwrap_or_default();
            index.upsert(records).await?;
        }
        Ok(i64::try_from(total).unwrap_or(i64::MAX))
    }

    async fn save(&mut self) {
        self.run.items = RawJson::from(json!(self.items));
        let run = self.run.clone();
        let saved = self.app.store.write(move |tx| Box::pin(async move { rows::save_run(tx, &run).await }));
        if let Err(error) = saved.await {
            tracing::warn!(run_id = %self.run.id, %error, "the progress of an ingestion could not be stored");
        }
    }

    async fn close(&mut self, ended: Ended) {
        let is_done = matches!(ended, Ended::Done);
        if !is_done {
            let index = super::port::index_of(&self.app, &self.base);
            if let Err(fault) = index.delete(std::mem::take(&mut self.written)).await {
                tracing::warn!(run_id = %self.run.id, %fault, "chunks of an ended ingestion stay");
            }
            self.run.chunks_created = 0;
        }
        (self.run.status, self.run.error_message) = ended.into_status();
        let now = self.app.clock.now();
        self.run.finished_at = Some(now);
        self.run.items = RawJson::from(json!(self.items));
        let (run, owner, name) = (self.run.clone(), self.base.user_id, self.base.name.clone());
        let closed = self.app.store.write(move |tx| {
            Box::pin(async move {
                rows::save_run(tx, &run).await?;
                // What stands there now: somebody may have changed it meanwhile, or deleted it.
                let Some(mut base) = rows::find(tx, owner, &name).await? else { return Ok(()) };
                if base.last_job_id == Some(run.job_id) {
                    base.status = match run.status {
                        IngestionStatus::Failed => KnowledgeStatus::Failed,
                        _ => KnowledgeStatus::Ready,
                    };
                    base.failure_reason.clone_from(&run.error_message);
                    base.updated_at = now;
                    rows::save(tx, &base).await?;
                }
                Ok(())
            })
        });
        if let Err(error) = closed.await {
            tracing::error!(run_id = %self.run.id, %error, "the end of an ingestion could not be stored");
        }
    }
}

/// Ends the ingestion of a base, and gives the id of its job.
///
/// # Errors
/// 404: there is no base, or nothing was ever put in; 400: it has ended.
pub async fn cancel_ingestion(app: &App, principal: &Principal, name: &str) -> AppResult<Uuid> {
    let base = load(app, principal.user_id, name).await?;
    let job = match base.last_job_id {
        Some(job) => rows::find_job(&app.store, principal.user_id, job).await?,
        None => None,
    };
    let run = job.ok_or_else(|| {
        AppError::not_found(format!("No ingestion job found for the knowledge base {name}"))
    })?;
    let has_ended = !matches!(run.status, IngestionStatus::Queued | IngestionStatus::Running);
    if has_ended || !app.knowledge.stop(run.job_id) {
        let word = if has_ended { status_word(run.status) } else { "in progress on another server" };
        return Err(AppError::bad_request(format!("Cannot cancel job with status '{word}'")));
    }
    Ok(run.job_id)
}

/// The word for a status, as clients read it.
pub fn status_word(status: IngestionStatus) -> &'static str {
    match status {
        IngestionStatus::Queued => "queued",
        IngestionStatus::Running => "running",
        IngestionStatus::Succeeded => "succeeded",
        IngestionStatus::Failed => "failed",
        IngestionStatus::Cancelled => "cancelled",
    }
}

/// Runs of a base, newest first.
///
/// # Errors
/// 404
pub async fn list_runs(
    app: &App,
    principal: &Principal,
    name: &str,
    page: u64,
    limit: u64,
) -> AppResult<(KnowledgeBase, Page<IngestionRun>)> {
    let base = load(app, principal.user_id, name).await?;
    let window = Window::page(page, limit);
    let runs = rows::list_runs(&app.store, principal.user_id, base.id, window).await?;
    Ok((base, runs))
}

/// One run of a base.
///
/// # Errors
/// 404
pub async fn find_run(
    app: &App,
    principal: &Principal,
    name: &str,
    id: Uuid,
) -> AppResult<(KnowledgeBase, IngestionRun)> {
    let base = load(app, principal.user_id, name).await?;
    let run = rows::find_run(&app.store, principal.user_id, base.id, id).await?;
    let run = run.ok_or_else(|| AppError::not_found("Ingestion run not found."))?;
    Ok((base, run))
}

/// Marks as failed what a server that is no more left half done. Called once at start.
pub async fn close_left_over(app: &App) -> AppResult<u64> {
    let now = app.clock.now();
    let before = left_over_before(app, now);
    let why = "the server ended during the ingestion";
    let closed = app
        .store
        .write(move |tx| Box::pin(async move { rows::fail_left_over(tx, why, before, now).await }))
        .await?;
    if closed > 0 {
        tracing::warn!(
            closed,
            "{closed} ingestions were in progress when the server ended; they are marked failed"
        );
    }
    Ok(closed)
}
