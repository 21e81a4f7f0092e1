//! Runs a case on each database there is.

use langflow_store::{Store, StoreConfig};
use std::future::Future;

/// Runs `case` on a fresh SQLite database and, where there is a server, on a fresh PostgreSQL one.
pub async fn on_both<F, Fut>(case: F)
where
    F: Fn(Store) -> Fut,
    Fut: Future<Output = ()>,
{
    let store = Store::open_memory().await.unwrap();
    case(store.clone()).await;
    store.close().await.unwrap();

    if let Some(database) = Postgres::create().await {
        let store = Store::open(StoreConfig::new(&database.url)).await.unwrap();
        case(store.clone()).await;
        store.close().await.unwrap();
        database.drop().await;
    }
}

/// A database of its own on the server of the tests.
pub struct Postgres {
    pub url: String,
    server: sea_orm::DatabaseConnection,
    name: String,
}

impl Postgres {
    #[expect(
        clippy::disallowed_methods,
        reason = "the address of the test server, and a name nobody else has"
    )]
    pub async fn create() -> Option<Self> {
        use sea_orm::ConnectionTrait;
        let server_url = std::env::var("LANGFLOW_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())?;
        let server = sea_orm::Database::connect(&server_url).await.unwrap();
        let name = format!("langflow_test_{}", uuid::Uuid::new_v4().simple());
        server.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let (base, _) = server_url.rsplit_once('/').unwrap();
        Some(Self { url: format!("{base}/{name}"), server, name })
    }

    pub async fn drop(self) {
        use sea_orm::ConnectionTrait;
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        self.server.execute_unprepared(&sql).await.unwrap();
    }
}
