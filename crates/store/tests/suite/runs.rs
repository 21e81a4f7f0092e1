//! Runs, their events, transactions, builds; files; settings.

use crate::make::{a_build, a_message, a_run, a_transaction, at, id, raw, taken, user, write};
use crate::on_both::on_both;
use langflow_store::files::{self, File};
use langflow_store::run_events::{self, RunEvent};
use langflow_store::runs::{self, Run, RunEnd, RunFilter, RunRecord, RunStatus};
use langflow_store::users::User;
use langflow_store::{Unique, Window, messages, settings, transactions, vertex_builds};

fn end(status: RunStatus) -> RunEnd {
    RunEnd {
        status,
        finished_at: at(9),
        input_tokens: 1,
        output_tokens: 2,
        total_tokens: 3,
        error: Some(raw(r#"{"message":"x"}"#)),
        result: None,
    }
}

#[tokio::test]
async fn a_run_starts_and_ends_once() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let run = Run { status: RunStatus::Queued, started_at: None, ..a_run(&ada, id(), id()) };
        let (run_id, copy) = (run.id, run.clone());
        write(&store, move |tx| Box::pin(async move { runs::insert(tx, &copy).await })).await;
        assert_eq!(runs::find(&store, ada.id, run_id).await.unwrap(), Some(run));
        assert!(runs::find(&store, id(), run_id).await.unwrap().is_none());
        let start = async || {
            write(&store, move |tx| Box::pin(async move { runs::start(tx, run_id, at(1)).await })).await
        };
        let finish = async |status| {
            write(&store, move |tx| Box::pin(async move { runs::finish(tx, run_id, end(status)).await }))
                .await
        };
        assert!(start().await);
        assert!(finish(RunStatus::Cancelled).await);
        assert!(!finish(RunStatus::Completed).await, "the first end stands");
        assert!(!start().await);
        let run = runs::find(&store, ada.id, run_id).await.unwrap().unwrap();
        assert_eq!(
            (run.status, run.started_at, run.finished_at),
            (RunStatus::Cancelled, Some(at(1)), Some(at(9)))
        );
        assert_eq!((run.input_tokens, run.output_tokens, run.total_tokens), (1, 2, 3));
        assert_eq!(run.error, Some(raw(r#"{"message":"x"}"#)));
    })
    .await;
}

#[tokio::test]
async fn the_newest_run_of_each_flow_is_found() {
    on_both(|store| async move {
        let (ada, bob) = (user(&store, "ada").await, user(&store, "bob").await);
        let (often, once, never) = (id(), id(), id());
        let runs: Vec<Run> =
            [(&ada, often, 1), (&ada, often, 3), (&ada, often, 2), (&ada, once, 1), (&bob, often, 9)]
                .map(|(owner, flow, second)| Run { created_at: at(second), ..a_run(owner, flow, id()) })
                .to_vec();
        let newest = (runs[1].id, runs[3].id);
        for run in runs {
            write(&store, move |tx| Box::pin(async move { runs::insert(tx, &run).await })).await;
        }
        let found = runs::latest(&store, ada.id, &[often, once, never]).await.unwrap();
        let of = |flow| found.iter().find(|run| run.flow_id == flow).map(|run| run.id);
        assert_eq!((of(often), of(once), found.len()), (Some(newest.0), Some(newest.1), 2));
        assert!(runs::latest(&store, ada.id, &[]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn nothing_stays_in_progress_after_a_restart() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let (before, now) = (id(), id());
        let flow = id();
        let rows = [
            (before, RunStatus::InProgress, RunStatus::Failed),
            (before, RunStatus::Queued, RunStatus::Failed),
            (before, RunStatus::Suspended, RunStatus::Suspended),
            (now, RunStatus::InProgress, RunStatus::InProgress),
        ]
        .map(|(boot, status, expected)| (Run { status, ..a_run(&ada, flow, boot) }, expected));
        let copies = rows.clone();
        write(&store, move |tx| {
            Box::pin(async move {
                for (run, _) in &copies {
                    runs::insert(tx, run).await?;
                }
                Ok(())
            })
        })
        .await;
        let failed =
            write(&store, move |tx| Box::pin(async move { runs::fail_stale(tx, now, at(5), at(5)).await }));
        assert_eq!(failed.await, 2);
        for (run, expected) in rows {
            assert_eq!(runs::find(&store, ada.id, run.id).await.unwrap().unwrap().status, expected);
        }
        let filter =
            RunFilter { status: Some(RunStatus::Failed), window: Window::new(1, 0), ..RunFilter::default() };
        let page = runs::list(&store, ada.id, &filter).await.unwrap();
        assert_eq!((page.items.len(), page.total), (1, 2));
    })
    .await;
}

#[tokio::test]
async fn a_record_is_one_write() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let flow = id();
        let run = a_run(&ada, flow, id());
        let run_id = run.id;
        let mut first = a_transaction(&ada, flow, 1);
        first.run_id = Some(run_id);
        let record = RunRecord {
            run: run.clone(),
            messages: vec![a_message(&ada, flow, "s", 1, "in"), a_message(&ada, flow, "s", 2, "out")],
            transactions: vec![first, a_transaction(&ada, flow, 2)],
            builds: vec![a_build(&ada, flow, "N", 1)],
        };
        let twice = RunRecord {
            messages: vec![a_message(&ada, flow, "s", 3, "not this")],
            transactions: vec![a_transaction(&ada, flow, 3)],
            ..record.clone()
        };
        store.record_run(record).await.unwrap();
        assert_eq!(taken(store.record_run(twice).await), Unique::Id);
        let owner = ada.id;
        assert!(runs::find(&store, owner, run_id).await.unwrap().is_some());
        let filter = messages::MessageFilter { flow_id: Some(flow), ..Default::default() };
        assert_eq!(messages::list_newest(&store, owner, &filter).await.unwrap().total, 2);
        assert_eq!(transactions::list_of_run(&store, owner, run_id).await.unwrap().len(), 1);
        let page = transactions::list(&store, owner, flow, Window::new(1, 0)).await.unwrap();
        assert_eq!((page.items[0].vertex_id.as_str(), page.total), ("Node-2", 2));
        assert_eq!(vertex_builds::list(&store, owner, flow, 9).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn records_that_share_a_commit_fail_alone() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let flow = id();
        let taken_run = a_run(&ada, flow, id());
        let copy = taken_run.clone();
        write(&store, move |tx| Box::pin(async move { runs::insert(tx, &copy).await })).await;
        let waiting = (0..40).map(|n| {
            let run = if n % 10 == 0 { taken_run.clone() } else { a_run(&ada, flow, id()) };
            let record = RunRecord {
                run,
                messages: vec![a_message(&ada, flow, "s", n, &n.to_string())],
                transactions: vec![a_transaction(&ada, flow, n)],
                builds: vec![],
            };
            store.record_run(record)
        });
        let outcomes = futures::future::join_all(waiting).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), 4);
        let filter = messages::MessageFilter { flow_id: Some(flow), ..Default::default() };
        let page = messages::list_newest(&store, ada.id, &filter).await.unwrap();
        assert_eq!(page.total, 36);
        assert!(page.items.iter().all(|row| !row.text.ends_with('0')));
        let filter = RunFilter { flow_id: Some(flow), ..RunFilter::default() };
        assert_eq!(runs::list(&store, ada.id, &filter).await.unwrap().total, 37);
    })
    .await;
}

#[tokio::test]
async fn events_are_read_from_where_one_was() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let run = a_run(&ada, id(), id());
        let run_id = run.id;
        let events: Vec<_> = (1..=5)
            .map(|seq| RunEvent {
                run_id,
                seq,
                kind: "token".into(),
                payload: raw(&format!("{{\"n\":  {seq}}}")),
                created_at: at(seq),
            })
            .collect();
        let last = events[4].clone();
        write(&store, move |tx| {
            Box::pin(async move {
                runs::insert(tx, &run).await?;
                run_events::append(tx, events).await
            })
        })
        .await;
        let seqs = async |after, limit, bytes| {
            let found = run_events::list_after(&store, run_id, after, limit, bytes).await.unwrap();
            found.iter().map(|event| event.seq).collect::<Vec<_>>()
        };
        // A payload has nine bytes; the first comes however large it is.
        for (after, limit, bytes, expected) in [
            (2, 2, 1000, vec![3, 4]),
            (0, 9, 27, vec![1, 2, 3]),
            (0, 9, 26, vec![1, 2]),
            (0, 9, 1, vec![1]),
            (5, 9, 1000, vec![]),
        ] {
            assert_eq!(seqs(after, limit, bytes).await, expected, "after {after}, {limit}, {bytes} bytes");
        }
        assert_eq!(run_events::list_after(&store, run_id, 4, 9, 9).await.unwrap(), [last]);
        let delete = async |before, limit| {
            write(&store, move |tx| {
                Box::pin(async move { run_events::delete_before(tx, before, limit).await })
            })
            .await
        };
        assert_eq!(delete(at(1), 9).await, 0);
        assert_eq!(delete(at(3), 9).await, 5);
        assert!(seqs(0, 9, 1000).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_key_starts_one_run_of_a_user() {
    on_both(|store| async move {
        let (ada, bob) = (user(&store, "ada").await, user(&store, "bob").await);
        let insert = async |owner: &User, key: Option<&str>| {
            let run = Run { idempotency_key: key.map(str::to_owned), ..a_run(owner, id(), id()) };
            store.write(move |tx| Box::pin(async move { runs::insert(tx, &run).await })).await
        };
        for (owner, key) in [(&ada, Some("k")), (&bob, Some("k")), (&ada, None), (&ada, None)] {
            insert(owner, key).await.unwrap();
        }
        assert_eq!(taken(insert(&ada, Some("k")).await), Unique::RunKey);
    })
    .await;
}

#[tokio::test]
async fn runs_of_a_kind_are_found_by_time_and_by_id() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let flow = id();
        let run = |second, kind: &str| Run {
            created_at: at(second),
            kind: kind.to_owned(),
            ..a_run(&ada, flow, id())
        };
        let rows = [run(1, "webhook"), run(2, "webhook"), run(3, "run"), run(4, "webhook")];
        let copies = rows.clone();
        write(&store, move |tx| {
            Box::pin(async move {
                for row in &copies {
                    runs::insert(tx, row).await?;
                }
                Ok(())
            })
        })
        .await;
        let found = runs::started_since(&store, ada.id, flow, "webhook", at(1), 9).await.unwrap();
        assert_eq!(found, [(rows[1].id, at(2)), (rows[3].id, at(4))]);
        assert!(runs::started_since(&store, id(), flow, "webhook", at(0), 9).await.unwrap().is_empty());
        let of_kind = async |kinds: &[&str]| runs::find_of_kind(&store, rows[2].id, kinds).await.unwrap();
        assert!(of_kind(&["run"]).await.is_some());
        assert!(of_kind(&["webhook"]).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn retention_keeps_the_newest() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let flow = id();
        let mut old = a_run(&ada, flow, id());
        old.finished_at = Some(at(1));
        let open = a_run(&ada, flow, id());
        let (old_id, open_id) = (old.id, open.id);
        let transactions: Vec<_> = (0..10).map(|n| a_transaction(&ada, flow, n)).collect();
        let builds: Vec<_> = (0..10).map(|n| a_build(&ada, flow, if n < 6 { "A" } else { "B" }, n)).collect();
        write(&store, move |tx| {
            Box::pin(async move {
                runs::insert(tx, &old).await?;
                runs::insert(tx, &open).await?;
                transactions::insert(tx, transactions).await?;
                vertex_builds::insert(tx, builds).await
            })
        })
        .await;
        let trimmed = write(&store, move |tx| {
            Box::pin(async move {
                Ok((
                    transactions::trim(tx, 4, 5).await?,
                    transactions::trim(tx, 4, 5).await?,
                    transactions::trim(tx, 4, 5).await?,
                    vertex_builds::trim_nodes(tx, 2, 100).await?,
                    vertex_builds::trim(tx, 3, 100).await?,
                    runs::delete_before(tx, at(100), 100).await?,
                ))
            })
        });
        assert_eq!(trimmed.await, (5, 1, 0, 6, 1, 1));
        let left = transactions::list(&store, ada.id, flow, Window::default()).await.unwrap();
        let left: Vec<_> = left.items.iter().map(|row| row.vertex_id.as_str()).collect();
        assert_eq!(left, ["Node-9", "Node-8", "Node-7", "Node-6"]);
        let left = vertex_builds::list(&store, ada.id, flow, 3).await.unwrap();
        assert_eq!(left.iter().map(|row| row.timestamp).collect::<Vec<_>>(), [at(5), at(8), at(9)]);
        assert!(runs::find(&store, ada.id, old_id).await.unwrap().is_none());
        assert!(runs::find(&store, ada.id, open_id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn files_have_one_name_each_per_user() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let file = |name: &str, size_bytes| File {
            id: id(),
            user_id: ada.id,
            name: name.into(),
            path: format!("{}/{name}.txt", ada.id),
            size_bytes,
            provider: None,
            created_at: at(0),
            updated_at: at(0),
        };
        let (report, second) = (file("report", 3), file("report (1)", 4));
        let (ids, copies) = ([report.id, id()], [report.clone(), second]);
        write(&store, move |tx| {
            Box::pin(async move {
                for row in &copies {
                    files::insert(tx, row).await?;
                }
                Ok(())
            })
        })
        .await;
        let twin = File { path: format!("{}/other.txt", ada.id), ..file("report", 0) };
        let refused = store.write(move |tx| Box::pin(async move { files::insert(tx, &twin).await })).await;
        assert_eq!(taken(refused), Unique::FileName);
        let owner = ada.id;
        assert_eq!(files::total_size_bytes(&store, owner).await.unwrap(), 7);
        assert_eq!(files::names_starting_with(&store, owner, "report (").await.unwrap(), ["report (1)"]);
        assert_eq!(files::find_by_path(&store, owner, &report.path).await.unwrap(), Some(report.clone()));
        let delete = async |who| {
            write(&store, move |tx| Box::pin(async move { files::delete(tx, who, &ids).await })).await
        };
        assert_eq!(delete(id()).await, []);
        assert_eq!(delete(owner).await, [report]);
        assert_eq!(files::list(&store, owner).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_setting_is_put_over_the_old_one() {
    on_both(|store| async move {
        assert_eq!(settings::get(&store, "k").await.unwrap(), None);
        for value in ["one", "two"] {
            write(&store, move |tx| Box::pin(async move { settings::put(tx, "k", value, at(0)).await }))
                .await;
            assert_eq!(settings::get(&store, "k").await.unwrap().as_deref(), Some(value));
        }
    })
    .await;
}

#[tokio::test]
async fn what_visitors_left_goes_when_they_stay_away() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let (away, back, own) = (id(), id(), id());
        let mut runs_made = Vec::new();
        for (flow, kind, second) in
            [(away, "public", 10), (back, "public", 10), (back, "public", 90), (own, "build", 10)]
        {
            let mut run = a_run(&ada, flow, id());
            run.kind = kind.into();
            run.created_at = at(second);
            run.finished_at = Some(at(second));
            runs_made.push(run);
        }
        let flows = [away, back, own];
        let said: Vec<_> = flows.map(|flow| a_message(&ada, flow, "s", 1, "said")).to_vec();
        let went: Vec<_> = (1..4).zip(flows).map(|(n, flow)| a_transaction(&ada, flow, n)).collect();
        let built: Vec<_> = (1..4).zip(flows).map(|(n, flow)| a_build(&ada, flow, "A", n)).collect();
        write(&store, move |tx| {
            Box::pin(async move {
                for run in &runs_made {
                    runs::insert(tx, run).await?;
                }
                messages::save(tx, &said).await?;
                transactions::insert(tx, went).await?;
                vertex_builds::insert(tx, built).await
            })
        })
        .await;
        let idle = |limit| {
            write(&store, move |tx| {
                Box::pin(async move { runs::delete_idle_flows(tx, "public", at(50), limit).await })
            })
        };
        assert_eq!((idle(0).await, idle(10).await, idle(10).await), (0, 1, 0));
        for (flow, left) in [(away, 0), (back, 1), (own, 1)] {
            let transactions = transactions::list(&store, ada.id, flow, Window::default()).await.unwrap();
            let builds = vertex_builds::list(&store, ada.id, flow, 9).await.unwrap();
            assert_eq!((transactions.items.len(), builds.len()), (left, left));
        }
    })
    .await;
}
