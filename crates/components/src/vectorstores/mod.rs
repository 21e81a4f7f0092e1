//! Vector stores: texts go in with their vectors, the nearest come out.

mod astra_db;
mod cassandra;
mod cassandra_chat_memory;
mod cassandra_server;
mod chroma;
mod clickhouse;
mod couchbase;
mod elasticsearch;
mod faiss;
mod hcd;
mod milvus;
mod mongodb;
mod opensearch;
mod pgvector;
mod pinecone;
mod qdrant;
mod redis;
mod redis_chat_memory;
mod store;
mod supabase;
mod texts;
mod upstash;
mod vectara;
mod vectara_rag;
mod weaviate;

use langflow_core::capability::{Embedder, VectorIndex, VectorRecord};
use langflow_core::component::{DataLike, Definition, Entry};
use langflow_core::{Fault, Json, JsonMap};
use std::sync::Arc;
use uuid::Uuid;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<astra_db::AstraDbComponent>::of(),
        Entry::<qdrant::QdrantComponent>::of(),
        Entry::<chroma::ChromaComponent>::of(),
        Entry::<faiss::FaissComponent>::of(),
        Entry::<pinecone::PineconeComponent>::of(),
        Entry::<weaviate::WeaviateComponent>::of(),
        Entry::<milvus::MilvusComponent>::of(),
        Entry::<opensearch::OpenSearchComponent>::of(),
        Entry::<elasticsearch::ElasticsearchComponent>::of(),
        Entry::<upstash::UpstashComponent>::of(),
        Entry::<supabase::SupabaseComponent>::of(),
        Entry::<pgvector::PgVectorComponent>::of(),
        Entry::<vectara::VectaraComponent>::of(),
        Entry::<vectara_rag::VectaraRagComponent>::of(),
        Entry::<clickhouse::ClickhouseComponent>::of(),
        Entry::<couchbase::CouchbaseComponent>::of(),
        Entry::<hcd::HcdComponent>::of(),
        Entry::<mongodb::MongoAtlasComponent>::of(),
        Entry::<redis::RedisComponent>::of(),
        Entry::<redis_chat_memory::RedisChatMemory>::of(),
        Entry::<cassandra::CassandraComponent>::of(),
        Entry::<cassandra_chat_memory::CassandraChatMemory>::of(),
    ]
}

/// Texts embedded and sent at a time.
const BATCH: usize = 200;

/// Puts documents into an index. Without an embedder the index makes the vectors itself.
async fn ingest(
    items: &[DataLike],
    embedder: Option<&dyn Embedder>,
    index: &dyn VectorIndex,
) -> Result<(), Fault> {
    ingest_records(records(items), embedder, index).await
}

async fn ingest_records(
    mut records: Vec<VectorRecord>,
    embedder: Option<&dyn Embedder>,
    index: &dyn VectorIndex,
) -> Result<(), Fault> {
    while !records.is_empty() {
        let mut batch: Vec<VectorRecord> = records.drain(..records.len().min(BATCH)).collect();
        if let Some(embedder) = embedder {
            let vectors = embedder.embed(batch.iter().map(|record| record.text.clone()).collect()).await?;
            for (record, vector) in batch.iter_mut().zip(vectors) {
                record.vector = vector;
            }
        }
        index.upsert(batch).await?;
    }
    Ok(())
}

/// Documents as records: the text, and everything else as metadata.
fn records(items: &[DataLike]) -> Vec<VectorRecord> {
    let mut all = Vec::new();
    for item in items {
        match item {
            DataLike::Message(message) => all.push(record(message.text.clone(), JsonMap::new())),
            DataLike::Data(data) => {
                let mut metadata = data.data.clone();
                metadata.remove(&data.text_key);
                all.push(record(data.text(), metadata));
            }
            DataLike::Table(table) => all.extend(table.rows().map(|mut row| {
                let text = row.remove("text").unwrap_or_default();
                record(text.as_str().map_or_else(|| text.to_string(), str::to_owned), row)
            })),
        }
    }
    all.retain(|record| !record.text.trim().is_empty());
    all
}

fn record(text: String, metadata: JsonMap) -> VectorRecord {
    VectorRecord { id: content_id(&text, &metadata).to_string(), text, vector: Vec::new(), metadata }
}

/// An id that depends on the content alone, so that a document that is ingested twice is there once.
fn content_id(text: &str, metadata: &JsonMap) -> Uuid {
    // FNV-1a, twice with different beginnings.
    let hash = |start: u64| {
        let bytes = text.bytes().chain([0]).chain(Json::Object(metadata.clone()).to_string().into_bytes());
        bytes.fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    Uuid::from_u64_pair(hash(0xcbf2_9ce4_8422_2325), hash(0x8422_2325_cbf2_9ce4))
}
