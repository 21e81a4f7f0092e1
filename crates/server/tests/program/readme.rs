//! The commands of the README's chapter on authentication, run as they stand there on an empty folder.

use crate::flow::chat_flow;
use crate::http;
use crate::server::text;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(2);

/// The shell blocks of the chapter, in order.
fn blocks() -> Vec<String> {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let chapter = readme.split("\n## Authentication\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let parts = chapter.split("```shell\n").skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

/// A shell as the reader of the README has it: `langflow` on the path, an empty folder, nothing set.
struct Shell<'a> {
    folder: &'a Path,
    port: u16,
}

impl Shell<'_> {
    fn command(&self, script: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_langflow")).parent().unwrap().display().to_string();
        // The default port may be another server's.
        let script = script.replace("localhost:7860", &format!("127.0.0.1:{}", self.port));
        let mut command = Command::new("bash");
        command.args(["-euo", "pipefail", "-c", &script]).current_dir(self.folder).stdin(Stdio::null());
        command
            .env_clear()
            .env("HOME", self.folder)
            .env("PATH", format!("{binary}:/usr/local/bin:/usr/bin:/bin"));
        command
    }

    /// Runs a block with the variables that the blocks before have set.
    fn run(&self, block: &str) -> String {
        let script = format!(
            "touch vars; set -a; . ./vars; {block}\ndeclare -p | grep -vE '^declare -[a-z]*[r]' > vars"
        );
        let Output { stdout, stderr, status } = self.command(&script).output().unwrap();
        assert!(status.success(), "{block}\n{}\n{}", text(&stdout), text(&stderr));
        text(&stdout)
    }
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether the programs that the README uses beside ours are here.
fn has_tools() -> bool {
    let found =
        |name: &str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    ["bash", "curl", "python3"].into_iter().all(found)
}

#[test]
fn the_walk_of_the_authentication_chapter_goes_as_it_says() {
    if !has_tools() {
        println!("skipped: bash, curl or python3 is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let shell = Shell { folder: folder.path(), port };
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let blocks = blocks();
    let [start, key, user, sign_in, run, delete] = &blocks[..] else {
        panic!("the chapter has other blocks than this test knows: {blocks:#?}")
    };
    let served = start.trim_end().to_owned() + &format!(" --port {port}");
    assert!(served.lines().last().unwrap().starts_with("langflow run "), "{served}");
    let served = served.replace("\nlangflow run ", "\nexec langflow run ");
    let _server =
        Running(shell.command(&served).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let started = Instant::now();
    while http::send(address, "GET", "/health", &[], None).is_err() {
        assert!(started.elapsed() < PATIENCE, "the server of the README does not start");
        std::thread::sleep(Duration::from_millis(50));
    }

    let me = shell.run(key);
    assert!(me.contains("\"username\":\"administrator\"") && me.contains("\"is_superuser\":true"), "{me}");
    // The sentence before the block: an account waits until a superuser activates it.
    let (make, activate) = user.split_once("curl -X PATCH").unwrap();
    shell.run(make);
    let waiting = shell.run(
        "curl -s http://localhost:7860/api/v1/login --data-urlencode username=ada \
         --data-urlencode 'password=a long pass phrase'",
    );
    assert_eq!(waiting.trim(), r#"{"detail":"Waiting for approval"}"#);
    assert!(shell.run(&format!("curl -X PATCH{activate}")).contains("\"is_active\":true"));
    shell.run(sign_in);

    let made: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("key.json")).unwrap()).unwrap();
    let ada = made["api_key"].as_str().unwrap();
    let catalogue = http::send(address, "GET", "/api/v1/all", &[("x-api-key", ada)], None).unwrap();
    let mut flow = chat_flow(&catalogue.json(), "Echo");
    flow["endpoint_name"] = "echo".into();
    std::fs::write(folder.path().join("flow.json"), flow.to_string()).unwrap();
    let ran = shell.run(run);
    assert!(ran.contains("\"endpoint_name\":\"echo\"") && ran.contains("good morning"), "{ran}");

    assert!(shell.run(delete).contains("API Key deleted"));
    let body = serde_json::json!({"input_value": "good morning"});
    let refused =
        http::send(address, "POST", "/api/v1/run/echo", &[("x-api-key", ada)], Some(&body)).unwrap();
    assert_eq!((refused.status, refused.body.as_str()), (403, r#"{"detail":"Invalid or missing API key"}"#));
}
