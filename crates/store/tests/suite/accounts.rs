//! Users, sessions, keys, variables.

use crate::make::{
    a_flow, a_key, a_message, a_session, a_user, a_variable, at, flow, id, project, raw, taken, user, write,
};
use crate::on_both::on_both;
use langflow_store::keys::{self, KeyUse};
use langflow_store::users::{self, UserFilter};
use langflow_store::{Unique, Window, flows, messages, projects, sessions, variables};

#[tokio::test]
async fn a_user_reads_back_as_written() {
    on_both(|store| async move {
        let mut ada = user(&store, "Ada").await;
        ada.optins = Some(raw(r#"{"b": 1,  "a": 1e2}"#));
        ada.last_login_at = Some(at(7));
        let copy = ada.clone();
        assert!(write(&store, move |tx| Box::pin(async move { users::save(tx, &copy).await })).await);
        assert_eq!(users::find(&store, ada.id).await.unwrap(), Some(ada.clone()));
        assert_eq!(users::find_by_name(&store, "Ada").await.unwrap(), Some(ada.clone()));
        assert_eq!(users::find_by_name(&store, "ada").await.unwrap(), None);
        assert_eq!(users::find_by_any_case(&store, "aDA").await.unwrap(), Some(ada));
    })
    .await;
}

#[tokio::test]
async fn usernames_differ_by_more_than_case() {
    on_both(|store| async move {
        user(&store, "Ünal").await;
        let twin = a_user("üNAL");
        let refused = store.write(move |tx| Box::pin(async move { users::insert(tx, &twin).await })).await;
        assert_eq!(taken(refused), Unique::Username);
    })
    .await;
}

#[tokio::test]
async fn users_are_searched_and_paged() {
    on_both(|store| async move {
        for name in ["carol", "alice", "Malice", "bob", "al_ice"] {
            user(&store, name).await;
        }
        let names = async |search: &str, window| {
            let filter = UserFilter { search: Some(search.into()), window, ..UserFilter::default() };
            let page = users::list(&store, &filter).await.unwrap();
            let mut names: Vec<_> = page.items.into_iter().map(|user| user.username).collect();
            names.sort();
            (names, page.total)
        };
        assert_eq!(names("LICE", Window::default()).await, (vec!["Malice".into(), "alice".into()], 2));
        assert_eq!(names("l_i", Window::default()).await, (vec!["al_ice".into()], 1));
        assert_eq!(names("%", Window::default()).await, (vec![], 0));
        let (page, total) = names("", Window::new(2, 2)).await;
        assert_eq!((page.len(), total), (2, 5));
        let (page, total) = names("", Window::new(2, 9)).await;
        assert_eq!((page.len(), total), (0, 5));
        let (page, total) = names("", Window { limit: None, offset: 4 }).await;
        assert_eq!((page.len(), total), (1, 5));
    })
    .await;
}

#[tokio::test]
async fn the_last_superuser_is_known() {
    on_both(|store| async move {
        let mut root = a_user("root");
        root.is_superuser = true;
        let mut sleeping = a_user("sleeping");
        sleeping.is_superuser = true;
        sleeping.is_active = false;
        let rows = [root.clone(), sleeping.clone()];
        write(&store, move |tx| {
            Box::pin(async move {
                for row in &rows {
                    users::insert(tx, row).await?;
                }
                Ok(())
            })
        })
        .await;
        assert_eq!(users::find_superuser(&store).await.unwrap().unwrap().id, root.id);
        let other = async |id| {
            write(&store, move |tx| Box::pin(async move { users::has_other_superuser(tx, id).await })).await
        };
        assert!(!other(root.id).await);
        assert!(other(sleeping.id).await);
    })
    .await;
}

#[tokio::test]
async fn deleting_a_user_takes_all_that_is_theirs_and_nothing_else() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        for owner in [&ada, &bob] {
            let project = project(&store, owner, "P").await;
            let mut one = a_flow(owner, "F");
            one.project_id = Some(project.id);
            let one = flow(&store, one).await;
            let (session, key) = (a_session(owner, &id().to_string()), a_key(owner, &id().to_string()));
            let (variable, message) = (a_variable(owner, "V", "x"), a_message(owner, one.id, "s", 0, "hi"));
            write(&store, move |tx| {
                Box::pin(async move {
                    sessions::insert(tx, &session).await?;
                    keys::insert(tx, &key).await?;
                    variables::insert(tx, &variable).await?;
                    messages::save(tx, &[message]).await
                })
            })
            .await;
        }
        let gone = ada.id;
        assert!(write(&store, move |tx| Box::pin(async move { users::delete(tx, gone).await })).await);
        assert!(!write(&store, move |tx| Box::pin(async move { users::delete(tx, gone).await })).await);
        for (owner, left) in [(ada.id, 0), (bob.id, 1)] {
            assert_eq!(sessions::list(&store, owner).await.unwrap().len(), left);
            assert_eq!(keys::list(&store, owner).await.unwrap().len(), left);
            assert_eq!(variables::list(&store, owner).await.unwrap().len(), left);
            assert_eq!(projects::list(&store, owner).await.unwrap().len(), left);
            assert_eq!(flows::list(&store, owner, &Default::default()).await.unwrap().items.len(), left);
            let listed = messages::list_newest(&store, owner, &Default::default()).await.unwrap();
            assert_eq!(listed.items.len(), left);
        }
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_is_turned_once() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let session = a_session(&ada, "first");
        let sid = session.id;
        write(&store, move |tx| Box::pin(async move { sessions::insert(tx, &session).await })).await;
        let turn = async |old: &'static str, new: &'static str| {
            write(&store, move |tx| {
                Box::pin(async move { sessions::rotate(tx, sid, old, new, at(5), at(900)).await })
            })
            .await
        };
        assert!(turn("first", "second").await);
        assert!(!turn("first", "third").await, "somebody was faster");
        for hash in ["first", "second"] {
            let (found, owner) = sessions::find_by_refresh_hash(&store, hash).await.unwrap().unwrap();
            assert_eq!((found.id, owner.id), (sid, ada.id));
            assert_eq!(found.refresh_hash, "second");
            assert_eq!((found.rotated_at, found.expires_at), (Some(at(5)), at(900)));
        }
        assert!(sessions::find_by_refresh_hash(&store, "third").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn sessions_end_one_all_or_when_they_run_out() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let rows: Vec<_> = ["a", "b", "c"].iter().map(|hash| a_session(&ada, hash)).collect();
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut late = a_session(&bob, "d");
        late.expires_at = at(601);
        write(&store, move |tx| {
            Box::pin(async move {
                for row in rows.iter().chain([&late]) {
                    sessions::insert(tx, row).await?;
                }
                Ok(())
            })
        })
        .await;
        let (first, second) = (ids[0], ids[1]);
        let stranger = bob.id;
        let own = ada.id;
        let ended = async |owner, id| {
            write(&store, move |tx| Box::pin(async move { sessions::delete(tx, owner, id).await })).await
        };
        assert!(!ended(stranger, first).await);
        assert!(ended(own, first).await);
        let left = write(&store, move |tx| {
            Box::pin(async move { sessions::delete_of_user(tx, own, Some(second)).await })
        });
        assert_eq!(left.await, 1);
        assert_eq!(sessions::list(&store, own).await.unwrap().len(), 1);
        let swept =
            write(&store, move |tx| Box::pin(async move { sessions::delete_expired(tx, at(600)).await }));
        assert_eq!(swept.await, 1);
        assert_eq!(sessions::list(&store, stranger).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_key_is_found_with_its_user_and_counts() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let mut key = a_key(&ada, "h1");
        key.scopes = Some(raw(r#"["run"]"#));
        let (copy, twin) = (key.clone(), a_key(&ada, "h1"));
        write(&store, move |tx| Box::pin(async move { keys::insert(tx, &copy).await })).await;
        let refused = store.write(move |tx| Box::pin(async move { keys::insert(tx, &twin).await })).await;
        assert_eq!(taken(refused), Unique::ApiKey);

        let uses = [
            KeyUse { id: key.id, count: 3, last_used_at: at(1) },
            KeyUse { id: key.id, count: 4, last_used_at: at(2) },
        ];
        write(&store, move |tx| Box::pin(async move { keys::record_uses(tx, &uses).await })).await;
        key.name = Some("renamed".into());
        let stale = key.clone();
        assert!(write(&store, move |tx| Box::pin(async move { keys::save(tx, &stale).await })).await);

        let (found, owner) = keys::find_by_hash(&store, "h1").await.unwrap().unwrap();
        key.total_uses = 7;
        key.last_used_at = Some(at(2));
        assert_eq!((found, owner), (key, ada), "a save does not turn the counter back");
        assert!(keys::find_by_hash(&store, "h2").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_is_somebody_elses_is_not_there() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let (key, variable) = (a_key(&ada, "h"), a_variable(&ada, "V", "secret"));
        let (key_id, variable_id) = (key.id, variable.id);
        let stolen_key = keys::ApiKey { user_id: bob.id, ..key.clone() };
        let stolen_variable = variables::Variable { user_id: bob.id, ..variable.clone() };
        write(&store, move |tx| {
            Box::pin(async move {
                keys::insert(tx, &key).await?;
                variables::insert(tx, &variable).await
            })
        })
        .await;
        let thief = bob.id;
        assert!(keys::find(&store, thief, key_id).await.unwrap().is_none());
        assert!(variables::find(&store, thief, variable_id).await.unwrap().is_none());
        assert!(variables::find_by_name(&store, thief, "V").await.unwrap().is_none());
        let done = write(&store, move |tx| {
            Box::pin(async move {
                Ok([
                    keys::lock(tx, thief, key_id).await?.is_some(),
                    keys::save(tx, &stolen_key).await?,
                    keys::delete(tx, thief, key_id).await?,
                    variables::lock(tx, thief, variable_id).await?.is_some(),
                    variables::save(tx, &stolen_variable).await?,
                    variables::delete(tx, thief, variable_id).await?,
                ])
            })
        });
        assert_eq!(done.await, [false; 6]);
        assert_eq!(variables::find(&store, ada.id, variable_id).await.unwrap().unwrap().value, "secret");
    })
    .await;
}

#[tokio::test]
async fn variables_have_one_name_each_and_turn_with_the_secret_key() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let rows = [a_variable(&ada, "B", "old-b"), a_variable(&ada, "A", "old-a")];
        let first = rows[0].id;
        write(&store, move |tx| {
            Box::pin(async move {
                for row in &rows {
                    variables::insert(tx, row).await?;
                }
                Ok(())
            })
        })
        .await;
        let twin = a_variable(&ada, "A", "x");
        let refused =
            store.write(move |tx| Box::pin(async move { variables::insert(tx, &twin).await })).await;
        assert_eq!(taken(refused), Unique::VariableName);
        let names: Vec<_> = variables::list(&store, ada.id)
            .await
            .unwrap()
            .into_iter()
            .map(|variable| variable.name)
            .collect();
        assert_eq!(names, ["A", "B"]);
        let wanted = ["A".to_owned(), "Z".to_owned()];
        assert_eq!(variables::find_by_names(&store, ada.id, &wanted).await.unwrap().len(), 1);

        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let batch = variables::all_after(&store, after, 1).await.unwrap();
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            seen.extend(batch.into_iter().map(|variable| variable.value));
        }
        seen.sort();
        assert_eq!(seen, ["old-a", "old-b"]);
        let turned = async |old: &'static str| {
            write(&store, move |tx| {
                Box::pin(async move { variables::replace_value(tx, first, old, "new-b").await })
            })
            .await
        };
        assert!(turned("old-b").await);
        assert!(!turned("old-b").await, "an edit in between is not lost");
    })
    .await;
}

#[tokio::test]
async fn what_is_remembered_never_outlives_an_acknowledged_change() {
    on_both(|store| async move {
        for round in 0..20 {
            let mut ada = user(&store, &format!("ada-{round}")).await;
            let hash = format!("hash-{round}");
            let (key, session) = (a_key(&ada, &hash), a_session(&ada, &hash));
            let (owner, key_id, session_id) = (ada.id, key.id, session.id);
            write(&store, move |tx| {
                Box::pin(async move {
                    keys::insert(tx, &key).await?;
                    sessions::insert(tx, &session).await
                })
            })
            .await;
            // Readers that keep asking, so that answers are remembered at every moment.
            let is_over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
            let readers: Vec<_> = (0..3)
                .map(|_| {
                    let (store, is_over, hash) = (store.clone(), is_over.clone(), hash.clone());
                    tokio::spawn(async move {
                        while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                            keys::find_recent(&store, &hash).await.unwrap();
                            sessions::find_recent(&store, session_id).await.unwrap();
                            tokio::task::yield_now().await;
                        }
                    })
                })
                .collect();
            let found = keys::find_recent(&store, &hash).await.unwrap().unwrap();
            assert_eq!((found.0.id, &found.1), (key_id, &ada));

            ada.is_active = false;
            let copy = ada.clone();
            write(&store, move |tx| Box::pin(async move { users::save(tx, &copy).await })).await;
            assert!(!keys::find_recent(&store, &hash).await.unwrap().unwrap().1.is_active);
            assert!(!sessions::find_recent(&store, session_id).await.unwrap().unwrap().1.is_active);
            write(&store, move |tx| Box::pin(async move { sessions::delete(tx, owner, session_id).await }))
                .await;
            assert!(sessions::find_recent(&store, session_id).await.unwrap().is_none());
            write(&store, move |tx| Box::pin(async move { keys::delete(tx, owner, key_id).await })).await;
            assert!(keys::find_recent(&store, &hash).await.unwrap().is_none());

            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
            for reader in readers {
                reader.await.unwrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_by_another_process_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:///{}", folder.path().join("a.db").display());
    let (store, other) = (crate::opening::open(&url).await, crate::opening::open(&url).await);
    let ada = user(&store, "ada").await;
    let key = a_key(&ada, "hash");
    let (owner, key_id) = (ada.id, key.id);
    write(&store, move |tx| Box::pin(async move { keys::insert(tx, &key).await })).await;
    assert!(keys::find_recent(&store, "hash").await.unwrap().is_some());
    write(&other, move |tx| Box::pin(async move { keys::delete(tx, owner, key_id).await })).await;
    let start = std::time::Instant::now();
    while keys::find_recent(&store, "hash").await.unwrap().is_some() {
        assert!(start.elapsed() < std::time::Duration::from_secs(30), "never noticed");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
