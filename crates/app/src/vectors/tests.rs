//! Collections in the store, as indexes.

use super::EmbeddedIndex;
use chrono::DateTime;
use langflow_core::capability::{VectorIndex, VectorQuery, VectorRecord};
use langflow_core::{FaultKind, Json};
use langflow_store::Store;
use langflow_store::users::{self, User};
use langflow_store::vectors::{Collection, CollectionKind};
use serde_json::json;
use uuid::Uuid;

async fn user(store: &Store, name: &str) -> Uuid {
    let now = DateTime::UNIX_EPOCH;
    let user = User {
        id: Uuid::from_u128(name.bytes().map(u128::from).sum()),
        username: name.into(),
        password_hash: "hash".into(),
        profile_image: None,
        store_api_key: None,
        is_active: true,
        is_superuser: false,
        optins: None,
        created_at: now,
        updated_at: now,
        last_login_at: None,
        retired_at: None,
    };
    let id = user.id;
    store.write(move |tx| Box::pin(async move { users::insert(tx, &user).await })).await.unwrap();
    id
}

fn index(store: &Store, owner: Uuid, id: u128, kind: CollectionKind) -> EmbeddedIndex {
    let created_at = DateTime::UNIX_EPOCH;
    let new = Collection {
        id: Uuid::from_u128(id),
        user_id: owner,
        kind,
        name: "docs".into(),
        dimensions: 0,
        created_at,
    };
    EmbeddedIndex::new(store.clone(), new)
}

fn record(id: usize, text: &str, vector: Vec<f32>) -> VectorRecord {
    let metadata = json!({ "even": id.is_multiple_of(2) });
    VectorRecord {
        id: id.to_string(),
        text: text.into(),
        vector,
        metadata: metadata.as_object().cloned().unwrap(),
    }
}

fn query(vector: Vec<f32>, limit: usize) -> VectorQuery {
    VectorQuery { vector: Some(vector), limit, ..VectorQuery::default() }
}

async fn texts(index: &EmbeddedIndex, query: VectorQuery) -> Vec<String> {
    index.search(query).await.unwrap().into_iter().map(|hit| hit.text).collect()
}

#[tokio::test]
async fn the_nearest_of_many_pages_are_found() {
    let store = Store::open_memory().await.unwrap();
    let ann = user(&store, "ann").await;
    let docs = index(&store, ann, 1, CollectionKind::Store);
    assert!(docs.search(query(vec![1.0, 0.0], 3)).await.unwrap().is_empty(), "nothing is there yet");
    let many = (0..700).map(|n| record(n, &format!("text {n}"), vec![1.0, n as f32 / 100.0]));
    docs.upsert(many.collect()).await.unwrap();
    assert_eq!(texts(&docs, query(vec![5.0, 0.0], 2)).await, ["text 0", "text 1"]);
    assert_eq!(texts(&docs, query(vec![0.0, 1.0], 1)).await, ["text 699"], "it stands on the last page");
    let odd = VectorQuery { filter: Some(json!({ "even": false })), ..query(vec![1.0, 0.0], 2) };
    assert_eq!(texts(&docs, odd).await, ["text 1", "text 3"]);
    let hits = docs.search(VectorQuery { with_vectors: true, ..query(vec![1.0, 0.0], 1) }).await.unwrap();
    assert_eq!((hits[0].score, hits[0].vector.as_deref()), (1.0, Some(&[1.0, 0.0][..])));
    assert_eq!(docs.known(vec!["3".into(), "x".into()]).await.unwrap(), ["3"]);
    docs.delete(vec!["0".into()]).await.unwrap();
    assert_eq!(texts(&docs, query(vec![1.0, 0.0], 1)).await, ["text 1"]);

    let words = VectorQuery { text: Some("what is 555?".into()), hybrid: true, ..query(vec![1.0, 0.0], 3) };
    assert!(texts(&docs, words).await.contains(&"text 555".to_owned()), "words are looked for too");
    let bob = user(&store, "bobby").await;
    assert!(texts(&index(&store, bob, 2, CollectionKind::Store), query(vec![1.0, 0.0], 3)).await.is_empty());
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let store = Store::open_memory().await.unwrap();
    let ann = user(&store, "ann").await;
    let docs = index(&store, ann, 1, CollectionKind::Store);
    docs.upsert(vec![record(1, "a", vec![1.0, 0.0])]).await.unwrap();
    for (records, says) in [
        (vec![record(2, "b", vec![1.0])], "dimensions"),
        (vec![record(2, "b", vec![1.0, 0.0]), record(3, "c", vec![1.0])], "differ"),
        (vec![record(2, "b", vec![f32::NAN, 0.0])], "number"),
        (vec![record(2, &"x".repeat(2_000_000), vec![1.0, 0.0])], "longer"),
    ] {
        let fault = docs.upsert(records).await.unwrap_err();
        assert!(fault.kind() == FaultKind::Invalid && fault.message().contains(says), "{fault}");
    }
    let fault = docs.search(query(vec![1.0], 1)).await.unwrap_err();
    assert!(fault.message().contains("embedding model"), "{fault}");
    let fault = docs.search(VectorQuery { limit: 1, ..VectorQuery::default() }).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Missing);
    let gone = index(&store, ann, 9, CollectionKind::Knowledge);
    let fault = gone.upsert(vec![record(1, "a", vec![1.0])]).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Missing, "a deleted knowledge base does not come back by itself");
    docs.upsert(vec![record(4, "with a \0 in it", vec![0.0, 1.0])]).await.unwrap();
    assert_eq!(texts(&docs, query(vec![0.0, 1.0], 1)).await, ["with a  in it"]);
    assert_eq!(docs.some(9).await.unwrap().len(), 2);
    let _: Json = json!(docs.some(1).await.unwrap()[0].metadata);
}
