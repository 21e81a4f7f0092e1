//! Chunks: texts with their vectors and metadata. Callers have looked the collection up by its owner.

use super::words;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::page::{Page, Window};
use crate::raw::RawJson;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};
use uuid::Uuid;

/// Values of one statement stay below what SQLite takes.
const ROWS_AT_ONCE: usize = 100;

/// A chunk to store.
#[derive(Clone, Debug, PartialEq)]
pub struct NewChunk {
    /// Of the writer; one for each collection.
    pub id: String,
    pub content: String,
    pub metadata: RawJson,
    /// See [`super::to_bytes`].
    pub embedding: Vec<u8>,
}

/// A stored chunk without its vector.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Chunk {
    /// Grows with time.
    pub seq: i64,
    pub id: String,
    pub content: String,
    pub metadata: RawJson,
    pub characters: i64,
}

/// What a search compares.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ScanRow {
    pub seq: i64,
    /// `null` unless asked for.
    pub metadata: RawJson,
    pub embedding: Vec<u8>,
}

/// Sums over a collection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Totals {
    pub chunks: i64,
    pub characters: i64,
    pub words: i64,
    /// Of texts, metadata and vectors.
    pub bytes: i64,
}

fn statement(db: &impl Db, sql: &str, values: Vec<Value>) -> Statement {
    let backend = db.conn().get_database_backend();
    Statement::from_sql_and_values(backend, numbered(sql, backend), values)
}

/// `?` as `$1`, `$2`, … where the database wants that.
fn numbered(sql: &str, backend: DbBackend) -> String {
    if backend != DbBackend::Postgres {
        return sql.to_owned();
    }
    let mut pieces = sql.split('?');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (at, piece) in pieces.enumerate() {
        text.push_str(&format!("${}{piece}", at + 1));
    }
    text
}

/// Stores chunks; one with the id of another takes its place.
pub async fn put(tx: &Tx, collection: Uuid, chunks: &[NewChunk]) -> Result<()> {
    for some in chunks.chunks(ROWS_AT_ONCE) {
        delete(tx, collection, &some.iter().map(|chunk| chunk.id.clone()).collect::<Vec<_>>()).await?;
        let rows = vec!["(?, ?, ?, ?, ?, ?, ?)"; some.len()].join(", ");
        let sql = format!(
            "INSERT INTO vector_chunks (collection_id, id, content, metadata, characters, words, embedding) VALUES \
             {rows}"
        );
        let values = some.iter().flat_map(|chunk| values_of(collection, chunk)).collect();
        tx.inner().execute_raw(statement(tx, &sql, values)).await?;
    }
    Ok(())
}

fn values_of(collection: Uuid, chunk: &NewChunk) -> [Value; 7] {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    [
        collection.into(),
        chunk.id.clone().into(),
        chunk.content.clone().into(),
        chunk.metadata.clone().into(),
        count(chunk.content.chars().count()).into(),
        count(chunk.content.split_whitespace().count()).into(),
        chunk.embedding.clone().into(),
    ]
}

/// Deletes chunks by their ids, and says how many there were.
pub async fn delete(tx: &Tx, collection: Uuid, ids: &[String]) -> Result<u64> {
    let mut gone = 0;
    for some in ids.chunks(ROWS_AT_ONCE) {
        let marks = vec!["?"; some.len()].join(", ");
        let sql = format!("DELETE FROM vector_chunks WHERE collection_id = ? AND id IN ({marks})");
        let mut values: Vec<Value> = vec![collection.into()];
        values.extend(some.iter().map(|id| Value::from(id.clone())));
        gone += tx.inner().execute_raw(statement(tx, &sql, values)).await?.rows_affected();
    }
    Ok(gone)
}

/// Deletes all chunks of a collection.
pub async fn clear(tx: &Tx, collection: Uuid) -> Result<()> {
    let sql = "DELETE FROM vector_chunks WHERE collection_id = ?";
    tx.inner().execute_raw(statement(tx, sql, vec![collection.into()])).await?;
    Ok(())
}

/// Which of these ids are there.
pub async fn known_ids(db: &impl Db, collection: Uuid, ids: &[String]) -> Result<Vec<String>> {
    let mut known = Vec::new();
    for some in ids.chunks(ROWS_AT_ONCE) {
        let marks = vec!["?"; some.len()].join(", ");
        let sql = format!("SELECT id FROM vector_chunks WHERE collection_id = ? AND id IN ({marks})");
        let mut values: Vec<Value> = vec![collection.into()];
        values.extend(some.iter().map(|id| Value::from(id.clone())));
        for row in db.conn().query_all_raw(statement(db, &sql, values)).await? {
            known.push(row.try_get_by_index(0)?);
        }
    }
    Ok(known)
}

/// The next `limit` vectors after `after`, oldest first.
pub async fn scan(
    db: &impl Db,
    collection: Uuid,
    after: i64,
    limit: u64,
    with_metadata: bool,
) -> Result<Vec<ScanRow>> {
    let metadata = if with_metadata { "metadata" } else { "'null' AS metadata" };
    let sql = format!(
        "SELECT seq, {metadata}, embedding FROM vector_chunks WHERE collection_id = ? AND seq > ? ORDER BY seq LIMIT ?"
    );
    let values = vec![collection.into(), after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let rows = db.conn().query_all_raw(statement(db, &sql, values)).await?;
    rows.iter().map(|row| Ok(ScanRow::from_query_result(row, "")?)).collect()
}

/// Chunks by their numbers, in no order.
pub async fn fetch(db: &impl Db, collection: Uuid, seqs: &[i64]) -> Result<Vec<Chunk>> {
    let mut found = Vec::with_capacity(seqs.len());
    for some in seqs.chunks(ROWS_AT_ONCE) {
        let marks = vec!["?"; some.len()].join(", ");
        let sql = format!(
            "SELECT seq, id, content, metadata, characters FROM vector_chunks WHERE collection_id = ? AND seq IN \
             ({marks})"
        );
        let mut values: Vec<Value> = vec![collection.into()];
        values.extend(some.iter().map(|seq| Value::from(*seq)));
        for row in db.conn().query_all_raw(statement(db, &sql, values)).await? {
            found.push(Chunk::from_query_result(&row, "")?);
        }
    }
    Ok(found)
}

/// Vectors by the numbers of their chunks, in no order.
pub async fn vectors(db: &impl Db, collection: Uuid, seqs: &[i64]) -> Result<Vec<(i64, Vec<f32>)>> {
    let mut found = Vec::with_capacity(seqs.len());
    for some in seqs.chunks(ROWS_AT_ONCE) {
        let marks = vec!["?"; some.len()].join(", ");
        let sql =
            format!("SELECT seq, embedding FROM vector_chunks WHERE collection_id = ? AND seq IN ({marks})");
        let mut values: Vec<Value> = vec![collection.into()];
        values.extend(some.iter().map(|seq| Value::from(*seq)));
        for row in db.conn().query_all_raw(statement(db, &sql, values)).await? {
            let bytes: Vec<u8> = row.try_get_by_index(1)?;
            found.push((row.try_get_by_index(0)?, super::from_bytes(&bytes)));
        }
    }
    Ok(found)
}

/// Numbers of the chunks that hold any word of `text`, best first.
pub async fn find_words(db: &impl Db, collection: Uuid, text: &str, limit: u64) -> Result<Vec<i64>> {
    let is_postgres = db.conn().get_database_backend() == DbBackend::Postgres;
    let query = if is_postgres { words::for_postgres(text) } else { words::for_sqlite(text) };
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (sql, values): (&str, Vec<Value>) = if is_postgres {
        (
            "SELECT seq FROM vector_chunks WHERE collection_id = ? AND to_tsvector('simple', left(content, 100000)) \
             @@ to_tsquery('simple', ?) ORDER BY ts_rank(to_tsvector('simple', left(content, 100000)), \
             to_tsquery('simple', ?)) DESC, seq LIMIT ?",
            vec![collection.into(), query.clone().into(), query.into(), limit.into()],
        )
    } else {
        (
            "SELECT c.seq FROM vector_words JOIN vector_chunks c ON c.seq = vector_words.rowid WHERE vector_words \
             MATCH ? AND c.collection_id = ? ORDER BY bm25(vector_words), c.seq LIMIT ?",
            vec![query.into(), collection.into(), limit.into()],
        )
    };
    let rows = db.conn().query_all_raw(statement(db, sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Chunks in the order they came, those whose text holds `search` where it is not empty.
pub async fn list(db: &impl Db, collection: Uuid, search: &str, window: Window) -> Result<Page<Chunk>> {
    let pattern =
        format!("%{}%", search.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let filter = if search.is_empty() { "" } else { " AND lower(content) LIKE ? ESCAPE '\\'" };
    let mut values: Vec<Value> = vec![collection.into()];
    if !search.is_empty() {
        values.push(pattern.into());
    }
    let count = format!("SELECT COUNT(*) FROM vector_chunks WHERE collection_id = ?{filter}");
    let total: i64 = match db.conn().query_one_raw(statement(db, &count, values.clone())).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    let sql = format!(
        "SELECT seq, id, content, metadata, characters FROM vector_chunks WHERE collection_id = ?{filter} ORDER BY seq \
         LIMIT ? OFFSET ?"
    );
    let number = |n: u64| Value::from(i64::try_from(n).unwrap_or(i64::MAX));
    values.push(number(window.limit.unwrap_or(u64::MAX)));
    values.push(number(window.offset));
    let rows = db.conn().query_all_raw(statement(db, &sql, values)).await?;
    let items = rows.iter().map(|row| Ok(Chunk::from_query_result(row, "")?)).collect::<Result<_>>()?;
    Ok(Page { items, total: u64::try_from(total).unwrap_or_default() })
}

/// The metadata of the next `limit` chunks after `after`: `(seq, metadata)`.
pub async fn metadata(db: &impl Db, collection: Uuid, after: i64, limit: u64) -> Result<Vec<(i64, RawJson)>> {
    let sql =
        "SELECT seq, metadata FROM vector_chunks WHERE collection_id = ? AND seq > ? ORDER BY seq LIMIT ?";
    let values = vec![collection.into(), after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let rows = db.conn().query_all_raw(statement(db, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

pub async fn totals(db: &impl Db, collection: Uuid) -> Result<Totals> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS chunks, CAST(COALESCE(SUM(characters), 0) AS BIGINT) AS characters, \
               CAST(COALESCE(SUM(words), 0) AS BIGINT) AS words, CAST(COALESCE(SUM(length(content) + length(metadata) \
               + length(embedding)), 0) AS BIGINT) AS bytes FROM vector_chunks WHERE collection_id = ?";
    match db.conn().query_one_raw(statement(db, sql, vec![collection.into()])).await? {
        Some(row) => Ok(Totals::from_query_result(&row, "")?),
        None => Ok(Totals::default()),
    }
}
