//! One suite of behaviour over every vector store, chosen by what each can, against services in memory.

mod cassandra;
mod fake;
mod mongo;
mod redis;

use fake::{Fake, Service};
use langflow_core::capability::{VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{FaultKind, Secret};
use langflow_providers::vector::astra::{AstraCollection, Making, Sending, Server, password_token};
use langflow_providers::vector::chroma::ChromaCollection;
use langflow_providers::vector::clickhouse::{ClickhouseTable, Metric};
use langflow_providers::vector::couchbase::{Cluster, CouchbaseCollection};
use langflow_providers::vector::milvus::MilvusCollection;
use langflow_providers::vector::pinecone::PineconeIndex;
use langflow_providers::vector::qdrant::QdrantCollection;
use langflow_providers::vector::search_engine::{Engine, Login, SearchIndex};
use langflow_providers::vector::supabase::SupabaseTable;
use langflow_providers::vector::upstash::UpstashIndex;
use langflow_providers::vector::vectara::{ROOT, VectaraCorpus};
use langflow_providers::vector::weaviate::WeaviateClass;
use langflow_testkit::mood::Mood;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// A store and what it can.
struct Store {
    name: &'static str,
    service: Service,
    connect: fn(Arc<dyn Egress>) -> Box<dyn VectorIndex>,
    filters: bool,
    /// Searches only by vector.
    needs_vector: bool,
    knows_ids: bool,
    gives_vectors: bool,
}

fn stores() -> Vec<Store> {
    let plain = |name, service, connect| Store {
        name,
        service,
        connect,
        filters: true,
        needs_vector: true,
        knows_ids: false,
        gives_vectors: true,
    };
    vec![
        Store { filters: false, needs_vector: false, ..plain("Astra DB", fake::astra, astra) },
        plain("Qdrant", fake::qdrant, qdrant),
        Store { knows_ids: true, ..plain("Chroma", fake::chroma, chroma) },
        plain("Pinecone", fake::pinecone, pinecone),
        plain("Milvus", fake::milvus, milvus),
        plain("Weaviate", fake::weaviate, weaviate),
        Store { filters: false, needs_vector: false, ..plain("Upstash", fake::upstash, upstash) },
        plain("Supabase", fake::supabase, supabase),
        plain("OpenSearch", fake::search_engine, opensearch),
        plain("Elasticsearch", fake::search_engine, elasticsearch),
        Store {
            filters: false,
            needs_vector: false,
            gives_vectors: false,
            ..plain("Vectara", fake::vectara, vectara)
        },
        Store { knows_ids: true, ..plain("ClickHouse", fake::clickhouse, clickhouse) },
        Store { filters: false, knows_ids: true, ..plain("Couchbase", fake::couchbase, couchbase) },
        Store { filters: false, needs_vector: false, ..plain("HCD", fake::hcd, hcd) },
        Store { filters: false, knows_ids: true, ..plain("Redis", fake::no_http, redis::index) },
        Store { knows_ids: true, ..plain("MongoDB", fake::no_http, mongo::index) },
        Store { knows_ids: true, ..plain("Cassandra", fake::no_http, cassandra::index) },
    ]
}

fn key() -> Secret {
    Secret::new("k")
}

fn astra(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(AstraCollection {
        server: Server::Astra,
        endpoint: "https://db.example".into(),
        keyspace: "default_keyspace".into(),
        collection: "docs".into(),
        token: key(),
        content_field: "content".into(),
        lexical: None,
        making: None,
        sending: Sending::default(),
        egress,
    })
}

fn hcd(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(AstraCollection {
        server: Server::Hcd,
        endpoint: "http://h.example:8181/".into(),
        keyspace: "default_namespace".into(),
        collection: "docs".into(),
        token: password_token("u", &key()),
        content_field: "content".into(),
        lexical: None,
        making: Some(Making { metric: "cosine".into(), indexing: json!({ "allow": ["metadata"] }) }),
        sending: Sending { batch: 2, at_once: 2 },
        egress,
    })
}

/// Named by the number that older flows hold.
fn vectara(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(VectaraCorpus {
        base_url: ROOT.into(),
        customer: "9".into(),
        corpus: "7".into(),
        key: key(),
        egress,
    })
}

fn clickhouse(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(ClickhouseTable {
        base_url: "http://ch.example:8123/".into(),
        username: "u".into(),
        password: key(),
        database: "d".into(),
        table: "docs".into(),
        metric: Metric::Angular,
        index: Some(String::new()),
        search_settings: Vec::new(),
        egress,
    })
}

fn couchbase(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(CouchbaseCollection {
        cluster: Cluster::parse("couchbase://cb.example").unwrap(),
        username: "u".into(),
        password: key(),
        bucket: "b".into(),
        scope: "s".into(),
        collection: "docs".into(),
        index: "vectors".into(),
        egress,
    })
}

fn qdrant(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(QdrantCollection {
        base_url: "http://q.example".into(),
        collection: "docs".into(),
        key: key(),
        distance: "Cosine".into(),
        content_key: "page_content".into(),
        metadata_key: "metadata".into(),
        egress,
    })
}

fn chroma(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(ChromaCollection {
        base_url: "http://c.example".into(),
        tenant: "default_tenant".into(),
        database: "default_database".into(),
        collection: "docs".into(),
        token: key(),
        egress,
    })
}

fn pinecone(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    let (index, namespace, text_key) = ("docs".into(), "n".into(), "text".into());
    Box::new(PineconeIndex { index, namespace, key: key(), text_key, egress })
}

fn milvus(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(MilvusCollection {
        base_url: "http://m.example".into(),
        token: key(),
        collection: "docs".into(),
        primary_field: "pk".into(),
        text_field: "text".into(),
        vector_field: "vector".into(),
        consistency: "Session".into(),
        egress,
    })
}

fn weaviate(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    let (base_url, class, text_key) = ("http://w.example".into(), "Docs".into(), "text".into());
    Box::new(WeaviateClass { base_url, key: key(), class, text_key, egress })
}

fn upstash(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(UpstashIndex {
        base_url: "https://u.example".into(),
        token: key(),
        namespace: "n".into(),
        text_key: "text".into(),
        condition: String::new(),
        egress,
    })
}

fn supabase(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    let (base_url, table, function) = ("https://s.example".into(), "docs".into(), "match_docs".into());
    Box::new(SupabaseTable { base_url, key: key(), table, function, egress })
}

fn opensearch(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    let engine =
        Engine::OpenSearch { engine: "lucene".into(), space: "cosinesimil".into(), ef_construction: 1, m: 1 };
    engine_index(engine, "os1", "chunk_embedding", egress)
}

fn elasticsearch(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    engine_index(Engine::Elasticsearch, "es1", "vector", egress)
}

fn engine_index(engine: Engine, index: &str, field: &str, egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    // The fake reads three characters of path: the index is named by two.
    Box::new(SearchIndex {
        engine,
        base_url: "http://e.example".into(),
        login: Login::Basic { username: "u".into(), password: key() },
        index: index[..2].into(),
        text_field: "text".into(),
        vector_field: field.into(),
        verify_certs: true,
        timeout: Duration::from_secs(5),
        egress,
    })
}

fn record(id: &str, text: &str, vector: [f32; 2], n: u64) -> VectorRecord {
    let metadata = json!({ "n": n }).as_object().cloned().unwrap();
    VectorRecord { id: id.into(), text: text.into(), vector: vector.to_vec(), metadata }
}

fn query(limit: usize) -> VectorQuery {
    VectorQuery { vector: Some(vec![1.0, 0.0]), text: Some("east".into()), limit, ..VectorQuery::default() }
}

fn id(n: u8) -> String {
    format!("00000000-0000-0000-0000-0000000000{n:02}")
}

#[tokio::test]
async fn every_store_behaves() {
    let mut cases = 0;
    for store in stores() {
        let name = store.name;
        let fake = Arc::new(Fake::new(store.service));
        let index = (store.connect)(Arc::clone(&fake) as Arc<dyn Egress>);

        // Nothing to store is no call.
        index.upsert(Vec::new()).await.unwrap();
        assert!(fake.memory.lock().unwrap().records.is_empty(), "{name}");
        assert!(fake.redis.keys() == 0 && fake.mongo.is_empty(), "{name}");
        assert_eq!(fake.cassandra.tables(), 0, "{name}");
        cases += 1;

        cases += keeps_and_finds(&store, &*index).await;

        // Refusals and failures name the store, never the key.
        for (mood, kind) in [
            (Mood::Locked, FaultKind::Unauthorised),
            (Mood::Broken, FaultKind::Unavailable),
            (Mood::Garbage, FaultKind::Unavailable),
        ] {
            *fake.mood.lock().unwrap() = mood;
            let fault = index.search(query(1)).await.unwrap_err();
            assert_eq!(fault.kind(), kind, "{name} {mood:?}: {fault}");
            assert!(fault.message().contains(name.split(' ').next().unwrap()), "{name}: {fault}");
            cases += 1;
        }
        println!("{name}: well");
    }
    println!("{} stores, {cases} cases", stores().len());
}

/// What a store that is empty does with records; the number of cases.
async fn keeps_and_finds(store: &Store, index: &dyn VectorIndex) -> usize {
    let name = store.name;
    let mut cases = 0;
    let some = vec![
        record(&id(1), "east", [1.0, 0.0], 1),
        record(&id(2), "north", [0.0, 1.0], 1),
        record(&id(3), "north-east", [0.8, 0.6], 2),
    ];

    // What is stored is found, the nearest first, with text and metadata.
    index.upsert(some).await.unwrap();
    let hits = index.search(query(3)).await.unwrap();
    let texts: Vec<&str> = hits.iter().map(|hit| hit.text.as_str()).collect();
    assert_eq!(texts, ["east", "north-east", "north"], "{name}");
    assert_eq!(hits[0].id, id(1), "{name}");
    let n = hits[1].metadata.get("n").and_then(serde_json::Value::as_f64);
    assert_eq!(n, Some(2.0), "{name}: {hits:?}");
    assert_eq!(hits[1].metadata.len(), 1, "{name}: nothing of the store's own is metadata: {hits:?}");
    assert!(hits[0].score > hits[1].score && hits[1].score > hits[2].score, "{name}");
    cases += 1;

    // The limit holds.
    assert_eq!(index.search(query(1)).await.unwrap().len(), 1, "{name}");
    cases += 1;

    // Vectors come with the hits that ask for them.
    if store.gives_vectors {
        let hits = index.search(VectorQuery { with_vectors: true, ..query(1) }).await.unwrap();
        assert_eq!(hits[0].vector.as_deref(), Some(&[1.0, 0.0][..]), "{name}");
        cases += 1;
    }

    if store.filters {
        let filtered = VectorQuery { filter: Some(json!({ "n": 1 })), ..query(3) };
        let hits = index.search(filtered).await.unwrap();
        let texts: Vec<&str> = hits.iter().map(|hit| hit.text.as_str()).collect();
        assert_eq!(texts, ["east", "north"], "{name}");
        cases += 1;
    }

    // The same id again takes the place of the old record.
    index.upsert(vec![record(&id(2), "west", [-1.0, 0.0], 1)]).await.unwrap();
    assert_eq!(index.search(query(9)).await.unwrap().len(), 3, "{name}");
    cases += 1;

    if store.knows_ids {
        assert_eq!(index.known(vec![id(1), id(9)]).await.unwrap(), [id(1)], "{name}");
        cases += 1;
    }

    // What is deleted is gone; what is not there may be deleted.
    index.delete(vec![id(1), id(9)]).await.unwrap();
    let hits = index.search(query(9)).await.unwrap();
    assert!(hits.len() == 2 && hits.iter().all(|hit| hit.text != "east"), "{name}");
    cases += 1;

    if store.needs_vector {
        let fault = index.search(VectorQuery { vector: None, ..query(1) }).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Missing, "{name}");
        cases += 1;
    }
    cases
}
