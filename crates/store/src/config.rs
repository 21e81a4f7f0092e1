//! Where the data lives and how hard the store works.

use crate::error::{Result, StoreError};
use std::path::PathBuf;
use std::time::Duration;

/// What [`crate::Store::open`] needs.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://user:password@host/name`, with or
    /// without a Python driver in the scheme, as Langflow writes them.
    pub url: String,
    /// Connections at most: on SQLite those that read (more than 8 gain nothing), on PostgreSQL all.
    pub connections: u32,
    /// `cache_size` of each SQLite connection, as the pragma takes it: pages, or KiB if negative.
    pub cache_size: Option<i64>,
    /// `mmap_size` of each SQLite connection, bytes.
    pub mmap_size: Option<i64>,
    /// Writes that may wait in line (SQLite); one more waits outside until `wait` is over.
    pub queue: usize,
    /// Writes that share one commit at most (SQLite).
    pub group: usize,
    /// What a commit waits for (SQLite).
    pub sync: Sync,
    /// How long to wait for a connection, for a place in the queue, or for a lock of another process.
    pub wait: Duration,
    /// How long one write may take before it is rolled back, so that none holds up the others for ever.
    pub write_limit: Duration,
}

/// How durable an acknowledged write is on SQLite. Both survive the end of the process, however it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sync {
    /// Survives the end of the machine too: an answer waits for the disk. Writers in line share the wait.
    #[default]
    Full,
    /// The machine may lose the last moments when it loses power.
    Normal,
    /// Nothing waits. Only for databases that are thrown away.
    Off,
}

impl StoreConfig {
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: 8,
            cache_size: None,
            mmap_size: None,
            queue: 4096,
            group: 256,
            sync: Sync::Full,
            wait: Duration::from_secs(30),
            write_limit: Duration::from_secs(30),
        }
    }
}

/// A URL, read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Sqlite(PathBuf),
    /// A database of its own that goes with the store.
    Memory,
    Postgres(String),
}

impl Target {
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let Some((scheme, rest)) = url.trim().split_once("://") else {
            return Err(unusable());
        };
        let engine = scheme.split_once('+').map_or(scheme, |(engine, _)| engine);
        match engine {
            "sqlite" => Ok(Self::sqlite(rest)),
            "postgres" | "postgresql" => Ok(Self::Postgres(format!("postgresql://{rest}"))),
            _ => Err(unusable()),
        }
    }

    /// One slash belongs to the URL, a second one to the path: `/rel`, `//abs`.
    fn sqlite(rest: &str) -> Self {
        let path = rest.split_once('?').map_or(rest, |(path, _)| path);
        let path = path.strip_prefix('/').unwrap_or(path);
        match path {
            "" | ":memory:" => Self::Memory,
            _ => Self::Sqlite(PathBuf::from(path)),
        }
    }
}

/// The URL may hold a password, so it is not repeated.
fn unusable() -> StoreError {
    StoreError::Config(
        "LANGFLOW_DATABASE_URL cannot be used: it must read sqlite:///relative/path, sqlite:////absolute/path \
         or postgresql://user:password@host:port/database"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_as_langflow_writes_them() {
        let sqlite = |path: &str| Some(Target::Sqlite(path.into()));
        let postgres = |url: &str| Some(Target::Postgres(url.into()));
        for (url, expected) in [
            ("sqlite:///langflow.db", sqlite("langflow.db")),
            ("sqlite:///./data/langflow.db", sqlite("./data/langflow.db")),
            ("sqlite:////var/lib/langflow.db", sqlite("/var/lib/langflow.db")),
            ("sqlite+aiosqlite:////var/lib/langflow.db?timeout=5", sqlite("/var/lib/langflow.db")),
            ("sqlite://langflow.db", sqlite("langflow.db")),
            ("sqlite://", Some(Target::Memory)),
            ("sqlite:///:memory:", Some(Target::Memory)),
            ("postgres://u:p@h:5432/d", postgres("postgresql://u:p@h:5432/d")),
            (
                "postgresql+psycopg://u:p@h/d?sslmode=require",
                postgres("postgresql://u:p@h/d?sslmode=require"),
            ),
            ("mysql://h/d", None),
            ("langflow.db", None),
            ("", None),
        ] {
            assert_eq!(Target::parse(url).ok(), expected, "{url}");
        }
    }

    #[test]
    fn a_refusal_does_not_repeat_the_password() {
        let error = Target::parse("mysql://u:hunter2@h/d").unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
    }
}
