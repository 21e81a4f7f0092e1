//! The schema and its steps. Steps go forward only, and each works beside the release before it.
//!
//! To add one: a file `m<number>_<what>.rs` (with its `.sql` beside it where one text serves both
//! databases) and a line at the end of the list below.

mod m0001_initial;
mod m0002_run_log;
mod m0006_vectors;
mod m0008_approved_code;
mod m0010_memories;
mod m0011_key_runs;
mod m0012_node_times;
mod m0013_suspended_runs;

use crate::error::{Result, StoreError};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// All steps, oldest first.
struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_initial::Migration),
            Box::new(m0002_run_log::Migration),
            Box::new(m0006_vectors::Migration),
            Box::new(m0008_approved_code::Migration),
            Box::new(m0010_memories::Migration),
            Box::new(m0011_key_runs::Migration),
            Box::new(m0012_node_times::Migration),
            Box::new(m0013_suspended_runs::Migration),
        ]
    }
}

/// The number under which programs that migrate at the same time wait for each other (PostgreSQL).
const LOCK: i64 = 0x6c61_6e67_666c_6f77;

/// Brings the schema up to date: all steps in one transaction under a lock, or nothing.
///
/// # Errors
/// [`StoreError::NewerSchema`] when the database knows steps that this program does not.
pub async fn run(db: &DatabaseConnection) -> Result<()> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    refuse_newer(&tx).await?;
    Migrator::up(&tx, None).await?;
    tx.commit().await?;
    Ok(())
}

async fn refuse_newer(db: &impl ConnectionTrait) -> Result<()> {
    if !has_table(db, "seaql_migrations").await? {
        return Ok(());
    }
    let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
    let rows = db
        .query_all_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT version FROM seaql_migrations ORDER BY version",
        ))
        .await?;
    let mut unknown = Vec::new();
    for row in rows {
        let version: String = row.try_get_by_index(0)?;
        if !known.contains(&version) {
            unknown.push(version);
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(StoreError::NewerSchema { unknown }) }
}

/// Whether the database has a table of this name.
pub async fn has_table(db: &impl ConnectionTrait, name: &str) -> Result<bool> {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1"
        }
        _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?",
    };
    Ok(db.query_one_raw(Statement::from_sql_and_values(backend, sql, [name.into()])).await?.is_some())
}
