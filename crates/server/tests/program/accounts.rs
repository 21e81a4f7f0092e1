//! `langflow api-key` and `langflow superuser`: what they print, their exit codes, and that the keys work.

use crate::server::{Server, perform, text};
use serde_json::{Value, json};
use std::path::Path;

const AUTH_ON: &[(&str, &str)] = &[
    ("LANGFLOW_AUTO_LOGIN", "False"),
    ("LANGFLOW_SUPERUSER", "admin"),
    ("LANGFLOW_SUPERUSER_PASSWORD", "owl-in-daylight"),
];
const AUTO: &[(&str, &str)] = &[];
/// Authentication is on, and the environment names nobody.
const NAMELESS: &[(&str, &str)] = &[("LANGFLOW_AUTO_LOGIN", "False")];
const NO_CLI: &[(&str, &str)] =
    &[("LANGFLOW_ENABLE_SUPERUSER_CLI", "False"), ("LANGFLOW_AUTO_LOGIN", "False")];

/// Output and exit code of a command.
fn run(folder: &Path, environment: &[(&str, &str)], arguments: &[&str]) -> (String, Option<i32>) {
    let output = perform(folder, environment, arguments);
    (text(&output.stdout) + &text(&output.stderr), output.status.code())
}

fn key_of(folder: &Path, environment: &[(&str, &str)], more: &[&str]) -> String {
    let arguments: Vec<&str> = ["api-key", "--json"].iter().chain(more).copied().collect();
    let output = perform(folder, environment, &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    made["api_key"].as_str().unwrap().to_owned()
}

#[test]
fn a_key_made_before_the_first_start_works() {
    for environment in [AUTO, AUTH_ON] {
        let folder = tempfile::tempdir().unwrap();
        let key = key_of(folder.path(), environment, &[]);
        let server = Server::start(folder.path(), environment, &["--backend-only=true"]);
        let me = server.send("GET", "/api/v1/users/whoami", &[("x-api-key", &key)], None);
        assert_eq!(me.status, 200, "{me:?}");
        assert_eq!(me.json()["is_superuser"], json!(true));
    }
}

#[test]
fn a_key_made_beside_a_running_server_works_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), AUTH_ON, &[]);
    let key = key_of(folder.path(), AUTH_ON, &[]);
    assert_eq!(server.send("GET", "/api/v1/users/whoami", &[("x-api-key", &key)], None).status, 200);
    // And proves its owner for the next one, without the password in the environment.
    let second = key_of(folder.path(), NAMELESS, &["--auth-token", &key]);
    assert_eq!(server.send("GET", "/api/v1/users/whoami", &[("x-api-key", &second)], None).status, 200);
}

#[test]
fn the_box_holds_the_key_and_says_it_is_shown_once() {
    let folder = tempfile::tempdir().unwrap();
    let (said, code) = run(folder.path(), AUTO, &["api-key"]);
    assert_eq!(code, Some(0));
    assert!(said.contains("API Key Created Successfully:") && said.contains("│ sk-"), "{said}");
    assert!(said.contains("This is the only time the API key will be displayed."), "{said}");
}

#[test]
fn no_key_means_no_success() {
    let wrong = &[
        ("LANGFLOW_AUTO_LOGIN", "False"),
        ("LANGFLOW_SUPERUSER", "admin"),
        ("LANGFLOW_SUPERUSER_PASSWORD", "not-this-one"),
    ];
    let folder = tempfile::tempdir().unwrap();
    drop(Server::start(folder.path(), AUTH_ON, &[]));
    for (environment, arguments) in [
        (NAMELESS, &["api-key"][..]),
        (NAMELESS, &["api-key", "--auth-token", "sk-nonsense"]),
        (wrong, &["api-key"]),
    ] {
        let (said, code) = run(folder.path(), environment, arguments);
        assert_eq!(code, Some(1), "{environment:?} {arguments:?}: {said}");
        assert!(!said.contains("sk-") && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn superusers_are_made_by_the_rules() {
    let folder = tempfile::tempdir().unwrap();
    let make = |environment, name: &str, more: &[&str]| {
        let mut arguments = vec!["superuser", "--username", name, "--password", "owl-in-daylight"];
        arguments.extend(more);
        run(folder.path(), environment, &arguments)
    };
    let expect = |(said, code): (String, Option<i32>), words: &str, expected: i32| {
        assert!(said.contains(words), "{words} is missing: {said}");
        assert_eq!(code, Some(expected), "{said}");
    };
    expect(make(NO_CLI, "admin", &[]), "LANGFLOW_ENABLE_SUPERUSER_CLI=true", 1);
    expect(make(NAMELESS, "admin", &[]), "No superusers found. Creating first superuser...", 0);
    expect(make(NAMELESS, "second", &[]), "Please provide --auth-token", 1);
    expect(make(NAMELESS, "second", &["--auth-token", "sk-nonsense"]), "Invalid token", 1);
    let key = key_of(folder.path(), AUTH_ON, &[]);
    expect(make(NAMELESS, "second", &["--auth-token", &key]), "Superuser created successfully.", 0);
    expect(make(NAMELESS, "admin", &["--auth-token", &key]), "Superuser created successfully.", 0);
    expect(make(AUTO, "third", &[]), "Cannot create additional superusers", 1);
    let (said, code) = run(
        folder.path(),
        NAMELESS,
        &["superuser", "--username", "weak", "--password", "short", "--auth-token", &key],
    );
    assert!(code == Some(1) && said.contains("Error:"), "{said}");
}

#[test]
fn migration_and_secret_key() {
    let folder = tempfile::tempdir().unwrap();
    let (said, code) = run(folder.path(), AUTO, &["migration"]);
    assert!(code == Some(0) && said.contains("langflow.db is up to date"), "{said}");
    let (key, code) = run(folder.path(), AUTO, &["secret-key", "generate"]);
    assert!(code == Some(0) && key.trim().len() == 43, "{key}");
    let with_it = [("LANGFLOW_SECRET_KEY", key.trim())];
    drop(Server::start(folder.path(), &with_it, &[]));
}

#[test]
fn keys_and_variables_survive_a_new_secret_key() {
    let folder = tempfile::tempdir().unwrap();
    let key = key_of(folder.path(), AUTO, &[]);
    let secret = || std::fs::read_to_string(folder.path().join("data/secret_key")).unwrap();
    let before = secret();
    let mut server = Server::start(folder.path(), AUTO, &[]);
    let variable =
        json!({"name": "TOKEN", "value": "clear words", "type": "Credential", "default_fields": []});
    let made = server.send("POST", "/api/v1/variables/", &[("x-api-key", &key)], Some(&variable));
    assert!(made.status < 300, "{made:?}");
    assert!(server.stop().success());

    let (said, code) = run(folder.path(), AUTO, &["secret-key", "rotate"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 API keys still need the previous key"), "{said}");
    assert!(said.lines().next().unwrap().starts_with(|c: char| c.is_ascii_digit() && c != '0'), "{said}");
    assert_ne!(secret(), before);
    let mut server = Server::start(folder.path(), AUTO, &[]);
    assert_eq!(server.send("GET", "/api/v1/users/whoami", &[("x-api-key", &key)], None).status, 200);
    assert!(server.stop().success());
}

#[test]
fn keys_of_components_come_from_the_env_file_and_stay_secret() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "OPENAI_API_KEY=sk-of-the-vendor\nMY_SERVICE_TOKEN=mine\n\
                 LANGFLOW_VARIABLES_TO_GET_FROM_ENVIRONMENT=MY_SERVICE_TOKEN\n";
    std::fs::write(folder.path().join("given.env"), lines).unwrap();
    let key = key_of(folder.path(), AUTO, &["--env-file", "given.env"]);
    let server = Server::start(folder.path(), AUTO, &["--env-file", "given.env"]);
    let answer = server.send("GET", "/api/v1/variables/", &[("x-api-key", &key)], None);
    let variables = answer.json();
    for name in ["OPENAI_API_KEY", "MY_SERVICE_TOKEN"] {
        let found = variables.as_array().unwrap().iter().find(|variable| variable["name"] == name).unwrap();
        assert_eq!((&found["type"], &found["value"]), (&json!("Credential"), &Value::Null), "{variables}");
        assert_eq!(found["has_value"], json!(true), "{variables}");
    }
    assert!(!answer.body.contains("sk-of-the-vendor") && !server.log().contains("sk-of-the-vendor"));
}
