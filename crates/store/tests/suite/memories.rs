//! Memories: what is taken in once stays marked, and what is deleted is forgotten.

use crate::make::{a_flow, a_message, at, flow, id, user, write};
use crate::on_both::on_both;
use langflow_store::memories::{
    self, IngestionStatus, MemoryBase, MemoryEntry, MemoryNote, MemoryRun, MemorySession, chunk_id,
};
use langflow_store::messages::StoredMessage;
use langflow_store::users::User;
use langflow_store::vectors::{Collection, CollectionKind, NewChunk, chunks, collections, to_bytes};
use langflow_store::{RawJson, Store, Unique, Window, flows, messages};
use serde_json::json;
use uuid::Uuid;

fn memory(owner: &User, flow: Uuid, name: &str) -> MemoryBase {
    MemoryBase {
        id: id(),
        user_id: owner.id,
        flow_id: flow,
        name: name.into(),
        store_name: format!("{name}_store"),
        threshold: 2,
        auto_capture: true,
        embedding_provider: "OpenAI".into(),
        embedding_model: "m".into(),
        preprocessing: false,
        preproc_provider: None,
        preproc_model: None,
        preproc_instructions: None,
        preproc_kill_phrase: None,
        created_at: at(0),
    }
}

async fn insert(store: &Store, base: &MemoryBase) -> Result<(), langflow_store::StoreError> {
    let base = base.clone();
    let collection = Collection {
        id: base.id,
        user_id: base.user_id,
        kind: CollectionKind::Memory,
        name: base.store_name.clone(),
        dimensions: 0,
        created_at: at(0),
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                collections::open(tx, &collection).await?;
                memories::insert(tx, &base).await
            })
        })
        .await
}

fn said(owner: &User, flow: Uuid, session: &str, second: i64, category: &str) -> StoredMessage {
    StoredMessage {
        error: category == "error",
        category: category.to_owned(),
        ..a_message(owner, flow, session, second, "text")
    }
}

fn session(base: &MemoryBase, name: &str) -> MemorySession {
    MemorySession {
        id: id(),
        memory_base_id: base.id,
        session_id: name.into(),
        cursor_id: None,
        total_processed: 0,
        pending_runs: 0,
        last_sync_at: None,
    }
}

/// Marks messages as taken in, a chunk each.
async fn take(store: &Store, base: &MemoryBase, of: Vec<StoredMessage>) {
    let base = base.clone();
    write(store, move |tx| {
        Box::pin(async move {
            let new: Vec<NewChunk> = of
                .iter()
                .map(|message| NewChunk {
                    id: chunk_id(message.id, 0),
                    content: message.text.clone(),
                    metadata: RawJson::from(json!({})),
                    embedding: to_bytes(&[1.0]),
                })
                .collect();
            chunks::put(tx, base.id, &new).await?;
            let entries = of.iter().map(|message| MemoryEntry {
                memory_base_id: base.id,
                message_id: message.id,
                session_id: message.session_id.clone(),
                job_id: Uuid::nil(),
                chunks: 1,
                ingested_at: at(90),
            });
            memories::insert_entries(tx, entries.collect()).await?;
            let opened = memories::open_session(tx, &session(&base, &of[0].session_id)).await?;
            let count = i64::try_from(of.len()).unwrap();
            let taken = MemorySession { total_processed: opened.total_processed + count, ..opened };
            memories::save_session(tx, &taken).await?;
            Ok(())
        })
    })
    .await;
}

async fn kept(store: &Store, base: &MemoryBase) -> i64 {
    chunks::totals(store, base.id).await.unwrap().chunks
}

#[tokio::test]
async fn messages_are_taken_in_once_and_forgotten_with_their_session() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let flow = flow(&store, a_flow(&ada, "talk")).await.id;
        let base = memory(&ada, flow, "m");
        insert(&store, &base).await.unwrap();
        let taken = insert(&store, &memory(&ada, flow, "m")).await.unwrap_err().taken();
        assert!(matches!(taken, Some(Unique::MemoryName)), "{taken:?}");
        let all = vec![
            said(&ada, flow, "one", 1, "message"),
            said(&ada, flow, "one", 2, "error"),
            said(&ada, flow, "one", 3, "message"),
            said(&ada, flow, "two", 4, "message"),
        ];
        let rows = all.clone();
        write(&store, move |tx| Box::pin(async move { messages::save(tx, &rows).await })).await;
        let waiting = memories::waiting(&store, &base, "one", 10).await.unwrap();
        assert_eq!(waiting.iter().map(|m| m.id).collect::<Vec<_>>(), [all[0].id, all[2].id]);
        assert_eq!(memories::count_waiting(&store, &base, "one").await.unwrap(), 2);
        take(&store, &base, waiting.clone()).await;
        take(&store, &base, vec![all[3].clone()]).await;
        // A message that is gone is no reason to fail.
        take(&store, &base, vec![said(&ada, flow, "two", 5, "message")]).await;
        assert_eq!(memories::waiting(&store, &base, "one", 10).await.unwrap(), []);
        assert_eq!(memories::total_processed(&store, base.id).await.unwrap(), 4);
        let list = memories::list_taken(&store, base.id, None, Window::page(1, 2)).await.unwrap();
        assert_eq!((list.total, list.items[0].0.id, list.items[1].0.id), (3, all[3].id, all[2].id));

        let (owner, gone) = (ada.id, vec![all[0].id]);
        write(&store, move |tx| {
            Box::pin(async move {
                memories::forget_messages(tx, owner, &gone).await?;
                messages::delete(tx, owner, &gone).await
            })
        })
        .await;
        assert_eq!(kept(&store, &base).await, 3);
        write(&store, move |tx| {
            Box::pin(async move { memories::forget_sessions(tx, owner, &["one".to_owned()]).await })
        })
        .await;
        let sessions = memories::list_sessions(&store, base.id, Window::page(1, 9)).await.unwrap();
        assert_eq!(sessions.items.iter().map(|s| s.session_id.as_str()).collect::<Vec<_>>(), ["two"]);
        assert_eq!(
            memories::count_waiting(&store, &base, "one").await.unwrap(),
            1,
            "it can be taken in anew"
        );

        let again = base.id;
        let reset = write(&store, move |tx| Box::pin(async move { memories::reset(tx, again).await })).await;
        assert_eq!(reset.len(), 1);
        assert_eq!(
            (kept(&store, &base).await, memories::total_processed(&store, base.id).await.unwrap()),
            (0, 0)
        );
        write(&store, move |tx| Box::pin(async move { flows::delete(tx, owner, &[flow]).await })).await;
        assert_eq!(memories::find(&store, ada.id, base.id).await.unwrap(), None);
        assert_eq!(collections::find(&store, ada.id, base.id).await.unwrap(), None, "with its collection");
    })
    .await;
}

#[tokio::test]
async fn runs_and_notes_are_listed_and_left_over_runs_end() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let flow = flow(&store, a_flow(&ada, "talk")).await.id;
        let base = memory(&ada, flow, "m");
        insert(&store, &base).await.unwrap();
        let run = |second: i64, status| MemoryRun {
            id: id(),
            memory_base_id: base.id,
            session_id: "one".into(),
            status,
            error_message: None,
            total_messages: 0,
            done_messages: 0,
            chunks_created: 0,
            started_at: at(second),
            finished_at: (status == IngestionStatus::Succeeded).then(|| at(second)),
        };
        let runs = [
            run(1, IngestionStatus::Succeeded),
            run(2, IngestionStatus::Succeeded),
            run(3, IngestionStatus::Running),
        ];
        let note = MemoryNote {
            id: id(),
            memory_base_id: base.id,
            session_id: "one".into(),
            job_id: runs[0].id,
            text: "noted".into(),
            chunks: 1,
            created_at: at(1),
        };
        let (rows, one) = (runs.clone(), note.clone());
        write(&store, move |tx| {
            Box::pin(async move {
                for run in &rows {
                    memories::insert_run(tx, run).await?;
                }
                memories::insert_note(tx, &one).await
            })
        })
        .await;
        let open = |since| memories::open_run(&store, base.id, "one", at(since));
        assert_eq!(open(0).await.unwrap().map(|run| run.id), Some(runs[2].id));
        assert_eq!(open(3).await.unwrap(), None, "too old to be under way");
        assert_eq!(
            memories::list_notes(&store, base.id, Some("one"), Window::page(1, 9)).await.unwrap().items,
            [note]
        );
        assert_eq!(
            memories::list_notes(&store, base.id, Some("two"), Window::page(1, 9)).await.unwrap().total,
            0
        );
        assert_eq!(memories::find_by_name(&store, bob.id, flow, "m").await.unwrap(), None);
        assert_eq!(memories::list_watching(&store, ada.id, flow).await.unwrap().len(), 1);
        let which = base.id;
        write(&store, move |tx| {
            Box::pin(async move {
                memories::fail_left_over(tx, "gone", at(9), at(10)).await?;
                memories::trim_runs(tx, which, 2).await
            })
        })
        .await;
        let left = memories::list_runs(&store, base.id, Some("one"), Window::page(1, 9)).await.unwrap();
        let states: Vec<_> = left.items.iter().map(|run| (run.id, run.status)).collect();
        assert_eq!(states, [(runs[2].id, IngestionStatus::Failed), (runs[1].id, IngestionStatus::Succeeded)]);
    })
    .await;
}
