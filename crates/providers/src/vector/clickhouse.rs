//! ClickHouse over its HTTP interface, in the table of LangChain (`id`, `document`, `embedding`, `metadata`, `uuid`), so
//! that what others put there is found and what is put there others find.
//!
//! Values are bound as parameters of the query; they travel in a form, as vectors are too long for an address.

use super::{ANSWER_BYTES, check_name, floats, needs_vector, text_of, unreadable};
use crate::http::{Call, remote_fault};
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::run::ports::CallOptions;
use langflow_core::{Fault, FaultKind, Json, Secret, async_trait};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

const SERVICE: &str = "ClickHouse";
/// Records of one insertion.
const BATCH: usize = 200;
/// Settings without which some versions refuse the type of the metadata or the index. None is known to all versions.
const EXPERIMENTAL: [&str; 3] = [
    "allow_experimental_json_type",
    "allow_experimental_object_type",
    "allow_experimental_vector_similarity_index",
];
/// Parameters of the address that are no settings.
const RESERVED: [&str; 11] = [
    "query",
    "database",
    "user",
    "password",
    "quota_key",
    "default_format",
    "session_id",
    "session_timeout",
    "query_id",
    "compress",
    "decompress",
];

/// How far apart two vectors are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    Angular,
    Euclidean,
    Manhattan,
    /// Places in which they differ.
    Hamming,
    Dot,
}

impl Metric {
    /// The distance of the column from the parameter `vector`.
    fn distance(self) -> &'static str {
        match self {
            Self::Angular => "cosineDistance(embedding, {vector:Array(Float32)})",
            Self::Euclidean => "L2Distance(embedding, {vector:Array(Float32)})",
            Self::Manhattan => "L1Distance(embedding, {vector:Array(Float32)})",
            Self::Hamming => {
                "toFloat64(arraySum(arrayMap((a, b) -> a != b, embedding, {vector:Array(Float32)})))"
            }
            Self::Dot => "-arraySum(arrayMap((a, b) -> a * b, embedding, {vector:Array(Float32)}))",
        }
    }

    /// Larger is nearer.
    fn score(self, distance: f64) -> f64 {
        match self {
            Self::Angular => 1.0 - distance,
            Self::Dot => -distance,
            Self::Euclidean | Self::Manhattan | Self::Hamming => 1.0 / (1.0 + distance),
        }
    }
}

/// A table; it is made with the first records.
#[derive(Clone, Debug)]
pub struct ClickhouseTable {
    pub base_url: String,
    pub username: String,
    pub password: Secret,
    pub database: String,
    pub table: String,
    pub metric: Metric,
    /// Arguments of the index `vector_similarity` of a new table. Empty: those that fit the metric. `None`: no index,
    /// every search looks at all records.
    pub index: Option<String>,
    /// Settings that go with every search.
    pub search_settings: Vec<(String, String)>,
    pub egress: Arc<dyn Egress>,
}

/// Checks arguments of an index: numbers, and words in single quotes.
///
/// # Errors
/// There is something else between them.
pub fn check_index_arguments(text: &str) -> Result<(), Fault> {
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    let is_good = |argument: &str| {
        let quoted = argument.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        quoted.map_or_else(|| argument.parse::<f64>().is_ok_and(f64::is_finite), is_word)
    };
    match text.split(',').map(str::trim).find(|argument| !is_good(argument)) {
        None => Ok(()),
        Some(wrong) => Err(Fault::invalid(format!(
            "'{wrong}' is no argument of an index: numbers are, and words in single quotes"
        ))),
    }
}

/// Checks the name of a setting.
///
/// # Errors
/// It is the name of something else that ClickHouse reads in an address, or of nothing.
pub fn check_setting(name: &str) -> Result<(), Fault> {
    let is_word = !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    if is_word && !name.starts_with("param_") && !RESERVED.contains(&name) {
        return Ok(());
    }
    Err(Fault::invalid(format!("'{name}' is no setting of a query")))
}

/// A name between backticks.
fn quoted(name: &str, field: &str) -> Result<String, Fault> {
    Ok(format!("`{}`", check_name(name, field)?.replace('\\', "\\\\").replace('`', "\\`")))
}

/// A text as the value of a parameter, which is written as in a file with tabs.
fn text_value(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

/// A list of texts as the value of a parameter.
fn texts_value(texts: &[String]) -> String {
    let quoted: Vec<String> =
        texts.iter().map(|text| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))).collect();
    format!("[{}]", quoted.join(","))
}

fn vector_value(vector: &[f32]) -> String {
    json!(vector).to_string()
}

/// A statement and the values of its parameters, as a form.
struct Form {
    boundary: String,
    body: String,
}

impl Form {
    fn new(statement: &str, values: &[(&str, String)]) -> Self {
        // A digest of all that is sent: no text can hold its own.
        let digest = values.iter().fold(Sha256::new().chain_update(statement), |digest, (name, value)| {
            digest.chain_update(name).chain_update([0]).chain_update(value)
        });
        let boundary = digest.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let mut form = Self { boundary, body: String::new() };
        form.add("query", statement);
        for (name, value) in values {
            form.add(&format!("param_{name}"), value);
        }
        let _ = write!(form.body, "--{}--\r\n", form.boundary);
        form
    }

    fn add(&mut self, name: &str, value: &str) {
        let boundary = &self.boundary;
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        self.body.push_str(&head);
        self.body.push_str(value);
        self.body.push_str("\r\n");
    }
}

impl ClickhouseTable {
    fn name(&self) -> Result<String, Fault> {
        Ok(format!("{}.{}", quoted(&self.database, "database")?, quoted(&self.table, "table")?))
    }

    fn call(&self) -> Call {
        Call::post(&self.base_url)
            .secret_header("x-clickhouse-user", &self.username)
            .secret_header("x-clickhouse-key", self.password.expose())
            // Faults that come late are told by the status then, not in the middle of the rows.
            .query(&[("wait_end_of_query", "1"), ("output_format_json_quote_64bit_integers", "0")])
    }

    async fn send(&self, call: Call) -> Result<Vec<Json>, Fault> {
        let reply = call.send(&*self.egress).await?;
        if !reply.status.is_success() {
            // A statement that is wrong is answered like a server that failed, with the number of what is wrong.
            let told = reply.headers.contains_key("x-clickhouse-exception-code");
            let fault = remote_fault(SERVICE, reply).await;
            return Err(match fault.reply() {
                Some(answer) if told && fault.kind() == FaultKind::Unavailable => {
                    Fault::invalid(format!("{SERVICE} refused: {}", answer.body)).with_reply(answer.clone())
                }
                _ => fault,
            });
        }
        let body = reply.bytes(ANSWER_BYTES).await?;
        let lines =
            body.split(|byte| *byte == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace));
        lines
            .map(|line| serde_json::from_slice(line).map_err(|error| unreadable(SERVICE, &error.to_string())))
            .collect()
    }

    /// Reads rows.
    async fn read(&self, statement: &str, values: &[(&str, String)]) -> Result<Vec<Json>, Fault> {
        let form = Form::new(&format!("{statement} FORMAT JSONEachRow"), values);
        let settings: Vec<(&str, &str)> =
            self.search_settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let kind = format!("multipart/form-data; boundary={}", form.boundary);
        self.send(self.call().query(&settings).body(&kind, form.body)).await
    }

    /// Changes something; once, as nobody knows how far a lost statement came.
    async fn change(&self, call: Call) -> Result<(), Fault> {
        let options = CallOptions { retries: 0, ..CallOptions::default() };
        self.send(call.options(options)).await.map(drop)
    }

    async fn ensure(&self, dimension: usize) -> Result<(), Fault> {
        let name = self.name()?;
        let there = self.read(&format!("EXISTS TABLE {name}"), &[]).await?;
        if there.first().and_then(|row| row.get("result")).and_then(Json::as_u64) == Some(1) {
            return Ok(());
        }
        let wanted: Vec<String> = EXPERIMENTAL.map(str::to_owned).into();
        let values = [("names", texts_value(&wanted))];
        let known = self
            .read("SELECT name FROM system.settings WHERE name IN {names:Array(String)}", &values)
            .await?;
        let known: Vec<String> = known.iter().map(|row| text_of(row.get("name"))).collect();
        let settings: Vec<(&str, &str)> =
            known.iter().filter(|name| wanted.contains(name)).map(|name| (name.as_str(), "1")).collect();
        let index = self.index_clause(dimension)?;
        let statement = format!(
            "CREATE TABLE IF NOT EXISTS {name} (id Nullable(String), document Nullable(String), embedding \
             Array(Float32), metadata JSON, uuid UUID DEFAULT generateUUIDv4(), CONSTRAINT cons_vec_len CHECK \
             length(embedding) = {dimension}{index}) ENGINE = MergeTree ORDER BY uuid"
        );
        self.change(self.call().query(&settings).body("text/plain", statement)).await
    }

    fn index_clause(&self, dimension: usize) -> Result<String, Fault> {
        let Some(given) = self.index.as_deref().map(str::trim) else { return Ok(String::new()) };
        let arguments = match (given, self.metric) {
            ("", Metric::Angular) => format!("'hnsw', 'cosineDistance', {dimension}"),
            ("", Metric::Euclidean) => format!("'hnsw', 'L2Distance', {dimension}"),
            // There is no index for the others.
            ("", _) => return Ok(String::new()),
            (given, _) => {
                check_index_arguments(given)?;
                given.to_owned()
            }
        };
        Ok(format!(", INDEX vec_idx embedding TYPE vector_similarity({arguments})"))
    }

    async fn insert(&self, records: &[VectorRecord]) -> Result<(), Fault> {
        let mut rows = String::new();
        for record in records {
            let row = json!({
                "id": record.id, "document": record.text, "embedding": record.vector, "metadata": record.metadata,
            });
            rows.push_str(&row.to_string());
            rows.push('\n');
        }
        let statement =
            format!("INSERT INTO {} (id, document, embedding, metadata) FORMAT JSONEachRow", self.name()?);
        self.change(self.call().query(&[("query", &statement)]).body("application/x-ndjson", rows)).await
    }
}

/// `Missing` is a table that nobody made yet.
fn none_where_missing(rows: Result<Vec<Json>, Fault>) -> Result<Vec<Json>, Fault> {
    match rows {
        Err(fault) if fault.kind() == FaultKind::Missing => Ok(Vec::new()),
        rows => rows,
    }
}

#[async_trait]
impl VectorIndex for ClickhouseTable {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        self.ensure(first.vector.len()).await?;
        for batch in records.chunks(BATCH) {
            let ids = batch.iter().map(|record| record.id.clone()).collect();
            let known = self.known(ids).await?;
            if !known.is_empty() {
                self.delete(known).await?;
            }
            self.insert(batch).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = needs_vector(query.vector, SERVICE)?;
        let name = self.name()?;
        let filter: Vec<(String, Json)> = match query.filter {
            Some(Json::Object(filter)) => filter.into_iter().collect(),
            _ => Vec::new(),
        };
        let keys: Vec<(String, String)> =
            (0..filter.len()).map(|n| (format!("key{n}"), format!("value{n}"))).collect();
        let mut values = vec![("vector", vector_value(&vector)), ("limit", query.limit.to_string())];
        let mut condition = String::new();
        for ((key, value), (key_name, value_name)) in filter.iter().zip(&keys) {
            let joint = if condition.is_empty() { " WHERE" } else { " AND" };
            let _ = write!(
                condition,
                "{joint} JSONExtractRaw(toJSONString(metadata), {{{key_name}:String}}) = {{{value_name}:String}}"
            );
            values.push((key_name, text_value(key)));
            values.push((value_name, text_value(&value.to_string())));
        }
        let vectors = if query.with_vectors { ", embedding" } else { "" };
        let distance = self.metric.distance();
        let statement = format!(
            "SELECT id, document, toJSONString(metadata) AS about{vectors}, {distance} AS distance FROM \
             {name}{condition} ORDER BY distance ASC LIMIT {{limit:UInt64}}"
        );
        let rows = none_where_missing(self.read(&statement, &values).await)?;
        let hit = |row: &Json| Hit {
            id: text_of(row.get("id")),
            text: text_of(row.get("document")),
            metadata: serde_json::from_str(&text_of(row.get("about"))).unwrap_or_default(),
            score: self.metric.score(row.get("distance").and_then(Json::as_f64).unwrap_or_default()) as f32,
            vector: floats(row.get("embedding")),
        };
        Ok(rows.iter().map(hit).collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        let statement = format!("DELETE FROM {} WHERE id IN {{ids:Array(String)}}", self.name()?);
        for batch in ids.chunks(BATCH) {
            let form = Form::new(&statement, &[("ids", texts_value(batch))]);
            let kind = format!("multipart/form-data; boundary={}", form.boundary);
            // The records are gone when this comes back.
            self.change(self.call().query(&[("mutations_sync", "1")]).body(&kind, form.body)).await?;
        }
        Ok(())
    }

    async fn known(&self, ids: Vec<String>) -> Result<Vec<String>, Fault> {
        let statement = format!("SELECT DISTINCT id FROM {} WHERE id IN {{ids:Array(String)}}", self.name()?);
        let mut known = Vec::new();
        for batch in ids.chunks(BATCH) {
            let rows = none_where_missing(self.read(&statement, &[("ids", texts_value(batch))]).await)?;
            known.extend(rows.iter().map(|row| text_of(row.get("id"))));
        }
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_stay_what_they_are() {
        assert_eq!(quoted(" a`b\\c ", "table").unwrap(), "`a\\`b\\\\c`");
        for wrong in ["", " ", "a\nb", &"x".repeat(300)] {
            assert!(quoted(wrong, "table").is_err(), "{wrong:?}");
        }
        assert_eq!(text_value("a\\b\tc\nd"), "a\\\\b\\tc\\nd");
        assert_eq!(texts_value(&["a'b".into(), "c\\".into()]), r"['a\'b','c\\']");
    }

    #[test]
    fn arguments_of_an_index_are_numbers_and_words() {
        for (text, good) in [
            ("100,'L2Distance'", true),
            ("'hnsw', 'cosineDistance', 3", true),
            ("1.5", true),
            ("", false),
            ("inf", false),
            ("hnsw", false),
            ("'a') GRANULARITY 1; DROP TABLE x --", false),
            ("'it''s'", false),
        ] {
            assert_eq!(check_index_arguments(text).is_ok(), good, "{text}");
        }
        for (name, good) in [
            ("hnsw_candidate_list_size_for_search", true),
            ("param_x", false),
            ("query", false),
            ("a=b", false),
        ] {
            assert_eq!(check_setting(name).is_ok(), good, "{name}");
        }
    }
}
