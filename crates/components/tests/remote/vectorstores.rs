//! Vector stores, against a web in memory and the fake model server.

use crate::support::with;
use langflow_components::catalogue;
use langflow_core::{FaultKind, Json, Value};
use langflow_testkit::fake_model::FakeModel;
use langflow_testkit::fake_mongo::FakeMongo;
use langflow_testkit::fake_redis::FakeRedis;
use langflow_testkit::pages::Pages;
use langflow_testkit::solo::Solo;
use serde_json::json;
use std::sync::Arc;

const ASTRA: &str = "https://db-1-us-east1.apps.astra.datastax.com/api/json/v1/default_keyspace/docs";

fn astra(answer: &Json) -> Arc<Pages> {
    Arc::new(
        Pages::new()
            .json(
                "https://api.astra.datastax.com/v2/databases",
                &json!([{ "id": "db-1", "info": { "name": "mine", "region": "us-east1" } }]),
            )
            .json(ASTRA, answer),
    )
}

async fn ask_astra(pages: &Arc<Pages>, more: Json) -> Result<Json, langflow_core::Fault> {
    let mut fields = json!({ "token": "AstraCS:t", "database_name": "mine", "collection_name": "docs" });
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let solo = Solo::new().with_egress(pages.clone());
    let found = solo.run(&catalogue(), "AstraDB", crate::support::params(fields), "dataframe").await;
    found.map(|table| table.to_json())
}

#[tokio::test]
async fn astra_stores_and_finds() {
    let found = json!({ "data": { "documents": [
        { "_id": "1", "content": "red", "metadata": { "n": 1 }, "$similarity": 0.9 },
        { "_id": "2", "content": "blue", "n": 2, "$similarity": 0.2 },
    ] } });
    let pages = astra(&found);
    let fields = json!({ "search_query": "colour", "ingest_data": { "$list": [{ "$data": { "text": "red", "n": 1 } }] } });
    let rows = ask_astra(&pages, fields).await.unwrap();
    assert_eq!(rows, json!([{ "text": "red", "n": 1 }, { "text": "blue", "n": 2 }]));
    let asked = pages.asked();
    let bodies: Vec<Json> =
        asked.iter().skip(1).map(|asked| serde_json::from_str(&asked.body).unwrap()).collect();
    let document = &bodies[0]["insertMany"]["documents"][0];
    assert_eq!((&document["$vectorize"], &document["metadata"]), (&json!("red"), &json!({ "n": 1 })));
    assert_eq!(bodies[1]["find"]["sort"], json!({ "$vectorize": "colour" }));
    assert_eq!(asked[1].headers["token"], "AstraCS:t");
    // A threshold leaves out what is too far away.
    let fields = json!({ "search_query": "x", "search_type": "Similarity with score threshold", "search_score_threshold": 0.5 });
    assert_eq!(ask_astra(&pages, fields).await.unwrap(), json!([{ "text": "red", "n": 1 }]));
    // Hybrid search looks for terms too.
    let fields =
        json!({ "search_query": "x", "search_method": "Hybrid Search", "lexical_terms": "red blue" });
    ask_astra(&pages, fields).await.unwrap();
    let last: Json = serde_json::from_str(&pages.asked().pop().unwrap().body).unwrap();
    assert_eq!(
        last["findAndRerank"]["sort"]["$hybrid"],
        json!({ "$vectorize": "x", "$lexical": "red blue" })
    );
    // A blank query finds nothing and asks nobody.
    assert_eq!(ask_astra(&pages, json!({})).await.unwrap(), json!([]));
}

#[tokio::test]
async fn astra_says_what_is_wrong() {
    let refused =
        json!({ "errors": [{ "errorCode": "COLLECTION_NOT_EXIST", "message": "no such collection" }] });
    let known = json!({ "errors": [{ "errorCode": "DOCUMENT_ALREADY_EXISTS", "message": "known" }] });
    for (answer, more, expect) in [
        (&refused, json!({ "search_query": "x" }), Some((FaultKind::Invalid, "no such collection"))),
        (&known, json!({ "ingest_data": { "$data": { "text": "x" } } }), None),
        (&refused, json!({ "database_name": "other" }), Some((FaultKind::Missing, "'other'"))),
        (&refused, json!({ "collection_name": "" }), Some((FaultKind::Missing, "collection"))),
        (&refused, json!({ "token": "" }), Some((FaultKind::Missing, "ASTRA_DB_APPLICATION_TOKEN"))),
    ] {
        let got = ask_astra(&astra(answer), more.clone()).await;
        match (got, expect) {
            (Ok(_), None) => {}
            (Err(fault), Some((kind, words))) => {
                assert_eq!(fault.kind(), kind, "{more}: {fault}");
                assert!(fault.message().contains(words), "{more}: {fault}");
            }
            (got, expect) => panic!("{more}: {got:?}, expected {expect:?}"),
        }
    }
}

#[tokio::test]
async fn qdrant_makes_its_collection_and_finds() {
    let server = FakeModel::start().await;
    let embedder =
        crate::support::run(&crate::support::world(&server), "OpenAIEmbeddings", json!({}), "embeddings")
            .await
            .unwrap();
    let root = "http://q.example:6333/collections/docs";
    let found = json!({ "result": { "points": [
        { "id": "1", "score": 0.9, "payload": { "page_content": "red", "metadata": { "n": 1 } } },
    ] } });
    let pages = Arc::new(
        Pages::new().json(root, &json!({ "result": true })).json(&format!("{root}/points/query"), &found),
    );
    let mut params = crate::support::params(json!({
        "collection_name": "docs", "host": "q.example", "api_key": "k", "search_query": "colour",
        "ingest_data": { "$table": [{ "text": "red", "n": 1 }, { "text": " ", "n": 2 }] },
    }));
    params.set("embedding", embedder);
    let solo = Solo::new().with_egress(pages.clone());
    let rows = solo.run(&catalogue(), "Qdrant", params, "dataframe").await.unwrap().to_json();
    assert_eq!(rows, json!([{ "text": "red", "n": 1 }]));
    let asked = pages.asked();
    let upsert =
        asked.iter().find(|asked| asked.url.contains("/points?wait=true")).expect("points are stored");
    let body: Json = serde_json::from_str(&upsert.body).unwrap();
    assert_eq!(body["points"].as_array().unwrap().len(), 1, "blank texts are left out");
    assert_eq!(upsert.headers["api-key"], "k");
}

#[tokio::test]
async fn a_memory_base_that_is_not_there_says_so() {
    for (fields, expect) in [
        (json!({}), None),
        (json!({ "search_query": "x" }), Some(FaultKind::Missing)),
        (json!({ "search_query": "x", "memory_base": "m" }), Some(FaultKind::Unsupported)),
    ] {
        let got = Solo::new()
            .run(&catalogue(), "MemoryBase", crate::support::params(fields), "retrieve_data")
            .await;
        match got {
            Ok(Value::Table(table)) => assert!(expect.is_none() && table.is_empty()),
            Ok(other) => panic!("{}", other.type_name()),
            Err(fault) => assert_eq!(Some(fault.kind()), expect),
        }
    }
}

/// Runs a store with a connected embedding model of the fake server.
async fn ask_store(pages: &Arc<Pages>, key: &str, fields: Json) -> Result<Json, langflow_core::Fault> {
    let server = FakeModel::start().await;
    let world = crate::support::world(&server);
    let embedder = crate::support::run(&world, "OpenAIEmbeddings", json!({}), "embeddings").await.unwrap();
    let mut params = crate::support::params(fields);
    params.set("embedding", embedder);
    let solo = Solo::new().with_egress(pages.clone());
    solo.run(&catalogue(), key, params, "dataframe").await.map(|table| table.to_json())
}

#[tokio::test]
async fn vectara_finds_and_answers() {
    let root = "https://api.vectara.io/v2/corpora/docs";
    let found = json!({ "summary": "It is red.", "search_results": [
        { "text": "red", "score": 0.9, "part_metadata": { "n": 1 }, "document_metadata": {}, "document_id": "1" },
    ] });
    let pages = Arc::new(
        Pages::new().json(&format!("{root}/query"), &found).json(&format!("{root}/documents"), &json!({})),
    );
    let account =
        json!({ "vectara_customer_id": "9", "vectara_corpus_id": "docs", "vectara_api_key": "zut_k" });
    let texts = json!({ "search_query": "colour", "ingest_data": { "$data": { "text": "red", "n": 1 } } });
    let rows = ask_store(&pages, "Vectara", with(&account, &texts)).await.unwrap();
    assert_eq!(rows, json!([{ "text": "red", "n": 1 }]));
    let stored = &pages.asked()[0];
    assert_eq!(stored.headers["x-api-key"], "zut_k");
    assert_eq!(stored.headers["customer-id"], "9");
    let body: Json = serde_json::from_str(&stored.body).unwrap();
    assert_eq!(body["document_parts"], json!([{ "text": "red", "metadata": { "n": 1 } }]));

    let solo = Solo::new().with_egress(pages.clone());
    for (more, expect) in [
        (json!({}), json!({ "type": "mmr", "diversity_bias": 0.2 })),
        (
            json!({ "reranker": "rerank_multilingual_v1" }),
            json!({ "type": "customer_reranker", "reranker_name": "Rerank_Multilingual_v1" }),
        ),
        (json!({ "reranker": "none", "filter": "doc.n = 1" }), json!({ "type": "none" })),
    ] {
        let fields = with(&with(&account, &json!({ "search_query": "Which colour?" })), &more);
        let answer = crate::support::run(&solo, "VectaraRAG", fields, "answer").await.unwrap();
        assert_eq!(crate::support::text(&answer), "It is red.");
        let body: Json = serde_json::from_str(&pages.asked().pop().unwrap().body).unwrap();
        assert_eq!(body["search"]["reranker"], expect);
        assert_eq!(body["search"].get("metadata_filter"), more.get("filter"));
        assert_eq!(body["generation"]["generation_preset_name"], "vectara-summary-ext-24-05-sml");
    }
    let fault = crate::support::run(&solo, "VectaraRAG", account, "answer").await.unwrap_err();
    assert_eq!(fault.place().and_then(|place| place.field.as_deref()), Some("search_query"));
}

#[tokio::test]
async fn names_and_settings_that_could_be_statements_are_refused_at_their_field() {
    let clickhouse = json!({
        "host": "ch.example", "database": "d", "table": "t", "username": "u", "password": "p", "search_query": "x",
    });
    let couchbase = json!({
        "couchbase_connection_string": "couchbase://cb.example", "couchbase_username": "u", "couchbase_password": "p",
        "bucket_name": "b", "scope_name": "s", "collection_name": "c", "index_name": "i", "search_query": "x",
    });
    let hcd = json!({
        "collection_name": "c", "password": "p", "api_endpoint": "http://h.example:8181", "search_query": "x",
    });
    for (key, base, more, field) in [
        ("Clickhouse", &clickhouse, json!({ "table": "a\nb" }), "table"),
        ("Clickhouse", &clickhouse, json!({ "database": " " }), "database"),
        (
            "Clickhouse",
            &clickhouse,
            json!({ "index_query_params": { "param_x": "1" } }),
            "index_query_params",
        ),
        (
            "Clickhouse",
            &clickhouse,
            json!({ "index_type": "vector_similarity", "index_param": "1); DROP TABLE t --" }),
            "index_param",
        ),
        (
            "Couchbase",
            &couchbase,
            json!({ "couchbase_connection_string": "cb" }),
            "couchbase_connection_string",
        ),
        ("Couchbase", &couchbase, json!({ "scope_name": "" }), "scope_name"),
        ("Couchbase", &couchbase, json!({ "index_name": "a\tb" }), "index_name"),
        ("HCD", &hcd, json!({ "collection_name": "" }), "collection_name"),
        ("HCD", &hcd, json!({ "password": "HCD_PASSWORD" }), "password"),
        ("HCD", &hcd, json!({ "collection_indexing_policy": "[" }), "collection_indexing_policy"),
    ] {
        let fault = ask_store(&Arc::new(Pages::new()), key, with(base, &more)).await.unwrap_err();
        let place = fault.place().and_then(|place| place.field.clone());
        assert_eq!(place.as_deref(), Some(field), "{key} {more}: {fault}");
    }
}

#[tokio::test]
async fn hcd_signs_in_with_a_password_and_makes_its_collection() {
    let root = "http://h.example:8181/v1/default_namespace";
    let found = json!({ "data": { "documents": [
        { "_id": "1", "content": "red", "metadata": { "n": 1 }, "$similarity": 0.9 },
    ] } });
    let pages =
        Arc::new(Pages::new().json(&format!("{root}/docs"), &found).json(root, &json!({ "status": {} })));
    let fields = json!({
        "collection_name": "docs", "username": "u", "password": "p", "api_endpoint": "http://h.example:8181",
        "pre_delete_collection": true, "metric": "cosine", "metadata_indexing_include": "n, m",
        "search_query": "colour", "search_filter": { "n": 1, "": 2 },
        "ingest_data": { "$data": { "text": "red", "n": 1 } },
    });
    let rows = ask_store(&pages, "HCD", fields).await.unwrap();
    assert_eq!(rows, json!([{ "text": "red", "n": 1 }]));
    let asked = pages.asked();
    assert!(asked.iter().all(|asked| asked.headers["token"] == "Cassandra:dQ==:cA=="));
    let bodies: Vec<Json> = asked.iter().map(|asked| serde_json::from_str(&asked.body).unwrap()).collect();
    assert_eq!(bodies[0]["deleteCollection"], json!({ "name": "docs" }));
    let options = &bodies[1]["createCollection"]["options"];
    assert_eq!(options["indexing"], json!({ "allow": ["metadata.n", "metadata.m"] }));
    assert_eq!(options["vector"]["metric"], "cosine");
    assert_eq!(bodies[2]["insertMany"]["documents"][0]["content"], "red");
    assert_eq!(bodies[3]["find"]["filter"], json!({ "metadata.n": 1 }));
}

/// The address of a server in memory, as fields of Redis Chat Memory.
async fn redis_fields(server: &FakeRedis, more: Json) -> Json {
    let address = server.start().await.unwrap();
    with(&json!({ "host": "127.0.0.1", "port": address.port(), "session_id": "s-1" }), &more)
}

#[tokio::test]
async fn redis_keeps_a_conversation_as_langchain_does() {
    let server = FakeRedis::with_password("p");
    let fields = redis_fields(&server, json!({ "password": "p" })).await;
    let solo = Solo::new().with_egress(crate::support::door());
    let memory = crate::support::run(&solo, "RedisChatMemory", fields, "memory").await.unwrap();
    for (text, sender) in [("hello", "User"), ("hello yourself", "Machine"), ("bye", "User")] {
        let mut params =
            crate::support::params(json!({ "message": text, "sender": sender, "sender_name": "x" }));
        params.set("memory", memory.clone());
        solo.run(&catalogue(), "StoreMessage", params, "stored_messages").await.unwrap();
    }
    let items = server.list("message_store:s-1");
    assert_eq!(items.len(), 3);
    let newest: Json = serde_json::from_str(&items[0]).unwrap();
    assert_eq!((&newest["type"], &newest["data"]["content"]), (&json!("human"), &json!("bye")));
    let mut params = crate::support::params(json!({ "n_messages": 2, "template": "{sender}: {text}" }));
    params.set("memory", memory);
    let told = solo.run(&catalogue(), "Memory", params, "messages_text").await.unwrap();
    assert_eq!(crate::support::text(&told), "Machine: hello yourself\nUser: bye");
}

#[tokio::test]
async fn redis_says_what_is_wrong() {
    let server = FakeRedis::with_password("p");
    let good = redis_fields(&server, json!({ "password": "p" })).await;
    let solo = Solo::new().with_egress(crate::support::door());
    for (more, kind, words) in [
        (json!({ "password": "q" }), FaultKind::Unauthorised, "credential"),
        (json!({ "host": "127.0.0.2" }), FaultKind::Refused, "SSRF"),
        (json!({ "host": "127.0.0.1", "port": 1 }), FaultKind::Unavailable, "127.0.0.1:1"),
        (json!({ "port": 70_000 }), FaultKind::Invalid, "port"),
        (json!({ "database": "x" }), FaultKind::Invalid, "database"),
        (json!({ "host": "" }), FaultKind::Missing, ""),
    ] {
        let work = async {
            let fields = crate::support::params(with(&good, &more));
            let memory = solo.run(&catalogue(), "RedisChatMemory", fields, "memory").await?;
            let mut params = crate::support::params(json!({ "message": "hello", "sender": "User" }));
            params.set("memory", memory);
            solo.run(&catalogue(), "StoreMessage", params, "stored_messages").await
        };
        let fault = work.await.map(|_| ()).unwrap_err();
        assert_eq!(fault.kind(), kind, "{more}: {fault}");
        assert!(fault.message().contains(words), "{more}: {fault}");
    }
}

#[tokio::test]
async fn redis_stores_pieces_of_texts_and_finds_them() {
    let redis = FakeRedis::default();
    let address = redis.start().await.unwrap();
    let model = FakeModel::start().await;
    let world = crate::support::world(&model);
    let embedder = crate::support::run(&world, "OpenAIEmbeddings", json!({}), "embeddings").await.unwrap();
    let long = format!("{}\n\n{}", "a".repeat(700), "b".repeat(700));
    let mut params = crate::support::params(json!({
        "redis_server_url": format!("redis://{address}"), "redis_index_name": "docs",
        "search_query": "a".repeat(700), "number_of_results": 1,
        "ingest_data": { "$data": { "text": long, "page": 3 } },
    }));
    params.set("embedding", embedder);
    let rows = world.run(&catalogue(), "Redis", params, "dataframe").await.unwrap().to_json();
    assert_eq!(rows, json!([{ "text": "a".repeat(700), "page": 3 }]));
    assert_eq!(redis.keys(), 2, "the text is cut at the blank line");
}

/// The fields of a MongoDB Atlas that is a server in memory.
async fn mongo_fields(server: &FakeMongo) -> Json {
    let address = server.start().await.unwrap();
    json!({
        "mongodb_atlas_cluster_uri": format!("mongodb://u:p%40ss@{address}/?authSource=admin"),
        "db_name": "db", "collection_name": "docs", "index_name": "vectors", "number_dimensions": 64,
    })
}

#[tokio::test]
async fn mongodb_atlas_stores_texts_and_finds_them() {
    let server = FakeMongo::with_account("u", "p@ss");
    let fields = mongo_fields(&server).await;
    let model = FakeModel::start().await;
    let world = crate::support::world(&model);
    let embedder = crate::support::run(&world, "OpenAIEmbeddings", json!({}), "embeddings").await.unwrap();
    let ask = async |more: Json| {
        let mut params = crate::support::params(with(&fields, &more));
        params.set("embedding", embedder.clone());
        world.run(&catalogue(), "MongoDBAtlasVector", params, "dataframe").await.unwrap().to_json()
    };
    let red = json!({ "ingest_data": { "$data": { "text": "red", "page": 3 } }, "search_query": "red" });
    assert_eq!(ask(red.clone()).await, json!([{ "text": "red", "page": 3 }]));
    assert_eq!(
        ask(json!({ "search_query": "blue", "number_of_results": 1 })).await.as_array().unwrap().len(),
        1
    );
    let blue = json!({ "ingest_data": { "$data": { "text": "blue" } }, "search_query": "red" });
    let blue = with(&blue, &json!({ "insert_mode": "overwrite" }));
    assert_eq!(ask(blue).await, json!([{ "text": "blue" }]));
}

#[tokio::test]
async fn mongodb_atlas_says_what_is_wrong() {
    let server = FakeMongo::with_account("u", "p@ss");
    let good = mongo_fields(&server).await;
    let model = FakeModel::start().await;
    let world = crate::support::world(&model);
    let embedder = crate::support::run(&world, "OpenAIEmbeddings", json!({}), "embeddings").await.unwrap();
    let uri = "mongodb_atlas_cluster_uri";
    let port = good[uri].as_str().unwrap().rsplit(':').next().unwrap().split('/').next().unwrap().to_owned();
    for (more, kind, field) in [
        (json!({ uri: "mongodb://u:q@10.0.0.1" }), FaultKind::Refused, uri),
        (json!({ uri: "mongodb://127.0.0.1:1" }), FaultKind::Unavailable, uri),
        (json!({ uri: format!("mongodb://u:q@127.0.0.1:{port}") }), FaultKind::Unauthorised, uri),
        (json!({ uri: "127.0.0.1" }), FaultKind::Invalid, uri),
        (json!({ uri: "mongodb://h/?tlsCAFile=x" }), FaultKind::Refused, uri),
        (json!({ "enable_mtls": true }), FaultKind::Invalid, "mongodb_atlas_client_cert"),
        (json!({ "db_name": " " }), FaultKind::Missing, "db_name"),
        (json!({ "index_field": "a.b" }), FaultKind::Invalid, "index_field"),
        (json!({ "number_dimensions": 7 }), FaultKind::Invalid, "number_dimensions"),
    ] {
        let text = json!({ "ingest_data": { "$data": { "text": "red" } } });
        let mut params = crate::support::params(with(&with(&good, &text), &more));
        params.set("embedding", embedder.clone());
        let run = world.run(&catalogue(), "MongoDBAtlasVector", params, "search_results").await;
        let fault = run.map(|_| ()).unwrap_err();
        assert_eq!(fault.kind(), kind, "{more}: {fault}");
        assert_eq!(fault.place().and_then(|place| place.field.as_deref()), Some(field), "{more}: {fault}");
        assert!(!fault.message().contains("p@ss"), "{fault}");
    }
    assert!(server.is_empty(), "nothing was stored");
}
