//! Databases that users name in their flows: opened for one statement, which reads only unless the operator
//! allows more.

mod address;
mod cells;
mod pgvector;
mod statement;

use address::{Server, Target};
use futures::{Stream, StreamExt as _};
use langflow_core::capability::VectorIndex;
use langflow_core::run::Egress;
use langflow_core::run::ports::Databases;
use langflow_core::{Fault, FaultKind, Secret, Table, async_trait};
use pgvector::PgCollection;
use sea_orm::sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions as _, Executor as _, Row, SqlSafeStr as _};
use statement::Dialect;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A connection and its statement may take this long.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Most rows and bytes of a result.
const MAX_ROWS: usize = 10_000;
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Most connections at once.
const CONNECTIONS: usize = 16;

/// What the operator allows.
#[derive(Clone, Copy, Debug, Default)]
pub struct ForeignPolicy {
    /// SQLite files of the machine.
    pub local_files: bool,
    /// Statements that change something.
    pub writes: bool,
}

/// Opens databases for single statements, and for vectors.
#[derive(Clone)]
pub struct ForeignDatabases {
    policy: ForeignPolicy,
    egress: Arc<dyn Egress>,
    free: Arc<Semaphore>,
}

impl ForeignDatabases {
    pub fn new(policy: ForeignPolicy, egress: Arc<dyn Egress>) -> Self {
        Self { policy, egress, free: Arc::new(Semaphore::new(CONNECTIONS)) }
    }

    /// Within the bounds on connections and time.
    async fn bounded<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let work = async {
            let _free =
                self.free.acquire().await.map_err(|_| Fault::bug("the bound on connections is gone"))?;
            work.await
        };
        match tokio::time::timeout(TIMEOUT, work).await {
            Ok(result) => result,
            Err(_) => Err(Fault::new(
                FaultKind::Timeout,
                format!("the database did not answer within {} seconds", TIMEOUT.as_secs()),
            )),
        }
    }

    async fn run(&self, url: &Secret, text: &str) -> Result<Table, Fault> {
        let target = address::parse(url.expose())?;
        let dialect = match target {
            Target::Sqlite(_) => Dialect::Sqlite,
            Target::Postgres(_) => Dialect::Postgres,
            Target::MySql(_) => Dialect::MySql,
        };
        let statement = statement::check(text, dialect, self.policy.writes)?;
        match target {
            Target::Sqlite(path) => self.sqlite(path, statement).await,
            Target::Postgres(server) => self.postgres(server, statement).await,
            Target::MySql(server) => self.mysql(server, statement).await,
        }
    }

    async fn sqlite(&self, path: Option<PathBuf>, statement: &str) -> Result<Table, Fault> {
        if !self.policy.local_files {
            return Err(Fault::refused(
                "SQLite databases are files of the server, which flows may not open; an operator can allow them with \
                 LANGFLOW_RESTRICT_LOCAL_FILE_ACCESS=false",
            )
            .at_field("database_url"));
        }
        let options = match path {
            Some(path) => SqliteConnectOptions::new()
                .filename(path)
                .read_only(!self.policy.writes)
                .create_if_missing(self.policy.writes),
            None => SqliteConnectOptions::new().in_memory(true),
        };
        let mut connection = options.connect().await.map_err(connecting)?;
        let table = collect(sqlx::raw_sql(safe(statement)).fetch(&mut connection), cells::sqlite).await;
        close(connection).await;
        table
    }

    async fn postgres(&self, server: Server, statement: &str) -> Result<Table, Fault> {
        let options = self.postgres_server(&server).await?;
        let mut connection = options.connect().await.map_err(connecting)?;
        let table = async {
            // Refuses several statements in one.
            (&mut connection).prepare(safe(statement).into_sql_str()).await.map_err(running)?;
            if !self.policy.writes {
                (&mut connection).execute("BEGIN READ ONLY").await.map_err(running)?;
            }
            collect(sqlx::raw_sql(safe(statement)).fetch(&mut connection), cells::postgres).await
        }
        .await;
        close(connection).await;
        table
    }

    /// How the server of a URL is reached.
    async fn postgres_options(&self, url: &Secret) -> Result<PgConnectOptions, Fault> {
        match address::parse(url.expose())? {
            Target::Postgres(server) => self.postgres_server(&server).await,
            _ => Err(Fault::invalid("this is not the URL of a PostgreSQL database")),
        }
    }

    async fn postgres_server(&self, server: &Server) -> Result<PgConnectOptions, Fault> {
        let address = self.egress.address_of(&server.host).await.map_err(at_url)?;
        let verifies_name = server.ssl_mode.as_deref() == Some("verify-full");
        // The address that was checked, so that the name cannot lead elsewhere in the meantime.
        let host = if verifies_name { server.host.clone() } else { address.to_string() };
        // Everything is said, so that nothing comes from the environment of the server.
        Ok(PgConnectOptions::new_without_pgpass()
            .host(&host)
            .port(server.port.unwrap_or(5432))
            .username(&server.user)
            .password(server.password.expose())
            .database(if server.database.is_empty() { &server.user } else { &server.database })
            .ssl_mode(match server.ssl_mode.as_deref() {
                Some("disable") => PgSslMode::Disable,
                Some("require") => PgSslMode::Require,
                Some("verify-ca") => PgSslMode::VerifyCa,
                Some("verify-full") => PgSslMode::VerifyFull,
                _ => PgSslMode::Prefer,
            }))
    }

    async fn mysql(&self, server: Server, statement: &str) -> Result<Table, Fault> {
        let address = self.egress.address_of(&server.host).await.map_err(at_url)?;
        let verifies_name = server.ssl_mode.as_deref() == Some("verify_identity");
        let host = if verifies_name { server.host.clone() } else { address.to_string() };
        let mut options = MySqlConnectOptions::new()
            .host(&host)
            .port(server.port.unwrap_or(3306))
            .username(&server.user)
            .ssl_mode(match server.ssl_mode.as_deref() {
                Some("disabled") => MySqlSslMode::Disabled,
                Some("required") => MySqlSslMode::Required,
                Some("verify_ca") => MySqlSslMode::VerifyCa,
                Some("verify_identity") => MySqlSslMode::VerifyIdentity,
                _ => MySqlSslMode::Preferred,
            });
        if !server.database.is_empty() {
            options = options.database(&server.database);
        }
        // An empty password would be sent as one, and refused where the account has none.
        if !server.password.is_empty() {
            options = options.password(server.password.expose());
        }
        let mut connection = options.connect().await.map_err(connecting)?;
        let table = async {
            // Refuses several statements in one.
            (&mut connection).prepare(safe(statement).into_sql_str()).await.map_err(running)?;
            if !self.policy.writes {
                (&mut connection).execute("START TRANSACTION READ ONLY").await.map_err(running)?;
            }
            collect(sqlx::raw_sql(safe(statement)).fetch(&mut connection), cells::mysql).await
        }
        .await;
        close(connection).await;
        table
    }
}

#[async_trait]
impl Databases for ForeignDatabases {
    async fn query(&self, url: &Secret, statement: &str) -> Result<Table, Fault> {
        self.bounded(self.run(url, statement)).await
    }

    async fn vectors(&self, url: &Secret, collection: &str) -> Result<Arc<dyn VectorIndex>, Fault> {
        let (url, name) = (url.clone(), collection.to_owned());
        Ok(Arc::new(PgCollection { databases: self.clone(), url, name }))
    }
}

/// The statement is the user's own, for a database of the user's own.
fn safe(statement: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(statement.to_owned())
}

/// Rows as they come, within the bounds.
async fn collect<R: Row>(
    mut rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    cell: impl Fn(&R, usize) -> langflow_core::Json,
) -> Result<Table, Fault> {
    let (mut table, mut count, mut bytes) = (Table::default(), 0, 0);
    while let Some(row) = rows.next().await {
        let row = row.map_err(running)?;
        count += 1;
        if count > MAX_ROWS {
            return Err(Fault::invalid(format!("the result has more than {MAX_ROWS} rows; add a LIMIT"))
                .at_field("query"));
        }
        let mut object = langflow_core::JsonMap::new();
        for (index, column) in row.columns().iter().enumerate() {
            let cell = cell(&row, index);
            bytes += cell.as_str().map_or(16, str::len);
            object.insert(sqlx::Column::name(column).to_owned(), cell);
        }
        if bytes > MAX_BYTES {
            return Err(Fault::invalid(format!("the result is larger than {MAX_BYTES} bytes; select less"))
                .at_field("query"));
        }
        table.push(object);
    }
    Ok(table)
}

/// Whether the other side hears of it does not matter.
async fn close(connection: impl sqlx::Connection) {
    let _ = tokio::time::timeout(Duration::from_secs(1), connection.close()).await;
}

fn at_url(fault: Fault) -> Fault {
    fault.at_field("database_url")
}

fn connecting(error: sqlx::Error) -> Fault {
    let said = match &error {
        sqlx::Error::Database(database) => database.message().to_owned(),
        sqlx::Error::Io(io) => io.kind().to_string(),
        sqlx::Error::Tls(_) => "the encrypted connection failed".to_owned(),
        _ => "the connection failed".to_owned(),
    };
    let kind =
        if matches!(error, sqlx::Error::Database(_)) { FaultKind::Invalid } else { FaultKind::Unavailable };
    Fault::new(kind, format!("An error occurred while connecting to the database: {said}"))
        .at_field("database_url")
        .with_source(error)
}

fn running(error: sqlx::Error) -> Fault {
    let said = match &error {
        sqlx::Error::Database(database) => database.message().to_owned(),
        sqlx::Error::Io(io) => io.kind().to_string(),
        other => other.to_string(),
    };
    let kind = if matches!(error, sqlx::Error::Io(_)) { FaultKind::Unavailable } else { FaultKind::Invalid };
    Fault::new(kind, format!("An error occurred while running the SQL Query: {said}"))
        .at_field("query")
        .with_source(error)
}
