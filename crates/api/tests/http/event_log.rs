//! Many readers of one run's events, some of which have stopped.
//!
//! The size is that of an ordinary test run; `LANGFLOW_TEST_READERS=1000` asks for more.

use crate::run_flows::{start, through};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A comment, sent where nothing else has been for a while.
const SIGN_OF_LIFE: &[u8] = b": keepalive\n\n";

/// Resident memory of this process, which holds server and readers.
fn resident_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * 4096
}

#[expect(clippy::disallowed_methods, reason = "the size and the place of a test come from the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Runs a test in a process of its own, where it is not in one: `cargo test` runs all tests of a file in one, and what
/// is measured is the memory of the process. Gives whether that was done.
async fn is_done_alone(test: &str) -> bool {
    const ALONE: &str = "LANGFLOW_TEST_ALONE";
    if variable("NEXTEST").is_some() || variable(ALONE).is_some() {
        return false;
    }
    let program = std::env::current_exe().unwrap();
    let mut alone = tokio::process::Command::new(program);
    let ended = alone.args(["--exact", test, "--nocapture"]).env(ALONE, "1").output().await.unwrap();
    let told = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success() && told.contains("1 passed"), "{told}");
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reader_gets_every_event_and_stopped_ones_hold_no_memory() {
    if is_done_alone("event_log::every_reader_gets_every_event_and_stopped_ones_hold_no_memory").await {
        return;
    }
    let readers = variable("LANGFLOW_TEST_READERS").map_or(40, |n| n.parse::<usize>().unwrap());
    let stopped = readers / 10;
    let world = start().await;
    // Four megabytes of events: each token carries 16 kB.
    let body = json!({"name": "many", "data": through("Flood-ddddd")});
    let flow = world.app.post("/api/v1/flows/").bearer(&world.token).json(&body).send().await.field("id");
    let body = json!({"flow_id": flow, "mode": "background", "input_value": "x".repeat(16 << 10)});
    let started = world.app.post("/api/v2/workflows").bearer(&world.token).json(&body).send().await;
    let job = started.field("job_id");
    let path = format!("/api/v2/workflows/{job}/events");
    let mut silent = Vec::new();
    for _ in 0..stopped {
        let mut socket = TcpStream::connect(world.app.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n",
            world.token
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut first = [0; 64];
        socket.read_exact(&mut first).await.unwrap();
        silent.push(socket);
    }
    let before = resident_bytes();
    let reading = (stopped..readers).map(|_| {
        let ask = world.app.get(&path).bearer(&world.token);
        async move {
            let mut reply = ask.stream().await.unwrap();
            let (mut bytes, mut tail) = (0, Vec::new());
            while let Some(part) = reply.chunk().await.unwrap() {
                // Who waits long for their turn gets a sign of life in between.
                if part.as_ref() == SIGN_OF_LIFE {
                    continue;
                }
                bytes += part.len();
                tail.extend_from_slice(&part);
                let surplus = tail.len().saturating_sub(400);
                tail.drain(..surplus);
            }
            (bytes, String::from_utf8_lossy(&tail).into_owned())
        }
    });
    let got = futures::future::join_all(reading).await;
    let grown = resident_bytes().saturating_sub(before);
    let (bytes, tail) = &got[0];
    assert!(*bytes > 4 << 20, "{bytes} bytes");
    assert!(tail.contains("\"event\":\"end\""), "{tail}");
    for (other, _) in &got {
        assert_eq!(other, bytes, "every reader got all of it");
    }
    println!("{readers} readers, {stopped} stopped, {bytes} bytes each, memory grew by {} MB", grown >> 20);
    // A reader holds a page, what waits in its connection, and what its client buffers here.
    let bound = (64 << 20) + readers as u64 * (1 << 20);
    assert!(grown < bound, "memory grew by {grown} bytes, {bound} are allowed");
    // The stopped ones go on where they were.
    for socket in &mut silent {
        let mut all = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        while !all.ends_with(b"0\r\n\r\n") {
            let read = socket.read(&mut buffer).await.unwrap();
            assert!(read > 0, "the connection was closed early");
            all.extend_from_slice(&buffer[..read]);
            let surplus = all.len().saturating_sub(400);
            all.drain(..surplus);
        }
        assert!(String::from_utf8_lossy(&all).contains("\"event\":\"end\""));
    }
    let _: Value = started.json();
}
