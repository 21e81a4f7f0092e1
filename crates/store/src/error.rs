//! What can go wrong, by what the caller can do about it.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
use std::sync::Arc;

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A failure of the store. "Not found" is not one: look-ups return an `Option`.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is locked or not reachable, or its queue of writes is full. Nothing was written.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// A value that must be unique is taken.
    #[error("{0} is taken")]
    Taken(Unique),
    /// A row names an owner or parent that is not there.
    #[error("the row belongs to something that is not there: {0}")]
    Orphan(String),
    /// A text that the database cannot hold: on PostgreSQL one with a NUL character.
    #[error("a text cannot be stored: {0}")]
    Unstorable(String),
    /// A stored row is not what the program writes.
    #[error("a stored {what} cannot be read: {why}")]
    Corrupt { what: &'static str, why: String },
    /// The schema was made by a later release.
    #[error(
        "the database was written by a newer release of langflow (unknown schema steps: {}); \
         start that release, or another database with LANGFLOW_DATABASE_URL",
        .unknown.join(", ")
    )]
    NewerSchema { unknown: Vec<String> },
    /// The database URL or a setting of the store cannot be used.
    #[error("{0}")]
    Config(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The disk refused the log. What was written may be gone after a crash; nothing is acknowledged until a restart.
    #[error("the disk failed, and the database takes no writes until the server is started again")]
    Lost,
    /// A write panicked or ran into its deadline; it was rolled back.
    #[error("a write was given up and rolled back: {0}")]
    GivenUp(String),
    /// Anything else the database said.
    #[error("the database failed: {0}")]
    Database(#[source] Arc<DbErr>),
}

/// What must be unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    Username,
    ApiKey,
    RefreshToken,
    VariableName,
    /// Of a knowledge base.
    KnowledgeName,
    MemoryName,
    ProjectName,
    FlowName,
    FlowEndpoint,
    VersionNumber,
    FileName,
    FilePath,
    RunKey,
    /// An id, or a constraint without a name of its own here.
    Id,
}

impl std::fmt::Display for Unique {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Username => "the username",
            Self::ApiKey => "the API key",
            Self::RefreshToken => "the refresh token",
            Self::VariableName => "the variable name",
            Self::KnowledgeName => "the name of the knowledge base",
            Self::MemoryName => "the name of the memory base",
            Self::ProjectName => "the project name",
            Self::FlowName => "the flow name",
            Self::FlowEndpoint => "the endpoint name",
            Self::VersionNumber => "the version number",
            Self::FileName => "the file name",
            Self::FilePath => "the file path",
            Self::RunKey => "the idempotency key",
            Self::Id => "the id",
        })
    }
}

/// Constraint by the names PostgreSQL and SQLite report.
const CONSTRAINTS: [(&str, &str, Unique); 13] = [
    ("ux_users_username_key", "users.username_key", Unique::Username),
    ("ux_api_keys_key_hash", "api_keys.key_hash", Unique::ApiKey),
    ("ux_sessions_refresh_hash", "sessions.refresh_hash", Unique::RefreshToken),
    ("ux_variables_user_name", "variables.name", Unique::VariableName),
    ("ux_knowledge_bases_name", "knowledge_bases.name", Unique::KnowledgeName),
    ("ux_memory_bases_name", "memory_bases.name", Unique::MemoryName),
    ("ux_projects_user_name", "projects.name", Unique::ProjectName),
    ("ux_flows_user_name", "flows.name", Unique::FlowName),
    ("ux_flows_user_endpoint", "flows.endpoint_name", Unique::FlowEndpoint),
    ("ux_flow_versions_number", "flow_versions.version_number", Unique::VersionNumber),
    ("ux_files_user_name", "files.name", Unique::FileName),
    ("ux_runs_idempotency", "runs.idempotency_key", Unique::RunKey),
    ("ux_files_path", "files.path", Unique::FilePath),
];

impl StoreError {
    /// The same call may succeed later: the database is locked or not reachable.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy(_))
    }

    /// What is taken, if that is the failure.
    pub fn taken(&self) -> Option<Unique> {
        match self {
            Self::Taken(what) => Some(*what),
            _ => None,
        }
    }

    pub(crate) fn corrupt(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Corrupt { what, why: why.to_string() }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(message)) => return Self::Taken(constraint(&message)),
            Some(SqlErr::ForeignKeyConstraintViolation(message)) => return Self::Orphan(message),
            _ => {}
        }
        if sql_state(&error).is_some_and(|state| matches!(&*state, "22021" | "22P05")) {
            return Self::Unstorable("it holds a NUL character".to_owned());
        }
        if matches!(error, DbErr::ConnectionAcquire(_)) || is_busy(&error) {
            return Self::Busy(error.to_string());
        }
        Self::Database(Arc::new(error))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::from(DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))
    }
}

/// The code PostgreSQL gives.
fn sql_state(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return None;
    };
    let database = inner.as_database_error()?;
    database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().map(|error| error.code().to_owned())
}

fn constraint(message: &str) -> Unique {
    CONSTRAINTS
        .iter()
        .find(|(postgres, sqlite, _)| message.contains(postgres) || message.ends_with(sqlite))
        .map_or(Unique::Id, |(_, _, what)| *what)
}

/// SQLite: `SQLITE_BUSY` (5) and `SQLITE_LOCKED` (6) with their extended codes. PostgreSQL: lost or refused
/// connections, a serialisation failure, a deadlock, a lock timeout.
fn is_busy(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))
    | DbErr::Conn(RuntimeErr::SqlxError(inner))) = error
    else {
        return false;
    };
    match &**inner {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                return code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6));
            }
            code.starts_with("08")
                || code.starts_with("57P")
                || matches!(&*code, "40001" | "40P01" | "55P03" | "53300")
        }
        _ => false,
    }
}
