//! Where data is stored.

use super::section::section;
use langflow_core::Secret;
use serde_json::{Map, Value};

section! {
    /// Where data is stored.
    pub struct Database {
        /// `sqlite:///path/to/file.db` or `postgresql://user:password@host/name`. The default is the SQLite
        /// file `langflow.db` in the folder of `LANGFLOW_CONFIG_DIR`.
        url: Option<Secret> = "LANGFLOW_DATABASE_URL", None;
        /// Connections kept to the database.
        pool_size: u32 = "LANGFLOW_POOL_SIZE", 20;
        /// Further connections under load.
        max_overflow: u32 = "LANGFLOW_MAX_OVERFLOW", 30;
        /// Seconds to wait for a connection or a lock.
        connect_timeout_seconds: u64 = "LANGFLOW_DB_CONNECT_TIMEOUT", 30;
        /// SQLite pragmas as a JSON object. `busy_timeout`, `cache_size` and `mmap_size` are taken over;
        /// journal, foreign keys and durability are fixed, because nothing acknowledged may be lost.
        sqlite_pragmas: Map<String, Value> = "LANGFLOW_SQLITE_PRAGMAS", Map::new();
        /// Try again for a minute if the database cannot be reached at start.
        connection_retry: bool = "LANGFLOW_DATABASE_CONNECTION_RETRY", false;
    }
}
