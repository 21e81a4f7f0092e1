//! Vectors in a user's PostgreSQL database, where the server of the tests has the extension `vector`.

use crate::on_both::Postgres;
use bytes::Bytes;
use langflow_core::capability::{VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::ports::{CallOptions, Databases as _};
use langflow_core::run::{Egress, Reply};
use langflow_core::{Fault, FaultKind, Secret, async_trait};
use langflow_store::foreign::{ForeignDatabases, ForeignPolicy};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// Only this machine can be reached.
#[derive(Debug)]
struct Loopback;

#[async_trait]
impl Egress for Loopback {
    async fn send(&self, _: http::Request<Bytes>, _: CallOptions) -> Result<Reply, Fault> {
        Err(Fault::refused("no network"))
    }

    async fn address_of(&self, host: &str) -> Result<IpAddr, Fault> {
        match host {
            "localhost" | "127.0.0.1" => Ok(Ipv4Addr::LOCALHOST.into()),
            other => Err(Fault::refused(format!("'{other}' is out of reach"))),
        }
    }
}

fn record(id: &str, text: &str, vector: [f32; 2], n: u64) -> VectorRecord {
    let metadata = json!({ "n": n, "nul": "a\0b" }).as_object().cloned().unwrap();
    VectorRecord { id: id.into(), text: text.into(), vector: vector.to_vec(), metadata }
}

fn query(limit: usize) -> VectorQuery {
    VectorQuery { vector: Some(vec![1.0, 0.0]), limit, ..VectorQuery::default() }
}

async fn texts(index: &dyn VectorIndex, query: VectorQuery) -> Vec<String> {
    index.search(query).await.unwrap().into_iter().map(|hit| hit.text).collect()
}

async fn connect(url: &str, collection: &str) -> Arc<dyn VectorIndex> {
    let databases = ForeignDatabases::new(ForeignPolicy::default(), Arc::new(Loopback));
    databases.vectors(&Secret::new(url), collection).await.unwrap()
}

#[tokio::test]
async fn a_collection_stores_finds_and_forgets() {
    let Some(database) = Postgres::create().await else { return };
    let docs = connect(&database.url, "it's docs").await;
    // Nothing is there: nothing is found, and nothing is made.
    assert!(docs.search(query(3)).await.unwrap().is_empty());
    docs.delete(vec!["a".into()]).await.unwrap();
    let some = vec![
        record("a", "east", [1.0, 0.0], 1),
        record("b", "north \0 '; DROP TABLE x", [0.0, 1.0], 1),
        record("c", "north-east", [0.8, 0.6], 2),
    ];
    match docs.upsert(some).await {
        Err(fault) if fault.message().contains("extension \"vector\" is not available") => {
            eprintln!("skipped: the server of the tests has no extension 'vector'");
            return database.drop().await;
        }
        stored => stored.unwrap(),
    }
    let hits = docs.search(VectorQuery { with_vectors: true, ..query(9) }).await.unwrap();
    assert_eq!(
        hits.iter().map(|hit| hit.text.as_str()).collect::<Vec<_>>(),
        ["east", "north-east", "north  '; DROP TABLE x"]
    );
    assert!((hits[0].score - 1.0).abs() < 1e-5 && (hits[1].score - 0.8).abs() < 1e-5, "{hits:?}");
    assert_eq!((hits[1].id.as_str(), hits[1].vector.as_deref()), ("c", Some(&[0.8, 0.6][..])));
    assert_eq!(hits[1].metadata["n"], json!(2));
    assert_eq!(texts(&*docs, query(1)).await, ["east"]);
    let filtered = VectorQuery { filter: Some(json!({ "n": 2 })), ..query(9) };
    assert_eq!(texts(&*docs, filtered).await, ["north-east"]);
    assert_eq!(docs.known(vec!["a".into(), "z".into()]).await.unwrap(), ["a"]);

    docs.upsert(vec![record("a", "west", [-1.0, 0.0], 1)]).await.unwrap();
    assert_eq!(texts(&*docs, query(9)).await.len(), 3, "the same id takes the place of the old record");
    docs.delete(vec!["a".into(), "z".into()]).await.unwrap();
    assert_eq!(texts(&*docs, query(9)).await.len(), 2);

    let other = connect(&database.url, "other").await;
    assert!(other.search(query(9)).await.unwrap().is_empty(), "collections stand apart");
    let many = (0..450_u32).map(|n| record(&format!("k{n}"), "text", [1.0, n as f32], 3)).collect();
    other.upsert(many).await.unwrap();
    assert_eq!(texts(&*other, query(1_000)).await.len(), 450);
    let fault = other.search(VectorQuery { vector: None, ..query(1) }).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Missing);
    let long = VectorQuery { vector: Some(vec![1.0; 3]), ..query(1) };
    assert!(other.search(long).await.unwrap_err().message().contains("different vector dimensions"));
    database.drop().await;
}

#[tokio::test]
async fn what_cannot_be_reached_is_said() {
    for (url, expect) in [
        ("postgresql://u:secret@db.example/d", "out of reach"),
        ("postgresql://u:secret@127.0.0.1:1/d", "connecting"),
        ("mysql://u:secret@127.0.0.1/d", "not the URL of a PostgreSQL"),
        ("nonsense", "Database URL"),
    ] {
        let index = connect(url, "docs").await;
        let fault = index.search(query(1)).await.unwrap_err();
        assert!(fault.message().contains(expect) && !fault.message().contains("secret"), "{url}: {fault}");
    }
}
