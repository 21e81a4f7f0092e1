//! Vectors in the search module of Redis, in the hashes of LangChain (`content`, `content_vector` and the metadata side
//! by side), so that what others put there is found and what is put there others find.

use super::RedisServer;
use super::server::Session;
use crate::vector::needs_vector;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::{Fault, Json, JsonMap, async_trait};
use redis::{Cmd, Pipeline, Value};
use std::collections::BTreeMap;

const SERVICE: &str = "Redis";
/// Records of one round.
const BATCH: usize = 200;
const TEXT: &str = "content";
const VECTOR: &str = "content_vector";
/// The metadata as it was, beside its values as texts: Redis knows no others.
const METADATA: &str = "_metadata";
const DISTANCE: &str = "distance";
/// Keys of the metadata that a new index knows.
const MOST_FIELDS: usize = 64;

/// An index; it is made with the first records.
#[derive(Clone, Debug)]
pub struct RedisIndex {
    pub server: RedisServer,
    pub index: String,
}

fn bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn numbers(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).filter_map(|four| Some(f32::from_le_bytes(four.try_into().ok()?))).collect()
}

fn command(name: &str) -> Cmd {
    let mut command = Cmd::new();
    command.arg(name);
    command
}

impl RedisIndex {
    fn key(&self, id: &str) -> String {
        format!("{}{id}", self.prefix())
    }

    /// What stands before the keys of the records. LangChain gives it to an index without the colon at the end, with
    /// which an index `docs` would also hold the records of `docs2`.
    fn prefix(&self) -> String {
        format!("doc:{}:", self.index)
    }

    async fn open(&self) -> Result<Session, Fault> {
        self.server.open().await.map_err(|fault| fault.at_field("redis_server_url"))
    }

    async fn ensure(&self, session: &mut Session, records: &[VectorRecord]) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        let mut create = command("FT.CREATE");
        create.arg(&self.index).arg(&["ON", "HASH", "PREFIX", "1"]).arg(self.prefix());
        create.arg(&["SCHEMA", TEXT, "TEXT", VECTOR, "VECTOR", "FLAT", "6", "TYPE", "FLOAT32", "DIM"]);
        create.arg(first.vector.len()).arg(&["DISTANCE_METRIC", "COSINE"]);
        for (name, kind) in fields(records) {
            create.arg(name).arg(kind);
        }
        match session.ask(&create).await {
            Err(fault) if fault.message().to_ascii_lowercase().contains("already exists") => {
                self.check_dimension(session, first.vector.len()).await
            }
            made => made.map(drop),
        }
    }

    /// Redis takes a vector of another length and never finds it.
    async fn check_dimension(&self, session: &mut Session, given: usize) -> Result<(), Fault> {
        let mut info = command("FT.INFO");
        info.arg(&self.index);
        match dimension(&session.ask(&info).await?) {
            Some(held) if held != given => Err(Fault::invalid(format!(
                "the index '{}' in {SERVICE} holds vectors of {held} numbers, the embedding model makes {given}",
                self.index
            ))
            .at_field("embedding")),
            // Old versions of the module do not tell it.
            _ => Ok(()),
        }
    }

    fn hit(&self, key: &str, fields: &[Value], with_vector: bool) -> Hit {
        let mut hash: BTreeMap<String, &[u8]> = BTreeMap::new();
        for pair in fields.chunks_exact(2) {
            if let [name, value] = pair {
                hash.insert(text(name), raw(value));
            }
        }
        let take = |hash: &mut BTreeMap<String, &[u8]>, name: &str| {
            hash.remove(name).map(|value| String::from_utf8_lossy(value).into_owned())
        };
        let content = take(&mut hash, TEXT).unwrap_or_default();
        let distance = take(&mut hash, DISTANCE).and_then(|text| text.parse::<f32>().ok()).unwrap_or(1.0);
        let vector = hash.remove(VECTOR).filter(|_| with_vector).map(numbers);
        let metadata = take(&mut hash, METADATA).and_then(|text| serde_json::from_str::<JsonMap>(&text).ok());
        Hit {
            id: key.strip_prefix(&self.prefix()).unwrap_or(key).to_owned(),
            text: content,
            metadata: metadata.unwrap_or_else(|| {
                let value = |value: &[u8]| Json::String(String::from_utf8_lossy(value).into_owned());
                hash.into_iter().map(|(name, bytes)| (name, value(bytes))).collect()
            }),
            score: 1.0 - distance,
            vector,
        }
    }
}

/// The length of the vectors, in what an index tells about itself: the list of what describes their field holds the word
/// `dim` and the number.
fn dimension(told: &Value) -> Option<usize> {
    let Value::Array(items) = told else { return None };
    let number = |pair: &[Value]| match pair {
        [word, Value::Int(number)] if raw(word) == b"dim" => usize::try_from(*number).ok(),
        [word, number] if raw(word) == b"dim" => text(number).parse().ok(),
        _ => None,
    };
    let is_ours = items.iter().any(|item| raw(item) == VECTOR.as_bytes());
    let here = is_ours.then(|| items.windows(2).find_map(number)).flatten();
    here.or_else(|| items.iter().find_map(dimension))
}

/// Keys of the metadata with the type that fits their values.
fn fields(records: &[VectorRecord]) -> BTreeMap<&str, &'static str> {
    let mut fields = BTreeMap::new();
    for (name, value) in records.iter().flat_map(|record| &record.metadata) {
        let kind = match value {
            Json::Number(_) => "NUMERIC",
            Json::String(_) => "TEXT",
            _ => continue,
        };
        let is_own = [TEXT, VECTOR, METADATA, DISTANCE].contains(&name.as_str());
        if !is_own && fields.len() < MOST_FIELDS {
            fields.entry(name.as_str()).or_insert(kind);
        }
    }
    fields
}

fn raw(value: &Value) -> &[u8] {
    match value {
        Value::BulkString(bytes) => bytes,
        Value::SimpleString(text) => text.as_bytes(),
        _ => &[],
    }
}

fn text(value: &Value) -> String {
    String::from_utf8_lossy(raw(value)).into_owned()
}

#[async_trait]
impl VectorIndex for RedisIndex {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        if records.is_empty() {
            return Ok(());
        }
        let mut session = self.open().await?;
        self.ensure(&mut session, &records).await?;
        for batch in records.chunks(BATCH) {
            let mut round = Pipeline::new();
            round.atomic();
            for record in batch {
                let key = self.key(&record.id);
                let mut set = command("HSET");
                set.arg(&key).arg(TEXT).arg(&record.text).arg(VECTOR).arg(bytes(&record.vector));
                set.arg(METADATA).arg(Json::Object(record.metadata.clone()).to_string());
                for (name, value) in &record.metadata {
                    if ![TEXT, VECTOR, METADATA, DISTANCE].contains(&name.as_str()) {
                        set.arg(name).arg(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                    }
                }
                // What the record held before is not mixed with what it holds now.
                let mut del = command("DEL");
                del.arg(&key);
                round.add_command(del).add_command(set);
            }
            session.ask_all(&round).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = needs_vector(query.vector, SERVICE)?;
        let mut search = command("FT.SEARCH");
        search.arg(&self.index).arg(format!("(*)=>[KNN {} @{VECTOR} $vector AS {DISTANCE}]", query.limit));
        search.arg(&["PARAMS", "2", "vector"]).arg(bytes(&vector)).arg(&["SORTBY", DISTANCE, "ASC"]);
        search.arg(&["LIMIT", "0"]).arg(query.limit).arg(&["DIALECT", "2"]);
        let found = self.open().await?.ask(&search).await;
        let items = match found {
            Ok(Value::Array(items)) => items,
            Ok(_) => Vec::new(),
            // Nothing was stored yet.
            Err(fault) if is_unknown_index(fault.message()) => Vec::new(),
            Err(fault) => return Err(fault),
        };
        // The number of all, then a key and its fields for each.
        let hit = |pair: &[Value]| match pair {
            [key, Value::Array(fields)] => Some(self.hit(&text(key), fields, query.with_vectors)),
            _ => None,
        };
        Ok(items.get(1..).unwrap_or_default().chunks_exact(2).filter_map(hit).collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut del = command("DEL");
        for id in &ids {
            del.arg(self.key(id));
        }
        self.open().await?.ask(&del).await.map(drop)
    }

    async fn known(&self, ids: Vec<String>) -> Result<Vec<String>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut round = Pipeline::new();
        for id in &ids {
            let mut exists = command("EXISTS");
            exists.arg(self.key(id));
            round.add_command(exists);
        }
        let there = self.open().await?.ask_all(&round).await?;
        let known = ids.into_iter().zip(there).filter(|(_, there)| *there == Value::Int(1));
        Ok(known.map(|(id, _)| id).collect())
    }
}

/// How versions of the module say that there is no such index.
fn is_unknown_index(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    said.contains("no such index") || said.contains("unknown index") || said.contains("index not found")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_bytes_and_back() {
        let vector = [1.0, -0.5, 3.25];
        assert_eq!(numbers(&bytes(&vector)), vector);
    }

    #[test]
    fn the_dimension_stands_with_the_field_of_the_vectors() {
        let word = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let list = |name: &str, dim: Value| {
            Value::Array(vec![word("identifier"), word(name), word("type"), word("VECTOR"), word("dim"), dim])
        };
        let told = |fields: Vec<Value>| {
            Value::Array(vec![word("index_name"), word("docs"), word("attributes"), Value::Array(fields)])
        };
        let other = || list("other", Value::Int(9));
        assert_eq!(dimension(&told(vec![other(), list(VECTOR, Value::Int(3))])), Some(3));
        assert_eq!(dimension(&told(vec![list(VECTOR, word("4"))])), Some(4));
        assert_eq!(dimension(&told(vec![other()])), None);
    }

    #[test]
    fn an_index_that_is_not_there_has_many_names() {
        for said in
            ["docs: no such index", "Unknown Index name", "SEARCH_INDEX_NOT_FOUND Index not found: docs"]
        {
            assert!(is_unknown_index(said), "{said}");
        }
        assert!(!is_unknown_index("Syntax error at offset 1"));
    }
}
