//! `LANGFLOW_LOAD_FLOWS_PATH`: a folder of flows is stored at start.

use crate::server::{Server, perform};
use serde_json::{Value, json};
use std::path::Path;

const ID: &str = "11111111-2222-4333-8444-555555555555";

fn graph(note: &str) -> Value {
    json!({"nodes": [], "edges": [], "note": note})
}

fn write(folder: &Path, name: &str, flow: &Value) {
    std::fs::write(folder.join(name), flow.to_string()).unwrap();
}

/// Name, endpoint and graph of every flow of the superuser, by name.
fn stored(folder: &Path, environment: &[(&str, &str)], key: &str) -> (Vec<(String, Value, Value)>, String) {
    let server = Server::start(folder, environment, &[]);
    let flows =
        server.send("GET", "/api/v1/flows/?remove_example_flows=true", &[("x-api-key", key)], None).json();
    let mut found: Vec<(String, Value, Value)> = flows
        .as_array()
        .unwrap()
        .iter()
        .map(|flow| {
            (flow["name"].as_str().unwrap().to_owned(), flow["id"].clone(), flow["data"]["note"].clone())
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    (found, server.log())
}

#[test]
fn flows_of_a_folder_are_made_changed_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let flows = folder.path().join("flows");
    std::fs::create_dir(&flows).unwrap();
    let path = flows.display().to_string();
    let load = [("LANGFLOW_LOAD_FLOWS_PATH", path.as_str()), ("LANGFLOW_CREATE_STARTER_PROJECTS", "False")];
    let made = perform(folder.path(), &[], &["api-key", "--json"]);
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let key = made["api_key"].as_str().unwrap();

    write(&flows, "a.json", &json!({"id": ID, "name": "By id", "data": graph("one")}));
    write(&flows, "b.json", &json!({"name": "By endpoint", "endpoint_name": "ep", "data": graph("one")}));
    write(&flows, "broken.json", &json!({"name": 7}));
    std::fs::write(flows.join("readme.txt"), "not a flow").unwrap();
    let (first, log) = stored(folder.path(), &load, key);
    assert_eq!(first.len(), 2, "{first:?}");
    assert_eq!((&first[1].1, &first[1].2), (&json!(ID), &json!("one")));
    assert!(log.contains("broken.json"), "{log}");

    write(&flows, "a.json", &json!({"id": ID, "name": "By id, renamed", "data": graph("two")}));
    write(&flows, "b.json", &json!({"name": "By endpoint", "endpoint_name": "ep", "data": graph("two")}));
    let (second, _) = stored(folder.path(), &load, key);
    assert_eq!(second.len(), 2, "{second:?}");
    assert_eq!(
        (second[0].1.clone(), &second[0].2),
        (first[0].1.clone(), &json!("two")),
        "the endpoint names it"
    );
    assert_eq!((second[1].0.as_str(), &second[1].2), ("By id, renamed", &json!("two")));

    write(&flows, "b.json", &json!({"name": "By id, renamed", "data": graph("three")}));
    let by_name = [load[0], load[1], ("LANGFLOW_LOAD_FLOWS_OVERWRITE_ON_NAME_MATCH", "True")];
    std::fs::remove_file(flows.join("a.json")).unwrap();
    let (third, log) = stored(folder.path(), &by_name, key);
    assert_eq!((third.len(), &third[1].2), (2, &json!("three")), "{third:?}");
    assert!(log.contains("stored 1 flows"), "{log}");
    let (_, log) = stored(folder.path(), &by_name, key);
    assert!(!log.contains("of LANGFLOW_LOAD_FLOWS_PATH\"") && !log.contains("stored 1 flows"), "{log}");
}
