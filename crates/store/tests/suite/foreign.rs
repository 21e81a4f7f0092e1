//! Databases that users name in their flows.

use langflow_core::run::ports::{CallOptions, Databases as _};
use langflow_core::run::{Egress, Reply};
use langflow_core::{Fault, FaultKind, Secret, async_trait};
use langflow_store::foreign::{ForeignDatabases, ForeignPolicy};
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;

/// Lets databases of this machine be reached, where it is told to.
#[derive(Debug)]
struct Here(bool);

#[async_trait]
impl Egress for Here {
    async fn send(&self, _: http::Request<bytes::Bytes>, _: CallOptions) -> Result<Reply, Fault> {
        Err(Fault::refused("no HTTP here"))
    }

    async fn address_of(&self, host: &str) -> Result<IpAddr, Fault> {
        match host {
            "localhost" | "127.0.0.1" if self.0 => Ok(IpAddr::from([127, 0, 0, 1])),
            _ => Err(Fault::refused(format!("'{host}' is refused"))),
        }
    }
}

async fn ask(policy: ForeignPolicy, url: &str, statement: &str) -> Result<Value, Fault> {
    let databases = ForeignDatabases::new(policy, Arc::new(Here(true)));
    databases.query(&Secret::new(url), statement).await.map(|table| table.to_json())
}

const OPEN: ForeignPolicy = ForeignPolicy { local_files: true, writes: true };
const READING: ForeignPolicy = ForeignPolicy { local_files: true, writes: false };

#[tokio::test]
async fn sqlite_files_are_read_where_the_operator_allows_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:///{}", folder.path().join("shop.db").display());
    for statement in [
        "CREATE TABLE ants (name TEXT, legs INTEGER, weight REAL, data BLOB)",
        "INSERT INTO ants VALUES ('Ada', 6, 0.5, x'00ff'), ('Bo', NULL, 1, x'41')",
    ] {
        assert_eq!(ask(OPEN, &url, statement).await.unwrap(), json!([]));
    }
    let rows = ask(READING, &url, "SELECT * FROM ants ORDER BY name;").await.unwrap();
    assert_eq!(
        rows,
        json!([{"name": "Ada", "legs": 6, "weight": 0.5, "data": "<2 bytes>"},
            {"name": "Bo", "legs": null, "weight": 1.0, "data": "A"}])
    );
    let count = ask(READING, "sqlite://", "WITH a(n) AS (VALUES (1), (2)) SELECT sum(n) AS s FROM a").await;
    assert_eq!(count.unwrap(), json!([{"s": 3}]));
    for (policy, statement, kind, words) in [
        (ForeignPolicy::default(), "SELECT 1", FaultKind::Refused, "LANGFLOW_RESTRICT_LOCAL_FILE_ACCESS"),
        (READING, "DELETE FROM ants", FaultKind::Refused, "LANGFLOW_SQL_WRITES"),
        (READING, "WITH a AS (SELECT 1) INSERT INTO ants(name) SELECT 'x'", FaultKind::Invalid, "readonly"),
        (READING, "SELECT * FROM bees", FaultKind::Invalid, "no such table"),
        (
            READING,
            "SELECT * FROM ants, ants a, ants b, ants c, ants d, ants e, ants f, ants g, ants h, ants i, ants j, ants k, ants l, ants m",
            FaultKind::Invalid,
            "rows",
        ),
    ] {
        let fault = ask(policy, &url, statement).await.unwrap_err();
        assert_eq!(fault.kind(), kind, "{statement}: {fault}");
        assert!(fault.message().contains(words), "{statement}: {fault}");
        assert!(!fault.message().contains(&*folder.path().to_string_lossy()), "{fault}");
    }
    let fault = ask(READING, "sqlite:////no/such/file.db", "SELECT 1").await.unwrap_err();
    assert!(!fault.message().contains("/no/such"), "{fault}");
}

#[tokio::test]
async fn hosts_are_checked_before_they_are_called() {
    for url in ["postgresql://u:secret@10.0.0.1/db", "mysql+pymysql://u:secret@db.internal/x"] {
        let fault = ask(OPEN, url, "SELECT 1").await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Refused, "{fault}");
        assert!(!format!("{fault:?}").contains("secret"), "{fault:?}");
    }
    // Nobody listens on the discard port.
    let fault = ask(OPEN, "postgresql://u:secret@localhost:9/db", "SELECT 1").await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unavailable, "{fault}");
}

#[tokio::test]
async fn postgres_is_read_in_a_transaction_that_cannot_write() {
    let Some(url) = std::env::var_os("LANGFLOW_TEST_POSTGRES_URL") else {
        println!("skipped: LANGFLOW_TEST_POSTGRES_URL names no server");
        return;
    };
    let url = url.to_string_lossy().into_owned();
    let statement = "SELECT 1 AS a, true AS b, 2.5::float8 AS c, 'x'::text AS d, '{\"k\": 1}'::jsonb AS e, NULL::text AS f, \
                     12.50::numeric AS g, DATE '2026-01-02' AS h";
    let rows = ask(READING, &url, statement).await.unwrap();
    assert_eq!(
        rows,
        json!([{"a": 1, "b": true, "c": 2.5, "d": "x", "e": {"k": 1}, "f": null, "g": 12.5, "h": "2026-01-02"}])
    );
    for (statement, words) in [
        ("WITH a AS (SELECT 1) SELECT * INTO ants FROM a", "read-only"),
        ("SELECT 1; SELECT 2", "several"),
        ("SELECT nope", "nope"),
        ("SELECT * FROM generate_series(1, 100000)", "rows"),
    ] {
        let fault = ask(READING, &url, statement).await.unwrap_err();
        assert!(fault.message().contains(words), "{statement}: {fault}");
    }
}

#[tokio::test]
async fn mysql_is_read_in_a_transaction_that_cannot_write() {
    let Some(url) = std::env::var_os("LANGFLOW_TEST_MYSQL_URL") else {
        println!("skipped: LANGFLOW_TEST_MYSQL_URL names no server");
        return;
    };
    let url = url.to_string_lossy().into_owned();
    let statement = "SELECT 1 AS a, 2.5E0 AS c, 'x' AS d, NULL AS f, 12.50 AS g, DATE '2026-01-02' AS h, \
                     x'00ff' AS i, TIME '10:20:30' AS j, 18446744073709551615 AS k";
    let rows = ask(READING, &url, statement).await.unwrap();
    assert_eq!(
        rows,
        json!([{"a": 1, "c": 2.5, "d": "x", "f": null, "g": 12.5, "h": "2026-01-02", "i": "<2 bytes>",
            "j": "10:20:30", "k": 18_446_744_073_709_551_615_u64}])
    );
    for (statement, words) in [
        ("DELETE FROM mysql.user", "LANGFLOW_SQL_WRITES"),
        ("SELECT 1; SELECT 2", "several"),
        ("SELECT nope", "nope"),
        ("SELECT a.seq FROM seq_1_to_100000 a", "rows"),
    ] {
        let fault = ask(READING, &url, statement).await.unwrap_err();
        assert!(fault.message().to_lowercase().contains(&words.to_lowercase()), "{statement}: {fault}");
    }
}
