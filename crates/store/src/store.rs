//! Opening, reading, writing, closing.

use crate::checkpoint::{self, Checkpoints};
use crate::config::{StoreConfig, Sync, Target};
use crate::db::Tx;
use crate::durable::Disk;
use crate::error::{Result, StoreError};
use crate::flows::FlowRef;
use crate::keys::ApiKey;
use crate::migration;
use crate::recent::{Changes, Recent, Topic};
use crate::runs::{self, RunRecord};
use crate::sessions::Session;
use crate::users::User;
use crate::writer::{self, Entry, Job, Pending, Record};
use futures::future::BoxFuture;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sea_orm::sqlx::{ConnectOptions, Pool, Sqlite};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// A reader of SQLite is a thread of its own.
const MAX_READERS: u32 = 8;

/// KiB, as `cache_size` writes it: the indexes that runs touch stay in memory.
const WRITER_CACHE: i64 = -8000;

/// The database. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    reader: DatabaseConnection,
    writes: Writes,
    changes: Arc<Changes>,
    recent: RecentLookups,
    wait: Duration,
    write_limit: Duration,
    /// The folder of a database that goes with the store.
    _folder: Option<TempDir>,
}

/// Answers remembered for a moment.
pub(crate) struct RecentLookups {
    pub keys: Recent<String, (ApiKey, User)>,
    pub sessions: Recent<Uuid, (Session, User)>,
    pub flows: Recent<(Uuid, String), FlowRef>,
}

enum Writes {
    /// SQLite: one writer.
    Queue { line: parking_lot::Mutex<Option<Line>>, db: DatabaseConnection },
    /// PostgreSQL: a transaction for each write.
    Pool,
}

struct Line {
    sender: mpsc::Sender<Entry>,
    task: JoinHandle<()>,
    /// Copies the log into the file.
    copier: JoinHandle<()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.copier.abort();
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the database, makes it where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// A URL that cannot be used, a database that cannot be reached, or one that a newer release has written.
    pub async fn open(config: StoreConfig) -> Result<Self> {
        match Target::parse(&config.url)? {
            Target::Sqlite(path) => Self::open_sqlite(&path, &config, None).await,
            Target::Memory => Self::open_throwaway(config).await,
            Target::Postgres(url) => Self::open_postgres(&url, &config).await,
        }
    }

    /// A database for a test: a file in a folder of its own that goes when the store goes.
    pub async fn open_memory() -> Result<Self> {
        Self::open_throwaway(StoreConfig { connections: 4, ..StoreConfig::new("sqlite://") }).await
    }

    async fn open_throwaway(config: StoreConfig) -> Result<Self> {
        let folder = TempDir::with_prefix("langflow-store-").map_err(|error| no_file(&error))?;
        let path = folder.path().join("langflow.db");
        Self::open_sqlite(&path, &StoreConfig { sync: Sync::Off, ..config }, Some(folder)).await
    }

    async fn open_sqlite(path: &Path, config: &StoreConfig, folder: Option<TempDir>) -> Result<Self> {
        make_private(path).map_err(|error| no_file(&error))?;
        let options = sqlite_options(path, config);
        let writer_cache = config.cache_size.unwrap_or(WRITER_CACHE);
        let writer_options = options.clone().pragma("cache_size", writer_cache.to_string());
        let db = SqlxSqliteConnector::from_sqlx_sqlite_pool(first_pool(&writer_options, config).await?);
        migration::run(&db).await?;
        let mut reader_options = options.pragma("query_only", "ON");
        if let Some(size) = config.cache_size {
            reader_options = reader_options.pragma("cache_size", size.to_string());
        }
        let copier_options = sqlite_options(path, config);
        let readers = sqlite_pool(reader_options, config.connections.min(MAX_READERS), config).await?;
        let reader = SqlxSqliteConnector::from_sqlx_sqlite_pool(readers);

        let changes = Arc::new(Changes::default());
        let (sender, queue) = mpsc::channel(config.queue.max(1));
        let checkpoints = Arc::new(Checkpoints::default());
        let copier = SqlxSqliteConnector::from_sqlx_sqlite_pool(
            SqlitePoolOptions::new().max_connections(1).connect_lazy_with(copier_options),
        );
        let copier = tokio::spawn(checkpoint::serve(copier, checkpoints.clone()));
        let noted = writer::Noted { changes: changes.clone(), checkpoints };
        let disk = match config.sync {
            Sync::Full => disk_beside(&db, path).await?,
            Sync::Normal | Sync::Off => None,
        };
        let serve = writer::serve(db.clone(), noted, disk, queue, config.group.max(1), config.write_limit);
        let task = tokio::spawn(serve);
        let line = parking_lot::Mutex::new(Some(Line { sender, task, copier }));
        Ok(Self::new(reader, Writes::Queue { line, db }, changes, config, folder))
    }

    async fn open_postgres(url: &str, config: &StoreConfig) -> Result<Self> {
        let options: PgConnectOptions =
            url.parse().map_err(|_| StoreError::Config("the PostgreSQL URL cannot be read".to_owned()))?;
        let options =
            options.application_name("langflow").statement_cache_capacity(256).disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(config.connections.max(2))
            .acquire_timeout(config.wait)
            .connect_with(options)
            .await?;
        let db = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        migration::run(&db).await?;
        Ok(Self::new(db, Writes::Pool, Arc::default(), config, None))
    }

    fn new(
        reader: DatabaseConnection,
        writes: Writes,
        changes: Arc<Changes>,
        config: &StoreConfig,
        folder: Option<TempDir>,
    ) -> Self {
        let recent = RecentLookups {
            keys: Recent::new(Topic::Accounts),
            sessions: Recent::new(Topic::Accounts),
            flows: Recent::new(Topic::Flows),
        };
        let (wait, write_limit) = (config.wait, config.write_limit);
        Self {
            inner: Arc::new(Inner { reader, writes, changes, recent, wait, write_limit, _folder: folder }),
        }
    }

    pub(crate) fn recent(&self) -> (&RecentLookups, &Changes) {
        (&self.inner.recent, &self.inner.changes)
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.inner.reader
    }

    /// Runs `work` in a transaction and commits it when it returns `Ok`.
    ///
    /// The answer comes after the commit: what was acknowledged is there after a crash. On `Err`, a panic or
    /// a missed deadline the work is undone, and nothing else with it. A write in line goes to its end even
    /// when the caller stops waiting.
    ///
    /// `work` must do nothing but talk to the database through its [`Tx`]: others wait behind it. To call
    /// the store itself from inside is a deadlock until the deadline. On PostgreSQL a failed statement spoils
    /// the transaction, so return its error rather than try something else.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.write_or(work).await
    }

    /// As [`Store::write`], for work that may refuse with an error of the caller's own.
    pub async fn write_or<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (pending, answer) = Pending::new(work);
        self.enqueue(Box::new(pending)).await?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Stores an ended run with its messages, transactions and builds: all of it or nothing, acknowledged
    /// after the commit. On SQLite, records that wait together are written by the same few statements.
    ///
    /// # Errors
    /// `Taken(Id)` when the run is stored already.
    pub async fn record_run(&self, record: RunRecord) -> Result<()> {
        if let Writes::Pool = &self.inner.writes {
            return self.write(move |tx| Box::pin(async move { runs::record(tx, record).await })).await;
        }
        let (record, answer) = Record::new(record);
        self.line_up(Entry::Record(Box::new(record))).await?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn enqueue(&self, job: Box<dyn Job>) -> Result<()> {
        if let Writes::Pool = &self.inner.writes {
            // A task of its own, so that a caller who leaves does not leave half a transaction.
            tokio::spawn(writer::run_alone(
                self.inner.reader.clone(),
                self.inner.changes.clone(),
                job,
                self.inner.write_limit,
            ));
            return Ok(());
        }
        self.line_up(Entry::Work(job)).await
    }

    async fn line_up(&self, entry: Entry) -> Result<()> {
        let Writes::Queue { line, .. } = &self.inner.writes else { return Err(StoreError::Closed) };
        let sender = line.lock().as_ref().map(|line| line.sender.clone()).ok_or(StoreError::Closed)?;
        sender.send_timeout(entry, self.inner.wait).await.map_err(|error| match error {
            mpsc::error::SendTimeoutError::Timeout(_) => {
                StoreError::Busy("too many writes are waiting".to_owned())
            }
            mpsc::error::SendTimeoutError::Closed(_) => StoreError::Closed,
        })
    }

    /// Asks the database for an answer, for health checks.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.inner.reader.ping().await?)
    }

    /// Whether the data lies in PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.inner.reader.get_database_backend() == DbBackend::Postgres
    }

    /// Whether the database also holds the tables of a Langflow installation. They are left alone.
    pub async fn has_langflow_tables(&self) -> Result<bool> {
        migration::has_table(&self.inner.reader, "alembic_version").await
    }

    /// Writes what waits, then closes all connections. Later calls fail with [`StoreError::Closed`].
    pub async fn close(&self) -> Result<()> {
        if let Writes::Queue { line, db } = &self.inner.writes {
            let line = line.lock().take();
            if let Some(mut line) = line {
                // Without a sender the task ends, once what waits is written.
                line.sender = mpsc::channel(1).0;
                if (&mut line.task).await.is_err() {
                    tracing::error!("the writer of the database had stopped");
                }
            }
            self.inner.reader.close_by_ref().await?;
            db.close_by_ref().await?;
            return Ok(());
        }
        Ok(self.inner.reader.close_by_ref().await?)
    }
}

fn sqlite_options(path: &Path, config: &StoreConfig) -> SqliteConnectOptions {
    let synchronous = match config.sync {
        Sync::Full => SqliteSynchronous::Full,
        Sync::Normal => SqliteSynchronous::Normal,
        Sync::Off => SqliteSynchronous::Off,
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(config.wait)
        // The log is copied into the file beside the writer; this is for when that does not keep up: 64 MiB.
        .pragma("wal_autocheckpoint", "16384")
        // A long log would be read through by every reader.
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    match config.mmap_size {
        Some(size) => options.pragma("mmap_size", size.to_string()),
        None => options,
    }
}

async fn sqlite_pool(options: SqliteConnectOptions, size: u32, config: &StoreConfig) -> Result<Pool<Sqlite>> {
    let pool = SqlitePoolOptions::new()
        .max_connections(size.max(1))
        .acquire_timeout(config.wait)
        // A file does not hang up: no pings, no ends of life.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// Takes the wait for the disk out of the commits of the writer, where the database keeps a log. None: its commits wait.
async fn disk_beside(db: &DatabaseConnection, path: &Path) -> Result<Option<Disk>> {
    let mode = Statement::from_string(DbBackend::Sqlite, "PRAGMA journal_mode");
    let mode = db.query_one_raw(mode).await?.map(|row| row.try_get_by_index::<String>(0)).transpose()?;
    if mode.is_none_or(|mode| !mode.eq_ignore_ascii_case("wal")) {
        return Ok(None);
    }
    let disk = Disk::of_log(path).map_err(|error| no_file(&error))?;
    db.execute_unprepared("PRAGMA synchronous = NORMAL").await?;
    Ok(Some(disk))
}

/// The first connection. A new file is set to have a log, for which SQLite does not wait while another program does
/// the same.
async fn first_pool(options: &SqliteConnectOptions, config: &StoreConfig) -> Result<Pool<Sqlite>> {
    const PAUSE: Duration = Duration::from_millis(20);
    let began = std::time::Instant::now();
    loop {
        match sqlite_pool(options.clone(), 1, config).await {
            Err(StoreError::Busy(_)) if began.elapsed() < config.wait => tokio::time::sleep(PAUSE).await,
            outcome => return outcome,
        }
    }
}

/// Makes the file and its folder, for the owner alone: it holds hashes and encrypted secrets.
fn make_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn no_file(error: &std::io::Error) -> StoreError {
    StoreError::Config(format!("the database file cannot be made: {error}"))
}
