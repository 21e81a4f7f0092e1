//! Cassandra and its chat memory, against a server in memory and the fake model server.

use crate::support::{door, params, run, text, with, world};
use langflow_components::catalogue;
use langflow_core::{FaultKind, Json};
use langflow_testkit::fake_cassandra::FakeCassandra;
use langflow_testkit::fake_model::FakeModel;
use langflow_testkit::solo::Solo;
use serde_json::json;

/// The fields of both components for a server in memory.
async fn fields(server: &FakeCassandra) -> Json {
    let address = server.start().await.unwrap();
    json!({
        "database_ref": address.to_string(), "username": "u", "token": "p@ss", "keyspace": "KS",
        "table_name": "Docs",
    })
}

fn server() -> FakeCassandra {
    FakeCassandra::with_keyspace("ks").and_account("u", "p@ss")
}

#[tokio::test]
async fn texts_are_stored_and_found() {
    let server = server();
    let fields = fields(&server).await;
    let model = FakeModel::start().await;
    let world = world(&model);
    let embedder = run(&world, "OpenAIEmbeddings", json!({}), "embeddings").await.unwrap();
    let ask = async |more: Json| {
        let mut params = params(with(&fields, &more));
        params.set("embedding", embedder.clone());
        world.run(&catalogue(), "Cassandra", params, "dataframe").await.unwrap().to_json()
    };
    let texts = json!([{ "text": "red", "page": 3 }, { "text": "blue", "page": 4 }]);
    let stored =
        json!({ "ingest_data": { "$table": texts }, "search_query": "red", "enable_body_search": true });
    let found = ask(with(&stored, &json!({ "number_of_results": 1, "ttl_seconds": 60 }))).await;
    assert_eq!(found, json!([{ "text": "red", "page": 3 }]));
    let rows = server.rows("ks", "docs");
    assert_eq!(rows.iter().map(|row| row.ttl).collect::<Vec<_>>(), [Some(60), Some(60)]);
    for (more, expect) in [
        (json!({ "search_filter": { "page": 4, "": "x" } }), json!([{ "text": "blue", "page": 4 }])),
        (json!({ "search_filter": { "page": "4" } }), json!([])),
        (
            json!({ "enable_body_search": true, "body_search": "BLUE" }),
            json!([{ "text": "blue", "page": 4 }]),
        ),
        (
            json!({ "search_type": "Similarity with score threshold", "search_score_threshold": 0.99 }),
            json!([{ "text": "red", "page": 3 }]),
        ),
        (
            json!({ "search_type": "MMR (Max Marginal Relevance)", "number_of_results": 1 }),
            json!([{ "text": "red", "page": 3 }]),
        ),
        (
            json!({ "setup_mode": "Off", "number_of_results": 1, "cluster_kwargs": { "protocol_version": "4" } }),
            json!([{ "text": "red", "page": 3 }]),
        ),
        (json!({ "search_query": " " }), json!([])),
    ] {
        assert_eq!(ask(with(&json!({ "search_query": "red" }), &more)).await, expect, "{more}");
    }
    // The same again is there once.
    ask(stored).await;
    assert_eq!(server.rows("ks", "docs").len(), 2);
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_field() {
    let server = server();
    let good = fields(&server).await;
    let model = FakeModel::start().await;
    let world = world(&model);
    let embedder = run(&world, "OpenAIEmbeddings", json!({}), "embeddings").await.unwrap();
    for (more, kind, field) in [
        (json!({ "database_ref": "10.0.0.1" }), FaultKind::Refused, "database_ref"),
        (json!({ "database_ref": "127.0.0.1:1" }), FaultKind::Unavailable, "database_ref"),
        (json!({ "database_ref": "h:x" }), FaultKind::Invalid, "database_ref"),
        (json!({ "database_ref": " " }), FaultKind::Missing, "database_ref"),
        (
            json!({ "database_ref": "01234567-89ab-cdef-0123-456789abcdef" }),
            FaultKind::Unsupported,
            "database_ref",
        ),
        (json!({ "token": "wr0ng" }), FaultKind::Unauthorised, "token"),
        (json!({ "keyspace": "other" }), FaultKind::Missing, "keyspace"),
        (json!({ "keyspace": "a.b" }), FaultKind::Invalid, "keyspace"),
        (json!({ "table_name": "a; DROP TABLE b" }), FaultKind::Invalid, "table_name"),
        (json!({ "setup_mode": "Off" }), FaultKind::Missing, "table_name"),
        (json!({ "ttl_seconds": -1 }), FaultKind::Invalid, "ttl_seconds"),
        (json!({ "ttl_seconds": 1_000_000_000 }), FaultKind::Invalid, "ttl_seconds"),
        (json!({ "body_search": "x" }), FaultKind::Invalid, "body_search"),
        (json!({ "cluster_kwargs": { "port": "x" } }), FaultKind::Invalid, "cluster_kwargs"),
        (json!({ "cluster_kwargs": { "cloud": {} } }), FaultKind::Unsupported, "cluster_kwargs"),
    ] {
        let text = json!({ "ingest_data": { "$data": { "text": "red" } } });
        let mut params = params(with(&with(&good, &text), &more));
        params.set("embedding", embedder.clone());
        let run = world.run(&catalogue(), "Cassandra", params, "search_results").await;
        let fault = run.map(|_| ()).unwrap_err();
        assert_eq!(fault.kind(), kind, "{more}: {fault}");
        assert_eq!(fault.place().and_then(|place| place.field.as_deref()), Some(field), "{more}: {fault}");
        assert!(!fault.message().contains("p@ss") && !fault.message().contains("wr0ng"), "{fault}");
    }
    assert_eq!(server.tables(), 0, "nothing was stored");
}

#[tokio::test]
async fn a_conversation_is_kept_as_langchain_does() {
    let server = server();
    let fields = with(&fields(&server).await, &json!({ "session_id": "s-1" }));
    let solo = Solo::new().with_egress(door());
    let memory = run(&solo, "CassandraChatMemory", fields.clone(), "memory").await.unwrap();
    for (text, sender) in [("hello", "User"), ("hello yourself", "Machine"), ("bye", "User")] {
        let mut params = params(json!({ "message": text, "sender": sender, "sender_name": "x" }));
        params.set("memory", memory.clone());
        solo.run(&catalogue(), "StoreMessage", params, "stored_messages").await.unwrap();
    }
    let rows = server.rows("ks", "docs");
    assert!(rows.iter().all(|row| row.texts["partition_id"] == "s-1") && rows.len() == 3);
    let mut params = params(json!({ "n_messages": 2, "template": "{sender}: {text}" }));
    params.set("memory", memory);
    let told = solo.run(&catalogue(), "Memory", params, "messages_text").await.unwrap();
    assert_eq!(text(&told), "Machine: hello yourself\nUser: bye");

    for (more, kind, field) in [
        (json!({ "token": "wr0ng" }), FaultKind::Unauthorised, "token"),
        (json!({ "keyspace": "other" }), FaultKind::Missing, "keyspace"),
        (json!({ "database_ref": "127.0.0.2" }), FaultKind::Refused, "database_ref"),
    ] {
        let memory = run(&solo, "CassandraChatMemory", with(&fields, &more), "memory").await.unwrap();
        let mut params = crate::support::params(json!({ "message": "hello", "sender": "User" }));
        params.set("memory", memory);
        let stored = solo.run(&catalogue(), "StoreMessage", params, "stored_messages").await;
        let fault = stored.map(|_| ()).unwrap_err();
        assert_eq!(fault.kind(), kind, "{more}: {fault}");
        assert_eq!(fault.place().and_then(|place| place.field.as_deref()), Some(field), "{more}: {fault}");
    }
}
