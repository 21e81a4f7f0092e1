//! Taking the messages of a session in.
//!
//! Some messages at a time are cut, embedded, stored and marked; the marks say what is done, so that a run that
//! fails or is stopped loses nothing and the next one goes on. Ids of chunks follow from ids of messages: what is
//! done twice is stored once.

use super::notes::{Writer, text_of};
use super::port::index_of;
use crate::knowledge::embedder_of;
use crate::knowledge::jobs::Ended;
use crate::{App, AppResult};
use langflow_core::capability::{Embedder, SplitRule, VectorIndex as _, VectorRecord};
use langflow_core::{Fault, FaultKind, JsonMap, Secret};
use langflow_store::StoreError;
use langflow_store::memories::{
    self as rows, IngestionStatus, MemoryBase, MemoryEntry, MemoryNote, MemoryRun, MemorySession, chunk_id,
};
use langflow_store::messages::StoredMessage;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Messages taken in at a time.
const BATCH: u64 = 50;
/// Texts embedded at a time.
const TEXTS: usize = 64;
const CHUNK_SIZE: i64 = 1_000;
const CHUNK_OVERLAP: i64 = 100;

/// The models of a memory.
pub(super) struct Tools {
    embedder: Arc<dyn Embedder>,
    writer: Option<Writer>,
}

/// A session that is being taken in.
pub(super) struct Intake {
    app: Arc<App>,
    base: MemoryBase,
    session: MemorySession,
    run: MemoryRun,
    tools: Tools,
    /// Chunks that are stored and not yet marked.
    unmarked: Vec<String>,
}

fn unavailable(error: StoreError) -> Fault {
    Fault::new(FaultKind::Unavailable, "the memory could not be used").with_source(error)
}

impl Intake {
    /// # Errors
    /// 400: a model of the memory cannot be used.
    pub(super) async fn tools(app: &App, base: &MemoryBase) -> AppResult<Tools> {
        let (provider, model) = (&base.embedding_provider, &base.embedding_model);
        let embedder = embedder_of(app, base.user_id, provider, model, &Secret::default()).await?;
        let writer = if base.preprocessing { Some(Writer::of(app, base).await?) } else { None };
        Ok(Tools { embedder, writer })
    }

    pub(super) fn new(
        app: &Arc<App>,
        base: MemoryBase,
        session: MemorySession,
        run: MemoryRun,
        tools: Tools,
    ) -> Self {
        Self { app: Arc::clone(app), base, session, run, tools, unmarked: Vec::new() }
    }

    pub(super) async fn fill(&mut self) -> Result<(), Fault> {
        let (store, name) = (self.app.store.clone(), self.session.session_id.clone());
        let counted = rows::count_waiting(&store, &self.base, &name).await.map_err(unavailable)?;
        self.run.status = IngestionStatus::Running;
        self.run.total_messages = i64::try_from(counted).unwrap_or(i64::MAX);
        // Runs that end while this one works are counted for the next.
        let seen = self.session.pending_runs;
        let run = self.run.clone();
        let saved = store.write(move |tx| Box::pin(async move { rows::save_run(tx, &run).await }));
        saved.await.map_err(unavailable)?;
        loop {
            let messages = rows::waiting(&store, &self.base, &name, BATCH).await.map_err(unavailable)?;
            let Some(last) = messages.last() else { break };
            let last = last.id;
            let chunks = match &self.tools.writer {
                None => self.take(&messages).await?,
                Some(_) => self.note(&messages).await?,
            };
            self.mark(&messages, chunks, last).await?;
        }
        self.settle(seen).await
    }

    /// Stores messages as they are; gives how many chunks each became.
    async fn take(&mut self, messages: &[StoredMessage]) -> Result<Vec<i64>, Fault> {
        let mut counts = Vec::with_capacity(messages.len());
        let mut records = Vec::new();
        for message in messages {
            let mut own = self.metadata(&message.sender, &message.sender_name);
            own.insert("message_id".into(), json!(message.id));
            own.insert("timestamp".into(), json!(message.timestamp.to_rfc3339()));
            own.insert("run_id".into(), json!(message.run_id.map(|id| id.to_string()).unwrap_or_default()));
            counts.push(self.cut(message.id, text_of(message), &own, &mut records).await?);
        }
        self.keep(records).await?;
        Ok(counts)
    }

    /// Lets a model write down what is worth keeping of messages, and stores that.
    async fn note(&mut self, messages: &[StoredMessage]) -> Result<Vec<i64>, Fault> {
        let none = vec![0; messages.len()];
        let Some(writer) = &self.tools.writer else { return Ok(none) };
        let Some(text) = writer.write(messages).await? else { return Ok(none) };
        let id = self.app.ids.random();
        let mut own = self.metadata("Machine", "Preprocessor");
        let sources: Vec<String> = messages.iter().map(|message| message.id.to_string()).collect();
        own.insert("timestamp".into(), json!(""));
        own.insert("run_id".into(), json!(""));
        own.insert("preprocessed".into(), json!(true));
        own.insert("preproc_output_id".into(), json!(id));
        own.insert("source_message_ids".into(), json!(sources.join(",")));
        let mut records = Vec::new();
        let chunks = self.cut(id, text.clone(), &own, &mut records).await?;
        self.keep(records).await?;
        let note = MemoryNote {
            id,
            memory_base_id: self.base.id,
            session_id: self.session.session_id.clone(),
            job_id: self.run.id,
            text,
            chunks,
            created_at: self.app.clock.now(),
        };
        let stored =
            self.app.store.write(move |tx| Box::pin(async move { rows::insert_note(tx, &note).await }));
        stored.await.map_err(unavailable)?;
        self.unmarked.clear();
        Ok(none)
    }

    fn metadata(&self, sender: &str, sender_name: &str) -> JsonMap {
        let mut own = JsonMap::new();
        own.insert("session_id".into(), json!(self.session.session_id));
        own.insert("flow_id".into(), json!(self.base.flow_id));
        own.insert("sender".into(), json!(sender));
        own.insert("sender_name".into(), json!(sender_name));
        own.insert("source".into(), json!(format!("memory_base/{}", self.session.session_id)));
        own.insert("job_id".into(), json!(self.run.id));
        own
    }

    /// Cuts a text into records; says how many.
    async fn cut(
        &self,
        of: Uuid,
        text: String,
        metadata: &JsonMap,
        records: &mut Vec<VectorRecord>,
    ) -> Result<i64, Fault> {
        if text.trim().is_empty() {
            return Ok(0);
        }
        let rule =
            SplitRule { chunk_size: CHUNK_SIZE, chunk_overlap: CHUNK_OVERLAP, separator: String::new() };
        let chunks = self.app.documents.split(text, rule).await?;
        let total = i64::try_from(chunks.len()).unwrap_or(i64::MAX);
        for (number, text) in (0..total).zip(chunks) {
            let mut metadata = metadata.clone();
            metadata.insert("chunk_index".into(), json!(number));
            metadata.insert("total_chunks".into(), json!(total));
            records.push(VectorRecord { id: chunk_id(of, number), text, vector: Vec::new(), metadata });
        }
        Ok(total)
    }

    /// Embeds and stores.
    async fn keep(&mut self, mut records: Vec<VectorRecord>) -> Result<(), Fault> {
        let index = index_of(&self.app, &self.base);
        while !records.is_empty() {
            let rest = records.split_off(records.len().min(TEXTS));
            let mut batch = std::mem::replace(&mut records, rest);
            let texts = batch.iter().map(|record| record.text.clone()).collect();
            let vectors = self.tools.embedder.embed(texts).await?;
            if vectors.len() != batch.len() {
                let why = "the embedding model gave another number of vectors than texts";
                return Err(Fault::new(FaultKind::Unavailable, why));
            }
            for (record, vector) in batch.iter_mut().zip(vectors) {
                record.vector = vector;
            }
            self.unmarked.extend(batch.iter().map(|record| record.id.clone()));
            self.run.chunks_created += i64::try_from(batch.len()).unwrap_or_default();
            index.upsert(batch).await?;
        }
        Ok(())
    }

    /// Marks messages as taken in, and how far that is.
    async fn mark(&mut self, messages: &[StoredMessage], chunks: Vec<i64>, last: Uuid) -> Result<(), Fault> {
        let now = self.app.clock.now();
        let count = i64::try_from(messages.len()).unwrap_or_default();
        self.run.done_messages += count;
        let entries = messages.iter().zip(chunks).map(|(message, chunks)| MemoryEntry {
            memory_base_id: self.base.id,
            message_id: message.id,
            session_id: self.session.session_id.clone(),
            job_id: self.run.id,
            chunks,
            ingested_at: now,
        });
        let (entries, run) = (entries.collect::<Vec<_>>(), self.run.clone());
        let new = MemorySession { id: self.app.ids.random(), ..self.session.clone() };
        let marked = self.app.store.write(move |tx| {
            Box::pin(async move {
                rows::insert_entries(tx, entries).await?;
                let mut session = rows::open_session(tx, &new).await?;
                session.cursor_id = Some(last);
                session.total_processed += count;
                session.last_sync_at = Some(now);
                rows::save_session(tx, &session).await?;
                rows::save_run(tx, &run).await
            })
        });
        marked.await.map_err(unavailable)?;
        self.unmarked.clear();
        Ok(())
    }

    /// The runs that were seen at the beginning are covered.
    async fn settle(&self, seen: i64) -> Result<(), Fault> {
        let now = self.app.clock.now();
        let new = MemorySession { id: self.app.ids.random(), ..self.session.clone() };
        let settled = self.app.store.write(move |tx| {
            Box::pin(async move {
                let mut session = rows::open_session(tx, &new).await?;
                session.pending_runs = (session.pending_runs - seen).max(0);
                session.last_sync_at = Some(now);
                rows::save_session(tx, &session).await
            })
        });
        settled.await.map(drop).map_err(unavailable)
    }

    pub(super) async fn close(&mut self, ended: Ended) {
        let left = std::mem::take(&mut self.unmarked);
        if !left.is_empty()
            && let Err(fault) = index_of(&self.app, &self.base).delete(left).await
        {
            tracing::warn!(run_id = %self.run.id, %fault, "chunks of an ended run stay until the next one");
        }
        if let Ended::Failed(why) = &ended {
            tracing::warn!(memory = %self.base.id, run_id = %self.run.id, "a session was not taken in: {why}");
        }
        (self.run.status, self.run.error_message) = ended.into_status();
        self.run.finished_at = Some(self.app.clock.now());
        let run = self.run.clone();
        let closed = self.app.store.write(move |tx| Box::pin(async move { rows::save_run(tx, &run).await }));
        if let Err(error) = closed.await {
            tracing::error!(run_id = %self.run.id, %error, "the end of an ingestion could not be stored");
        }
    }
}
