//! Putting rows into a knowledge base, and finding them again.

use langflow_core::capability::{Hit, VectorQuery, VectorRecord};
use langflow_core::component::DataLike;
use langflow_core::run::{Cx, Knowledge};
use langflow_core::{Fault, Json, JsonMap, Secret, Table};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;

/// Texts embedded and stored at a time.
const BATCH: usize = 64;
/// Rows of one ingestion.
const MOST_ROWS: usize = 200_000;
/// Results of one search.
const MOST_RESULTS: usize = 1_000;

/// The base that a node names.
pub async fn open(name: &str, key: &Secret, cx: &Cx) -> Result<Knowledge, Fault> {
    if name.trim().is_empty() {
        return Err(Fault::missing("no knowledge base is chosen").at_field("knowledge_base"));
    }
    cx.vectors().knowledge(name.trim(), key).await
}

/// What an ingestion says.
#[derive(Debug)]
pub struct Ingest<'a> {
    pub input: &'a [DataLike],
    pub columns: &'a Json,
    pub allow_duplicates: bool,
    /// A JSON object that stands on every row.
    pub metadata: &'a str,
}

/// Which columns are searched, and which identify a row.
#[derive(Debug, Default)]
struct Columns {
    all: Vec<String>,
    vectorize: Vec<String>,
    identifier: Vec<String>,
}

impl Columns {
    fn read(config: &Json) -> Result<Self, Fault> {
        let mut columns = Self::default();
        for row in config.as_array().into_iter().flatten() {
            let Some(name) = row.get("column_name").and_then(Json::as_str).filter(|name| !name.is_empty())
            else {
                continue;
            };
            columns.all.push(name.to_owned());
            if is_true(row.get("vectorize")) {
                columns.vectorize.push(name.to_owned());
            }
            if is_true(row.get("identifier")) {
                columns.identifier.push(name.to_owned());
            }
        }
        if columns.vectorize.is_empty() {
            return Err(
                Fault::missing("no column is marked to be searched (vectorize)").at_field("column_config")
            );
        }
        Ok(columns)
    }

    fn check(&self, table: &Table) -> Result<(), Fault> {
        let has = |name: &&String| table.columns().contains(name);
        let missing: Vec<&str> = self.all.iter().filter(|name| !has(name)).map(String::as_str).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Fault::invalid(format!(
            "the input has no column {}; it has: {}",
            missing.join(", "),
            table.columns().join(", ")
        ))
        .at_field("column_config"))
    }

    fn record(&self, row: &JsonMap, metadata: &JsonMap) -> VectorRecord {
        let joined = |names: &[String]| {
            let texts = names.iter().filter_map(|name| row.get(name)).map(text).filter(|t| !t.is_empty());
            texts.collect::<Vec<_>>().join(" ")
        };
        let content = joined(&self.vectorize);
        let identity = if self.identifier.is_empty() { content.clone() } else { joined(&self.identifier) };
        let digest = Sha256::digest(identity.as_bytes());
        let id: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut own: JsonMap = row
            .iter()
            .filter(|(name, value)| !self.vectorize.contains(name) && !value.is_null())
            .map(|(name, value)| (name.clone(), json!(text(value))))
            .collect();
        own.insert("_id".into(), json!(id));
        if !metadata.is_empty() {
            own.insert("source_metadata".into(), json!(metadata));
        }
        VectorRecord { id, text: content, vector: Vec::new(), metadata: own }
    }
}

fn is_true(json: Option<&Json>) -> bool {
    match json {
        Some(Json::Bool(yes)) => *yes,
        Some(Json::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

fn text(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// The rows of everything that came in.
fn table(input: &[DataLike]) -> Table {
    let mut rows: Vec<JsonMap> = Vec::new();
    for item in input {
        match item {
            DataLike::Message(message) => {
                rows.push([("text".to_owned(), json!(message.text))].into_iter().collect());
            }
            DataLike::Data(data) => rows.push(data.data.clone()),
            DataLike::Table(table) => rows.extend(table.rows()),
        }
    }
    Table::from_rows(rows)
}

/// Stores rows, and tells what that made.
pub async fn ingest(base: &Knowledge, ask: Ingest<'_>, cx: &Cx) -> Result<JsonMap, Fault> {
    let table = table(ask.input);
    if table.len() > MOST_ROWS {
        return Err(
            Fault::invalid(format!("one ingestion takes at most {MOST_ROWS} rows")).at_field("input_df")
        );
    }
    let columns = Columns::read(ask.columns)?;
    if !table.is_empty() {
        columns.check(&table)?;
    }
    let metadata = object(ask.metadata, "metadata_json")?;
    let mut seen = HashSet::new();
    let (mut created, mut skipped) = (0_usize, 0_usize);
    let mut waiting: Vec<VectorRecord> = Vec::with_capacity(BATCH);
    for row in table.rows() {
        let mut record = columns.record(&row, &metadata);
        if record.text.trim().is_empty() {
            skipped += 1;
            continue;
        }
        if ask.allow_duplicates {
            // Alike rows stay apart.
            record.id = cx.scope().ids.random().to_string();
        } else if !seen.insert(record.id.clone()) {
            skipped += 1;
            continue;
        }
        waiting.push(record);
        if waiting.len() == BATCH {
            let (new, old) = store(base, std::mem::take(&mut waiting), ask.allow_duplicates).await?;
            created += new;
            skipped += old;
        }
    }
    let (new, old) = store(base, waiting, ask.allow_duplicates).await?;
    created += new;
    skipped += old;
    let mut info = JsonMap::new();
    info.insert("kb_id".into(), json!(base.id));
    info.insert("kb_name".into(), json!(base.name));
    info.insert("rows".into(), json!(table.len()));
    info.insert("chunks_created".into(), json!(created));
    info.insert("skipped".into(), json!(skipped));
    info.insert(
        "column_metadata".into(),
        json!({ "total_columns": columns.all.len(), "vectorized": columns.vectorize, "identifiers": columns.identifier }),
    );
    info.insert("path".into(), json!(""));
    info.insert("config_columns".into(), json!(columns.all.len()));
    info.insert("timestamp".into(), json!(cx.clock().now().to_rfc3339()));
    Ok(info)
}

/// Embeds and stores what is not there; gives how many were stored, and how many were there.
async fn store(
    base: &Knowledge,
    mut records: Vec<VectorRecord>,
    allow_duplicates: bool,
) -> Result<(usize, usize), Fault> {
    let before = records.len();
    if !allow_duplicates {
        let ids = records.iter().map(|record| record.id.clone()).collect();
        let known: HashSet<String> = base.index.known(ids).await?.into_iter().collect();
        records.retain(|record| !known.contains(&record.id));
    }
    if records.is_empty() {
        return Ok((0, before));
    }
    let vectors = base.embedder.embed(records.iter().map(|record| record.text.clone()).collect()).await?;
    for (record, vector) in records.iter_mut().zip(vectors) {
        record.vector = vector;
    }
    let stored = records.len();
    base.index.upsert(records).await?;
    Ok((stored, before - stored))
}

/// What a search says.
#[derive(Debug)]
pub struct Retrieve<'a> {
    pub query: &'a str,
    pub top_k: i64,
    pub include_metadata: bool,
    pub include_embeddings: bool,
    /// A JSON object: values that the metadata of a row must have.
    pub filter: &'a str,
}

/// The rows nearest to the query; without a query some rows, without scores.
pub async fn retrieve(base: &Knowledge, ask: Retrieve<'_>) -> Result<Table, Fault> {
    let limit = usize::try_from(ask.top_k).unwrap_or_default().clamp(1, MOST_RESULTS);
    let filter = object(ask.filter, "metadata_filter")?;
    let query = ask.query.trim();
    // The filter reads what users gave, which stands deeper: more are asked for than are wanted.
    let asked = if filter.is_empty() { limit } else { (limit * 20).min(MOST_RESULTS) };
    let hits = if query.is_empty() {
        base.index.some(asked).await?
    } else {
        let vector = base.embedder.embed(vec![query.to_owned()]).await?.into_iter().next();
        let query = VectorQuery {
            vector,
            limit: asked,
            with_vectors: ask.include_embeddings,
            ..VectorQuery::default()
        };
        base.index.search(query).await?
    };
    let found = hits.into_iter().filter(|hit| fits(hit, &filter)).take(limit);
    let shown =
        Shown { score: !query.is_empty(), metadata: ask.include_metadata, vector: ask.include_embeddings };
    Ok(Table::from_rows(found.map(|hit| row(hit, shown))))
}

/// What a search in a memory says.
#[derive(Debug)]
pub struct Recall<'a> {
    pub query: &'a str,
    pub top_k: i64,
    pub include_metadata: bool,
    /// Only what was said in this session.
    pub session_id: Option<&'a str>,
}

/// What is remembered, the nearest to the query first.
pub async fn recall(memory: &Knowledge, ask: Recall<'_>) -> Result<Table, Fault> {
    let query = VectorQuery {
        vector: memory.embedder.embed(vec![ask.query.to_owned()]).await?.into_iter().next(),
        limit: usize::try_from(ask.top_k).unwrap_or_default().clamp(1, MOST_RESULTS),
        filter: ask.session_id.map(|session| json!({ "session_id": session })),
        ..VectorQuery::default()
    };
    let hits = memory.index.search(query).await?;
    let shown = Shown { score: true, metadata: ask.include_metadata, vector: false };
    Ok(Table::from_rows(hits.into_iter().map(|hit| row(hit, shown))))
}

/// What a row shows beside the text.
#[derive(Clone, Copy)]
struct Shown {
    score: bool,
    metadata: bool,
    vector: bool,
}

fn fits(hit: &Hit, filter: &JsonMap) -> bool {
    let users = match hit.metadata.get("source_metadata") {
        Some(Json::Object(map)) => map.clone(),
        Some(Json::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        _ => JsonMap::new(),
    };
    filter.iter().all(|(key, wanted)| {
        let value = users.get(key).or_else(|| hit.metadata.get(key));
        value.is_some_and(|value| match value {
            Json::Array(items) => items.iter().any(|item| text(item) == text(wanted)),
            other => text(other) == text(wanted),
        })
    })
}

fn row(hit: Hit, shown: Shown) -> JsonMap {
    let mut row = JsonMap::new();
    row.insert("content".into(), json!(hit.text));
    if shown.score {
        // Opposite meanings count as unlike, not as less than nothing.
        row.insert("_score".into(), json!(hit.score.clamp(0.0, 1.0)));
    }
    if shown.metadata {
        row.extend(hit.metadata);
    }
    if shown.vector {
        row.insert("_embeddings".into(), json!(hit.vector));
    }
    row
}

fn object(text: &str, field: &str) -> Result<JsonMap, Fault> {
    if text.trim().is_empty() {
        return Ok(JsonMap::new());
    }
    serde_json::from_str(text)
        .map_err(|error| Fault::invalid(format!("this is not a JSON object: {error}")).at_field(field))
}
