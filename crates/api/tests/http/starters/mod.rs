//! Flow files that Langflow ships: each uploads, reads back equal, tells which of its nodes are native, and runs.
//!
//! The folders are given by `LANGFLOW_STARTERS` (Langflow 1.13.0) and `LANGFLOW_STARTERS_1_5` (1.5.1); without them
//! the tests say that they are skipped.

mod cases;
mod cases_1_5;
mod world;

use cases::Case;

use langflow_app::catalogue::report;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::Value;
use std::path::PathBuf;
use world::World;

#[tokio::test]
async fn shipped_flows_upload_and_read_back_equal() {
    let files: Vec<_> = FOLDERS.iter().filter_map(|variable| files(variable)).flatten().collect();
    if files.is_empty() {
        return;
    }
    let server = TestApp::start(Setup::default()).await;
    let user = server.caller("ann").await;
    let (mut native, mut nodes) = (0, 0);
    for (name, text) in &files {
        let stored = user.upload("/api/v1/flows/upload/", name, text.clone()).await;
        assert_eq!(stored.status, 201, "{name}: {}", stored.text);
        let id = stored.json()[0]["id"].as_str().unwrap().to_owned();
        let read = user.get(&format!("/api/v1/flows/{id}")).await.json();
        let sent: Value = serde_json::from_str(text).unwrap();
        assert_eq!(read["data"], sent["data"], "{name}");
        let report = report(&server.app.catalogue, &read["data"]);
        let missing: Vec<&str> = report.missing().map(|node| node.kind.as_str()).collect();
        println!("{name}: {} of {} nodes native", report.nodes.len() - missing.len(), report.nodes.len());
        if !missing.is_empty() {
            println!("    not yet: {}", missing.join(", "));
        }
        native += report.nodes.len() - missing.len();
        nodes += report.nodes.len();
    }
    println!("{} files, {native} of {nodes} nodes native", files.len());
    assert_eq!(user.get("/health").await.status, 200);
}

#[tokio::test]
async fn shipped_flows_run() {
    run_all(FOLDERS[0], cases::ALL, cases::NOT_YET).await;
}

#[tokio::test]
async fn flows_of_1_5_run() {
    run_all(FOLDERS[1], cases_1_5::ALL, cases_1_5::NOT_YET).await;
}

/// Where the flows are: of 1.13.0, of 1.5.1.
const FOLDERS: [&str; 2] = ["LANGFLOW_STARTERS", "LANGFLOW_STARTERS_1_5"];

/// Every flow of the folder that has a case here is uploaded unchanged and runs to the right answer; a file
/// without a case fails, so that a new version's files are noticed.
async fn run_all(variable: &str, cases: &[Case], not_yet: &[(&str, &str)]) {
    let Some(files) = files(variable) else { return };
    let (mut wrong, mut waiting) = (Vec::new(), 0);
    for (name, text) in &files {
        let name = name.trim_end_matches(".json");
        if let Some((_, why)) = not_yet.iter().find(|(flow, _)| *flow == name) {
            println!("{name:<36} does not run: {why}");
            waiting += 1;
            continue;
        }
        let Some(case) = cases.iter().find(|case| case.flow == name) else {
            wrong.push(format!("{name}: there is no case for it"));
            continue;
        };
        // A world each: models and messages of one flow are not seen by another.
        let problem = World::start().await.check(case, text).await;
        println!("{:<36} {}", name, problem.as_deref().unwrap_or("runs"));
        wrong.extend(problem.map(|problem| format!("{name}: {problem}")));
    }
    println!("{} of {} run", files.len() - wrong.len() - waiting, files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn files(variable: &str) -> Option<Vec<(String, String)>> {
    #[expect(clippy::disallowed_methods, reason = "tests are told in the environment where the files lie")]
    let folder = std::env::var(variable).map(PathBuf::from);
    let Ok(entries) = folder.map_err(drop).and_then(|folder| std::fs::read_dir(folder).map_err(drop)) else {
        println!("skipped: {variable} names no folder of flow files");
        return None;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some((name, std::fs::read_to_string(path).ok()?))
    };
    Some(paths.into_iter().filter_map(read).collect())
}
