//! Runs that wait for a human.

use crate::make::{a_flow, a_run, at, flow, id, raw, user, write};
use crate::on_both::on_both;
use langflow_store::run_events::{self, RunEvent};
use langflow_store::runs::{self, Run, RunEnd, RunStatus};
use langflow_store::suspended::{self, SuspendedRun};
use langflow_store::users::User;
use langflow_store::{Store, flows};
use uuid::Uuid;

fn waits(user: &User, run: Uuid, second: i64) -> SuspendedRun {
    SuspendedRun {
        run_id: run,
        user_id: user.id,
        request_id: "n:r".into(),
        request: raw(r#"{"prompt":"?"}"#),
        message_id: None,
        state: "sealed".into(),
        suspended_at: at(second),
    }
}

/// A run of `flow` that waits since `second`.
async fn suspend(store: &Store, user: &User, flow: Uuid, second: i64) -> Uuid {
    let run = a_run(user, flow, id());
    let run_id = run.id;
    let row = waits(user, run_id, second);
    let done = write(store, move |tx| {
        Box::pin(async move {
            let run = Run { status: RunStatus::InProgress, finished_at: None, ..run };
            runs::insert(tx, &run).await?;
            suspended::suspend(tx, row, (1, 2, 3)).await
        })
    });
    assert!(done.await);
    run_id
}

async fn take(store: &Store, owner: Uuid, run: Uuid, request: &'static str) -> Option<SuspendedRun> {
    let boot = id();
    write(store, move |tx| {
        Box::pin(async move { suspended::take(tx, owner, run, request, boot, at(7)).await })
    })
    .await
}

async fn end(store: &Store, run: Uuid) -> Option<(Uuid, Option<Uuid>)> {
    write(store, move |tx| {
        Box::pin(async move { suspended::end(tx, run, RunStatus::Cancelled, raw("{}"), at(8)).await })
    })
    .await
}

#[tokio::test]
async fn an_answer_takes_what_waits_once() {
    on_both(|store| async move {
        let (ada, bob) = (user(&store, "ada").await, user(&store, "bob").await);
        let run = suspend(&store, &ada, id(), 1).await;
        let stored = runs::find(&store, ada.id, run).await.unwrap().unwrap();
        assert_eq!((stored.status, stored.total_tokens), (RunStatus::Suspended, 3));
        assert_eq!(suspended::count(&store, ada.id).await.unwrap(), 1);
        assert_eq!(suspended::count(&store, bob.id).await.unwrap(), 0);
        assert!(suspended::find(&store, bob.id, run).await.unwrap().is_none());
        assert!(suspended::requests(&store, bob.id, &[run]).await.unwrap().is_empty());
        assert_eq!(
            suspended::requests(&store, ada.id, &[run]).await.unwrap()[&run],
            raw(r#"{"prompt":"?"}"#)
        );
        assert!(take(&store, bob.id, run, "n:r").await.is_none());
        assert!(take(&store, ada.id, run, "other").await.is_none());
        assert_eq!(take(&store, ada.id, run, "n:r").await, Some(waits(&ada, run, 1)));
        assert!(take(&store, ada.id, run, "n:r").await.is_none());
        let stored = runs::find(&store, ada.id, run).await.unwrap().unwrap();
        assert_eq!((stored.status, stored.started_at), (RunStatus::Queued, Some(at(7))));
        // It is as new as its answer, for a start of another server.
        let stale =
            write(&store, move |tx| Box::pin(async move { runs::fail_stale(tx, id(), at(6), at(9)).await }));
        assert_eq!(stale.await, 0);
        assert!(end(&store, run).await.is_none(), "it waits no more");
    })
    .await;
}

#[tokio::test]
async fn what_waits_goes_with_every_end() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let kept = flow(&store, a_flow(&ada, "kept")).await;
        let [stopped, closed, deleted] = [
            suspend(&store, &ada, id(), 1).await,
            suspend(&store, &ada, id(), 2).await,
            suspend(&store, &ada, kept.id, 3).await,
        ];
        assert_eq!(suspended::waiting_since(&store, at(3), 10).await.unwrap(), [stopped, closed]);
        assert_eq!(end(&store, stopped).await, Some((ada.id, None)));
        assert!(end(&store, stopped).await.is_none());
        assert_eq!(runs::find(&store, ada.id, stopped).await.unwrap().unwrap().status, RunStatus::Cancelled);
        let finish = RunEnd {
            status: RunStatus::Failed,
            finished_at: at(9),
            input_tokens: 0,
            output_tokens: 0,
            total_tokens: 0,
            error: None,
            result: None,
        };
        assert!(
            write(&store, move |tx| Box::pin(async move { runs::finish(tx, closed, finish).await })).await
        );
        let (owner, flow) = (ada.id, kept.id);
        write(&store, move |tx| Box::pin(async move { flows::delete(tx, owner, &[flow]).await })).await;
        assert_eq!(suspended::count(&store, ada.id).await.unwrap(), 0);
        assert!(runs::find(&store, ada.id, deleted).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn the_log_of_what_waits_is_kept_and_its_key_changed() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let run = suspend(&store, &ada, id(), 1).await;
        let event =
            |run_id, seq| RunEvent { run_id, seq, kind: "x".into(), payload: raw("1"), created_at: at(1) };
        let other = id();
        let events = vec![event(run, 1), event(run, 2), event(other, 1)];
        write(&store, move |tx| Box::pin(async move { run_events::append(tx, events).await })).await;
        assert_eq!(run_events::last(&store, run).await.unwrap(), 2);
        assert_eq!(run_events::last(&store, id()).await.unwrap(), 0);
        let deleted =
            write(&store, |tx| Box::pin(async move { run_events::delete_before(tx, at(5), 10).await }));
        assert_eq!(deleted.await, 1);
        assert_eq!(run_events::last(&store, run).await.unwrap(), 2);
        assert_eq!(suspended::ids_after(&store, None, 10).await.unwrap(), [run]);
        assert!(suspended::ids_after(&store, Some(run), 10).await.unwrap().is_empty());
        let replace = async |old: &'static str| {
            write(&store, move |tx| {
                Box::pin(async move { suspended::replace_state(tx, run, old, "new").await })
            })
            .await
        };
        assert!(!replace("other").await && replace("sealed").await);
        assert_eq!(suspended::state(&store, run).await.unwrap().as_deref(), Some("new"));
    })
    .await;
}
