//! A process that is killed in the middle of its writes.

use crate::make::{a_user, id, write};
use langflow_store::{Store, StoreConfig, users};
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Where the child writes. Set only by the test below.
const URL: &str = "LANGFLOW_TEST_CRASH_URL";

/// Ways to end: the number of acknowledged writes after which the child is killed.
const ROUNDS: [usize; 5] = [1, 10, 60, 150, 300];

#[test]
fn acknowledged_writes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("langflow.db");
    let url = format!("sqlite:///{}", path.display());
    let mut acknowledged = BTreeSet::new();
    for round in ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child_that_writes", "--ignored", "--nocapture"])
            .env(URL, &url)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut count = 0;
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let Ok(line) = line else { break };
            let Some(name) = line.split_once("wrote ").map(|(_, name)| name.to_owned()) else { continue };
            acknowledged.insert(name);
            count += 1;
            if count == round {
                // SIGKILL.
                child.kill().unwrap();
            }
        }
        assert!(!child.wait().unwrap().success());
        assert!(count >= round);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(StoreConfig::new(&url)).await.unwrap();
        let page = users::list(&store, &Default::default()).await.unwrap();
        let stored: BTreeSet<_> = page.items.into_iter().map(|user| user.username).collect();
        let lost: Vec<_> = acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "{} of {} lost", lost.len(), acknowledged.len());
        // Each write is a pair of rows; none may stand alone.
        for name in stored.iter().filter(|name| name.ends_with(".a")) {
            assert!(stored.contains(&name.replace(".a", ".b")), "{name} is half");
        }
        store.close().await.unwrap();
        let db = sea_orm::Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
        let row = db
            .query_one_raw(sea_orm::Statement::from_string(
                db.get_database_backend(),
                "PRAGMA integrity_check",
            ))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "ok");
    });
}

/// Not a test: the other side of the one above. Writes from many tasks and says each one once it is
/// acknowledged, until it is killed.
#[test]
#[ignore = "run by acknowledged_writes_survive_a_kill"]
#[expect(clippy::disallowed_methods, reason = "told where by the parent")]
fn child_that_writes() {
    let Ok(url) = std::env::var(URL) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(StoreConfig::new(&url)).await.unwrap();
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    // A bound, should nobody kill it.
                    for _ in 0..10_000 {
                        let base = id();
                        let (a, b) = (a_user(&format!("{base}.a")), a_user(&format!("{base}.b")));
                        write(&store, move |tx| {
                            Box::pin(async move {
                                users::insert(tx, &a).await?;
                                users::insert(tx, &b).await
                            })
                        })
                        .await;
                        println!("wrote {base}.a");
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}
