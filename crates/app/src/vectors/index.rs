//! A collection as a vector index.

use super::nearest::{Best, Near, compare, fuse, unit};
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::{Fault, FaultKind, JsonMap, async_trait};
use langflow_store::vectors::{Chunk, Collection, CollectionKind, NewChunk, chunks, collections, to_bytes};
use langflow_store::{RawJson, Store, StoreError};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Vectors compared at a time.
const PAGE: u64 = 256;
/// Records written in one transaction.
const BATCH: usize = 200;
/// Hits of one search.
const MOST_HITS: usize = 1_000;
/// Chunks of one collection.
const MOST_CHUNKS: i64 = 1_000_000;
/// Bytes of one chunk's text.
const LONGEST_TEXT: usize = 1024 * 1024;

/// A collection of a user.
#[derive(Clone, Debug)]
pub struct EmbeddedIndex {
    store: Store,
    owner: Uuid,
    /// What is made with the first records, where it is not there.
    new: Collection,
}

impl EmbeddedIndex {
    /// The collection that is there, or `new` once it is written to.
    pub fn new(store: Store, new: Collection) -> Self {
        Self { store, owner: new.user_id, new }
    }

    async fn find(&self) -> Result<Option<Collection>, Fault> {
        let Collection { kind, name, .. } = &self.new;
        collections::find_by_name(&self.store, self.owner, *kind, name).await.map_err(unavailable)
    }

    async fn open(&self, dimensions: usize) -> Result<Collection, Fault> {
        let length = i64::try_from(dimensions).unwrap_or(i64::MAX);
        let known = self.find().await?;
        if let Some(known) = known.as_ref().filter(|known| known.dimensions != 0) {
            return if known.dimensions == length {
                Ok(known.clone())
            } else {
                Err(Fault::invalid(format!(
                    "'{}' holds vectors of {} dimensions, these have {length}: use the embedding model that it was \
                     begun with",
                    known.name, known.dimensions
                )))
            };
        }
        // Knowledge and memories are made by those who own them; a store of nodes by its first records.
        if known.is_none() && self.new.kind != CollectionKind::Store {
            return Err(Fault::missing(format!("'{}' is not there any more", self.new.name)));
        }
        let (new, owner) = (self.new.clone(), self.owner);
        let work = self.store.write(move |tx| {
            Box::pin(async move {
                let open = collections::open(tx, &new).await?;
                collections::set_dimensions(tx, owner, open.id, length).await?;
                Ok(open)
            })
        });
        work.await.map_err(unavailable)
    }

    /// The best of the whole collection, page by page.
    async fn scan(
        &self,
        collection: Uuid,
        vector: &[f32],
        filter: Option<&JsonMap>,
        limit: usize,
    ) -> Result<Vec<Near>, Fault> {
        let mut best = Best::new(limit);
        let mut after = 0;
        let query = unit(vector);
        loop {
            let rows = chunks::scan(&self.store, collection, after, PAGE, filter.is_some()).await;
            let rows = rows.map_err(unavailable)?;
            let Some(last) = rows.last() else { return Ok(best.into_sorted()) };
            after = last.seq;
            let (query, filter) = (query.clone(), filter.cloned());
            let work = tokio::task::spawn_blocking(move || compare(best, &query, filter.as_ref(), &rows));
            best = work.await.map_err(|_| Fault::bug("comparing vectors was given up"))??;
        }
    }

    async fn hits(&self, collection: Uuid, ranked: &[Near], with_vectors: bool) -> Result<Vec<Hit>, Fault> {
        let seqs: Vec<i64> = ranked.iter().map(|near| near.seq).collect();
        let found = chunks::fetch(&self.store, collection, &seqs).await.map_err(unavailable)?;
        let mut found: HashMap<i64, Chunk> = found.into_iter().map(|chunk| (chunk.seq, chunk)).collect();
        let mut vectors: HashMap<i64, Vec<f32>> = if with_vectors {
            let vectors = chunks::vectors(&self.store, collection, &seqs).await.map_err(unavailable)?;
            vectors.into_iter().collect()
        } else {
            HashMap::new()
        };
        Ok(ranked
            .iter()
            .filter_map(|near| {
                let chunk = found.remove(&near.seq)?;
                Some(hit(chunk, near.score, vectors.remove(&near.seq)))
            })
            .collect())
    }
}

fn hit(chunk: Chunk, score: f32, vector: Option<Vec<f32>>) -> Hit {
    Hit {
        id: chunk.id,
        text: chunk.content,
        metadata: chunk.metadata.to_value().as_object().cloned().unwrap_or_default(),
        score,
        vector,
    }
}

fn unavailable(error: StoreError) -> Fault {
    Fault::new(FaultKind::Unavailable, "the vector store could not be used").with_source(error)
}

fn new_chunk(record: VectorRecord) -> Result<NewChunk, Fault> {
    if record.text.len() > LONGEST_TEXT {
        return Err(Fault::invalid(format!("a text is longer than {LONGEST_TEXT} bytes: split it first")));
    }
    if record.vector.is_empty() || record.vector.iter().any(|x| !x.is_finite()) {
        return Err(Fault::invalid("a vector is empty or holds something that is no number"));
    }
    // PostgreSQL keeps no null characters.
    let content = if record.text.contains('\0') { record.text.replace('\0', "") } else { record.text };
    let metadata = json!(record.metadata).to_string().replace("\\u0000", "");
    Ok(NewChunk {
        id: record.id,
        content,
        metadata: RawJson::parse(metadata).map_err(|_| Fault::bug("metadata is no JSON"))?,
        embedding: to_bytes(&record.vector),
    })
}

#[async_trait]
impl VectorIndex for EmbeddedIndex {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        let dimensions = first.vector.len();
        if records.iter().any(|record| record.vector.len() != dimensions) {
            return Err(Fault::invalid("the vectors differ in length"));
        }
        let new: Vec<NewChunk> = records.into_iter().map(new_chunk).collect::<Result<_, _>>()?;
        let collection = self.open(dimensions).await?.id;
        let held = chunks::totals(&self.store, collection).await.map_err(unavailable)?.chunks;
        if held.saturating_add(i64::try_from(new.len()).unwrap_or(i64::MAX)) > MOST_CHUNKS {
            return Err(Fault::invalid(format!("'{}' is full: {MOST_CHUNKS} texts", self.new.name)));
        }
        for batch in new.chunks(BATCH) {
            let batch = batch.to_vec();
            let work = self
                .store
                .write(move |tx| Box::pin(async move { chunks::put(tx, collection, &batch).await }));
            work.await.map_err(unavailable)?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = query.vector.as_deref().ok_or_else(|| {
            Fault::missing("the vector store searches by vector: connect an embedding model")
                .at_field("embedding")
        })?;
        let Some(collection) = self.find().await? else { return Ok(Vec::new()) };
        let limit = query.limit.clamp(1, MOST_HITS);
        let filter =
            query.filter.as_ref().and_then(|filter| filter.as_object()).filter(|map| !map.is_empty());
        let words = query.text.as_deref().filter(|_| query.hybrid && filter.is_none()).unwrap_or_default();
        let depth = if words.is_empty() { limit } else { (limit * 4).min(MOST_HITS) };
        let mut ranked = self.scan(collection.id, vector, filter, depth).await?;
        if !words.is_empty() {
            let found = chunks::find_words(&self.store, collection.id, words, depth as u64).await;
            let near: Vec<i64> = ranked.iter().map(|near| near.seq).collect();
            let scores: HashMap<i64, f32> = ranked.iter().map(|near| (near.seq, near.score)).collect();
            ranked = fuse(&near, &found.map_err(unavailable)?)
                .into_iter()
                .map(|seq| Near { seq, score: scores.get(&seq).copied().unwrap_or_default() })
                .collect();
        }
        ranked.truncate(limit);
        self.hits(collection.id, &ranked, query.with_vectors).await
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        let Some(collection) = self.find().await? else { return Ok(()) };
        let work = self.store.write(move |tx| {
            Box::pin(async move { chunks::delete(tx, collection.id, &ids).await.map(drop) })
        });
        work.await.map_err(unavailable)
    }

    async fn known(&self, ids: Vec<String>) -> Result<Vec<String>, Fault> {
        let Some(collection) = self.find().await? else { return Ok(Vec::new()) };
        chunks::known_ids(&self.store, collection.id, &ids).await.map_err(unavailable)
    }

    async fn some(&self, limit: usize) -> Result<Vec<Hit>, Fault> {
        let Some(collection) = self.find().await? else { return Ok(Vec::new()) };
        let window = langflow_store::Window::new(limit.clamp(1, MOST_HITS) as u64, 0);
        let page = chunks::list(&self.store, collection.id, "", window).await.map_err(unavailable)?;
        Ok(page.items.into_iter().map(|chunk| hit(chunk, 0.0, None)).collect())
    }
}
