//! What a write promises.

use crate::make::{a_project, a_user, at, id, user, write};
use crate::on_both::on_both;
use langflow_store::{Store, StoreConfig, StoreError, Sync, projects, settings, users};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[tokio::test]
async fn a_failed_write_undoes_itself_alone() {
    on_both(|store| async move {
        // The first write holds the writer, so that the others wait and share a transaction.
        let gate = Arc::new(tokio::sync::Notify::new());
        let waiting = gate.clone();
        let first = tokio::spawn({
            let store = store.clone();
            async move {
                store
                    .write(move |_| {
                        Box::pin(async move {
                            waiting.notified().await;
                            Ok(())
                        })
                    })
                    .await
            }
        });
        let others: Vec<_> = (0..20)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let row = a_user(&format!("user-{n}"));
                    store
                        .write(move |tx| {
                            Box::pin(async move {
                                users::insert(tx, &row).await?;
                                match n % 4 {
                                    0 => Err(StoreError::Closed),
                                    1 => panic!("a bug"),
                                    2 => users::insert(tx, &row).await,
                                    _ => Ok(()),
                                }
                            })
                        })
                        .await
                })
            })
            .collect();
        tokio::task::yield_now().await;
        gate.notify_one();
        first.await.unwrap().unwrap();
        let mut kept = 0;
        for (n, other) in others.into_iter().enumerate() {
            let outcome = other.await.unwrap();
            match n % 4 {
                0 => assert!(matches!(outcome, Err(StoreError::Closed))),
                1 => assert!(matches!(outcome, Err(StoreError::GivenUp(_)))),
                2 => assert!(outcome.unwrap_err().taken().is_some()),
                _ => {
                    outcome.unwrap();
                    kept += 1;
                }
            }
        }
        assert_eq!(users::count(&store).await.unwrap(), kept);
    })
    .await;
}

#[tokio::test]
async fn many_writers_lose_nothing() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let project = a_project(&ada, "0");
        let (owner, project_id) = (ada.id, project.id);
        write(&store, move |tx| Box::pin(async move { projects::insert(tx, &project).await })).await;
        let writers: Vec<_> = (0..50)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    write(&store, move |tx| {
                        Box::pin(async move {
                            let mut row = projects::lock(tx, owner, project_id).await?.unwrap();
                            row.name = (row.name.parse::<u32>().unwrap() + 1).to_string();
                            projects::save(tx, &row).await
                        })
                    })
                    .await
                })
            })
            .collect();
        for writer in writers {
            assert!(writer.await.unwrap());
        }
        assert_eq!(projects::find(&store, owner, project_id).await.unwrap().unwrap().name, "50");
    })
    .await;
}

#[tokio::test]
async fn a_write_sees_itself_and_readers_see_it_after_the_commit() {
    on_both(|store| async move {
        let ada = a_user("ada");
        let (copy, outside) = (ada.clone(), store.clone());
        let seen = write(&store, move |tx| {
            Box::pin(async move {
                users::insert(tx, &copy).await?;
                let inside = users::find(tx, copy.id).await?.is_some();
                Ok((inside, users::find(&outside, copy.id).await?.is_some()))
            })
        });
        assert_eq!(seen.await, (true, false));
        assert!(users::find(&store, ada.id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_write_in_line_is_done_even_if_nobody_waits() {
    on_both(|store| async move {
        let ada = a_user("ada");
        let copy = ada.clone();
        {
            let unwatched = store.write(move |tx| Box::pin(async move { users::insert(tx, &copy).await }));
            tokio::pin!(unwatched);
            // Polled once: it is in line. Then dropped.
            assert!(futures::poll!(unwatched.as_mut()).is_pending());
        }
        store.write(|_| Box::pin(async { Ok(()) })).await.unwrap();
        let found = async || users::find(&store, ada.id).await.unwrap().is_some();
        let start = std::time::Instant::now();
        while !found().await {
            assert!(start.elapsed() < Duration::from_secs(20), "the write was lost");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_refusal_of_the_callers_own_undoes_the_write() {
    #[derive(Debug)]
    enum Refused {
        Locked,
        Store,
    }
    impl From<StoreError> for Refused {
        fn from(_: StoreError) -> Self {
            Self::Store
        }
    }
    on_both(|store| async move {
        let refused = store
            .write_or(|tx| {
                Box::pin(async move {
                    settings::put(tx, "k", "v", at(0)).await?;
                    Err::<(), _>(Refused::Locked)
                })
            })
            .await;
        assert!(matches!(refused, Err(Refused::Locked)));
        assert_eq!(settings::get(&store, "k").await.unwrap(), None);
        let ada = user(&store, "ada").await;
        let failed = store
            .write_or(move |tx| Box::pin(async move { Ok::<_, Refused>(users::insert(tx, &ada).await?) }))
            .await;
        assert!(matches!(failed, Err(Refused::Store)));
    })
    .await;
}

#[tokio::test]
async fn a_write_that_hangs_is_given_up_and_the_next_goes_on() {
    let config =
        StoreConfig { write_limit: Duration::from_secs(2), sync: Sync::Off, ..StoreConfig::new("sqlite://") };
    let store = Store::open(config).await.unwrap();
    let row = a_user("ada");
    let hung = store.write(move |tx| {
        Box::pin(async move {
            users::insert(tx, &row).await?;
            std::future::pending().await
        })
    });
    let row = a_user("bob");
    let next = store.write(move |tx| Box::pin(async move { users::insert(tx, &row).await }));
    let (hung, next): (Result<(), _>, _) = tokio::join!(hung, next);
    assert!(matches!(hung, Err(StoreError::GivenUp(_))), "{hung:?}");
    next.unwrap();
    assert_eq!(users::count(&store).await.unwrap(), 1);
}

#[tokio::test]
async fn a_full_line_is_busy_and_nothing_is_written() {
    let config = StoreConfig {
        queue: 1,
        group: 1,
        wait: Duration::from_secs(2),
        sync: Sync::Off,
        ..StoreConfig::new("sqlite://")
    };
    let store = Store::open(config).await.unwrap();
    let gate = Arc::new(tokio::sync::Notify::new());
    let (waiting, begun) = (gate.clone(), Arc::new(tokio::sync::Notify::new()));
    let begins = begun.clone();
    let holder = tokio::spawn({
        let store = store.clone();
        async move {
            store
                .write(move |_| {
                    Box::pin(async move {
                        begins.notify_one();
                        waiting.notified().await;
                        Ok(())
                    })
                })
                .await
        }
    });
    begun.notified().await;
    let ran = Arc::new(AtomicU64::new(0));
    let outcomes = futures::future::join_all((0..3).map(|_| {
        let (store, ran, gate) = (store.clone(), ran.clone(), gate.clone());
        async move {
            let outcome = store
                .write(move |_| {
                    Box::pin(async move {
                        ran.fetch_add(1, Ordering::SeqCst);
                        Ok(())
                    })
                })
                .await;
            if outcome.is_err() {
                gate.notify_one();
            }
            outcome
        }
    }))
    .await;
    holder.await.unwrap().unwrap();
    let busy =
        outcomes.iter().filter(|outcome| outcome.as_ref().is_err_and(StoreError::is_temporary)).count();
    let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count() as u64;
    assert!(busy >= 1 && done >= 1, "{outcomes:?}");
    assert_eq!(ran.load(Ordering::SeqCst), done);
}

#[tokio::test]
async fn closing_writes_what_waits_and_refuses_the_rest() {
    on_both(|store| async move {
        let writes: Vec<_> = (0..10)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let row = a_user(&format!("user-{n}"));
                    store.write(move |tx| Box::pin(async move { users::insert(tx, &row).await })).await
                })
            })
            .collect();
        for write in writes {
            write.await.unwrap().unwrap();
        }
        store.close().await.unwrap();
        let late = store.write(|_| Box::pin(async { Ok(()) })).await;
        assert!(late.is_err());
        assert!(users::find(&store, id()).await.is_err());
    })
    .await;
}
