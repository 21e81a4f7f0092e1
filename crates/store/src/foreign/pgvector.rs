//! Vectors in a PostgreSQL database of a user, in the tables of LangChain (`langchain_pg_collection`,
//! `langchain_pg_embedding`), so that what others put there is found and what is put there others find.

use super::{ForeignDatabases, close, connecting};
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use sea_orm::sqlx::postgres::{PgConnection, PgRow};
use sea_orm::sqlx::{self, Row as _};
use std::fmt;
use uuid::Uuid;

const SERVICE: &str = "PGVector";
/// Hits of one search.
const MOST_HITS: usize = 1_000;
/// Records of one statement.
const BATCH: usize = 200;
const MAKE: [&str; 3] = [
    "CREATE EXTENSION IF NOT EXISTS vector",
    "CREATE TABLE IF NOT EXISTS langchain_pg_collection (uuid UUID PRIMARY KEY, name VARCHAR, cmetadata JSON)",
    "CREATE TABLE IF NOT EXISTS langchain_pg_embedding (uuid UUID PRIMARY KEY, collection_id UUID REFERENCES \
     langchain_pg_collection (uuid) ON DELETE CASCADE, embedding vector, document VARCHAR, cmetadata JSON, custom_id \
     VARCHAR)",
];
/// Programs that make the tables at the same time wait for each other.
const LOCK: i64 = 0x7067_7665_6374_6f72;

/// A collection in a database.
pub(super) struct PgCollection {
    pub databases: ForeignDatabases,
    pub url: Secret,
    pub name: String,
}

impl fmt::Debug for PgCollection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PgCollection {{ {} }}", self.name)
    }
}

fn failed(error: sqlx::Error) -> Fault {
    let (kind, said) = match &error {
        sqlx::Error::Database(database) => (FaultKind::Invalid, database.message().to_owned()),
        sqlx::Error::Io(io) => (FaultKind::Unavailable, io.kind().to_string()),
        other => (FaultKind::Unavailable, other.to_string()),
    };
    Fault::new(kind, format!("{SERVICE}: {said}")).with_source(error)
}

/// A vector as PostgreSQL reads it.
fn text(vector: &[f32]) -> String {
    let numbers: Vec<String> = vector.iter().map(ToString::to_string).collect();
    format!("[{}]", numbers.join(","))
}

impl PgCollection {
    async fn connect(&self) -> Result<PgConnection, Fault> {
        use sqlx::ConnectOptions as _;
        let options = self.databases.postgres_options(&self.url).await?;
        options.connect().await.map_err(connecting)
    }

    /// The id of the collection, if it and the tables are there.
    async fn find(&self, connection: &mut PgConnection) -> Result<Option<Uuid>, Fault> {
        let known: Option<String> = sqlx::query_scalar("SELECT to_regclass('langchain_pg_collection')::text")
            .fetch_one(&mut *connection)
            .await
            .map_err(failed)?;
        if known.is_none() {
            return Ok(None);
        }
        sqlx::query_scalar("SELECT uuid FROM langchain_pg_collection WHERE name = $1")
            .bind(&self.name)
            .fetch_optional(connection)
            .await
            .map_err(failed)
    }

    /// The id of the collection; tables and collection are made where they are not there.
    async fn open(&self, connection: &mut PgConnection) -> Result<Uuid, Fault> {
        if let Some(id) = self.find(connection).await? {
            return Ok(id);
        }
        use sqlx::Connection as _;
        let mut tx = connection.begin().await.map_err(failed)?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *tx).await.map_err(failed)?;
        for statement in MAKE {
            sqlx::query(statement).execute(&mut *tx).await.map_err(failed)?;
        }
        sqlx::query(
            "INSERT INTO langchain_pg_collection (uuid, name, cmetadata) SELECT gen_random_uuid(), $1, 'null' WHERE \
             NOT EXISTS (SELECT 1 FROM langchain_pg_collection WHERE name = $1)",
        )
        .bind(&self.name)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        let made = self.find(connection).await?;
        made.ok_or_else(|| {
            Fault::new(FaultKind::Unavailable, format!("{SERVICE}: the collection was not made"))
        })
    }

    async fn put(&self, connection: &mut PgConnection, records: &[VectorRecord]) -> Result<(), Fault> {
        use sqlx::Connection as _;
        let collection = self.open(connection).await?;
        let clean = |text: &str| text.replace('\0', "");
        let ids: Vec<&str> = records.iter().map(|record| record.id.as_str()).collect();
        let vectors: Vec<String> = records.iter().map(|record| self::text(&record.vector)).collect();
        let texts: Vec<String> = records.iter().map(|record| clean(&record.text)).collect();
        let metadata: Vec<String> = records
            .iter()
            .map(|record| Json::Object(record.metadata.clone()).to_string().replace("\\u0000", ""))
            .collect();
        let mut tx = connection.begin().await.map_err(failed)?;
        // LangChain's table has no key of its own for what a record is called.
        sqlx::query("DELETE FROM langchain_pg_embedding WHERE collection_id = $1 AND custom_id = ANY ($2)")
            .bind(collection)
            .bind(&ids)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        sqlx::query(
            "INSERT INTO langchain_pg_embedding (uuid, collection_id, embedding, document, cmetadata, custom_id) \
             SELECT gen_random_uuid(), $1, embedding::vector, document, cmetadata::json, id FROM \
             UNNEST ($2::text[], $3::text[], $4::text[], $5::text[]) AS new (id, embedding, document, cmetadata)",
        )
        .bind(collection)
        .bind(&ids)
        .bind(&vectors)
        .bind(&texts)
        .bind(&metadata)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn nearest(&self, connection: &mut PgConnection, query: &VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = query.vector.as_deref().ok_or_else(|| {
            Fault::missing(format!("{SERVICE} searches by vector: connect an embedding model"))
                .at_field("embedding")
        })?;
        let Some(collection) = self.find(connection).await? else { return Ok(Vec::new()) };
        let filter = query.filter.as_ref().and_then(Json::as_object).filter(|filter| !filter.is_empty());
        let filter =
            filter.map_or_else(|| "{}".to_owned(), |filter| Json::Object(filter.clone()).to_string());
        let limit = i64::try_from(query.limit.clamp(1, MOST_HITS)).unwrap_or(1);
        let rows = sqlx::query(
            "SELECT COALESCE (custom_id, uuid::text) AS id, document, cmetadata::text AS metadata, embedding::text AS \
             vector, (embedding <=> $2::vector)::float8 AS distance FROM langchain_pg_embedding WHERE collection_id = \
             $1 AND cmetadata::jsonb @> $3::jsonb ORDER BY embedding <=> $2::vector LIMIT $4",
        )
        .bind(collection)
        .bind(text(vector))
        .bind(filter)
        .bind(limit)
        .fetch_all(connection)
        .await
        .map_err(failed)?;
        rows.iter().map(|row| hit(row, query.with_vectors).map_err(failed)).collect()
    }
}

fn hit(row: &PgRow, with_vector: bool) -> Result<Hit, sqlx::Error> {
    let vector: Option<String> = row.try_get("vector")?;
    let metadata: Option<String> = row.try_get("metadata")?;
    Ok(Hit {
        id: row.try_get("id")?,
        text: row.try_get::<Option<String>, _>("document")?.unwrap_or_default(),
        metadata: metadata.and_then(|text| serde_json::from_str::<JsonMap>(&text).ok()).unwrap_or_default(),
        score: 1.0 - row.try_get::<Option<f64>, _>("distance")?.unwrap_or(1.0) as f32,
        vector: vector.filter(|_| with_vector).and_then(|text| serde_json::from_str(&text).ok()),
    })
}

#[async_trait]
impl VectorIndex for PgCollection {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        if records.is_empty() {
            return Ok(());
        }
        self.databases
            .bounded(async {
                let mut connection = self.connect().await?;
                let mut done = Ok(());
                for batch in records.chunks(BATCH) {
                    done = self.put(&mut connection, batch).await;
                    if done.is_err() {
                        break;
                    }
                }
                close(connection).await;
                done
            })
            .await
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        self.databases
            .bounded(async {
                let mut connection = self.connect().await?;
                let found = self.nearest(&mut connection, &query).await;
                close(connection).await;
                found
            })
            .await
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        self.databases
            .bounded(async {
                let mut connection = self.connect().await?;
                let deleted = match self.find(&mut connection).await {
                    Ok(Some(collection)) => {
                        let sql =
                            "DELETE FROM langchain_pg_embedding WHERE collection_id = $1 AND custom_id = ANY ($2)";
                        let work = sqlx::query(sql).bind(collection).bind(&ids).execute(&mut connection);
                        work.await.map(drop).map_err(failed)
                    }
                    Ok(None) => Ok(()),
                    Err(fault) => Err(fault),
                };
                close(connection).await;
                deleted
            })
            .await
    }

    async fn known(&self, ids: Vec<String>) -> Result<Vec<String>, Fault> {
        self.databases
            .bounded(async {
                let mut connection = self.connect().await?;
                let known = match self.find(&mut connection).await {
                    Ok(Some(collection)) => {
                        let sql = "SELECT DISTINCT custom_id FROM langchain_pg_embedding WHERE collection_id = $1 AND \
                                   custom_id = ANY ($2)";
                        let work = sqlx::query_scalar(sql).bind(collection).bind(&ids).fetch_all(&mut connection);
                        work.await.map_err(failed)
                    }
                    Ok(None) => Ok(Vec::new()),
                    Err(fault) => Err(fault),
                };
                close(connection).await;
                known
            })
            .await
    }
}
