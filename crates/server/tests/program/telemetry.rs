//! Log lines and metrics.

use crate::http;
use crate::server::Server;
use serde_json::{Value, json};
use std::net::TcpListener;

#[test]
fn json_lines_carry_fields_and_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let environment = [
        ("LANGFLOW_LOG_ENV", "container"),
        ("LANGFLOW_AUTO_LOGIN", "False"),
        ("LANGFLOW_SUPERUSER", "admin"),
        ("LANGFLOW_SUPERUSER_PASSWORD", "owl-in-daylight"),
    ];
    let mut server = Server::start(folder.path(), &environment, &["--log-level", "debug"]);
    let key = [("x-api-key", "sk-should-not-be-seen")];
    server.send("POST", "/api/v1/run/none", &key, Some(&json!({"input_value": "private words"})));
    server.get("/api/v1/version?x-api-key=sk-neither-this");
    assert!(server.stop().success());
    let log = server.log();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line.get("level").is_some() && line.get("timestamp").is_some(), "{line}");
    }
    assert!(log.contains("/api/v1/version"), "one line per request: {log}");
    for secret in ["owl-in-daylight", "should-not-be-seen", "neither-this", "private words"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn a_log_file_is_appended_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.log");
    std::fs::write(&path, "before\n").unwrap();
    let mut server = Server::start(folder.path(), &[], &["--log-file", "server.log"]);
    server.get("/api/v1/version");
    assert!(server.stop().success());
    let log = std::fs::read_to_string(&path).unwrap();
    assert!(log.starts_with("before\n") && log.contains("/api/v1/version"), "{log}");
    assert!(!server.log().contains("/api/v1/version"));
}

#[test]
fn metrics_have_a_port_of_their_own() {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let environment = [("LANGFLOW_PROMETHEUS_PORT", port.to_string())];
    let environment: Vec<(&str, &str)> = environment.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let server = Server::start(folder.path(), &environment, &["--backend-only"]);
    server.get("/health");
    let metrics = http::send(([127, 0, 0, 1], port).into(), "GET", "/metrics", &[], None).unwrap();
    assert_eq!(metrics.status, 200);
    assert!(metrics.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")), "{metrics:?}");
    let counted = metrics.body.lines().any(|line| {
        line.starts_with("langflow_http_requests_total{")
            && line.contains("route=\"/health\"")
            && line.ends_with(" 1")
    });
    assert!(counted, "{}", metrics.body);
    assert_eq!(server.get("/metrics").status, 404, "not beside the API");
}
