//! Vectors: collections, chunks, search by words, knowledge bases.

use crate::make::{at, id, user, write};
use crate::on_both::on_both;
use langflow_store::knowledge::{self, IngestionRun, IngestionStatus, KnowledgeBase, KnowledgeStatus};
use langflow_store::users::User;
use langflow_store::vectors::{
    Collection, CollectionKind, NewChunk, chunks, collections, from_bytes, to_bytes,
};
use langflow_store::{RawJson, Store, Unique, Window};
use serde_json::json;
use uuid::Uuid;

async fn collection(store: &Store, owner: &User, name: &str) -> Collection {
    let new = Collection {
        id: id(),
        user_id: owner.id,
        kind: CollectionKind::Store,
        name: name.to_owned(),
        dimensions: 0,
        created_at: at(0),
    };
    write(store, move |tx| Box::pin(async move { collections::open(tx, &new).await })).await
}

fn chunk(key: &str, text: &str, vector: &[f32]) -> NewChunk {
    NewChunk {
        id: key.to_owned(),
        content: text.to_owned(),
        metadata: RawJson::from(json!({"key": key})),
        embedding: to_bytes(vector),
    }
}

async fn put(store: &Store, collection: Uuid, new: Vec<NewChunk>) {
    write(store, move |tx| Box::pin(async move { chunks::put(tx, collection, &new).await })).await;
}

#[tokio::test]
async fn chunks_are_put_scanned_found_and_deleted() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let docs = collection(&store, &ada, "docs").await;
        let other = collection(&store, &ada, "other").await;
        let many =
            (0..250_u16).map(|n| chunk(&format!("k{n}"), &format!("text number {n}"), &[1.0, f32::from(n)]));
        put(&store, docs.id, many.collect()).await;
        put(&store, other.id, vec![chunk("k1", "text number elsewhere", &[0.0, 1.0])]).await;
        put(&store, docs.id, vec![chunk("k7", "the quick Brown fox", &[0.0, 2.0])]).await;

        let mut seen = Vec::new();
        let mut after = 0;
        loop {
            let rows = chunks::scan(&store, docs.id, after, 100, true).await.unwrap();
            let Some(last) = rows.last() else { break };
            after = last.seq;
            assert!(rows.iter().all(|row| row.metadata.to_value()["key"].is_string()));
            seen.extend(rows);
        }
        assert_eq!(seen.len(), 250, "a chunk with a known id takes its place");
        assert_eq!(from_bytes(&seen.last().unwrap().embedding), [0.0, 1.0], "vectors have length 1");
        let light = chunks::scan(&store, docs.id, 0, 1, false).await.unwrap();
        assert_eq!(light[0].metadata.get(), "null");

        for (words, expect) in
            [("BROWN", 1), ("fox OR nothing", 1), ("elsewhere", 0), ("'\"*(", 0), ("number 3", 100)]
        {
            let found = chunks::find_words(&store, docs.id, words, 100).await.unwrap();
            assert_eq!(found.len(), expect, "{words}");
        }
        let fox = chunks::find_words(&store, docs.id, "fox", 10).await.unwrap();
        assert_eq!(chunks::fetch(&store, docs.id, &fox).await.unwrap()[0].id, "k7");
        assert_eq!(
            chunks::fetch(&store, other.id, &fox).await.unwrap(),
            [],
            "a chunk belongs to its collection"
        );
        assert_eq!(chunks::vectors(&store, docs.id, &fox).await.unwrap(), [(fox[0], vec![0.0, 1.0])]);

        let page = chunks::list(&store, docs.id, "QUICK", Window::page(1, 10)).await.unwrap();
        assert_eq!((page.total, page.items[0].characters), (1, 19));
        assert_eq!(chunks::list(&store, docs.id, "100%", Window::page(1, 10)).await.unwrap().total, 0);
        let page = chunks::list(&store, docs.id, "", Window::page(3, 100)).await.unwrap();
        assert_eq!((page.total, page.items.len()), (250, 50));
        let known = chunks::known_ids(&store, docs.id, &["k1".into(), "x".into()]).await.unwrap();
        assert_eq!(known, ["k1"]);

        let totals = chunks::totals(&store, docs.id).await.unwrap();
        assert_eq!((totals.chunks, totals.words), (250, 249 * 3 + 4));
        write(&store, move |tx| Box::pin(async move { chunks::delete(tx, docs.id, &["k7".into()]).await }))
            .await;
        assert!(
            chunks::find_words(&store, docs.id, "fox", 10).await.unwrap().is_empty(),
            "words go with their chunk"
        );
        let owner = ada.id;
        let gone =
            write(&store, move |tx| Box::pin(async move { collections::delete(tx, owner, docs.id).await }))
                .await;
        assert!(gone);
        assert_eq!(chunks::totals(&store, docs.id).await.unwrap().chunks, 0);
        assert!(chunks::find_words(&store, docs.id, "number", 10).await.unwrap().is_empty());
        assert_eq!(chunks::totals(&store, other.id).await.unwrap().chunks, 1);
    })
    .await;
}

#[tokio::test]
async fn a_collection_has_one_owner_one_name_and_one_length() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let first = collection(&store, &ada, "docs").await;
        let again = collection(&store, &ada, "docs").await;
        assert_eq!(first.id, again.id, "opening twice gives the same");
        assert_ne!(collection(&store, &bob, "docs").await.id, first.id);
        assert_eq!(collections::find(&store, bob.id, first.id).await.unwrap(), None);
        let (a, b) = (ada.id, bob.id);
        for (owner, length) in [(b, 2), (a, 3), (a, 4)] {
            write(&store, move |tx| {
                Box::pin(async move { collections::set_dimensions(tx, owner, first.id, length).await })
            })
            .await;
        }
        let found = collections::find(&store, ada.id, first.id).await.unwrap().unwrap();
        assert_eq!(found.dimensions, 3, "the owner fixes the length, once");
        let stolen =
            write(&store, move |tx| Box::pin(async move { collections::delete(tx, b, first.id).await }))
                .await;
        assert!(!stolen);
    })
    .await;
}

fn base(collection: &Collection) -> KnowledgeBase {
    KnowledgeBase {
        id: collection.id,
        user_id: collection.user_id,
        name: collection.name.clone(),
        embedding_provider: "OpenAI".into(),
        embedding_model: "m".into(),
        chunk_size: 1000,
        chunk_overlap: 200,
        separator: None,
        column_config: RawJson::from(json!([])),
        status: KnowledgeStatus::Ingesting,
        failure_reason: None,
        last_job_id: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn run(base: &KnowledgeBase, second: i64, status: IngestionStatus) -> IngestionRun {
    IngestionRun {
        id: id(),
        knowledge_base_id: base.id,
        user_id: base.user_id,
        job_id: id(),
        source_type: "file_upload".into(),
        source_name: String::new(),
        status,
        error_message: None,
        total_items: 1,
        succeeded: 0,
        failed: 0,
        skipped: 0,
        total_bytes: 0,
        chunks_created: 0,
        started_at: at(second),
        finished_at: None,
        user_metadata: RawJson::from(json!({})),
        source_config: RawJson::from(json!({})),
        items: RawJson::from(json!([])),
    }
}

#[tokio::test]
async fn runs_that_a_stopped_server_left_are_ended() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let base = base(&collection(&store, &ada, "docs").await);
        let runs = [run(&base, 1, IngestionStatus::Running), run(&base, 2, IngestionStatus::Succeeded)];
        let (row, rows) = (base.clone(), runs.clone());
        write(&store, move |tx| {
            Box::pin(async move {
                knowledge::insert(tx, &row).await?;
                for run in &rows {
                    knowledge::insert_run(tx, run).await?;
                }
                Ok(())
            })
        })
        .await;
        let same = base.clone();
        let taken = store.write(move |tx| {
            Box::pin(async move { knowledge::insert(tx, &KnowledgeBase { id: same.id, ..same }).await })
        });
        assert!(
            taken
                .await
                .unwrap_err()
                .taken()
                .is_some_and(|what| matches!(what, Unique::KnowledgeName | Unique::Id))
        );
        let ended = write(&store, |tx| {
            Box::pin(async move { knowledge::fail_left_over(tx, "gone", at(9), at(10)).await })
        })
        .await;
        assert_eq!(ended, 1);
        let list = knowledge::list_runs(&store, ada.id, base.id, Window::page(1, 10)).await.unwrap();
        let states: Vec<_> =
            list.items.iter().map(|run| (run.status, run.error_message.as_deref())).collect();
        assert_eq!(states, [(IngestionStatus::Succeeded, None), (IngestionStatus::Failed, Some("gone"))]);
        let found = knowledge::find(&store, ada.id, "docs").await.unwrap().unwrap();
        assert_eq!((found.status, found.failure_reason.as_deref()), (KnowledgeStatus::Failed, Some("gone")));
        assert_eq!(knowledge::source_types(&store, ada.id, base.id).await.unwrap(), ["file_upload"]);
        assert_eq!(knowledge::find_run(&store, id(), base.id, runs[0].id).await.unwrap(), None);
    })
    .await;
}
