//! `cargo xtask bench`: the release program, measured with `wrk` on the same machine.
//!
//! Chat Input → Chat Output through `POST /api/v1/run/{flow}`: key check, both messages stored durably, beside
//! the trivial JSON route of the same server in the same run.

#[path = "../../../crates/server/tests/program/flow.rs"]
mod flow;
#[expect(dead_code, clippy::panic, reason = "shared with the tests of the program, which need more of it")]
#[path = "../../../crates/server/tests/program/http.rs"]
mod http;
mod load;
mod server;

use crate::build;
use crate::shell::{say, step};
use anyhow::{Context as _, Result, ensure};
use load::{Load, Measured};
use serde_json::{Value, json};
use server::Server;
use std::time::Duration;

const CONNECTIONS: &[u32] = &[1, 8, 32, 128];
const STARTS: u32 = 7;
/// Runs after which memory is looked at again.
const MANY_RUNS: u64 = 100_000;

/// `--no-build` measures the program that is there; `--seconds N` is the length of each load (10).
pub fn bench(options: &[&str]) -> Result<()> {
    if !options.contains(&"--no-build") {
        build::release_server()?;
    }
    let given = options.iter().position(|option| *option == "--seconds").and_then(|at| options.get(at + 1));
    let seconds = given.map_or(Ok(10), |text| text.parse()).context("--seconds takes a number")?;
    load::prepare()?;
    let mut report = vec![format!("program: {:.1} MB", megabytes(build::release_size()?))];
    report.push(starts()?);

    let server = Server::start()?;
    std::thread::sleep(Duration::from_secs(2));
    report.push(format!("resident when idle: {:.1} MB", megabytes(server.resident_bytes()?)));
    let target = prepare_flow(&server)?;
    report.extend(loads(&server, &target, seconds)?);
    say(&format!("\n{}", report.join("\n")));
    Ok(())
}

/// Time from the start of the process to the first answer, on an empty folder each time.
fn starts() -> Result<String> {
    step("starts on an empty folder");
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(Server::start()?.ready_after);
    }
    times.sort();
    let ms = |at: usize| times.get(at).map_or(0.0, Duration::as_secs_f64) * 1000.0;
    Ok(format!(
        "ready: {:.0} ms (median of {STARTS}; {:.0} to {:.0})",
        ms(times.len() / 2),
        ms(0),
        ms(times.len() - 1)
    ))
}

/// What is called under load.
struct Target {
    path: String,
    key: String,
}

#[expect(clippy::indexing_slicing, reason = "JSON gives null for what is missing")]
fn prepare_flow(server: &Server) -> Result<Target> {
    let text = |value: &Value| value.as_str().map(str::to_owned).context("no text where one is expected");
    let token = server.call("GET", "/api/v1/auto_login", &[], None)?;
    let bearer = format!("Bearer {}", text(&token["access_token"])?);
    let key = server.call(
        "POST",
        "/api/v1/api_key/",
        &[("authorization", &bearer)],
        Some(&json!({"name": "bench"})),
    )?;
    let key = text(&key["api_key"])?;
    let credential = [("x-api-key", key.as_str())];
    let catalogue = server.call("GET", "/api/v1/all", &credential, None)?;
    let created =
        server.call("POST", "/api/v1/flows/", &credential, Some(&flow::chat_flow(&catalogue, "bench")))?;
    let path = format!("/api/v1/run/{}", text(&created["id"])?);
    let answer = server.call("POST", &path, &credential, Some(&load::body()))?;
    ensure!(answer.to_string().contains("good morning"), "the flow does not answer: {answer}");
    Ok(Target { path, key })
}

fn loads(server: &Server, target: &Target, seconds: u32) -> Result<Vec<String>> {
    step("load");
    let trivial = Load::get(server.url("/api/v1/version"));
    let runs = Load::run(server.url(&target.path), &target.key);
    // Caches fill, connections open: not part of the figures.
    let mut done = runs.apply(8, 2)?.requests;
    let before = server.resident_bytes()?;
    let mut report = vec![String::new(), header()];
    for &connections in CONNECTIONS {
        let beside = trivial.apply(connections, seconds)?;
        let measured = runs.apply(connections, seconds)?;
        done += measured.requests;
        report.push(row(connections, &measured, &beside));
    }
    while done < MANY_RUNS {
        done += runs.apply(32, seconds)?.requests;
    }
    let after = server.resident_bytes()?;
    report.push(String::new());
    report.push(format!(
        "resident after {done} runs: {:.1} MB ({:+.1} MB since the first runs)",
        megabytes(after),
        megabytes(after) - megabytes(before)
    ));
    Ok(report)
}

fn header() -> String {
    "| connections | runs/s | p50 | p99 | failed | trivial route/s | its p50 | its p99 |\n|---|---|---|---|---|---|---|---|".to_owned()
}

fn row(connections: u32, runs: &Measured, beside: &Measured) -> String {
    format!(
        "| {connections} | {:.0} | {} | {} | {} | {:.0} | {} | {} |",
        runs.per_second, runs.p50, runs.p99, runs.failed, beside.per_second, beside.p50, beside.p99
    )
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
