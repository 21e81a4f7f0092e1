//! Cassandra: its place in the suite, and what is its own.

use super::fake::{self, Fake, piped};
use super::{id, keeps_and_finds, query, record, stores};
use langflow_core::capability::{ChatMemory, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::{Egress, Encryption, Wire};
use langflow_core::{Fault, FaultKind, Message, Secret, async_trait};
use langflow_providers::cassandra::{
    CassandraHistory, CassandraServer, CassandraTable, Name, Setup, contact_points,
};
use langflow_providers::http::{Door, EgressConfig, SsrfConfig};
use langflow_testkit::fake_cassandra::FakeCassandra;
use langflow_testkit::mood::Mood;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn server(hosts: &str, egress: Arc<dyn Egress>) -> CassandraServer {
    CassandraServer {
        contact_points: contact_points(hosts, 9042).unwrap(),
        encrypted: false,
        connect_timeout: Duration::from_secs(5),
        username: "u".into(),
        password: Secret::new("k"),
        keyspace: Name::parse("ks").unwrap(),
        egress,
    }
}

fn table(server: CassandraServer) -> CassandraTable {
    CassandraTable {
        server,
        table: Name::parse("docs").unwrap(),
        setup: Setup::Make { words: false },
        ttl_seconds: None,
        batch: 2,
        words: None,
        is_checked: AtomicBool::new(false),
    }
}

fn history(server: CassandraServer, session_id: &str) -> CassandraHistory {
    CassandraHistory {
        server,
        table: Name::parse("chats").unwrap(),
        session_id: session_id.to_owned(),
        is_made: AtomicBool::new(false),
    }
}

pub fn index(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(table(server("c.example", egress)))
}

/// A connection to a server in memory.
pub fn join(server: &FakeCassandra) -> Box<dyn Wire> {
    let server = server.clone();
    piped(move |far| async move { server.serve(far).await })
}

/// Several hosts.
#[derive(Debug, Default)]
struct Net {
    hosts: BTreeMap<String, FakeCassandra>,
    /// The hosts in the order they were called.
    called: Mutex<Vec<String>>,
}

impl Net {
    fn of(hosts: &[(&str, &FakeCassandra)]) -> Arc<Self> {
        let hosts = hosts.iter().map(|(host, server)| ((*host).to_owned(), (*server).clone())).collect();
        Arc::new(Self { hosts, ..Self::default() })
    }

    fn called(&self) -> String {
        std::mem::take(&mut *self.called.lock().unwrap()).join(", ")
    }
}

#[async_trait]
impl Egress for Net {
    async fn send(
        &self,
        _: http::Request<bytes::Bytes>,
        _: langflow_core::run::ports::CallOptions,
    ) -> Result<langflow_core::run::Reply, Fault> {
        Err(Fault::bug("Cassandra is no HTTP"))
    }

    async fn connect(&self, host: &str, port: u16, how: &Encryption) -> Result<Box<dyn Wire>, Fault> {
        let how = if matches!(how, Encryption::Tls) { " tls" } else { "" };
        self.called.lock().unwrap().push(format!("{host}:{port}{how}"));
        match self.hosts.get(host) {
            Some(server) => Ok(join(server)),
            None if host == "inside.example" => Err(Fault::refused("SSRF")),
            None if host == "silent.example" => std::future::pending().await,
            None => Err(Fault::new(FaultKind::Unavailable, format!("{host} cannot be reached"))),
        }
    }
}

fn fake() -> FakeCassandra {
    FakeCassandra::with_keyspace("ks").and_account("u", "k")
}

fn field(fault: &Fault) -> Option<&str> {
    fault.place().and_then(|place| place.field.as_deref())
}

#[tokio::test]
async fn tables_are_those_of_langchain() {
    let cassandra = fake();
    let net = Net::of(&[("a", &cassandra)]);
    let index = CassandraTable { ttl_seconds: Some(60), ..table(server("a", net.clone())) };
    let metadata = json!({ "page": 3, "source": "a.pdf" }).as_object().cloned().unwrap();
    index.upsert(vec![VectorRecord { metadata, ..record(&id(1), "red", [1.0, 0.5], 1) }]).await.unwrap();
    let columns = cassandra.columns("ks", "docs");
    let columns: Vec<String> = columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
    assert_eq!(
        columns,
        [
            "attributes_blob text",
            "body_blob text",
            "metadata_s map<text, text>",
            "row_id text",
            "vector vector<float, 2>"
        ]
    );
    let rows = cassandra.rows("ks", "docs");
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.texts["row_id"].as_str(), row.texts["body_blob"].as_str()), (id(1).as_str(), "red"));
    assert_eq!(json!(row.metadata), json!({ "page": "3.0", "source": "a.pdf" }));
    assert_eq!((row.vector.as_slice(), row.ttl), (&[1.0, 0.5][..], Some(60)));
    // The indexes have the names that cassio gives them, so that nothing is made twice.
    let said = cassandra.said().join("\n");
    for index in ["idx_vector_docs", "eidx_metadata_s_docs"] {
        assert!(said.contains(&format!("INDEX IF NOT EXISTS \"{index}\"")), "{said}");
    }
    assert!(!said.contains("idx_body"), "{said}");

    // A second piece of work looks at nothing again.
    let before = cassandra.said().len();
    index.upsert(vec![record(&id(2), "blue", [0.0, 1.0], 1)]).await.unwrap();
    assert_eq!(cassandra.said().len() - before, 2, "USE and INSERT");
}

#[tokio::test]
async fn scores_are_those_of_langchain() {
    let net = Net::of(&[("a", &fake())]);
    let index = table(server("a", net));
    let some = [("east", [2.0, 0.0]), ("north", [0.0, 3.0]), ("west", [-1.0, 0.0])];
    let some = some.iter().zip(1..).map(|((text, vector), n)| record(&id(n), text, *vector, 1));
    index.upsert(some.collect()).await.unwrap();
    let hits = index.search(query(9)).await.unwrap();
    let scores: Vec<(&str, f32)> = hits.iter().map(|hit| (hit.text.as_str(), hit.score)).collect();
    assert_eq!(scores, [("east", 1.0), ("north", 0.5), ("west", 0.0)]);
    // More than Cassandra takes.
    assert_eq!(index.search(query(5_000)).await.unwrap().len(), 3);
}

#[tokio::test]
async fn words_are_looked_for_where_there_is_an_index() {
    let net = Net::of(&[("a", &fake())]);
    let with_words = |words: &str, setup| CassandraTable {
        setup,
        words: Some(words.to_owned()),
        ..table(server("a", net.clone()))
    };
    let index = with_words("North", Setup::Make { words: true });
    let some = vec![record(&id(1), "due east", [1.0, 0.0], 1), record(&id(2), "far north", [0.0, 1.0], 1)];
    index.upsert(some).await.unwrap();
    let found = async |index: &CassandraTable, filter: Option<serde_json::Value>| {
        let hits = index.search(VectorQuery { filter, ..query(9) }).await.unwrap();
        hits.into_iter().map(|hit| hit.text).collect::<Vec<_>>()
    };
    assert_eq!(found(&index, None).await, ["far north"]);
    assert_eq!(found(&index, Some(json!({ "n": 1 }))).await, ["far north"]);
    assert_eq!(found(&index, Some(json!({ "n": 2 }))).await, Vec::<String>::new());
    assert_eq!(found(&with_words("south", Setup::Off), None).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_does_not_fit_is_told_with_its_field() {
    let cassandra = fake();
    let net = Net::of(&[("a", &cassandra)]);
    let cluster = || server("a", net.clone());
    table(cluster()).upsert(vec![record(&id(1), "east", [1.0, 0.0], 1)]).await.unwrap();
    history(cluster(), "s").append(&Message::from_text("hello")).await.unwrap();
    let long = || VectorRecord { vector: vec![0.0, 0.0, 1.0], ..record(&id(2), "up", [0.0, 1.0], 1) };
    let named = |name: &str| Name::parse(name).unwrap();
    for (what, index, kind, at) in [
        ("another length", table(cluster()), FaultKind::Invalid, "embedding"),
        (
            "no table",
            CassandraTable { setup: Setup::Off, table: named("other"), ..table(cluster()) },
            FaultKind::Missing,
            "table_name",
        ),
        (
            "another table",
            CassandraTable { setup: Setup::Off, table: named("chats"), ..table(cluster()) },
            FaultKind::Invalid,
            "table_name",
        ),
        (
            "no keyspace",
            table(CassandraServer { keyspace: named("nope"), ..cluster() }),
            FaultKind::Missing,
            "keyspace",
        ),
    ] {
        let fault = index.upsert(vec![long()]).await.unwrap_err();
        assert_eq!((fault.kind(), field(&fault)), (kind, Some(at)), "{what}: {fault}");
    }
    let off = CassandraTable { setup: Setup::Off, table: named("other"), ..table(cluster()) };
    let fault = off.search(query(1)).await.unwrap_err();
    assert_eq!((fault.kind(), field(&fault)), (FaultKind::Missing, Some("table_name")), "{fault}");
    // Nothing was stored yet where the table is made with the first texts.
    let new = CassandraTable { table: named("other"), ..table(cluster()) };
    assert!(new.search(query(1)).await.unwrap().is_empty());
    assert!(new.known(vec![id(1)]).await.unwrap().is_empty());
    new.delete(vec![id(1)]).await.unwrap();
    assert_eq!(cassandra.tables(), 2, "looking makes no table");
    // What the server refuses it says itself.
    let fault = new.upsert(vec![record(&id(1), "nowhere", [0.0, 0.0], 1)]).await.unwrap_err();
    assert_eq!((fault.kind(), field(&fault)), (FaultKind::Invalid, Some("table_name")), "{fault}");
    assert!(fault.message().contains("Zero and near-zero vectors"), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn hosts_are_tried_in_order() {
    let good = fake();
    let broken = fake();
    broken.set_mood(Mood::Broken);
    let locked = fake();
    locked.set_mood(Mood::Locked);
    for (hosts, called, kind, at) in [
        ("a,b", "a:9042", None, None),
        ("down.example, a:9043, b", "down.example:9042, a:9043", None, None),
        ("broken, a", "broken:9042, a:9042", None, None),
        ("silent.example, a", "silent.example:9042, a:9042", None, None),
        ("down.example", "down.example:9042", Some(FaultKind::Unavailable), Some("database_ref")),
        ("broken", "broken:9042", Some(FaultKind::Unavailable), Some("database_ref")),
        ("silent.example", "silent.example:9042", Some(FaultKind::Timeout), Some("database_ref")),
        // Policy and credentials are the same for all.
        ("inside.example, a", "inside.example:9042", Some(FaultKind::Refused), Some("database_ref")),
        ("locked, a", "locked:9042", Some(FaultKind::Unauthorised), Some("token")),
    ] {
        let net = Net::of(&[("a", &good), ("b", &good), ("broken", &broken), ("locked", &locked)]);
        let found = table(server(hosts, net.clone())).search(query(1)).await;
        assert_eq!(found.as_ref().err().map(Fault::kind), kind, "{hosts}: {found:?}");
        assert_eq!(found.as_ref().err().and_then(field), at, "{hosts}: {found:?}");
        assert_eq!(net.called(), called, "{hosts}");
    }
}

#[tokio::test]
async fn who_calls_is_told_where_it_is_asked() {
    let datastax = fake();
    datastax.ask_how();
    let open = FakeCassandra::with_keyspace("ks");
    let net = Net::of(&[("a", &fake()), ("open", &open), ("datastax", &datastax)]);
    for (host, username, password, expect) in [
        ("a", "u", "k", None),
        ("datastax", "u", "k", None),
        ("open", "", "", None),
        ("open", "anybody", "s3cret", None),
        ("a", "u", "s3cret", Some("does not accept")),
        ("a", "v", "k", Some("does not accept")),
        ("datastax", "u", "s3cret", Some("does not accept")),
        ("a", "", "", Some("wants a user name")),
    ] {
        let (username, password) = (username.to_owned(), Secret::new(password));
        let cluster = CassandraServer { username, password, encrypted: true, ..server(host, net.clone()) };
        let fault = table(cluster).search(query(1)).await.err();
        assert_eq!(fault.is_some(), expect.is_some(), "{host}: {fault:?}");
        if let (Some(fault), Some(words)) = (fault, expect) {
            assert_eq!((fault.kind(), field(&fault)), (FaultKind::Unauthorised, Some("token")), "{fault}");
            assert!(fault.message().contains(words) && !fault.message().contains("s3cret"), "{fault}");
        }
        assert_eq!(net.called(), format!("{host}:9042 tls"));
    }
}

#[tokio::test(start_paused = true)]
async fn other_nodes_learn_of_a_new_table_first() {
    let cassandra = fake();
    cassandra.lag(3);
    let net = Net::of(&[("a", &cassandra)]);
    table(server("a", net.clone())).upsert(vec![record(&id(1), "east", [1.0, 0.0], 1)]).await.unwrap();
    let said = cassandra.said();
    let looks =
        said.iter().take_while(|cql| !cql.contains("INDEX")).filter(|cql| cql.contains("system.peers"));
    assert_eq!(looks.count(), 4, "{said:#?}");
    assert_eq!(net.called(), "a:9042", "the other node is not called");
}

#[tokio::test]
async fn a_history_is_that_of_langchain() {
    let cassandra = fake();
    cassandra.answer_in_pages(2);
    let net = Net::of(&[("a", &cassandra)]);
    let mine = history(server("a", net.clone()), "s");
    assert!(mine.last(3).await.unwrap().is_empty(), "nothing was said yet");
    for n in 0..7 {
        let sender = if n % 2 == 0 { "User" } else { "Machine" };
        let message = Message { sender: Some(sender.to_owned()), ..Message::from_text(n.to_string()) };
        mine.append(&message).await.unwrap();
    }
    history(server("a", net.clone()), "other").append(&Message::from_text("elsewhere")).await.unwrap();
    let columns = cassandra.columns("ks", "chats");
    assert_eq!(json!(columns), json!({ "partition_id": "text", "row_id": "timeuuid", "body_blob": "text" }));
    let rows = cassandra.rows("ks", "chats");
    assert!(rows.iter().any(|row| row.texts["body_blob"].contains(r#""type":"human""#)), "{rows:?}");
    let told = async |limit: usize| {
        let messages = mine.last(limit).await.unwrap();
        messages
            .into_iter()
            .map(|message| format!("{} {}", message.sender.unwrap(), message.text))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(3).await, ["User 4", "Machine 5", "User 6"]);
    assert_eq!(told(100).await.len(), 7);
    assert_eq!(told(0).await.len(), 0);
}

#[tokio::test]
async fn the_history_of_something_else_is_an_error() {
    let cassandra = fake();
    let net = Net::of(&[("a", &cassandra)]);
    let cluster = || server("a", net.clone());
    table(cluster()).upsert(vec![record(&id(1), "east", [1.0, 0.0], 1)]).await.unwrap();
    let wrong = CassandraHistory { table: Name::parse("docs").unwrap(), ..history(cluster(), "s") };
    let fault = wrong.last(1).await.unwrap_err();
    assert_eq!((fault.kind(), field(&fault)), (FaultKind::Invalid, Some("table_name")), "{fault}");
    let fault = wrong.append(&Message::from_text("hello")).await.unwrap_err();
    assert_eq!((fault.kind(), field(&fault)), (FaultKind::Invalid, Some("table_name")), "{fault}");
}

#[tokio::test]
async fn a_server_in_a_bad_mood_does_no_harm() {
    let fake = Arc::new(Fake::new(fake::no_http));
    for (mood, kind) in [
        (Mood::Garbage, FaultKind::Unavailable),
        (Mood::Broken, FaultKind::Unavailable),
        (Mood::Locked, FaultKind::Unauthorised),
    ] {
        *fake.mood.lock().unwrap() = mood;
        let memory = history(server("c.example", fake.clone() as Arc<dyn Egress>), "s");
        assert_eq!(memory.last(1).await.unwrap_err().kind(), kind, "{mood:?}");
        assert_eq!(memory.append(&Message::from_text("x")).await.unwrap_err().kind(), kind, "{mood:?}");
    }
}

/// The server at `LANGFLOW_TEST_CASSANDRA_URL` (`cassandra://user:password@host:port/keyspace`); what the tests store
/// is left there.
fn real() -> Option<CassandraServer> {
    let url = std::env::var_os("LANGFLOW_TEST_CASSANDRA_URL").and_then(|url| url.into_string().ok());
    let Some(url) = url.filter(|url| !url.is_empty()) else {
        println!("LANGFLOW_TEST_CASSANDRA_URL names no server: not tested");
        return None;
    };
    let url = url::Url::parse(&url).unwrap();
    let ssrf = SsrfConfig { enabled: true, allowed_hosts: vec!["127.0.0.1".into(), "localhost".into()] };
    let door = Door::new(EgressConfig { ssrf, ..EgressConfig::default() }).unwrap();
    Some(CassandraServer {
        contact_points: vec![(url.host_str().unwrap().to_owned(), url.port().unwrap_or(9042))],
        username: url.username().to_owned(),
        password: Secret::new(url.password().unwrap_or_default()),
        keyspace: Name::parse(url.path().trim_matches('/')).unwrap(),
        ..server("a", Arc::new(door))
    })
}

#[tokio::test]
async fn a_real_cassandra_behaves() {
    let Some(cluster) = real() else { return };
    let name = Name::parse(&format!("test{}", std::process::id())).unwrap();
    let index = CassandraTable { table: name, ..table(cluster.clone()) };
    assert!(index.search(query(1)).await.unwrap().is_empty(), "nothing was stored yet");
    let store = stores().into_iter().find(|store| store.name == "Cassandra").unwrap();
    let cases = keeps_and_finds(&store, &index).await;
    let long = VectorRecord { vector: vec![0.0, 0.0, 1.0], ..record(&id(2), "up", [0.0, 1.0], 1) };
    let other = CassandraTable { table: index.table.clone(), ..table(cluster.clone()) };
    assert_eq!(field(&other.upsert(vec![long]).await.unwrap_err()), Some("embedding"));

    let memory = history(cluster, &format!("test{}", std::process::id()));
    for n in 0..3 {
        memory.append(&Message::from_text(n.to_string())).await.unwrap();
    }
    let told: Vec<String> = memory.last(2).await.unwrap().into_iter().map(|message| message.text).collect();
    assert_eq!(told, ["1", "2"]);
    println!("{cases} cases");
}
