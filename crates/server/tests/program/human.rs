//! A run that waits for a human outlives kill -9.

use crate::flow::spoken_flow;
use crate::http::Answer;
use crate::server::Server;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

struct Client<'a> {
    server: &'a Server,
    key: &'a str,
}

impl Client<'_> {
    fn get(&self, path: &str) -> Answer {
        self.server.send("GET", path, &[("x-api-key", self.key)], None)
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.server.send("POST", path, &[("x-api-key", self.key)], Some(body))
    }
}

#[test]
fn what_waits_is_answered_after_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[], &["--log-level", "warning"]);
    let token = server.get("/api/v1/auto_login").json();
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let made =
        server.send("POST", "/api/v1/api_key/", &[("authorization", &bearer)], Some(&json!({"name": "k"})));
    let key = made.json()["api_key"].as_str().unwrap().to_owned();
    let client = Client { server: &server, key: &key };
    let catalogue = client.get("/api/v1/all").json();
    let prompt = json!({"prompt": {"value": "Ship it?"}});
    let flow = spoken_flow(&catalogue, "asking", "flow_controls", "HumanInput", &prompt);
    let flow = client.post("/api/v1/flows/", &flow).json()["id"].as_str().unwrap().to_owned();
    let asked = client.post("/api/v2/workflows", &json!({"flow_id": flow})).json();
    assert_eq!(asked["status"], "suspended", "{asked}");
    let job = asked["job_id"].as_str().unwrap();

    server.kill();
    let server = Server::start(folder.path(), &[], &["--log-level", "warning"]);
    let client = Client { server: &server, key: &key };
    let waiting = client.get(&format!("/api/v2/workflows/pending?flow_id={flow}")).json();
    assert_eq!(waiting[0]["job_id"], asked["job_id"], "{waiting}");
    let answer = json!({"request_id": waiting[0]["request_id"], "decision": {"action_id": "approve"}});
    let resumed = client.post(&format!("/api/v2/workflows/{job}/resume"), &answer);
    assert_eq!(resumed.status, 200, "{}", resumed.body);
    let began = Instant::now();
    loop {
        let state = client.get(&format!("/api/v2/workflows?job_id={job}")).json();
        if state["status"] == "completed" {
            assert_eq!(state["output"]["text"], "Ship it?", "{state}");
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{state}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
