//! Two servers on one PostgreSQL database: what one of them runs is read and stopped through the other.
//!
//! `LANGFLOW_TEST_POSTGRES_URL` names the server on which the test makes a database of its own.

use crate::flow::chat_flow;
use crate::server::Server;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server looks so often whether another one has stopped its run, and has some patience for a busy machine.
const STOPPED_WITHIN: Duration = Duration::from_secs(15);
/// A flow that was started calls by then.
const CALLED_WITHIN: Duration = Duration::from_secs(30);
/// The database server answers by then.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// A database of its own; it goes with this.
struct Database {
    runtime: tokio::runtime::Runtime,
    server: sea_orm::DatabaseConnection,
    name: String,
    url: String,
}

impl Database {
    fn create() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the address of the test server")]
        let address = std::env::var("LANGFLOW_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
        let Some(address) = address else {
            println!("skipped: LANGFLOW_TEST_POSTGRES_URL names no server");
            return None;
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = in_time(&runtime, sea_orm::Database::connect(&address)).unwrap();
        let name = format!("langflow_two_{}", std::process::id());
        in_time(&runtime, server.execute_unprepared(&format!("CREATE DATABASE {name}"))).unwrap();
        let url = format!("{}/{name}", address.rsplit_once('/').unwrap().0);
        Some(Self { runtime, server, name, url })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let _ = in_time(&self.runtime, self.server.execute_unprepared(&sql));
    }
}

fn in_time<T>(
    runtime: &tokio::runtime::Runtime,
    work: impl Future<Output = Result<T, sea_orm::DbErr>>,
) -> Result<T, sea_orm::DbErr> {
    let late = |_| sea_orm::DbErr::Custom("the database server does not answer".into());
    runtime
        .block_on(async { tokio::time::timeout(ANSWERED_WITHIN, work).await })
        .unwrap_or_else(|it| Err(late(it)))
}

fn start(database: &Database, folder: &TempDir) -> Server {
    let environment = [
        ("LANGFLOW_DATABASE_URL", database.url.as_str()),
        ("LANGFLOW_SECRET_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
        ("LANGFLOW_AUTO_LOGIN", "false"),
        ("LANGFLOW_SUPERUSER", "admin"),
        ("LANGFLOW_SUPERUSER_PASSWORD", "a-password-of-tests-1"),
        ("LANGFLOW_SSRF_ALLOWED_HOSTS", "127.0.0.1"),
    ];
    Server::start(folder.path(), &environment, &["--backend-only", "--log-level", "warning"])
}

/// A server that says nothing until it is told to: a flow that calls it is under way.
struct Silent(TcpListener);

impl Silent {
    fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    fn url(&self) -> String {
        format!("http://{}/", self.0.local_addr().unwrap())
    }

    /// The call of a flow, when it comes.
    fn call(&self) -> TcpStream {
        let began = Instant::now();
        self.0.set_nonblocking(true).unwrap();
        let stream = loop {
            match self.0.accept() {
                Ok((stream, _)) => break stream,
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "{error}"),
            }
            assert!(began.elapsed() < CALLED_WITHIN, "the flow does not call");
            std::thread::sleep(Duration::from_millis(20));
        };
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(STOPPED_WITHIN)).unwrap();
        stream
    }
}

/// Chat Input → API Request → Chat Output: the message is the address that is asked.
fn asking_flow(catalogue: &Value) -> Value {
    let mut flow = chat_flow(catalogue, "asking");
    let entry = catalogue.as_object().unwrap().values().find_map(|group| group.get("APIRequest")).unwrap();
    let id = "APIRequest-ccccc";
    let node = json!({"id": id, "type": "genericNode", "position": {"x": 0, "y": 0},
        "data": {"id": id, "type": "APIRequest", "node": entry}});
    flow["data"]["nodes"].as_array_mut().unwrap().push(node);
    let edge = |source: &str, output: &str, target: &str, field: &str, kind: &str| {
        json!({"id": format!("{source}-{target}"), "source": source, "target": target, "data": {
            "sourceHandle": {"dataType": source, "id": source, "name": output, "output_types": [kind]},
            "targetHandle": {"fieldName": field, "id": target, "inputTypes": [kind], "type": "other"}}})
    };
    flow["data"]["edges"] = json!([
        edge("ChatInput-aaaaa", "message", id, "url_input", "Message"),
        edge(id, "data", "ChatOutput-bbbbb", "input_value", "Data"),
    ]);
    flow
}

struct Caller<'a> {
    server: &'a Server,
    key: &'a str,
}

impl Caller<'_> {
    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.server.send(method, path, &[("x-api-key", self.key)], body);
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
        answer.json()
    }

    fn text(&self, path: &str) -> String {
        self.server.send("GET", path, &[("x-api-key", self.key)], None).body
    }

    fn status(&self, job: &str) -> Value {
        self.send("GET", &format!("/api/v2/workflows?job_id={job}"), None)["status"].clone()
    }

    fn wait_for(&self, job: &str, status: &str) {
        let began = Instant::now();
        while self.status(job) != status {
            assert!(began.elapsed() < STOPPED_WITHIN, "the job is {}, not {status}", self.status(job));
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn key_of(server: &Server) -> String {
    let form = Value::String("username=admin&password=a-password-of-tests-1".into());
    let token = server.send("POST", "/api/v1/login", &[], Some(&form)).json();
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let named = json!({"name": "both"});
    let made = server.send("POST", "/api/v1/api_key/", &[("authorization", &bearer)], Some(&named));
    made.json()["api_key"].as_str().unwrap().to_owned()
}

/// The call was given up: its connection is closed.
fn is_given_up(call: &mut TcpStream) -> bool {
    let mut buffer = [0; 4096];
    loop {
        match std::io::Read::read(call, &mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

#[test]
fn a_run_of_one_server_is_read_and_stopped_through_the_other() {
    let Some(database) = Database::create() else { return };
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let first = start(&database, &one);
    let key = key_of(&first);
    let a = Caller { server: &first, key: &key };
    let catalogue = a.send("GET", "/api/v1/all", None);
    let flow = a.send("POST", "/api/v1/flows/", Some(&asking_flow(&catalogue)));
    let silent = Silent::new();
    let begin = |session: &str| {
        let body = json!({"flow_id": flow["id"], "input_value": silent.url(), "mode": "background",
            "session_id": session});
        a.send("POST", "/api/v2/workflows", Some(&body))["job_id"].as_str().unwrap().to_owned()
    };

    // The second server starts while the first one runs a flow, and leaves that run alone.
    let job = begin("read");
    let mut call = silent.call();
    let second = start(&database, &two);
    let b = Caller { server: &second, key: &key };
    assert_eq!((a.status(&job), b.status(&job)), (json!("in_progress"), json!("in_progress")));
    let path = format!("/api/v2/workflows/{job}/events");
    let (from_a, from_b) = std::thread::scope(|scope| {
        let readers = [&first, &second].map(|server| {
            let caller = Caller { server, key: &key };
            let path = path.as_str();
            scope.spawn(move || caller.text(path))
        });
        // Both are reading what there is before the run goes on.
        std::thread::sleep(Duration::from_millis(500));
        // The server would use an open connection for its next call, for which the test waits as a new one.
        let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
            content-length: 16\r\n\r\n{\"found\": \"it\"}\n";
        call.write_all(answer.as_bytes()).unwrap();
        let [from_a, from_b] = readers.map(|reader| reader.join().unwrap());
        (from_a, from_b)
    });
    drop(call);
    assert_eq!(from_a, from_b, "both servers tell the same");
    for part in ["vertices_sorted", "add_message", "end_vertex", "\"event\":\"end\"", "found"] {
        assert!(from_b.contains(part), "{part} is missing: {from_b}");
    }
    b.wait_for(&job, "completed");
    // A reader that comes back to the other server goes on where it was.
    let last = from_b.matches("\nid: ").count() - 1;
    let headers = [("x-api-key", key.as_str()), ("last-event-id", &last.to_string())];
    let rest = second.send("GET", &path, &headers, None).body;
    assert!(rest.matches("\nid: ").count() == 1 && rest.contains("\"event\":\"end\""), "{rest}");

    // Workflows are stopped through the other server, and really stop.
    let job = begin("stop");
    let mut call = silent.call();
    let said = b.send("POST", "/api/v2/workflows/stop", Some(&json!({"job_id": job})));
    assert!(said["message"].as_str().unwrap().contains("cancelled"), "{said}");
    assert!(is_given_up(&mut call), "the first server goes on calling");
    a.wait_for(&job, "cancelled");

    // So are builds, whose readers get an end.
    let path = format!("/api/v1/build/{}/flow?event_delivery=streaming", flow["id"].as_str().unwrap());
    let body = json!({"inputs": {"input_value": silent.url()}});
    let job = a.send("POST", &path, Some(&body))["job_id"].as_str().unwrap().to_owned();
    let mut call = silent.call();
    b.send("POST", &format!("/api/v1/build/{job}/cancel"), None);
    assert!(is_given_up(&mut call), "the first server goes on building");
    for caller in [&a, &b] {
        let text = caller.text(&format!("/api/v1/build/{job}/events?event_delivery=streaming"));
        assert!(
            text.contains("vertices_sorted") && text.contains("\"event\": \"end\"")
                || text.contains("\"event\":\"end\""),
            "{text}"
        );
    }
}
