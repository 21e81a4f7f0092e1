//! Vector services in memory: each speaks the interface of its vendor over one small index.

mod astra;
mod chroma;
mod clickhouse;
mod couchbase;
mod hcd;
mod milvus;
mod pinecone;
mod qdrant;
mod search_engine;
mod supabase;
mod upstash;
mod vectara;
mod weaviate;

pub use astra::astra;
pub use chroma::chroma;
pub use clickhouse::clickhouse;
pub use couchbase::couchbase;
pub use hcd::hcd;
pub use milvus::milvus;
pub use pinecone::pinecone;
pub use qdrant::qdrant;
pub use search_engine::search_engine;
pub use supabase::supabase;
pub use upstash::upstash;
pub use vectara::vectara;
pub use weaviate::weaviate;

use bytes::Bytes;
use futures::StreamExt as _;
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Egress, Encryption, Reply, Wire};
use langflow_core::{Fault, Json, JsonMap, async_trait};
use langflow_providers::http::wire;
use langflow_testkit::fake_cassandra::FakeCassandra;
use langflow_testkit::fake_mongo::FakeMongo;
use langflow_testkit::fake_redis::FakeRedis;
use langflow_testkit::mood::Mood;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A connection to what `serve` does at its other end.
pub fn piped<F>(serve: impl FnOnce(tokio::io::DuplexStream) -> F) -> Box<dyn Wire>
where
    F: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let (near, far) = tokio::io::duplex(4096);
    tokio::spawn(serve(far));
    wire(near)
}

/// A request as a service sees it.
pub struct Ask<'a> {
    pub method: &'a str,
    /// Without scheme and host.
    pub path: &'a str,
    pub query: &'a str,
    pub port: u16,
    pub text: &'a str,
    pub body: Json,
    /// Lines of a bulk request.
    pub lines: Vec<Json>,
}

#[derive(Clone, Debug, Default)]
pub struct Stored {
    pub vector: Vec<f64>,
    pub fields: JsonMap,
}

/// What a service holds.
#[derive(Debug, Default)]
pub struct Memory {
    pub is_made: bool,
    pub records: BTreeMap<String, Stored>,
}

impl Memory {
    pub fn put(&mut self, id: &Json, vector: &Json, fields: JsonMap) {
        let vector = vector.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
        self.records.insert(id.as_str().unwrap().to_owned(), Stored { vector, fields });
    }

    /// `(id, record, cosine)`, nearest first.
    pub fn nearest(&self, query: &Json, limit: &Json, filter: &JsonMap) -> Vec<(String, Stored, f64)> {
        let query: Vec<f64> = query.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
        let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let mut found: Vec<_> = self
            .records
            .iter()
            .filter(|(_, record)| filter.iter().all(|(key, value)| record.fields.get(key) == Some(value)))
            .map(|(id, record)| {
                let dot: f64 = record.vector.iter().zip(&query).map(|(a, b)| a * b).sum();
                (id.clone(), record.clone(), dot / (length(&record.vector) * length(&query)))
            })
            .collect();
        found.sort_by(|a, b| b.2.total_cmp(&a.2));
        found.truncate(usize::try_from(limit.as_u64().unwrap()).unwrap());
        found
    }

    pub fn remove(&mut self, ids: &Json) {
        for id in ids.as_array().unwrap() {
            self.records.remove(id.as_str().unwrap());
        }
    }
}

/// Key of rows that are answered as lines.
const LINES: &str = "lines";

pub type Service = fn(&mut Memory, &Ask<'_>) -> (u16, Json);

#[derive(Debug)]
pub struct Fake {
    service: Service,
    pub mood: Mutex<Mood>,
    pub memory: Mutex<Memory>,
    /// What is reached without HTTP.
    pub redis: FakeRedis,
    pub mongo: FakeMongo,
    pub cassandra: FakeCassandra,
}

impl Fake {
    pub fn new(service: Service) -> Self {
        Self {
            service,
            mood: Mutex::new(Mood::Good),
            memory: Mutex::default(),
            redis: FakeRedis::with_password("k"),
            mongo: FakeMongo::with_account("u", "k"),
            cassandra: FakeCassandra::with_keyspace("ks").and_account("u", "k"),
        }
    }
}

#[async_trait]
impl Egress for Fake {
    async fn connect(&self, host: &str, port: u16, how: &Encryption) -> Result<Box<dyn Wire>, Fault> {
        let mood = *self.mood.lock().unwrap();
        match (host, port, how) {
            ("r.example", 6379, Encryption::None) => {
                self.redis.set_mood(mood);
                Ok(super::redis::join(&self.redis))
            }
            ("m.example", 27017, Encryption::None) => {
                self.mongo.set_mood(mood);
                Ok(super::mongo::join(&self.mongo))
            }
            ("c.example", 9042, Encryption::None) => {
                self.cassandra.set_mood(mood);
                Ok(super::cassandra::join(&self.cassandra))
            }
            other => panic!("{other:?}"),
        }
    }

    async fn send(&self, request: http::Request<Bytes>, _: CallOptions) -> Result<Reply, Fault> {
        let url = url::Url::parse(&request.uri().to_string()).unwrap();
        let text = String::from_utf8_lossy(request.body()).into_owned();
        let ask = Ask {
            method: request.method().as_str(),
            path: url.path(),
            query: url.query().unwrap_or_default(),
            port: url.port_or_known_default().unwrap(),
            text: &text,
            body: serde_json::from_str(&text).unwrap_or_default(),
            lines: text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
        };
        let (status, body) = match *self.mood.lock().unwrap() {
            Mood::Good => {
                let (status, body) = (self.service)(&mut self.memory.lock().unwrap(), &ask);
                let lines = |rows: &Json| list(rows).iter().map(|row| format!("{row}\n")).collect();
                (status, body.get(LINES).map_or_else(|| body.to_string(), lines))
            }
            Mood::Locked => (401, json!({"message": "no"}).to_string()),
            Mood::Broken => (500, String::new()),
            Mood::Garbage => (200, "<html>".to_owned()),
        };
        Ok(Reply {
            status: http::StatusCode::from_u16(status).unwrap(),
            headers: http::HeaderMap::new(),
            url: url.into(),
            body: futures::stream::iter([Ok(Bytes::from(body))]).boxed(),
        })
    }
}

fn object(json: &Json) -> JsonMap {
    json.as_object().cloned().unwrap_or_default()
}

fn list(json: &Json) -> Vec<Json> {
    json.as_array().cloned().unwrap_or_default()
}

/// What is reached without HTTP.
pub fn no_http(_: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    panic!("{}", ask.path)
}
