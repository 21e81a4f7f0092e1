//! Arguments, exit codes, commands that need no server.

use crate::server::{perform, text};

#[test]
fn arguments_and_exit_codes() {
    let cases: &[(&[&str], i32, &str)] = &[
        (&[], 2, "Usage: langflow"),
        (&["--help"], 0, "Usage: langflow"),
        (&["--version"], 0, "langflow 1.13.0"),
        (&["-v"], 0, "langflow 1.13.0"),
        (&["no-such-command"], 2, "no-such-command"),
        (&["run", "--no-such-flag"], 2, "--no-such-flag"),
        (&["run", "--help"], 0, "--backend-only"),
        (&["copy-db"], 0, "not found"),
    ];
    for (arguments, code, said) in cases {
        let folder = tempfile::tempdir().unwrap();
        let output = perform(folder.path(), &[], arguments);
        let all = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {all}");
        assert!(all.contains(said), "{arguments:?}: {all}");
    }
}

#[test]
fn the_version_is_read_as_langflows_by_its_first_two_words() {
    let folder = tempfile::tempdir().unwrap();
    let line = text(&perform(folder.path(), &[], &["--version"]).stdout);
    assert_eq!(line.split_whitespace().take(2).collect::<Vec<_>>(), ["langflow", "1.13.0"]);
    assert!(line.contains("langflow-rs"));
}

#[test]
fn config_shows_values_and_origins_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "LANGFLOW_PORT=1\nLANGFLOW_SUPERUSER=found\n").unwrap();
    std::fs::write(folder.path().join("given.env"), "LANGFLOW_PORT=3\n").unwrap();
    let environment = [("LANGFLOW_PORT", "2"), ("LANGFLOW_SECRET_KEY", "hidden")];
    let output = perform(folder.path(), &environment, &["config", "--env-file", "given.env"]);
    let shown = text(&output.stdout);
    assert!(shown.contains("LANGFLOW_PORT=3  # given.env"), "{shown}");
    assert!(shown.contains("LANGFLOW_SUPERUSER=found  # "), "{shown}");
    assert!(shown.contains("LANGFLOW_SECRET_KEY=********  # environment"), "{shown}");
    assert!(!shown.contains("hidden"));
    let json = text(&perform(folder.path(), &environment, &["config", "--json"]).stdout);
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(first["name"], "LANGFLOW_HOST");
}

#[test]
fn routes_are_listed_with_their_class() {
    let folder = tempfile::tempdir().unwrap();
    let all = text(&perform(folder.path(), &[], &["routes"]).stdout);
    let open = text(&perform(folder.path(), &[], &["routes", "--public"]).stdout);
    assert!(all.lines().count() > open.lines().count() || all == open);
    assert!(open.lines().any(|line| line.split_whitespace().eq(["public", "GET", "/health"])), "{open}");
    assert!(open.lines().all(|line| line.starts_with("public") || line.starts_with("optional")), "{open}");
}

#[test]
fn the_example_file_is_taken_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env.example");
    let defaults = text(&perform(folder.path(), &[], &["config", "--json"]).stdout);
    let output = perform(folder.path(), &[], &["config", "--json", "--env-file", example]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let values = |lines: &str| -> Vec<serde_json::Value> {
        let parsed = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        parsed.map(|one| serde_json::json!([one["name"], one["value"]])).collect()
    };
    assert_eq!(values(&text(&output.stdout)), values(&defaults), "it changes nothing until it is edited");
    let example = std::fs::read_to_string(example).unwrap();
    for line in defaults.lines() {
        let name =
            serde_json::from_str::<serde_json::Value>(line).unwrap()["name"].as_str().unwrap().to_owned();
        assert!(example.contains(&format!("{name}=")), "{name} is not in the example");
    }
}
