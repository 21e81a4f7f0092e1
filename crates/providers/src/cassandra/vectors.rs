//! Vectors in the tables of LangChain (`MetadataVectorCassandraTable` of cassio), so that what others put there is
//! found and what is put there others find.

use super::answer::{Answer, Refusal, Row, Rows};
use super::session::Session;
use super::statement::Statement;
use super::{CassandraServer, Name, SERVICE};
use crate::vector::needs_vector;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::value::{python_float, python_repr};
use langflow_core::{Fault, Json, JsonMap, async_trait};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// What Cassandra takes as `LIMIT` of a search.
const MOST_HITS: usize = 1_000;
/// Statements that are on their way at the same time.
const MOST_AT_ONCE: usize = 64;
/// Columns of a table.
const MOST_COLUMNS: usize = 1_000;
const ID: &str = "row_id";
const TEXT: &str = "body_blob";
const VECTOR: &str = "vector";
/// The metadata as texts, which is searched.
const METADATA: &str = "metadata_s";
/// What of the metadata is no text, as it was. cassio keeps here what is not searched, and reads the other column over
/// it.
const ATTRIBUTES: &str = "attributes_blob";

/// Whether a table that is not there is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// It has to be there.
    Off,
    /// With the first records; with an index of the words of the texts where that is wanted.
    Make { words: bool },
}

/// A table of vectors.
#[derive(Debug)]
pub struct CassandraTable {
    pub server: CassandraServer,
    pub table: Name,
    pub setup: Setup,
    /// Seconds after which what is stored is gone.
    pub ttl_seconds: Option<i32>,
    /// Records that are on their way at the same time, at most 64.
    pub batch: usize,
    /// Only texts with these words are found; needs the index of the words.
    pub words: Option<String>,
    /// Whether the table was looked at; that is done once.
    pub is_checked: AtomicBool,
}

impl CassandraTable {
    /// Makes the table where it is not there, and looks whether it is one for such vectors.
    async fn ready(&self, session: &mut Session, length: usize) -> Result<(), Fault> {
        if self.is_checked.load(Ordering::Relaxed) {
            return Ok(());
        }
        if let Setup::Make { words } = self.setup {
            self.make(session, length, words).await?;
        }
        self.check(session, length).await?;
        self.is_checked.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn make(&self, session: &mut Session, length: usize, words: bool) -> Result<(), Fault> {
        let table = self.table.quoted();
        let columns = format!(
            "{ID} TEXT PRIMARY KEY, {TEXT} TEXT, {VECTOR} VECTOR<FLOAT, {length}>, {ATTRIBUTES} TEXT, \
             {METADATA} MAP<TEXT, TEXT>"
        );
        let made = session.change(format!("CREATE TABLE IF NOT EXISTS {table} ({columns})")).await?;
        made.map_err(|refusal| no_vectors(refusal).at_field("table_name"))?;
        for (name, column, options) in [
            ("idx_vector", VECTOR, ""),
            ("eidx_metadata_s", "ENTRIES(metadata_s)", ""),
            ("idx_body", TEXT, " WITH OPTIONS = {'index_analyzer': 'STANDARD'}"),
        ] {
            let is_words = column == TEXT;
            if is_words && !words {
                continue;
            }
            let made = session.change(format!(
                "CREATE CUSTOM INDEX IF NOT EXISTS \"{name}_{}\" ON {table} ({column}) \
                 USING 'org.apache.cassandra.index.sai.StorageAttachedIndex'{options}",
                self.table.as_str()
            ));
            made.await?.map_err(|refusal| {
                no_vectors(refusal).at_field(if is_words { "enable_body_search" } else { "table_name" })
            })?;
        }
        Ok(())
    }

    async fn check(&self, session: &mut Session, length: usize) -> Result<(), Fault> {
        let columns = Statement::new(
            "SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?",
        );
        let columns = columns.text(self.server.keyspace.as_str()).text(self.table.as_str());
        let columns = session.rows(columns, MOST_COLUMNS).await??;
        let name = self.table.as_str();
        if columns.len() == 0 {
            return Err(self.missing());
        }
        let column = columns.iter().find(|row| row.text("column_name") == Some(VECTOR));
        let held = column.and_then(|row| dimension(row.text("type")?));
        match held {
            Some(held) if held == length => Ok(()),
            Some(held) => Err(Fault::invalid(format!(
                "the table '{name}' in {SERVICE} holds vectors of {held} numbers, the embedding model makes {length}"
            ))
            .at_field("embedding")),
            None => Err(Fault::invalid(format!("the table '{name}' in {SERVICE} is none for vectors"))
                .at_field("table_name")),
        }
    }

    fn missing(&self) -> Fault {
        Fault::missing(format!("{SERVICE} has no table '{}'", self.table.as_str())).at_field("table_name")
    }

    fn insert(&self, record: &VectorRecord) -> Statement {
        let ttl = if self.ttl_seconds.is_some() { " USING TTL ?" } else { "" };
        let cql = format!(
            "INSERT INTO {} ({ID}, {TEXT}, {VECTOR}, {ATTRIBUTES}, {METADATA}) VALUES (?, ?, ?, ?, ?){ttl}",
            self.table.quoted()
        );
        let (attributes, metadata) = split(&record.metadata);
        let statement = Statement::new(cql).text(&record.id).text(&record.text).vector(&record.vector);
        let statement = statement.text_or_null(attributes.as_deref()).map(&metadata);
        match self.ttl_seconds {
            Some(seconds) => statement.int(seconds),
            None => statement,
        }
    }

    fn select(&self, vector: &[f32], limit: i32, filter: Option<&Json>) -> Statement {
        let filter = filter.and_then(Json::as_object).into_iter().flatten();
        let conditions: BTreeMap<&str, String> =
            filter.map(|(key, value)| (key.as_str(), searched(value))).collect();
        let mut wheres = vec![format!("{METADATA}[?] = ?"); conditions.len()];
        if self.words.is_some() {
            wheres.push(format!("{TEXT} : ?"));
        }
        let wheres =
            if wheres.is_empty() { String::new() } else { format!(" WHERE {}", wheres.join(" AND ")) };
        let table = self.table.quoted();
        let mut statement =
            Statement::new(format!("SELECT * FROM {table}{wheres} ORDER BY {VECTOR} ANN OF ? LIMIT ?"));
        for (key, value) in &conditions {
            statement = statement.text(key).text(value);
        }
        if let Some(words) = &self.words {
            statement = statement.text(words);
        }
        // Searches by vector come in one page.
        statement.vector(vector).int(limit).in_pages_of(limit)
    }

    /// Asks about each record by its id; whether a row came back.
    async fn by_id(&self, verb: &str, ids: &[String]) -> Result<Vec<bool>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let cql = format!("{verb} FROM {} WHERE {ID} = ?", self.table.quoted());
        let statements: Vec<Statement> = ids.iter().map(|id| Statement::new(&*cql).text(id)).collect();
        let mut session = self.server.open().await?;
        let mut found = Vec::with_capacity(ids.len());
        for batch in statements.chunks(MOST_AT_ONCE) {
            for answer in session.ask_all(batch).await? {
                found.push(self.found(answer)?.len() > 0);
            }
        }
        Ok(found)
    }

    /// Rows; a table that is made with the first records has none before.
    fn found(&self, answer: Answer) -> Result<Rows, Fault> {
        match answer {
            Answer::Refusal(refusal) if refusal.is_missing_table() => match self.setup {
                Setup::Off => Err(self.missing()),
                Setup::Make { .. } => Ok(Rows::default()),
            },
            answer => answer.rows().map_err(|fault| fault.at_field("table_name")),
        }
    }
}

/// The length of the vectors, in a type of CQL.
fn dimension(kind: &str) -> Option<usize> {
    let inside = kind.strip_prefix("vector<")?.strip_suffix('>')?;
    let (of, length) = inside.split_once(',')?;
    length.trim().parse().ok().filter(|_| of.trim() == "float")
}

/// What servers say that are too old.
fn no_vectors(refusal: Refusal) -> Fault {
    let knows_no_index = refusal.said.contains("indexer class");
    if refusal.is_syntax() || knows_no_index {
        let said = Fault::from(refusal);
        return Fault::unsupported(format!(
            "only {SERVICE} 5.0 and newer search by vector. {}",
            said.message()
        ));
    }
    refusal.into()
}

/// A value of the metadata as cassio stores and looks for it.
fn searched(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null | Json::Bool(_) => value.to_string(),
        // 1 and 1.0 are the same.
        Json::Number(number) => python_float(number.as_f64().unwrap_or_default()),
        Json::Array(_) | Json::Object(_) => python_repr(value),
    }
}

/// The metadata in its two columns.
fn split(metadata: &JsonMap) -> (Option<String>, BTreeMap<String, String>) {
    let others: JsonMap = metadata
        .iter()
        .filter(|(_, value)| !value.is_string())
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    let texts = metadata.iter().map(|(key, value)| (key.clone(), searched(value))).collect();
    ((!others.is_empty()).then(|| Json::Object(others).to_string()), texts)
}

/// The metadata from its two columns. Where both have a key, what others changed since counts.
fn joined(attributes: Option<&str>, texts: BTreeMap<String, String>) -> JsonMap {
    let read = |text: &str| serde_json::from_str::<JsonMap>(text).unwrap_or_default();
    let mut all = attributes.map(read).unwrap_or_default();
    for (key, text) in texts {
        if all.get(&key).is_none_or(|value| searched(value) != text) {
            all.insert(key, Json::String(text));
        }
    }
    all
}

fn hit(row: Row<'_>, wanted: &[f32], with_vector: bool) -> Option<Hit> {
    let vector = row.vector(VECTOR)?;
    Some(Hit {
        id: row.text(ID)?.to_owned(),
        text: row.text(TEXT).unwrap_or_default().to_owned(),
        metadata: joined(row.text(ATTRIBUTES), row.map(METADATA).unwrap_or_default()),
        // The scores of LangChain, from 0 to 1.
        score: 0.5 + 0.5 * cosine(wanted, &vector),
        vector: with_vector.then_some(vector),
    })
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths > 0.0 { dot(a, b) / lengths } else { 0.0 }
}

#[async_trait]
impl VectorIndex for CassandraTable {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        let mut session = self.server.open().await?;
        self.ready(&mut session, first.vector.len()).await?;
        for batch in records.chunks(self.batch.clamp(1, MOST_AT_ONCE)) {
            let statements: Vec<Statement> = batch.iter().map(|record| self.insert(record)).collect();
            for answer in session.ask_all(&statements).await? {
                answer.rows().map_err(|fault| fault.at_field("table_name"))?;
            }
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = needs_vector(query.vector, SERVICE)?;
        let limit = i32::try_from(query.limit.min(MOST_HITS)).unwrap_or_default();
        let select = self.select(&vector, limit, query.filter.as_ref());
        let rows = self.found(self.server.open().await?.ask(&select).await?)?;
        let mut hits: Vec<Hit> =
            rows.iter().filter_map(|row| hit(row, &vector, query.with_vectors)).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(hits)
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        self.by_id("DELETE", &ids).await.map(drop)
    }

    async fn known(&self, ids: Vec<String>) -> Result<Vec<String>, Fault> {
        let known = self.by_id("SELECT row_id", &ids).await?;
        Ok(ids.into_iter().zip(known).filter(|(_, is_there)| *is_there).map(|(id, _)| id).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn metadata_is_written_as_cassio_does_and_comes_back_as_it_was() {
        let metadata = json!({
            "text": "a", "whole": 1, "real": 2.5, "big": 1e16, "flag": true, "none": null, "list": [1, "a"],
        });
        let metadata = metadata.as_object().cloned().unwrap();
        let (attributes, texts) = split(&metadata);
        let told: Vec<String> = texts.iter().map(|(key, text)| format!("{key}={text}")).collect();
        assert_eq!(
            told,
            ["big=1e+16", "flag=true", "list=[1, 'a']", "none=null", "real=2.5", "text=a", "whole=1.0"]
        );
        assert_eq!(joined(attributes.as_deref(), texts.clone()), metadata);

        // cassio keeps what is not searched in the first column, and all values as texts.
        let theirs = BTreeMap::from([("n".to_owned(), "1.0".to_owned())]);
        assert_eq!(Json::Object(joined(Some(r#"{"long":"x"}"#), theirs)), json!({ "long": "x", "n": "1.0" }));
        // Somebody changed a value since.
        let changed = BTreeMap::from([("whole".to_owned(), "2.0".to_owned())]);
        assert_eq!(joined(attributes.as_deref(), changed)["whole"], json!("2.0"));
        assert_eq!(split(&JsonMap::new()), (None, BTreeMap::new()));
    }

    #[test]
    fn types_tell_the_length_of_vectors() {
        for (kind, expect) in [
            ("vector<float, 3>", Some(3)),
            ("vector<float,1536>", Some(1536)),
            ("vector<int, 3>", None),
            ("text", None),
        ] {
            assert_eq!(dimension(kind), expect, "{kind}");
        }
    }
}
