//! The truth tables of authentication: login mode × credential × endpoint, as recorded from the reference.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use http::Method;
use langflow_testkit::test_app::{ADMIN, ADMIN_PASSWORD, Answer, Setup, TestApp};
use serde_json::{Value, json};

/// A cell that differs on purpose: mode, part of the path, credentials (all if empty), and why.
const DIFFERENT: [(&str, &str, &[&str], &str); 6] = [
    (
        "AT_SF",
        "/mcp/",
        &["none"],
        "under auto login MCP is open on the server's own machine, as the documentation says",
    ),
    ("", "/files/images/", &[], "a missing file is 404; the reference answers 500"),
    ("", "/logs", &[], "the log is kept by the operator's log collector, not served"),
    (
        "",
        "/mcp/project/",
        &["key-hdr", "key-qry"],
        "without MCP settings of its own a project is served as others are",
    ),
    (
        "AT_SF",
        "/mcp/project/",
        &["bearer", "cookie", "key-bearer", "bad-key", "bad-bearer", "badB+key"],
        "projects are guarded as MCP as a whole: a session is as good as a key, a wrong credential is refused",
    ),
    (
        "AT_ST",
        "/mcp/project/",
        &["key-bearer", "bad-key", "bad-bearer", "badB+key"],
        "a wrong credential is refused, and as what it is",
    ),
];

struct World {
    app: TestApp,
    mode: &'static str,
    token: String,
    key: String,
    flow: String,
    project: String,
}

async fn world(mode: &'static str) -> World {
    let setup = Setup::default().auth(|auth| {
        auth.auto_login = mode != "AF";
        auth.skip_auth_auto_login = mode == "AT_ST";
        auth.new_user_is_active = true;
        // The recorded server ran its AT_ST round with webhooks open.
        auth.webhook_auth_enable = mode != "AT_ST";
        auth.profile = langflow_app::settings::SecurityProfile::Compat;
    });
    let app = TestApp::start(setup).await;
    let token = match mode {
        "AF" => app.admin_token().await,
        _ => app.get("/api/v1/auto_login").send().await.field("access_token"),
    };
    let key = app.key_of(&token).await;
    let body = json!({"name": "matrix", "data": chat_graph()});
    let made = app.post("/api/v1/flows/").bearer(&token).json(&body).send().await;
    assert_eq!(made.status, 201, "{}", made.text);
    let (flow, project) = (made.field("id"), made.field("folder_id"));
    if mode != "AT_SF" {
        let taken = json!({"username": "matrix", "password": "matrix"});
        assert_eq!(app.post("/api/v1/users/").bearer(&token).json(&taken).send().await.status, 201);
    }
    World { app, mode, token, key, flow, project }
}

/// A graph that runs and does nothing.
fn chat_graph() -> Value {
    json!({"nodes": [], "edges": [], "viewport": {"x": 0, "y": 0, "zoom": 1}})
}

impl World {
    async fn ask(&self, row: &Value, credential: &str) -> Answer {
        let path =
            row["path"].as_str().unwrap().replace("{flow}", &self.flow).replace("{project}", &self.project);
        let method: Method = row["method"].as_str().unwrap().parse().unwrap();
        let path = match credential {
            "key-qry" => {
                format!("{path}{}x-api-key={}", if path.contains('?') { '&' } else { '?' }, self.key)
            }
            _ => path,
        };
        let is_post = method == Method::POST;
        let mut ask = self.app.request(method, &path);
        ask = match credential {
            "bearer" => ask.bearer(&self.token),
            "cookie" => ask.header("cookie", &format!("access_token_lf={}", self.token)),
            "key-hdr" => ask.header("x-api-key", &self.key),
            "key-bearer" => ask.bearer(&self.key),
            "bad-key" => ask.header("x-api-key", "sk-bad"),
            "bad-bearer" => ask.bearer("abc"),
            "badB+key" => ask.bearer("abc").header("x-api-key", &self.key),
            _ => ask,
        };
        if is_post {
            let body = if path.contains("/users/") {
                json!({"username": "matrix", "password": "matrix"})
            } else {
                json!({"input_value": "hi", "flow_id": self.flow, "model": self.flow, "input": "hi"})
            };
            ask = ask.json(&body);
        }
        // Who is let in may get a stream that never ends; what it says is not compared.
        let reply = ask.stream().await.unwrap();
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        let is_stream = headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_stream { bytes::Bytes::new() } else { reply.bytes().await.unwrap_or_default() };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, headers, bytes, text }
    }

    fn reason(&self, path: &str, credential: &str) -> Option<&'static str> {
        DIFFERENT
            .iter()
            .find(|(mode, part, credentials, _)| {
                (mode.is_empty() || *mode == self.mode)
                    && path.contains(part)
                    && (credentials.is_empty() || credentials.contains(&credential))
            })
            .map(|(.., why)| *why)
    }
}

/// What a table tells of an answer: whether the caller was let in, and if not in which words.
fn outcome(status: u16, detail: &str) -> (u16, String) {
    match status {
        401 | 403 => (status, detail.to_owned()),
        _ => (0, String::new()),
    }
}

fn detail_text(answer: &Answer) -> String {
    match answer.detail() {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Rows are compared by who is let in and who is refused in which words; what an endpoint then does is the
/// matter of its own tests. Endpoints that are not there are counted and named.
async fn compare(mode: &'static str, rows: &[Value]) {
    let world = world(mode).await;
    let (mut equal, mut told, mut absent, mut wrong) = (0, 0, Vec::new(), Vec::new());
    for row in rows {
        let path = row["path"].as_str().unwrap();
        let results = row["results"].as_object().unwrap();
        let probe = world.ask(row, "key-hdr").await;
        if probe.status == 404 && probe.detail() == json!("Not Found") || probe.status == 405 {
            absent.push(path);
            continue;
        }
        for (credential, expected) in results {
            let answer = world.ask(row, credential).await;
            let recorded = expected["detail_or_keys"].as_str().unwrap_or_default();
            let expected = outcome(u16::try_from(expected["status"].as_u64().unwrap()).unwrap(), recorded);
            let got = outcome(answer.status, &detail_text(&answer));
            // The recording cuts long texts.
            let same = expected.0 == got.0
                && (got.1.starts_with(&expected.1)
                    || expected.1.starts_with(&got.1)
                    || got.1.starts_with('{'));
            if same {
                equal += 1;
            } else if world.reason(path, credential).is_some() {
                told += 1;
            } else {
                wrong.push(format!(
                    "{mode} {path} {credential}: recorded {expected:?}, got {} {}",
                    answer.status, answer.text
                ));
            }
        }
    }
    println!(
        "{mode}: {equal} cells equal, {told} different with a reason, {} rows not served: {absent:?}",
        absent.len()
    );
    assert!(wrong.is_empty(), "{} cells differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(equal > 100, "only {equal} cells were compared");
}

#[tokio::test]
async fn everybody_is_let_in_and_refused_as_recorded() {
    let Some(text) = crate::support::recorded("auth-matrix.json") else { return };
    let tables: Vec<Value> = serde_json::from_str(&text).unwrap();
    for mode in ["AF", "AT_SF", "AT_ST"] {
        let table = tables.iter().find(|t| t["version"] == "1.13.0" && t["mode"] == mode).unwrap();
        compare(mode, table["rows"].as_array().unwrap()).await;
    }
    let _ = (ADMIN, ADMIN_PASSWORD);
}
