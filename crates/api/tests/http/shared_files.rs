//! Files in a bucket that servers share.

use chrono::{DateTime, TimeDelta, Utc};
use langflow_testkit::fake_bucket::FakeBucket;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::json;

async fn server(bucket: &FakeBucket) -> TestApp {
    let mut setup = Setup { shared_files: Some(bucket.shared_files()), ..Setup::default() };
    setup.settings.runs.public_upload_bytes = 64;
    TestApp::start(setup).await
}

/// Names of all files in the data folder.
fn on_disk(server: &TestApp) -> Vec<std::path::PathBuf> {
    fn walk(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() { walk(&entry.path(), found) } else { found.push(entry.path()) }
        }
    }
    let mut found = Vec::new();
    walk(&server.app.settings.paths.config_dir.join("files"), &mut found);
    found
}

#[tokio::test]
async fn a_users_files_lie_in_the_bucket_alone() {
    let bucket = FakeBucket::start().await;
    let server = server(&bucket).await;
    let ann = server.caller("ann").await;
    // One that is sent in parts, one whose end is the end of a part, an empty one.
    for bytes in [vec![7_u8; (17 << 20) + 3], vec![8; 8 << 20], Vec::new(), b"line1".to_vec()] {
        let file = ann.upload("/api/v2/files", "f.bin", bytes.clone()).await;
        assert_eq!(file.status, 201, "{}", file.text);
        let path = format!("/api/v2/files/{}", file.json()["id"].as_str().unwrap());
        let read = ann.get(&path).await;
        assert_eq!(
            (read.status, read.header("content-length")),
            (200, Some(bytes.len().to_string().as_str()))
        );
        assert!(read.text.as_bytes() == bytes, "{} bytes", bytes.len());
        assert_eq!(ann.delete(&path).await.status, 200);
    }
    assert_eq!((bucket.keys(), bucket.parts_left()), (Vec::<String>::new(), 0));
    assert_eq!(bucket.tags(), ["team=a%26b"; 4]);

    let first = ann.upload("/api/v2/files", "report.txt", "line1").await.json();
    let longer = ann.upload("/api/v2/files?append=true", "report.txt", "more").await.json();
    assert_eq!((&longer["id"], &longer["size"]), (&first["id"], &json!(9)));
    let path = format!("/api/v2/files/{}", first["id"].as_str().unwrap());
    assert_eq!(ann.get(&format!("{path}?return_content=true")).await.json(), "line1more");
    assert_eq!(ann.post("/api/v2/files/batch/", &json!([first["id"]])).await.status, 200, "a zip");
    assert_eq!(bucket.keys().len(), 1);
    assert_eq!(on_disk(&server), Vec::<std::path::PathBuf>::new(), "no copy stays");
}

#[tokio::test]
async fn attachments_lie_in_the_bucket_and_go_with_their_flow() {
    let bucket = FakeBucket::start().await;
    let server = server(&bucket).await;
    let ann = server.caller("ann").await;
    let flow = ann.post("/api/v1/flows/", &json!({"name": "F", "access_type": "PUBLIC"})).await.json();
    let id = flow["id"].as_str().unwrap();
    let mut names = Vec::new();
    for name in ["a b+c&d.png", "x.png", "y.png", "z.png", "z.png"] {
        let kept =
            ann.upload(&format!("/api/v1/files/upload/{id}"), name, &b"\x89PNG\r\n\x1a\n...."[..]).await;
        let path = kept.json()["file_path"].as_str().unwrap().to_owned();
        names.push(path.split_once('/').unwrap().1.to_owned());
    }
    names.sort();
    let listed = ann.get(&format!("/api/v1/files/list/{id}")).await.json();
    assert_eq!(listed, json!({"files": names}));
    for name in &names {
        let name = name.replace(' ', "%20").replace('+', "%2B").replace('&', "%26");
        let shown = ann.get(&format!("/api/v1/files/images/{id}/{name}")).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/png")), "{name}");
    }
    assert_eq!(ann.get(&format!("/api/v1/files/download/{id}/none.png")).await.status, 404);
    let last = names.last().unwrap().replace(' ', "%20");
    assert_eq!(ann.delete(&format!("/api/v1/files/delete/{id}/{last}")).await.status, 200);
    assert_eq!(bucket.keys().len(), 4);
    assert_eq!(ann.delete(&format!("/api/v1/flows/{id}")).await.status, 200);
    assert_eq!(bucket.keys(), Vec::<String>::new());
    assert_eq!(on_disk(&server), Vec::<std::path::PathBuf>::new(), "no copy stays");
}

/// What is not acknowledged leaves nothing; what the store says is not told to clients.
#[tokio::test]
async fn a_store_that_is_away_fails_uploads_whole() {
    let bucket = FakeBucket::start().await;
    let server = server(&bucket).await;
    let ann = server.caller("ann").await;
    let kept = ann.upload("/api/v2/files", "kept.txt", "kept").await.json();
    bucket.set_away(true);
    for bytes in [vec![1_u8; 10], vec![1; 9 << 20]] {
        let lost = ann.upload("/api/v2/files", "lost.txt", bytes).await;
        assert_eq!(lost.status, 500);
        assert!(!lost.text.contains("Away") && !lost.text.contains("127.0.0.1"), "{}", lost.text);
    }
    let path = format!("/api/v2/files/{}", kept["id"].as_str().unwrap());
    assert_eq!(ann.get(&path).await.status, 500, "not a 404: the file is there");
    bucket.set_away(false);
    assert_eq!(ann.get(&path).await.text, "kept");
    assert_eq!(ann.get("/api/v2/files").await.json().as_array().map(Vec::len), Some(1));
    assert_eq!(on_disk(&server), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn keys_of_nobody_go_once_they_are_old() {
    let bucket = FakeBucket::start().await;
    let server = server(&bucket).await;
    let ann = server.caller("ann").await;
    ann.upload("/api/v2/files", "kept.txt", "kept").await;
    let kept = bucket.keys().remove(0);
    let owner = kept.split('/').nth(2).unwrap().to_owned();
    let now: DateTime<Utc> = server.app.clock.now();
    let old = now - TimeDelta::hours(2);
    let key = |id: u128| format!("files/user/{owner}/{}", uuid::Uuid::from_u128(id));
    for id in 1..=7 {
        bucket.put(&key(id), if id == 4 { now } else { old });
    }
    bucket.put("files/user/notes", old);
    bucket.put("other/user", old);
    assert_eq!(langflow_app::files::delete_orphans(&server.app).await.unwrap(), 6);
    let mut left = vec![kept, key(4), "files/user/notes".into(), "other/user".into()];
    left.sort();
    assert_eq!(bucket.keys(), left);
}
