//! What was acknowledged is there after kill -9, whatever was going on.
//!
//! Several clients save flows and run one; in the middle of it the process is killed. After the next start
//! every answered save reads back, every answered run has its messages, nothing is half-written, and no run is
//! left in progress. `LANGFLOW_KILL_CYCLES` sets the number of cycles (50 by hand; fewer in CI).

use crate::flow::chat_flow;
use crate::http;
use crate::server::Server;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

const CLIENTS: usize = 4;
/// Acknowledged runs must not stay in progress for longer after a start.
const SETTLED: Duration = Duration::from_secs(10);

/// What one client was told is done.
#[derive(Default)]
struct Acknowledged {
    /// Flow id and the description that was saved last.
    saves: Vec<(String, String)>,
    /// Sessions of runs that were answered.
    sessions: Vec<String>,
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    let cycles = cycles();
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[], &["--log-level", "warning"]);
    let key = make_key(&server);
    let catalogue = server.send("GET", "/api/v1/all", &[("x-api-key", &key)], None).json();
    let mut all = Acknowledged::default();
    for cycle in 0..cycles {
        let (stop, answered) = (AtomicBool::new(false), AtomicU64::new(0));
        let stormed: Vec<Acknowledged> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let storm = Storm {
                        address: server.address,
                        key: &key,
                        catalogue: &catalogue,
                        stop: &stop,
                        answered: &answered,
                    };
                    scope.spawn(move || storm.rage(&format!("{cycle}-{client}")))
                })
                .collect();
            // In the middle of it, at a different moment every time; what is under way then is what the test
            // is about.
            let enough = CLIENTS as u64 + cycle % 7;
            while answered.load(Ordering::Relaxed) < enough
                && !clients.iter().all(ScopedJoinHandle::is_finished)
            {
                std::thread::sleep(Duration::from_millis(1));
            }
            server.kill();
            stop.store(true, Ordering::Relaxed);
            clients.into_iter().map(|client| client.join().unwrap()).collect()
        });
        let fresh = stormed.into_iter().fold(Acknowledged::default(), |mut sum, one| {
            sum.saves.extend(one.saves);
            sum.sessions.extend(one.sessions);
            sum
        });
        assert!(
            !fresh.saves.is_empty() && !fresh.sessions.is_empty(),
            "cycle {cycle}: the storm did nothing"
        );
        server = Server::start(folder.path(), &[], &["--log-level", "warning"]);
        check(&server, &key, &fresh, cycle);
        all.saves.extend(fresh.saves);
        all.sessions.extend(fresh.sessions);
    }
    check(&server, &key, &all, cycles);
    check_settled(folder.path());
    assert!(server.stop().success());
    check_integrity(folder.path());
    println!(
        "{cycles} cycles: {} saves and {} runs acknowledged, none lost",
        all.saves.len(),
        all.sessions.len()
    );
}

fn cycles() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a setting of the test, not of the server")]
    let given = std::env::var("LANGFLOW_KILL_CYCLES").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(4)
}

fn make_key(server: &Server) -> String {
    let token = server.get("/api/v1/auto_login").json();
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let made = server.send(
        "POST",
        "/api/v1/api_key/",
        &[("authorization", &bearer)],
        Some(&json!({"name": "storm"})),
    );
    made.json()["api_key"].as_str().unwrap().to_owned()
}

/// One client: makes a flow, saves it again, runs it, until the server is gone.
struct Storm<'a> {
    address: SocketAddr,
    key: &'a str,
    catalogue: &'a Value,
    stop: &'a AtomicBool,
    /// Runs of all clients that were answered.
    answered: &'a AtomicU64,
}

impl Storm<'_> {
    fn rage(&self, name: &str) -> Acknowledged {
        let mut done = Acknowledged::default();
        let mut round = 0;
        while !self.stop.load(Ordering::Relaxed) {
            round += 1;
            if self.one_round(&format!("{name}-{round}"), &mut done).is_none() {
                break;
            }
        }
        done
    }

    /// `None` when the server no longer answers.
    fn one_round(&self, name: &str, done: &mut Acknowledged) -> Option<()> {
        let created = self.send("POST", "/api/v1/flows/", &chat_flow(self.catalogue, name))?;
        let id = created["id"].as_str().unwrap().to_owned();
        let description = format!("saved {name}");
        self.send("PATCH", &format!("/api/v1/flows/{id}"), &json!({"description": description}))?;
        done.saves.push((id.clone(), description));
        let session = format!("session {name}");
        let body = json!({"input_value": "good morning", "input_type": "chat", "output_type": "chat", "session_id": session});
        self.send("POST", &format!("/api/v1/run/{id}"), &body)?;
        done.sessions.push(session);
        self.answered.fetch_add(1, Ordering::Relaxed);
        Some(())
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Option<Value> {
        let answer = http::send(self.address, method, path, &[("x-api-key", self.key)], Some(body)).ok()?;
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        Some(answer.json())
    }
}

fn check(server: &Server, key: &str, acknowledged: &Acknowledged, cycle: u64) {
    let get = |path: &str| server.send("GET", path, &[("x-api-key", key)], None);
    for (id, description) in &acknowledged.saves {
        let answer = get(&format!("/api/v1/flows/{id}"));
        assert_eq!(answer.status, 200, "cycle {cycle}: flow {id} is lost: {answer:?}");
        let flow = answer.json();
        assert_eq!(flow["description"], json!(description), "cycle {cycle}: the save of {id} is lost");
        assert_eq!(
            flow["data"]["nodes"].as_array().map(Vec::len),
            Some(2),
            "cycle {cycle}: {id} is half-written"
        );
    }
    for session in &acknowledged.sessions {
        let path = format!("/api/v1/monitor/messages?session_id={}", session.replace(' ', "%20"));
        let messages = get(&path).json();
        assert_eq!(
            messages.as_array().map(Vec::len),
            Some(2),
            "cycle {cycle}: messages of {session}: {messages}"
        );
    }
}

/// No run is in progress ten seconds after the start; usually at once.
fn check_settled(folder: &Path) {
    let started = Instant::now();
    loop {
        let left = query(folder, "SELECT count(*) FROM runs WHERE status IN ('queued', 'in_progress')");
        if left == "0" {
            return;
        }
        assert!(started.elapsed() < SETTLED, "{left} runs are still in progress");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn check_integrity(folder: &Path) {
    assert_eq!(query(folder, "PRAGMA integrity_check"), "ok");
    assert_eq!(query(folder, "PRAGMA foreign_key_check"), "");
}

/// Asks the database file itself, through Python's own SQLite: a program other than ours.
fn query(folder: &Path, sql: &str) -> String {
    let script = "import sqlite3, sys\n\
                  rows = sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()\n\
                  print('\\n'.join('|'.join(map(str, row)) for row in rows))";
    let file = folder.join("data/langflow.db");
    let output = Command::new("python3").args(["-c", script]).arg(file).arg(sql).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
