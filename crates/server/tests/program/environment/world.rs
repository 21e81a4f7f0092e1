//! A server whose environment is one case.

use crate::flow::{chat_flow, spoken_flow};
use crate::http::Answer;
use crate::server::{Server, data, free_port, perform, text};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::OnceLock;
use std::thread::JoinHandle;
use tempfile::TempDir;

pub struct World {
    folder: TempDir,
    pub server: Server,
    environment: Vec<(String, String)>,
    key: OnceLock<String>,
    /// Takes calls and never answers.
    silent: TcpListener,
}

impl World {
    /// Starts the server in a folder with an editor of one page, a flow and a certificate.
    pub fn start(set: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &str| std::fs::write(folder.path().join(name), content).unwrap();
        for name in ["ui", "flows"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        write("ui/index.html", "<html><head></head><body>an editor of my own</body></html>");
        let flow = json!({"name": "From the folder", "data": {"nodes": [], "edges": []}});
        write("flows/flow.json", &flow.to_string());
        for name in ["cert.pem", "key.pem"] {
            std::fs::copy(data(name), folder.path().join(name)).unwrap();
        }
        let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let place = folder.path().display().to_string();
        let port = free_port().to_string();
        let silent_port = silent.local_addr().unwrap().port().to_string();
        let filled = |value: &str| {
            value.replace("{folder}", &place).replace("{port}", &port).replace("{silent}", &silent_port)
        };
        let environment: Vec<(String, String)> =
            set.iter().map(|(name, value)| ((*name).to_owned(), filled(value))).collect();
        let pairs = borrowed(&environment);
        let has_port = set.iter().any(|(name, _)| *name == "LANGFLOW_PORT");
        let server = if has_port {
            Server::start_as_told(folder.path(), &pairs, &[])
        } else {
            Server::start(folder.path(), &pairs, &[])
        };
        Self { server, environment, key: OnceLock::new(), silent, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The value of a variable, as it was set.
    pub fn value(&self, name: &str) -> &str {
        &self.environment.iter().find(|(known, _)| known == name).unwrap().1
    }

    /// What a command says, and its exit code.
    pub fn run(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let output = perform(self.folder(), &borrowed(&self.environment), arguments);
        (text(&output.stdout) + &text(&output.stderr), output.status.code())
    }

    /// A key of the superuser, made beside the running server.
    pub fn key(&self) -> &str {
        self.key.get_or_init(|| {
            let output = perform(self.folder(), &borrowed(&self.environment), &["api-key", "--json"]);
            assert!(output.status.success(), "{}", text(&output.stderr));
            let made: Value = serde_json::from_slice(&output.stdout).unwrap();
            made["api_key"].as_str().unwrap().to_owned()
        })
    }

    /// A request with the key of the superuser.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.server.send(method, path, &[("x-api-key", self.key())], body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    /// Stores a flow that says what a component gives; its id.
    pub fn flow_of(&self, category: &str, component: &str, fields: &Value) -> String {
        let catalogue = self.get("/api/v1/all").json();
        self.store(&spoken_flow(&catalogue, "Under test", category, component, fields))
    }

    /// Stores a flow that says what it is told; its id.
    pub fn chat_flow(&self) -> String {
        let catalogue = self.get("/api/v1/all").json();
        self.store(&chat_flow(&catalogue, "Under test"))
    }

    fn store(&self, flow: &Value) -> String {
        let made = self.ask("POST", "/api/v1/flows/", Some(flow));
        assert_eq!(made.status, 201, "{made:?}");
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// Builds a flow as the editor does, to its end.
    pub fn build(&self, flow: &str, input: &str) {
        let body = json!({"inputs": {"input_value": input}});
        let built =
            self.ask("POST", &format!("/api/v1/build/{flow}/flow?event_delivery=direct"), Some(&body));
        assert_eq!(built.status, 200, "{built:?}");
        assert!(built.body.contains("\"end\""), "{built:?}");
    }

    pub fn run_flow(&self, flow: &str) -> Answer {
        let body = json!({"input_value": "hi"});
        self.ask("POST", &format!("/api/v1/run/{flow}?stream=false"), Some(&body))
    }

    /// Signs in; `by` is what a proxy says about the caller.
    pub fn sign_in(&self, password: &str, by: &str) -> Answer {
        let form = json!(format!("username=chief&password={password}"));
        self.server.send("POST", "/api/v1/login", &[("x-forwarded-for", by)], Some(&form))
    }

    /// Takes one call to the silent port, refuses it, and gives its head.
    pub fn refuse_one(&self) -> JoinHandle<String> {
        let listener = self.silent.try_clone().unwrap();
        std::thread::spawn(move || {
            let (mut caller, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            let mut piece = [0; 4096];
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                let count = caller.read(&mut piece).unwrap();
                assert!(count > 0, "the caller left");
                head.extend_from_slice(&piece[..count]);
            }
            caller.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").unwrap();
            String::from_utf8(head).unwrap()
        })
    }

    /// The address of something that never answers.
    pub fn silence(&self) -> String {
        format!("http://{}/mcp", self.silent.local_addr().unwrap())
    }
}

fn borrowed(environment: &[(String, String)]) -> Vec<(&str, &str)> {
    environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
