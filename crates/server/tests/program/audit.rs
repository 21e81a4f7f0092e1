//! `langflow audit`, and tokens signed with RSA keys: what other programs verify.

use crate::server::{Server, perform, program, text};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::path::Path;

/// Output and exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = perform(folder, &[], arguments);
    (text(&output.stdout) + &text(&output.stderr), output.status.code())
}

/// Changes the database behind the server's back.
fn tamper(folder: &Path, sql: &str) {
    let path = folder.join("data/langflow.db");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = sea_orm::Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    });
}

#[test]
fn the_audit_log_is_exported_and_tampering_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(run(folder, &["audit", "verify"]).0.contains("empty"));
    for name in ["first", "second"] {
        assert_eq!(run(folder, &["api-key", "--name", name]).1, Some(0));
    }
    let exported = text(&perform(folder, &[], &["audit", "export"]).stdout);
    let entries: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let made: Vec<&Value> = entries.iter().filter(|entry| entry["action"] == "create.key").collect();
    assert_eq!(made.len(), 2, "{exported}");
    assert!(!exported.contains("sk-"), "{exported}");
    let last = entries.last().unwrap();
    let after = text(&perform(folder, &[], &["audit", "export", "--after", "1"]).stdout);
    assert_eq!(after.lines().count(), entries.len() - 1);

    let anchor = format!("{}:{}", last["seq"], last["hash"].as_str().unwrap());
    let (said, code) = run(folder, &["audit", "verify", "--anchor", &anchor]);
    assert!(code == Some(0) && said.contains(&anchor), "{said}");
    for (anchor, words) in
        [("1:00", "anew"), ("99999:00", "not in the audit log"), ("nonsense", "NUMBER:HASH")]
    {
        let (said, code) = run(folder, &["audit", "verify", "--anchor", anchor]);
        assert!(code == Some(1) && said.contains(words), "{anchor}: {said}");
    }
    tamper(folder, "UPDATE audit SET actor = 'nobody' WHERE seq = 1");
    let (said, code) = run(folder, &["audit", "verify"]);
    assert!(code == Some(1) && said.contains("broken at entry 1"), "{said}");
}

#[test]
fn tokens_are_signed_with_rsa_keys_where_the_settings_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let environment = [
        ("LANGFLOW_ALGORITHM", "RS256"),
        ("LANGFLOW_AUTO_LOGIN", "False"),
        ("LANGFLOW_SUPERUSER", "admin"),
        ("LANGFLOW_SUPERUSER_PASSWORD", "owl-in-daylight"),
    ];
    let form = json!("username=admin&password=owl-in-daylight");
    let mut first = String::new();
    for start in 0..2 {
        let server = Server::start(folder.path(), &environment, &[]);
        if start == 0 {
            let answer = server.send("POST", "/api/v1/login", &[], Some(&form)).json();
            answer["access_token"].as_str().unwrap().clone_into(&mut first);
        }
        let bearer = format!("Bearer {first}");
        let me = server.send("GET", "/api/v1/users/whoami", &[("authorization", &bearer)], None);
        assert_eq!(me.status, 200, "start {start}: the key made at the first start is kept");
    }
    assert!(first.starts_with("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9."), "{first}");
    let private = folder.path().join("data/private_key.pem");
    assert!(
        std::fs::read_to_string(folder.path().join("data/public_key.pem")).unwrap().contains("PUBLIC KEY")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(private.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let bad = program(folder.path(), &environment)
        .env("LANGFLOW_PRIVATE_KEY", "nonsense")
        .args(["run", "--port", "0"])
        .output()
        .unwrap();
    assert!(!bad.status.success());
    assert!(text(&bad.stderr).contains("LANGFLOW_PRIVATE_KEY"), "{}", text(&bad.stderr));
}
