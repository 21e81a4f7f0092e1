//! Vectors in a collection: documents of LangChain (text, vector and the metadata side by side), found by an index of
//! the search of Atlas.

use super::session::Session;
use super::{MongoServer, SERVICE, values};
use crate::vector::needs_vector;
use bson::{Bson, Document, doc};
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::{Fault, FaultKind, async_trait};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ID: &str = "_id";
const TEXT: &str = "text";
/// Where a search puts the score; the metadata may have a `score` of its own.
const SCORE: &str = "__score";
/// Documents and bytes of one command; the server takes 48 MB.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 16_000_000;
/// Candidates for each result, and at most.
const CANDIDATES: usize = 10;
const MOST_CANDIDATES: usize = 10_000;
/// A new index is asked for so many times, a second apart.
const LOOKS: u32 = 60;
const PAUSE: Duration = Duration::from_secs(1);

/// How near two vectors are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Similarity {
    #[default]
    Cosine,
    Euclidean,
    DotProduct,
}

/// How an index keeps its vectors smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantization {
    Scalar,
    Binary,
}

/// What an index that is not there is made like.
#[derive(Clone, Debug)]
pub struct SearchIndex {
    pub name: String,
    pub dimensions: usize,
    pub similarity: Similarity,
    /// None: as they are.
    pub quantization: Option<Quantization>,
    /// A field of the metadata that searches may filter by.
    pub filter_field: Option<String>,
}

/// A collection; it is made with the first records, and its index too.
#[derive(Debug)]
pub struct MongoCollection {
    pub server: MongoServer,
    pub database: String,
    pub collection: String,
    /// The field of the vectors.
    pub vector_field: String,
    pub index: SearchIndex,
    /// Whether the next records take the place of all that is there.
    pub overwrites: AtomicBool,
}

impl SearchIndex {
    fn definition(&self, path: &str) -> Document {
        let similarity = match self.similarity {
            Similarity::Cosine => "cosine",
            Similarity::Euclidean => "euclidean",
            Similarity::DotProduct => "dotProduct",
        };
        let mut vector = doc! {
            "type": "vector",
            "path": path,
            "numDimensions": i64::try_from(self.dimensions).unwrap_or(i64::MAX),
            "similarity": similarity,
        };
        if let Some(quantization) = self.quantization {
            vector.insert(
                "quantization",
                match quantization {
                    Quantization::Scalar => "scalar",
                    Quantization::Binary => "binary",
                },
            );
        }
        let mut fields = vec![vector];
        fields.extend(self.filter_field.iter().map(|path| doc! { "type": "filter", "path": path }));
        doc! { "name": &self.name, "type": "vectorSearch", "definition": { "fields": fields } }
    }
}

impl MongoCollection {
    async fn open(&self) -> Result<Session, Fault> {
        self.server.open().await.map_err(|fault| fault.at_field("mongodb_atlas_cluster_uri"))
    }

    async fn ask(&self, session: &mut Session, command: Document) -> Result<Document, Fault> {
        session.ask(&self.database, command).await
    }

    /// All that a command with a cursor finds.
    async fn list(&self, session: &mut Session, command: Document) -> Result<Vec<Document>, Fault> {
        let mut answer = self.ask(session, command).await?;
        let mut all = Vec::new();
        loop {
            let (id, batch) = batch(&mut answer).ok_or_else(|| {
                Fault::new(FaultKind::Unavailable, format!("{SERVICE} answered a search without results"))
            })?;
            all.extend(batch);
            if id == 0 {
                return Ok(all);
            }
            answer = self.ask(session, doc! { "getMore": id, "collection": &self.collection }).await?;
        }
    }

    /// The index as the server tells of it; none, where there is no collection either.
    async fn find_index(&self, session: &mut Session) -> Result<Option<Document>, Fault> {
        let find = doc! {
            "aggregate": &self.collection,
            "pipeline": [{ "$listSearchIndexes": { "name": &self.index.name } }],
            "cursor": {},
        };
        let found = match self.list(session, find).await {
            Err(fault) if fault.kind() == FaultKind::Missing => return Ok(None),
            found => found?.into_iter().next(),
        };
        if found.as_ref().is_some_and(|index| index.get_str("type").is_ok_and(|kind| kind != "vectorSearch"))
        {
            let name = &self.index.name;
            return Err(Fault::invalid(format!(
                "the index '{name}' in {SERVICE} is one of words, not of vectors"
            ))
            .at_field("index_name"));
        }
        Ok(found)
    }

    async fn make_index(&self, session: &mut Session) -> Result<(), Fault> {
        let indexes = vec![self.index.definition(&self.vector_field)];
        let make = doc! { "createSearchIndexes": &self.collection, "indexes": indexes };
        match self.ask(session, make).await {
            // Somebody else was faster.
            Err(fault) if fault.message().to_ascii_lowercase().contains("already exists") => Ok(()),
            made => made.map(drop),
        }
    }

    /// Waits until the index can be searched; one that is not there is made.
    async fn await_index(&self, session: &mut Session) -> Result<(), Fault> {
        for look in 0..LOOKS {
            match self.find_index(session).await? {
                Some(index) if index.get_bool("queryable").unwrap_or(true) => return Ok(()),
                None if look == 0 => self.make_index(session).await?,
                _ => {}
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Fault::new(
            FaultKind::Unavailable,
            format!("{SERVICE} is still building the index '{}'; search again in a while", self.index.name),
        ))
    }

    /// Vectors of another length would be stored and never found.
    fn check_length(&self, index: Option<&Document>, records: &[VectorRecord]) -> Result<(), Fault> {
        let held = match index {
            Some(index) => dimensions(index, &self.vector_field),
            None => Some(self.index.dimensions),
        };
        let Some(held) = held else { return Ok(()) };
        let Some(other) = records.iter().map(|record| record.vector.len()).find(|length| *length != held)
        else {
            return Ok(());
        };
        let name = &self.index.name;
        let fault = Fault::invalid(format!(
            "the index '{name}' is for vectors of {held} numbers, the embedding model makes {other}"
        ));
        Err(fault.at_field(if index.is_some() { "embedding" } else { "number_dimensions" }))
    }

    fn stored(&self, record: VectorRecord) -> (Bson, Document) {
        let id = values::id(&record.id);
        let vector: Vec<Bson> = record.vector.iter().map(|number| Bson::Double((*number).into())).collect();
        let mut stored = doc! { ID: id.clone(), TEXT: record.text, &self.vector_field: vector };
        let metadata = values::document(record.metadata);
        let more = metadata.into_iter().filter(|(name, _)| !self.is_own(name)).collect::<Document>();
        stored.extend(more);
        (id, stored)
    }

    fn is_own(&self, name: &str) -> bool {
        [ID, TEXT, SCORE, self.vector_field.as_str()].contains(&name)
    }

    fn hit(&self, mut found: Document) -> Hit {
        let mut take = |name: &str| found.remove(name);
        let id = take(ID).map(values::text_of).unwrap_or_default();
        let text = take(TEXT).and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
        let score = take(SCORE).as_ref().and_then(values::number).unwrap_or_default() as f32;
        let vector = take(&self.vector_field).as_ref().and_then(values::vector);
        Hit { id, text, score, vector, metadata: values::map(found) }
    }
}

/// The cursor's number, 0 at the end, and what came with it.
fn batch(answer: &mut Document) -> Option<(i64, Vec<Document>)> {
    let cursor = answer.get_document_mut("cursor").ok()?;
    let id = cursor.get("id").and_then(|id| id.as_i64().or_else(|| id.as_i32().map(i64::from)))?;
    let batch = cursor.remove("firstBatch").or_else(|| cursor.remove("nextBatch"))?;
    let Bson::Array(items) = batch else { return None };
    let document = |item| match item {
        Bson::Document(document) => Some(document),
        _ => None,
    };
    Some((id, items.into_iter().filter_map(document).collect()))
}

/// The length of the vectors that an index is for.
fn dimensions(index: &Document, path: &str) -> Option<usize> {
    let fields = index.get_document("latestDefinition").ok()?.get_array("fields").ok()?;
    let mut fields = fields.iter().filter_map(Bson::as_document);
    let field = fields.find(|field| field.get_str("path").is_ok_and(|at| at == path))?;
    field.get("numDimensions").and_then(values::number).map(|number| number as usize)
}

fn ids(ids: &[String]) -> Vec<Bson> {
    ids.iter().map(|id| values::id(id)).collect()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[async_trait]
impl VectorIndex for MongoCollection {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        if records.is_empty() {
            return Ok(());
        }
        let mut session = self.open().await?;
        let index = self.find_index(&mut session).await?;
        self.check_length(index.as_ref(), &records)?;
        if self.overwrites.swap(false, Ordering::Relaxed) {
            let all = vec![doc! { "q": {}, "limit": 0 }];
            self.ask(&mut session, doc! { "delete": &self.collection, "deletes": all }).await?;
        }
        let (mut updates, mut bytes) = (Vec::new(), 0);
        let mut records = records.into_iter().peekable();
        while let Some(record) = records.next() {
            let (id, stored) = self.stored(record);
            bytes += stored.to_vec().map_or(0, |bytes| bytes.len());
            updates.push(doc! { "q": { ID: id }, "u": stored, "upsert": true });
            if updates.len() == BATCH || bytes > BATCH_BYTES || records.peek().is_none() {
                let updates = std::mem::take(&mut updates);
                bytes = 0;
                self.ask(&mut session, doc! { "update": &self.collection, "updates": updates }).await?;
            }
        }
        // The collection has to be there.
        if index.is_none() { self.make_index(&mut session).await } else { Ok(()) }
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = needs_vector(query.vector, SERVICE)?;
        let limit = query.limit.clamp(1, MOST_CANDIDATES);
        let vector: Vec<Bson> = vector.into_iter().map(|number| Bson::Double(number.into())).collect();
        let mut stage = doc! {
            "index": &self.index.name,
            "path": &self.vector_field,
            "queryVector": vector,
            "numCandidates": count((limit * CANDIDATES).min(MOST_CANDIDATES)),
            "limit": count(limit),
        };
        if let Some(filter) = query.filter {
            stage.insert("filter", values::bson(filter));
        }
        let mut pipeline = vec![
            doc! { "$vectorSearch": stage },
            doc! { "$set": { SCORE: { "$meta": "vectorSearchScore" } } },
        ];
        if !query.with_vectors {
            pipeline.push(doc! { "$project": { &self.vector_field: 0 } });
        }
        let search = doc! {
            "aggregate": &self.collection,
            "pipeline": pipeline,
            "cursor": { "batchSize": count(limit) },
        };
        let mut session = self.open().await?;
        match self.await_index(&mut session).await {
            // Nothing was stored yet.
            Err(fault) if fault.kind() == FaultKind::Missing => return Ok(Vec::new()),
            ready => ready?,
        }
        let found = self.list(&mut session, search).await?;
        Ok(found.into_iter().map(|found| self.hit(found)).collect())
    }

    async fn delete(&self, gone: Vec<String>) -> Result<(), Fault> {
        if gone.is_empty() {
            return Ok(());
        }
        let deletes = vec![doc! { "q": { ID: { "$in": ids(&gone) } }, "limit": 0 }];
        let delete = doc! { "delete": &self.collection, "deletes": deletes };
        let mut session = self.open().await?;
        self.ask(&mut session, delete).await.map(drop)
    }

    async fn known(&self, asked: Vec<String>) -> Result<Vec<String>, Fault> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let find = doc! {
            "find": &self.collection,
            "filter": { ID: { "$in": ids(&asked) } },
            "projection": { ID: 1 },
            "batchSize": count(asked.len()),
        };
        let mut session = self.open().await?;
        let found = self.list(&mut session, find).await?;
        Ok(found.into_iter().filter_map(|mut found| found.remove(ID)).map(values::text_of).collect())
    }
}
