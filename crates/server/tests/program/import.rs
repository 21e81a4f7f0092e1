//! `langflow import`: what a Langflow installation holds goes on here, with its clients' keys and its users' passwords.

#![expect(clippy::disallowed_methods, reason = "tests are told in the environment where servers are")]

use crate::http::Answer;
use crate::server::{Server, data, perform, text};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::path::Path;

/// Under which the fixtures are encrypted.
const SECRET: &str = "RJ11S-X-FWzD8X1o4diPFhDAi1NOK4ZB9PkjT9kHnQM";
const ALICE: &str = "0750605c-d37e-401e-ae89-fc66fc53c81b";
const FLOW: &str = "ed9971bb-b810-431a-b5fb-be5ae674646d";
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
    let carol = config.join("11111111-1111-1111-1111-111111111111");
    std::fs::create_dir_all(&carol).unwrap();
    let servers = json!({"mcpServers": {"old tools": {"url": "https://old.example/sse"}}});
    std::fs::write(carol.join("_mcp_servers.json"), servers.to_string()).unwrap();
    let flow = config.join(FLOW);
    std::fs::create_dir_all(&flow).unwrap();
    std::fs::write(flow.join("2026-11-24_18-00-00_cat.txt"), "cat").unwrap();
    format!("sqlite:///{}", path.display())
}

/// The report of an import.
fn import(folder: &Path, environment: &[(&str, &str)], url: &str, more: &[&str]) -> Value {
    let config = folder.join("config").display().to_string();
    let mut arguments = vec!["import", "--json", "--from", url, "--folder", &config];
    arguments.extend(more);
    let output = perform(folder, environment, &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

const KINDS: [&str; 13] = [
    "users",
    "api_keys",
    "variables",
    "projects",
    "flows",
    "messages",
    "files",
    "attachments",
    "mcp_servers",
    "versions",
    "runs",
    "transactions",
    "builds",
];

fn taken(report: &Value) -> Vec<u64> {
    KINDS.map(|kind| report[kind]["taken"].as_u64().unwrap()).to_vec()
}

/// Takes the installation over into the database of `environment`, and sees that all of it goes on there.
fn goes_on(environment: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let url = installation(folder.path(), "langflow-1.13.sql");
    let import = |more: &[&str]| import(folder.path(), environment, &url, more);
    // The placeholders of Langflow hold nothing and stay behind.
    let expected = vec![2, 1, 3, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1];
    assert_eq!(taken(&import(&[])), expected, "a dry run tells what there is");
    let done = import(&["--apply"]);
    assert_eq!(taken(&done), expected, "a dry run has written nothing");
    assert_eq!(done["notes"], json!(["The MCP server \"resting\" is left out: it is turned off."]));
    assert_eq!(taken(&import(&["--apply"])), vec![0; KINDS.len()], "again: all is here");

    let all: Vec<(&str, &str)> = AUTH_ON.iter().chain(environment).copied().collect();
    let server = Server::start(folder.path(), &all, &[]);
    let as_alice = [("x-api-key", ALICE_KEY)];
    let get = |path: &str| server.send("GET", path, &as_alice, None);
    assert_eq!(get("/api/v1/users/whoami").json()["id"], json!(ALICE));
    let flows = get("/api/v1/flows/").json();
    assert_eq!((&flows[0]["id"], &flows[0]["endpoint_name"]), (&json!(FLOW), &json!("alice-echo")));
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
    let attached = get(&format!("/api/v1/files/list/{FLOW}")).json();
    assert_eq!(attached["files"], json!(["2026-11-24_18-00-00_cat.txt"]));
    history_goes_on(get);
    let form = json!("username=import-alice&password=alice-password-1");
    assert_eq!(
        server.send("POST", "/api/v1/login", &[], Some(&form)).status,
        200,
        "the password is the one it was"
    );
    let near = format!("{}A", &ALICE_KEY[..ALICE_KEY.len() - 1]);
    assert_eq!(server.send("GET", "/api/v1/users/whoami", &[("x-api-key", &near)], None).status, 403);
}

/// MCP servers, versions, and what runs left.
fn history_goes_on(get: impl Fn(&str) -> Answer) {
    let server = get("/api/v2/mcp/servers/tools");
    assert_eq!(server.json()["url"], json!("https://tools.example/mcp"));
    assert_eq!(server.json()["headers"], json!({"Authorization": "********"}), "{server:?}");
    let versions = get(&format!("/api/v1/flows/{FLOW}/versions/")).json();
    assert_eq!(versions["entries"][0]["description"], json!("before the change"), "{versions}");
    let transactions = get(&format!("/api/v1/monitor/transactions?flow_id={FLOW}")).json();
    assert_eq!(
        (&transactions["total"], &transactions["items"][0]["vertex_id"]),
        (&json!(1), &json!("ChatInput-aaaaa"))
    );
    let builds = get(&format!("/api/v1/monitor/builds?flow_id={FLOW}")).json();
    assert_eq!(builds["vertex_builds"]["ChatInput-aaaaa"][0]["params"], json!("good morning"), "{builds}");
    let traces = get(&format!("/api/v1/monitor/traces?flow_id={FLOW}")).json();
    let trace = &traces["traces"][0];
    assert_eq!(
        (&trace["status"], &trace["totalTokens"], &trace["totalLatencyMs"]),
        (&json!("error"), &json!(12), &json!(200)),
        "{traces}"
    );
    let trace = get(&format!("/api/v1/monitor/traces/{}", trace["id"].as_str().unwrap())).json();
    assert_eq!(trace["spans"][0]["name"], json!("ChatInput-aaaaa"), "{trace}");
}

#[test]
fn an_installation_goes_on_with_its_keys_passwords_and_files() {
    goes_on(&[]);
}

#[test]
fn an_installation_goes_on_in_postgresql() {
    let Some(server) = std::env::var("LANGFLOW_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) else {
        println!("skipped: LANGFLOW_TEST_POSTGRES_URL names no server");
        return;
    };
    let name = format!("import_{}", std::process::id());
    let own = postgres(&server, &format!("CREATE DATABASE {name}"), &name);
    goes_on(&[("LANGFLOW_DATABASE_URL", &own)]);
    postgres(&server, &format!("DROP DATABASE {name} WITH (FORCE)"), &name);
}

/// Says something to a PostgreSQL server; the address of its database `name`.
fn postgres(server: &str, sql: &str, name: &str) -> String {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = sea_orm::Database::connect(server).await.unwrap();
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    });
    let (place, _) = server.rsplit_once('/').unwrap();
    format!("{place}/{name}")
}

#[test]
fn what_a_1_5_database_keeps_in_other_forms_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let url = installation(folder.path(), "langflow-1.5.sql");
    let done = import(folder.path(), &[], &url, &["--apply"]);
    assert_eq!(taken(&done), vec![2, 1, 1, 1, 2, 1, 0, 0, 1, 0, 0, 0, 0], "{done}");
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
    let tools = get("/api/v2/mcp/servers/old%20tools").json();
    assert_eq!(tools["url"], json!("https://old.example/sse"), "the list of old releases is a file");
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
