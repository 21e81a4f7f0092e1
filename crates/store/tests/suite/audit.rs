//! The audit log.

use crate::make::{at, raw, write};
use crate::on_both::on_both;
use langflow_store::audit::{self, AuditFilter, AuditRecord, Chain};
use langflow_store::{Store, StoreError, Window};
use sea_orm::ConnectionTrait;

fn record(n: i64, action: &str) -> AuditRecord {
    AuditRecord {
        at: at(n),
        actor_id: None,
        actor: "ada".into(),
        credential: None,
        action: action.into(),
        object_kind: "flow".into(),
        object_id: Some(n.to_string()),
        outcome: "ok".into(),
        ip: Some("::1".into()),
        request_id: None,
        details: Some(raw(r#"{"n":  1}"#)),
    }
}

async fn append(store: &Store, record: AuditRecord) {
    write(store, move |tx| Box::pin(async move { audit::append(tx, record).await })).await;
}

#[tokio::test]
async fn the_chain_holds_and_shows_what_was_altered() {
    on_both(|store| async move {
        assert_eq!(audit::verify(&store).await.unwrap(), Chain::Whole(0));
        for n in 0..5 {
            append(&store, record(n, if n == 3 { "delete.flow" } else { "update.flow" })).await;
        }
        assert_eq!(audit::verify(&store).await.unwrap(), Chain::Whole(5));

        let filter = AuditFilter { action: Some("update.flow".into()), ..AuditFilter::default() };
        let page = audit::list(&store, &AuditFilter { window: Window::new(2, 1), ..filter }).await.unwrap();
        assert_eq!((page.total, page.items.iter().map(|e| e.seq).collect::<Vec<_>>()), (4, vec![3, 2]));
        let times = AuditFilter { from: Some(at(1)), until: Some(at(3)), ..AuditFilter::default() };
        assert_eq!(audit::list(&store, &times).await.unwrap().total, 2);

        let cut = write(&store, move |tx| Box::pin(async move { audit::delete_before(tx, at(1)).await }));
        assert_eq!(cut.await, 1);
        assert_eq!(
            audit::verify(&store).await.unwrap(),
            Chain::Whole(4),
            "a log cut at its old end is whole"
        );
    })
    .await;
}

#[tokio::test]
async fn an_altered_and_a_missing_entry_are_found() {
    for (sql, broken) in [
        ("UPDATE audit SET actor = 'eve' WHERE seq = 2", 2),
        ("UPDATE audit SET object_id = NULL WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 3", 3),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("a.db").display());
        let store =
            crate::opening::open(&format!("sqlite:///{}", folder.path().join("a.db").display())).await;
        for n in 1..=5 {
            append(&store, record(n, "update.flow")).await;
        }
        let foreign = sea_orm::Database::connect(&url).await.unwrap();
        foreign.execute_unprepared(sql).await.unwrap();
        assert_eq!(audit::verify(&store).await.unwrap(), Chain::BrokenAt(broken), "{sql}");
    }
}

#[tokio::test]
async fn entries_of_writes_that_fail_are_not_there_and_numbers_have_no_gaps() {
    on_both(|store| async move {
        let mut waiting = Vec::new();
        for n in 0..30 {
            let store = store.clone();
            waiting.push(tokio::spawn(async move {
                store
                    .write(move |tx| {
                        Box::pin(async move {
                            audit::append(tx, record(n, "update.flow")).await?;
                            if n % 3 == 0 { Err(StoreError::Closed) } else { Ok(()) }
                        })
                    })
                    .await
            }));
        }
        let mut kept = 0;
        for one in waiting {
            kept += u64::from(one.await.unwrap().is_ok());
        }
        assert_eq!(kept, 20);
        assert_eq!(audit::verify(&store).await.unwrap(), Chain::Whole(20));
    })
    .await;
}
