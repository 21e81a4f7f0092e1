//! MongoDB: its place in the suite, and what is its own.

use super::fake::piped;
use super::{id, query, record};
use bson::doc;
use langflow_core::capability::{VectorIndex, VectorRecord};
use langflow_core::run::{Egress, Encryption, ServiceRecords, Wire};
use langflow_core::{Fault, FaultKind, Secret, async_trait};
use langflow_providers::mongo::{MongoCollection, MongoServer, Quantization, SearchIndex, Similarity};
use langflow_testkit::fake_mongo::FakeMongo;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

pub const ADDRESS: &str = "mongodb://u:k@m.example";

pub fn index(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(collection(ADDRESS, egress))
}

fn collection(address: &str, egress: Arc<dyn Egress>) -> MongoCollection {
    MongoCollection {
        server: MongoServer::parse(address, egress).unwrap(),
        database: "db".into(),
        collection: "docs".into(),
        vector_field: "embedding".into(),
        index: SearchIndex {
            name: "vectors".into(),
            dimensions: 2,
            similarity: Similarity::Cosine,
            quantization: None,
            filter_field: Some("n".into()),
        },
        overwrites: AtomicBool::new(false),
    }
}

/// A connection to a server in memory.
pub fn join(server: &FakeMongo) -> Box<dyn Wire> {
    let server = server.clone();
    piped(move |far| async move { server.serve(far).await })
}

/// Several hosts, and what DNS says.
#[derive(Debug, Default)]
struct Net {
    hosts: BTreeMap<String, FakeMongo>,
    records: ServiceRecords,
    /// The hosts in the order they were called.
    called: Mutex<Vec<String>>,
}

#[async_trait]
impl Egress for Net {
    async fn send(
        &self,
        _: http::Request<bytes::Bytes>,
        _: langflow_core::run::ports::CallOptions,
    ) -> Result<langflow_core::run::Reply, Fault> {
        Err(Fault::bug("MongoDB is no HTTP"))
    }

    async fn connect(&self, host: &str, port: u16, how: &Encryption) -> Result<Box<dyn Wire>, Fault> {
        let how = match how {
            Encryption::None => "",
            Encryption::Tls => " tls",
            Encryption::TlsAs(_) => " own",
        };
        self.called.lock().unwrap().push(format!("{host}:{port}{how}"));
        match self.hosts.get(host) {
            Some(server) => Ok(join(server)),
            None if host == "inside.example" => Err(Fault::refused("SSRF")),
            None => Err(Fault::new(FaultKind::Unavailable, format!("{host} cannot be reached"))),
        }
    }

    async fn service_records(&self, service: &str, name: &str) -> Result<ServiceRecords, Fault> {
        assert_eq!((service, name), ("mongodb", "c.example.net"));
        Ok(self.records.clone())
    }
}

impl Net {
    fn of(hosts: &[(&str, &FakeMongo)]) -> Self {
        let hosts = hosts.iter().map(|(host, server)| ((*host).to_owned(), (*server).clone())).collect();
        Self { hosts, ..Self::default() }
    }

    fn with_records(mut self, hosts: &[&str]) -> Self {
        self.records.hosts = hosts.iter().map(|host| ((*host).to_owned(), 1)).collect();
        self
    }

    fn called(&self) -> String {
        std::mem::take(&mut *self.called.lock().unwrap()).join(", ")
    }
}

#[tokio::test]
async fn the_member_that_is_written_to_is_found() {
    let (primary, second) = (FakeMongo::default(), FakeMongo::default());
    second.follow("p.example:7");
    let net = Arc::new(Net::of(&[("p.example", &primary), ("s.example", &second)]));
    for (address, called) in [
        ("mongodb://p.example", "p.example:27017"),
        ("mongodb://gone.example,s.example", "gone.example:27017, s.example:27017, p.example:7"),
        ("mongodb://s.example/?tls=true", "s.example:27017 tls, p.example:7 tls"),
        ("mongodb://s.example/?directConnection=true", "s.example:27017"),
    ] {
        let index = collection(address, Arc::clone(&net) as Arc<dyn Egress>);
        index.known(vec![id(1)]).await.unwrap();
        assert_eq!(net.called(), called, "{address}");
    }
    for (address, kind) in [
        ("mongodb://gone.example", FaultKind::Unavailable),
        ("mongodb://inside.example,p.example", FaultKind::Refused),
    ] {
        let index = collection(address, Arc::clone(&net) as Arc<dyn Egress>);
        let fault = index.known(vec![id(1)]).await.unwrap_err();
        assert_eq!(fault.kind(), kind, "{address}: {fault}");
        assert_eq!(fault.place().and_then(|place| place.field.as_deref()), Some("mongodb_atlas_cluster_uri"));
    }
}

#[tokio::test]
async fn a_member_that_names_the_inside_leads_nowhere() {
    let second = FakeMongo::default();
    second.follow("inside.example:27017");
    let net = Arc::new(Net::of(&[("s.example", &second)]));
    let index = collection("mongodb://s.example", Arc::clone(&net) as Arc<dyn Egress>);
    assert_eq!(index.known(vec![id(1)]).await.unwrap_err().kind(), FaultKind::Refused);
}

#[tokio::test]
async fn records_lead_to_hosts_of_their_own_domain() {
    let primary = FakeMongo::with_account("u", "k");
    let hosts = Arc::new(Net::of(&[("p.example.net", &primary)]).with_records(&["p.example.net"]));
    let address = "mongodb+srv://u:k@c.example.net/?w=majority";
    collection(address, Arc::clone(&hosts) as Arc<dyn Egress>).known(vec![id(1)]).await.unwrap();
    assert_eq!(hosts.called(), "p.example.net:1 tls");
    for stranger in ["p.example.org", "example.net", "xexample.net"] {
        let net = Arc::new(Net::of(&[]).with_records(&[stranger]));
        let index = collection(address, Arc::clone(&net) as Arc<dyn Egress>);
        let fault = index.known(vec![id(1)]).await.unwrap_err();
        assert_eq!((fault.kind(), net.called().as_str()), (FaultKind::Refused, ""), "{stranger}");
    }
}

#[tokio::test]
async fn a_certificate_is_shown_by_tls() {
    let net = Arc::new(Net::of(&[("p.example", &FakeMongo::default())]));
    let mut index = collection("mongodb://p.example", Arc::clone(&net) as Arc<dyn Egress>);
    let block = |label: &str| format!("-----BEGIN {label}----- abcd -----END {label}-----");
    let pem = format!("{} {}", block("PRIVATE KEY"), block("CERTIFICATE"));
    index.server = index.server.with_certificate(&Secret::new(pem)).unwrap();
    index.known(vec![id(1)]).await.unwrap();
    assert_eq!(net.called(), "p.example:27017 own");
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let server = FakeMongo::with_account("u", "k");
    let net = Arc::new(Net::of(&[("m.example", &server)]));
    for address in ["mongodb://u:wrong@m.example", "mongodb://other:k@m.example", "mongodb://m.example"] {
        let fault =
            collection(address, Arc::clone(&net) as Arc<dyn Egress>).known(vec![id(1)]).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Unauthorised, "{address}: {fault}");
        assert!(!fault.message().contains("wrong"), "{fault}");
    }
}

#[tokio::test]
async fn documents_and_the_index_are_those_of_langchain() {
    let server = FakeMongo::with_account("u", "k");
    server.answer_in_pages(1);
    let net = Arc::new(Net::of(&[("m.example", &server)]));
    let mut index = collection(ADDRESS, Arc::clone(&net) as Arc<dyn Egress>);
    index.index.quantization = Some(Quantization::Scalar);
    assert!(index.search(query(3)).await.unwrap().is_empty(), "nothing was stored yet");
    index.upsert(vec![record("65f000000000000000000001", "east", [1.0, 0.0], 1)]).await.unwrap();
    index.upsert(vec![record(&id(2), "north", [0.0, 1.0], 2)]).await.unwrap();
    let oid = bson::oid::ObjectId::parse_str("65f000000000000000000001").unwrap();
    assert_eq!(
        server.documents("db", "docs"),
        [
            doc! { "_id": oid, "text": "east", "embedding": [1.0, 0.0], "n": 1 },
            doc! { "_id": id(2), "text": "north", "embedding": [0.0, 1.0], "n": 2 },
        ]
    );
    let vector = doc! {
        "type": "vector", "path": "embedding", "numDimensions": 2_i64, "similarity": "cosine", "quantization": "scalar",
    };
    let fields = vec![vector, doc! { "type": "filter", "path": "n" }];
    let made = doc! { "name": "vectors", "type": "vectorSearch", "definition": { "fields": fields } };
    assert_eq!(server.indexes("db", "docs"), [made]);
    // Two answers of one document each.
    assert_eq!(index.search(query(3)).await.unwrap().len(), 2);

    let long = VectorRecord { vector: vec![0.0; 3], ..record(&id(3), "up", [0.0, 1.0], 1) };
    let fault = index.upsert(vec![long]).await.unwrap_err();
    assert!(fault.message().contains("of 2 numbers") && fault.message().contains("makes 3"), "{fault}");

    index.overwrites = AtomicBool::new(true);
    index.upsert(vec![record(&id(4), "west", [-1.0, 0.0], 1)]).await.unwrap();
    index.upsert(vec![record(&id(5), "south", [0.0, -1.0], 1)]).await.unwrap();
    let texts: Vec<_> =
        server.documents("db", "docs").into_iter().map(|d| d.get_str("text").unwrap().to_owned()).collect();
    assert_eq!(texts, ["west", "south"], "only the first ones take the place of all");
}

#[tokio::test(start_paused = true)]
async fn a_search_waits_for_the_index() {
    for (looks, is_found) in [(3, true), (1_000, false)] {
        let server = FakeMongo::default();
        server.build_slowly(looks);
        let net = Arc::new(Net::of(&[("m.example", &server)]));
        let index = collection("mongodb://m.example", Arc::clone(&net) as Arc<dyn Egress>);
        index.upsert(vec![record(&id(1), "east", [1.0, 0.0], 1)]).await.unwrap();
        match index.search(query(1)).await {
            Ok(hits) => assert!(is_found && hits.len() == 1, "{looks}"),
            Err(fault) => {
                assert!(!is_found && fault.message().contains("'vectors'"), "{looks}: {fault}");
                assert_eq!(fault.kind(), FaultKind::Unavailable);
            }
        }
    }
}
