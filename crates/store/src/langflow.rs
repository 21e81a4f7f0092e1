//! Reading the database of a Langflow installation, to take over what is in it.
//!
//! The schema has moved from release to release, and the two databases keep the same thing in different types:
//! so every column that is there is read as text, by name, and [`ForeignRow`] understands both forms. Nothing is
//! written.

use crate::config::Target;
use crate::error::{Result, StoreError};
use crate::raw::RawJson;
use chrono::{DateTime, NaiveDateTime, Utc};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, QueryResult, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
    Value,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A database of Langflow, open for reading.
pub struct LangflowDatabase {
    db: DatabaseConnection,
}

/// A row: the columns that are there, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignRow(BTreeMap<String, Option<String>>);

impl LangflowDatabase {
    /// Opens the database behind a URL as Langflow takes it.
    ///
    /// # Errors
    /// A URL that cannot be read, a database that cannot be reached, or one without the tables of Langflow.
    pub async fn open(url: &str) -> Result<Self> {
        let db = match Target::parse(url) {
            Ok(Target::Sqlite(path)) => {
                let options = SqliteConnectOptions::new()
                    .filename(&path)
                    .create_if_missing(false)
                    .read_only(true)
                    .pragma("query_only", "ON");
                let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
                SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
            }
            Ok(Target::Postgres(url)) => {
                let options: PgConnectOptions = url.parse().map_err(|_| unusable())?;
                let options = options.options([("default_transaction_read_only", "on"), ("timezone", "UTC")]);
                let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
                SqlxPostgresConnector::from_sqlx_postgres_pool(pool)
            }
            Ok(Target::Memory) | Err(_) => return Err(unusable()),
        };
        let found = Self { db };
        if found.columns("user").await?.iter().any(|column| column == "create_at") {
            return Ok(found);
        }
        Err(StoreError::Config("this is not a database of Langflow: it has no table of its users".into()))
    }

    fn is_postgres(&self) -> bool {
        self.db.get_database_backend() == sea_orm::DbBackend::Postgres
    }

    fn statement(&self, sql: String, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.db.get_database_backend(), sql, values)
    }

    /// Columns of a table; none if it is not there.
    async fn columns(&self, table: &str) -> Result<Vec<String>> {
        let sql = if self.is_postgres() {
            "SELECT column_name::text AS name FROM information_schema.columns \
             WHERE table_name = $1 AND table_schema = ANY (current_schemas(false))"
        } else {
            "SELECT name FROM pragma_table_info($1)"
        };
        let rows = self.db.query_all_raw(self.statement(sql.to_owned(), vec![table.into()])).await?;
        rows.iter().map(|row| Ok(row.try_get("", "name")?)).collect()
    }

    /// How many rows a table has; 0 if it is not there.
    pub async fn count(&self, table: &str) -> Result<u64> {
        if self.columns(table).await?.is_empty() {
            return Ok(0);
        }
        let sql = format!("SELECT COUNT(*) AS n FROM {}", quoted(table));
        let row = self.db.query_one_raw(self.statement(sql, vec![])).await?;
        let count: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
        Ok(count.unsigned_abs())
    }

    /// The next rows of a table in the order of its column `key`, which holds a UUID of its own for every row, after
    /// the one with `after` there; none if there is no such table.
    pub async fn page(
        &self,
        table: &str,
        key: &str,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<ForeignRow>> {
        let columns = self.columns(table).await?;
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: Vec<String> =
            columns.iter().map(|column| format!("CAST({0} AS TEXT) AS {0}", quoted(column))).collect();
        let (table, key) = (quoted(table), quoted(key));
        let (condition, values) = match after {
            None => (String::new(), vec![]),
            Some(id) if self.is_postgres() => (format!(" WHERE {key} > CAST($1 AS uuid)"), vec![id.into()]),
            Some(id) => (format!(" WHERE {key} > $1"), vec![id.into()]),
        };
        let sql = format!(
            "SELECT {} FROM {table}{condition} ORDER BY {table}.{key} LIMIT {limit}",
            wanted.join(", ")
        );
        let rows = self.db.query_all_raw(self.statement(sql, values)).await?;
        rows.iter().map(|row| read(row, &columns)).collect()
    }

    /// Closes the connection.
    pub async fn close(&self) -> Result<()> {
        Ok(self.db.close_by_ref().await?)
    }
}

impl std::fmt::Debug for LangflowDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LangflowDatabase")
    }
}

fn unusable() -> StoreError {
    StoreError::Config(
        "the address of the database to import cannot be used: it must read sqlite:////absolute/path or \
         postgresql://user:password@host:port/database"
            .to_owned(),
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn read(row: &QueryResult, columns: &[String]) -> Result<ForeignRow> {
    let cells = columns.iter().map(|column| Ok((column.clone(), row.try_get("", column)?)));
    Ok(ForeignRow(cells.collect::<Result<_>>()?))
}

impl ForeignRow {
    /// A row made by hand, for tests.
    pub fn of<'a>(cells: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(cells.into_iter().map(|(name, text)| (name.to_owned(), Some(text.to_owned()))).collect())
    }

    /// `None`: the column is not there, or holds nothing.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.0.get(column)?.as_deref()
    }

    /// The text of a column that Langflow always fills; empty if it did not.
    pub fn string(&self, column: &str) -> String {
        self.text(column).unwrap_or_default().to_owned()
    }

    /// With or without hyphens.
    pub fn uuid(&self, column: &str) -> Option<Uuid> {
        Uuid::try_parse(self.text(column)?.trim()).ok()
    }

    /// SQLite keeps 0 and 1, PostgreSQL says true and false.
    pub fn flag(&self, column: &str) -> Option<bool> {
        match self.text(column)?.to_ascii_lowercase().as_str() {
            "1" | "t" | "true" => Some(true),
            "0" | "f" | "false" => Some(false),
            _ => None,
        }
    }

    pub fn number(&self, column: &str) -> Option<i64> {
        self.text(column)?.trim().parse().ok()
    }

    /// A time; without an offset it is UTC.
    pub fn time(&self, column: &str) -> Option<DateTime<Utc>> {
        let text = self.text(column)?.trim().replacen('T', " ", 1);
        let with_offset = DateTime::parse_from_str(&text.replace('Z', "+00"), "%Y-%m-%d %H:%M:%S%.f%#z");
        if let Ok(time) = with_offset {
            return Some(time.to_utc());
        }
        NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f").ok().map(|time| time.and_utc())
    }

    /// JSON as it was written; a JSON `null` counts as nothing, and so does what is no JSON.
    pub fn json(&self, column: &str) -> Option<RawJson> {
        let raw = RawJson::parse(self.text(column)?.to_owned()).ok()?;
        (raw.get().trim() != "null").then_some(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_forms_are_understood() {
        let sqlite = ForeignRow::of([
            ("id", "f07c74f00e49430d9327d43325efc59b"),
            ("is_active", "1"),
            ("create_at", "2026-11-24 17:53:22.468783"),
            ("optins", "null"),
        ]);
        let postgres = ForeignRow::of([
            ("id", "f07c74f0-0e49-430d-9327-d43325efc59b"),
            ("is_active", "true"),
            ("create_at", "2026-11-24 17:53:22.468783+00"),
            ("optins", "{\"a\": 1.0}"),
        ]);
        assert_eq!(sqlite.uuid("id"), postgres.uuid("id"));
        assert!(sqlite.uuid("id").is_some());
        assert_eq!((sqlite.flag("is_active"), postgres.flag("is_active")), (Some(true), Some(true)));
        assert_eq!(sqlite.time("create_at"), postgres.time("create_at"));
        assert!(sqlite.time("create_at").is_some());
        assert_eq!(sqlite.json("optins"), None);
        assert_eq!(postgres.json("optins").unwrap().get(), "{\"a\": 1.0}");
        for (text, seconds) in
            [("2026-11-24T17:53:22Z", 22), ("2026-11-24 17:53:22", 22), ("2026-11-24 17:53:22.5+0100", 22)]
        {
            let row = ForeignRow::of([("at", text)]);
            assert_eq!(row.time("at").map(|at| chrono::Timelike::second(&at)), Some(seconds), "{text}");
        }
        assert_eq!(ForeignRow::default().text("nothing"), None);
    }
}
