//! Redis: its place in the suite, and what is its own.

use super::fake::{self, Fake, piped};
use super::{id, keeps_and_finds, record, stores};
use langflow_core::capability::{ChatMemory, VectorIndex, VectorRecord};
use langflow_core::run::{Egress, Wire};
use langflow_core::{FaultKind, JsonMap, Message};
use langflow_providers::http::{Door, EgressConfig, SsrfConfig};
use langflow_providers::redis::{RedisHistory, RedisIndex, RedisServer};
use langflow_testkit::fake_redis::FakeRedis;
use std::sync::Arc;

fn at(address: &str, index: &str, egress: Arc<dyn Egress>) -> RedisIndex {
    RedisIndex { server: RedisServer::parse(address, egress).unwrap(), index: index.to_owned() }
}

pub fn index(egress: Arc<dyn Egress>) -> Box<dyn VectorIndex> {
    Box::new(at("redis://:k@r.example", "docs", egress))
}

/// A connection to a server in memory.
pub fn join(server: &FakeRedis) -> Box<dyn Wire> {
    let server = server.clone();
    piped(move |far| async move { server.serve(far).await })
}

#[tokio::test]
async fn vectors_of_another_length_are_refused() {
    let index = index(Arc::new(Fake::new(fake::no_http)));
    index.upsert(vec![record(&id(1), "east", [1.0, 0.0], 1)]).await.unwrap();
    let long =
        VectorRecord { id: id(2), text: "up".into(), vector: vec![0.0, 0.0, 1.0], metadata: JsonMap::new() };
    let fault = index.upsert(vec![long]).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Invalid);
    assert!(fault.message().contains("of 2 numbers") && fault.message().contains("makes 3"), "{fault}");
}

/// The server at `LANGFLOW_TEST_REDIS_URL` and the way to it; what the tests store is left there.
fn real() -> Option<(String, Arc<dyn Egress>)> {
    let address = std::env::var_os("LANGFLOW_TEST_REDIS_URL").and_then(|url| url.into_string().ok());
    let Some(address) = address.filter(|url| !url.is_empty()) else {
        println!("LANGFLOW_TEST_REDIS_URL names no server: not tested");
        return None;
    };
    let ssrf = SsrfConfig { enabled: true, allowed_hosts: vec!["127.0.0.1".into(), "localhost".into()] };
    let ca_file = std::env::var_os("LANGFLOW_TEST_REDIS_CA").map(Into::into);
    Some((address, Arc::new(Door::new(EgressConfig { ssrf, ca_file, ..EgressConfig::default() }).unwrap())))
}

#[tokio::test]
async fn a_real_server_with_the_search_module_behaves() {
    let Some((address, door)) = real() else { return };
    let name = format!("test{}", std::process::id());
    let index = at(&address, &name, Arc::clone(&door));
    match index.search(super::query(1)).await {
        Ok(found) => assert!(found.is_empty(), "nothing was stored yet"),
        Err(fault) => {
            assert_eq!(fault.kind(), FaultKind::Unsupported, "{fault}");
            return println!("{fault}");
        }
    }
    let store = stores().into_iter().find(|store| store.name == "Redis").unwrap();
    let cases = keeps_and_finds(&store, &index).await;

    // An index whose name is longer has records of its own.
    let other = at(&address, &format!("{name}2"), door);
    other.upsert(vec![record(&id(7), "south", [0.0, -1.0], 1)]).await.unwrap();
    assert_eq!(other.search(super::query(9)).await.unwrap().len(), 1);
    assert_eq!(index.search(super::query(9)).await.unwrap().len(), 2);

    let long = VectorRecord { vector: vec![0.0, 0.0, 1.0], ..record(&id(2), "up", [0.0, 1.0], 1) };
    let fault = index.upsert(vec![long]).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Invalid, "{fault}");
    println!("{cases} cases");
}

#[tokio::test]
async fn a_real_server_keeps_a_history() {
    let Some((address, door)) = real() else { return };
    let server = RedisServer::parse(&address, door).unwrap();
    let session_id = format!("test{}", std::process::id());
    let history = RedisHistory { server, key: format!("message_store:{session_id}"), session_id };
    assert!(history.last(3).await.unwrap().is_empty());
    for (sender, text) in [("User", "hello"), ("Machine", "hello yourself"), ("User", "bye")] {
        let message = Message { sender: Some(sender.to_owned()), ..Message::from_text(text) };
        history.append(&message).await.unwrap();
    }
    let told =
        history.last(2).await.unwrap().into_iter().map(|m| format!("{} {}", m.sender.unwrap(), m.text));
    assert_eq!(told.collect::<Vec<_>>(), ["Machine hello yourself", "User bye"]);
}
