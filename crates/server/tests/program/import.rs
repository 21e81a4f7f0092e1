//! `langflow import`: what a Langflow installation holds goes on here, with its clients' keys and its users' passwords.

use crate::server::{Server, data, perform, text};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::path::Path;

/// Under which the fixtures are encrypted.
const SECRET: &str = "RJ11S-X-FWzD8X1o4diPFhDAi1NOK4ZB9PkjT9kHnQM";
const ALICE: &str = "0750605c-d37e-401e-ae89-fc66fc53c81b";
const ALICE_KEY: &str = "sk-0EL5xyEoSGtx8TkP6kCXIKab6bpGsx-n64eX6P9_rAY";
const OLD_KEY: &str = "sk-VK5O5xI3lcJo8k6tKyUGYhueTqBRpNGhns2HdJ6P7Ko";
const AUTH_ON: &[(&str, &str)] = &[
    ("LANGFLOW_AUTO_LOGIN", "False"),
    ("LANGFLOW_SUPERUSER", "admin"),
    ("LANGFLOW_SUPERUSER_PASSWORD", "owl-in-daylight"),
];

/// A Langflow installation: its database, its secret key, a file and an attachment.
fn installation(folder: &Path, fixture: &str) -> String {
    let path = folder.join("langflow.db");
    let sql = std::fs::read_to_string(data(fixture)).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = sea_orm::Database::connect(format!("sqlite://{}?mode=rwc", path.display())).await.unwrap();
        db.execute_unprepared(&sql).await.unwrap();
        db.close().await.unwrap();
    });
    let config = folder.join("config");
    std::fs::create_dir_all(config.join(ALICE)).unwrap();
    std::fs::write(config.join("secret_key"), SECRET).unwrap();
    std::fs::write(config.join(ALICE).join("note.txt"), "hello-file\n").unwrap();
    let flow = config.join("ed9971bb-b810-431a-b5fb-be5ae674646d");
    std::fs::create_dir_all(&flow).unwrap();
    std::fs::write(flow.join("2026-11-24_18-00-00_cat.txt"), "cat").unwrap();
    format!("sqlite:///{}", path.display())
}

/// The report of an import.
fn import(folder: &Path, url: &str, more: &[&str]) -> Value {
    let config = folder.join("config").display().to_string();
    let mut arguments = vec!["import", "--json", "--from", url, "--folder", &config];
    arguments.extend(more);
    let output = perform(folder, &[], &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn taken(report: &Value) -> Vec<u64> {
    ["users", "api_keys", "variables", "projects", "flows", "messages", "files", "attachments"]
        .map(|kind| report[kind]["taken"].as_u64().unwrap())
        .to_vec()
}

#[test]
fn an_installation_goes_on_with_its_keys_passwords_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let url = installation(folder.path(), "langflow-1.13.sql");
    // The placeholders of Langflow hold nothing and stay behind.
    let expected = vec![2, 1, 3, 1, 1, 2, 1, 1];
    assert_eq!(taken(&import(folder.path(), &url, &[])), expected, "a dry run tells what there is");
    let done = import(folder.path(), &url, &["--apply"]);
    assert_eq!((taken(&done), &done["notes"]), (expected, &json!([])), "a dry run has written nothing");
    assert_eq!(taken(&import(folder.path(), &url, &["--apply"])), vec![0; 8], "again: all is here");

    let server = Server::start(folder.path(), AUTH_ON, &[]);
    let as_alice = [("x-api-key", ALICE_KEY)];
    let get = |path: &str| server.send("GET", path, &as_alice, None);
    assert_eq!(get("/api/v1/users/whoami").json()["id"], json!(ALICE));
    let flows = get("/api/v1/flows/").json();
    assert_eq!(
        (&flows[0]["id"], &flows[0]["endpoint_name"]),
        (&json!("ed9971bb-b810-431a-b5fb-be5ae674646d"), &json!("alice-echo"))
    );
    let messages = get("/api/v1/monitor/messages?session_id=s1").json();
    assert_eq!(messages.as_array().unwrap().len(), 2, "{messages}");
    let variables = get("/api/v1/variables/").json();
    let value =
        |name: &str| variables.as_array().unwrap().iter().find(|v| v["name"] == name).cloned().unwrap();
    assert_eq!(value("MY_TEXT")["value"], json!("plain"));
    assert_eq!(
        (&value("MY_SECRET")["value"], &value("MY_SECRET")["has_value"]),
        (&Value::Null, &json!(true))
    );
    let file = get("/api/v2/files/").json()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(get(&format!("/api/v2/files/{file}")).body, "hello-file\n");
    let attached = get("/api/v1/files/list/ed9971bb-b810-431a-b5fb-be5ae674646d").json();
    assert_eq!(attached["files"], json!(["2026-11-24_18-00-00_cat.txt"]));
    let form = json!("username=import-alice&password=alice-password-1");
    assert_eq!(
        server.send("POST", "/api/v1/login", &[], Some(&form)).status,
        200,
        "the password is the one it was"
    );
    let near = format!("{}A", &ALICE_KEY[..ALICE_KEY.len() - 1]);
    assert_eq!(server.send("GET", "/api/v1/users/whoami", &[("x-api-key", &near)], None).status, 403);
}

#[test]
fn what_a_1_5_database_keeps_in_other_forms_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let url = installation(folder.path(), "langflow-1.5.sql");
    let done = import(folder.path(), &url, &["--apply"]);
    assert_eq!(taken(&done), vec![2, 1, 1, 1, 2, 1, 0, 0], "{done}");
    let notes = done["notes"].to_string();
    for said in ["CAROL (2)", "LOST"] {
        assert!(notes.contains(said), "{notes}");
    }
    let server = Server::start(folder.path(), &[("LANGFLOW_SUPERUSER", "carol")], &[]);
    let get = |path: &str| server.send("GET", path, &[("x-api-key", OLD_KEY)], None);
    assert_eq!(get("/api/v1/users/whoami").json()["username"], json!("carol"));
    let variables = get("/api/v1/variables/").json();
    assert_eq!((&variables[0]["name"], &variables[0]["value"]), (&json!("GENERIC"), &json!("s3cret-value")));
    let flows = get("/api/v1/flows/").json();
    let names: Vec<&str> =
        flows.as_array().unwrap().iter().filter_map(|flow| flow["name"].as_str()).collect();
    assert!(
        names.contains(&"Public") && names.contains(&"Orphan") && !names.contains(&"Example"),
        "{names:?}"
    );
    let public = flows.as_array().unwrap().iter().find(|flow| flow["name"] == "Public").unwrap();
    assert_eq!((&public["access_type"], &public["fs_path"]), (&json!("PUBLIC"), &Value::Null));
}

#[test]
fn what_is_no_database_of_langflow_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("not.db"), "hello").unwrap();
    let path = folder.path().display();
    for url in [
        format!("sqlite:///{path}/nothing.db"),
        format!("sqlite:///{path}/not.db"),
        "mysql://u:hunter2@h/d".to_owned(),
        String::new(),
    ] {
        let output = perform(folder.path(), &[], &["import", "--from", &url]);
        assert_eq!(output.status.code(), Some(1), "{url}");
        let said = text(&output.stderr);
        assert!(said.contains("--from") && !said.contains("hunter2") && !said.contains("panicked"), "{said}");
    }
    assert!(!folder.path().join("nothing.db").exists());
}
