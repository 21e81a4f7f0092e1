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
    for (path, name, value) in [
        ("/api/v1/users/whoami", "authorization", "Bearer eyJ.this-token-not.x"),
        ("/api/v1/users/whoami", "cookie", "access_token_lf=nor-this-cookie"),
        ("/api/v1/refresh", "cookie", "refresh_token_lf=nor-this-refresh"),
        ("/api/v1/webhook/x", "x-api-key", "sk-nor-this-hook"),
        ("/api/v1/run/x", "x-langflow-global-var-token", "nor-this-override"),
    ] {
        let method = if path.ends_with("whoami") { "GET" } else { "POST" };
        server.send(method, path, &[(name, value)], None);
    }
    let form = |words: &str| json!(format!("username=admin&password={words}"));
    server.send("POST", "/api/v1/login", &[], Some(&form("a-mistyped-password")));
    let signed = server.send("POST", "/api/v1/login", &[], Some(&form("owl-in-daylight"))).json();
    let token = signed["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let by = [("authorization", bearer.as_str())];
    let variable =
        json!({"name": "V", "value": "a-secret-value", "type": "Credential", "default_fields": []});
    assert_eq!(server.send("POST", "/api/v1/variables/", &by, Some(&variable)).status, 201);
    let tools = json!({"url": "https://tools.invalid/mcp", "headers": {"authorization": "a-secret-header"}});
    assert_eq!(server.send("POST", "/api/v2/mcp/servers/tools", &by, Some(&tools)).status, 200);
    let made = server.send("POST", "/api/v1/api_key/", &by, Some(&json!({"name": "k"}))).json();
    let made = made["api_key"].as_str().unwrap().to_owned();
    assert!(server.stop().success());
    let log = server.log();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line.get("level").is_some() && line.get("timestamp").is_some(), "{line}");
    }
    assert!(log.contains("/api/v1/version"), "one line per request: {log}");
    let secrets: [&str; 11] = [
        "owl-in-daylight",
        "should-not-be-seen",
        "neither-this",
        "private words",
        "this-token-not",
        "nor-this-",
        "a-mistyped-password",
        "a-secret-value",
        "a-secret-header",
        &token,
        &made,
    ];
    for secret in secrets {
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
