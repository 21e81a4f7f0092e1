//! Opening a database: new, again, newer, somebody else's.

use crate::make::{user, write};
use crate::on_both::Postgres;
use langflow_store::{Store, StoreConfig, StoreError, users};
use sea_orm::ConnectionTrait;

pub async fn open(url: &str) -> Store {
    Store::open(StoreConfig::new(url)).await.unwrap()
}

/// A URL for each database there is, and what keeps them alive.
async fn urls() -> (tempfile::TempDir, Option<Postgres>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/langflow.db");
    let postgres = Postgres::create().await;
    let mut urls = vec![format!("sqlite:///{}", path.display())];
    urls.extend(postgres.as_ref().map(|database| database.url.clone()));
    (folder, postgres, urls)
}

/// A plain connection, as another program would make it.
async fn stranger(url: &str) -> sea_orm::DatabaseConnection {
    sea_orm::Database::connect(url.replacen("sqlite:///", "sqlite://", 1)).await.unwrap()
}

#[tokio::test]
async fn opening_again_finds_what_was_there() {
    let (_folder, postgres, urls) = urls().await;
    for url in urls {
        let store = open(&url).await;
        let ada = user(&store, "ada").await;
        store.close().await.unwrap();
        let store = open(&url).await;
        assert_eq!(users::find(&store, ada.id).await.unwrap(), Some(ada));
        store.ping().await.unwrap();
        store.close().await.unwrap();
    }
    if let Some(database) = postgres {
        database.drop().await;
    }
}

#[tokio::test]
async fn programs_that_start_at_once_migrate_once() {
    let (_folder, postgres, urls) = urls().await;
    for url in urls {
        let stores = futures::future::join_all((0..4).map(|_| open(&url))).await;
        for (n, store) in stores.iter().enumerate() {
            user(store, &format!("user-{n}")).await;
        }
        assert_eq!(users::count(&stores[0]).await.unwrap(), 4);
        for store in stores {
            store.close().await.unwrap();
        }
    }
    if let Some(database) = postgres {
        database.drop().await;
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let (_folder, postgres, urls) = urls().await;
    for url in urls {
        open(&url).await.close().await.unwrap();
        let db = stranger(&url).await;
        db.execute_unprepared(
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 1)",
        )
        .await
        .unwrap();
        let error = Store::open(StoreConfig::new(&url)).await.unwrap_err();
        assert!(
            matches!(&error, StoreError::NewerSchema { unknown } if unknown == &["m9999_future"]),
            "{error}"
        );
        assert!(error.to_string().contains("newer release"), "{error}");
        db.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm9999_future'").await.unwrap();
        open(&url).await.close().await.unwrap();
        db.close().await.unwrap();
    }
    if let Some(database) = postgres {
        database.drop().await;
    }
}

#[tokio::test]
async fn tables_of_langflow_are_seen_and_left_alone() {
    let (_folder, postgres, urls) = urls().await;
    for url in urls {
        let store = open(&url).await;
        assert!(!store.has_langflow_tables().await.unwrap());
        let db = stranger(&url).await;
        db.execute_unprepared("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
            .await
            .unwrap();
        assert!(store.has_langflow_tables().await.unwrap());
        db.close().await.unwrap();
        store.close().await.unwrap();
    }
    if let Some(database) = postgres {
        database.drop().await;
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "this is not a database, it is a text of more than a few bytes").unwrap();
    for (url, part) in [
        ("mysql://x/y".to_owned(), "LANGFLOW_DATABASE_URL"),
        (format!("sqlite:///{}/below/langflow.db", file.display()), "cannot be made"),
        (format!("sqlite:///{}", file.display()), "not a database"),
    ] {
        let error = Store::open(StoreConfig::new(&url)).await.unwrap_err();
        assert!(error.to_string().contains(part), "{url}: {error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("langflow.db");
    let store = open(&format!("sqlite:///{}", path.display())).await;
    user(&store, "ada").await;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.path().display());
    }
}

#[tokio::test]
async fn a_database_for_a_test_goes_with_its_store() {
    let one = Store::open_memory().await.unwrap();
    let other = Store::open(StoreConfig::new("sqlite://")).await.unwrap();
    user(&one, "ada").await;
    assert_eq!((users::count(&one).await.unwrap(), users::count(&other).await.unwrap()), (1, 0));
    write(&other, |_| Box::pin(async { Ok(()) })).await;
}
