//! Uploads that are not what they should be, and uploads whose client goes.

use langflow_app::files::{FileArea, Incoming, user};
use langflow_testkit::test_app::{Setup, TestApp};
use reqwest::multipart::{Form, Part};
use serde_json::json;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Names and sizes of all files below a folder.
fn files_below(folder: &Path) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let data = entry.metadata().unwrap();
        if data.is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push((entry.file_name().into_string().unwrap(), data.len()));
        }
    }
    found
}

#[tokio::test]
async fn names_are_names_and_never_paths() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let flow = ann.post("/api/v1/flows/", &json!({"name": "F"})).await.field("id");
    let long = format!("{}.txt", "x".repeat(10_000));
    let names = [
        "../../../../etc/passwd",
        "..\\..\\boot.ini",
        "/etc/shadow",
        "a\u{202e}gpj.exe",
        ".bashrc",
        "..",
        &long,
    ];
    for name in names {
        for path in ["/api/v2/files".to_owned(), format!("/api/v1/files/upload/{flow}")] {
            let answer = ann.upload(&path, name, "x").await;
            let said = answer.json();
            let stored = said["path"].as_str().or(said["file_path"].as_str()).unwrap_or_default().to_owned();
            assert_eq!(answer.status, 201, "{name}: {}", answer.text);
            let (owner, last) = stored.split_once('/').unwrap();
            assert_eq!(owner.len(), 36, "{stored}");
            let is_plain = !last.contains(['/', '\\', '\0', '\u{202e}']) && !last.starts_with('.');
            assert!(is_plain && last.len() <= 210, "{stored}");
        }
    }
    // All of it lies in the folder of files, and nothing has climbed out of it.
    let inside = files_below(&server.folder.path().join("files")).len();
    assert_eq!(inside, 2 * names.len());
    assert_eq!(files_below(server.folder.path()).len(), inside);
}

#[tokio::test]
async fn what_is_no_upload_is_refused_and_an_empty_file_is_a_file() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let flow = ann.post("/api/v1/flows/", &json!({"name": "F"})).await.field("id");
    let paths = [
        format!("/api/v1/files/upload/{flow}"),
        "/api/v2/files".to_owned(),
        "/api/v1/flows/upload/".to_owned(),
        "/api/v1/projects/upload/".to_owned(),
        "/api/v1/knowledge_bases/preview-chunks".to_owned(),
    ];
    let bodies = [
        ("application/json", "{}"),
        ("text/plain", "hello"),
        ("multipart/form-data", "--b--"),
        ("multipart/form-data; boundary=", "--b--"),
        ("multipart/form-data; boundary=b", "not multipart at all"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\ncut",
        ),
        (
            "multipart/form-data; boundary=b",
            "--b\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n",
        ),
    ];
    for path in &paths {
        for (kind, body) in bodies {
            let ask = ann.request(http::Method::POST, path).header("content-type", kind);
            let answer = ask.body(body).send().await;
            assert!(matches!(answer.status, 400 | 415 | 422), "{path} {kind} {body}: {}", answer.status);
        }
    }
    assert_eq!(files_below(server.folder.path()), []);
    let empty = ann.upload("/api/v2/files", "empty.txt", "").await;
    assert_eq!((empty.status, &empty.json()["size"]), (201, &json!(0)));
    assert_eq!(ann.upload(&paths[0], "empty.txt", "").await.status, 201);
    for path in ["/api/v1/flows/upload/", "/api/v1/projects/upload/"] {
        assert_eq!(ann.upload(path, "empty.json", "").await.status, 400, "{path}");
        assert_eq!(ann.upload(path, "broken.zip", "PK\u{3}\u{4} no zip").await.status, 400, "{path}");
        assert_eq!(ann.upload(path, "deep.json", "[".repeat(100_000)).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn an_upload_whose_client_goes_leaves_nothing() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let flow = ann.post("/api/v1/flows/", &json!({"name": "F"})).await.field("id");
    let token = server.sign_in("ann", "ann-pass-1").await["access_token"].as_str().unwrap().to_owned();
    for path in [format!("/api/v1/files/upload/{flow}"), "/api/v2/files".to_owned()] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-length: 1000000\r\n\
             content-type: multipart/form-data; boundary=b\r\n\r\n--b\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"half.bin\"\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(&vec![b'x'; 200_000]).await.unwrap();
        wait_until(|| files_below(server.folder.path()).iter().any(|(_, size)| *size > 0)).await;
        drop(socket);
        wait_until(|| files_below(server.folder.path()).is_empty()).await;
    }
    assert_eq!(ann.get("/api/v2/files").await.json(), json!([]));
}

/// A zip of `(name, content)`, and of links `(name, target)`.
fn zip(files: &[(String, Vec<u8>)], links: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in files {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(content).unwrap();
    }
    for (name, target) in links {
        zip.add_symlink(*name, *target, options).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn flow_file(name: &str) -> Vec<u8> {
    json!({"name": name, "data": {"nodes": [], "edges": []}}).to_string().into_bytes()
}

const ZIPS: [&str; 2] = ["/api/v1/flows/upload/", "/api/v1/projects/upload/"];

#[tokio::test]
async fn a_zip_that_wants_too_much_is_refused_and_makes_nothing() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let before = (ann.get("/api/v1/flows/").await.json(), ann.get("/api/v1/projects/").await.json());
    let spaces = |megabytes: usize| vec![b' '; megabytes << 20];
    let named = |count: usize| (0..count).map(|n| format!("{n}.json"));
    let bombs = [
        ("one entry", zip(&[("a.json".to_owned(), spaces(4))], &[])),
        ("many entries", zip(&named(8).map(|name| (name, spaces(1))).collect::<Vec<_>>(), &[])),
        ("a flow among them", {
            let mut files = vec![("good.json".to_owned(), flow_file("good"))];
            files.extend(named(4).map(|name| (name, spaces(1))));
            zip(&files, &[])
        }),
        ("entries", zip(&named(1500).map(|name| (name, flow_file("F"))).collect::<Vec<_>>(), &[])),
        ("flows", {
            let flows: Vec<_> = (0..1500).map(|n| json!({"name": format!("F{n}")})).collect();
            zip(&[("all.json".to_owned(), json!({"flows": flows}).to_string().into_bytes())], &[])
        }),
        ("links alone", zip(&[], &[("passwd.json", "/etc/passwd")])),
        ("an end that is cut off", {
            let mut bytes = zip(&[("a.json".to_owned(), flow_file("a"))], &[]);
            bytes.truncate(bytes.len() - 8);
            bytes
        }),
    ];
    for path in ZIPS {
        for (what, bytes) in &bombs {
            assert!(bytes.len() < 1 << 20, "{what}: {}", bytes.len());
            let answer = ann.upload(path, "bomb.zip", bytes.clone()).await;
            assert!(matches!(answer.status, 400 | 422), "{path} {what}: {} {}", answer.status, answer.text);
        }
    }
    let after = (ann.get("/api/v1/flows/").await.json(), ann.get("/api/v1/projects/").await.json());
    assert_eq!(before, after);
    assert_eq!(files_below(server.folder.path()), []);
}

#[tokio::test]
async fn names_and_links_in_a_zip_lead_nowhere() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let long = format!("{}.json", "x".repeat(10_000));
    let names = ["../../../climbed.json", "/etc/rooted.json", "a\\..\\back.json", "C:\\drive.json", &long];
    let files: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(at, name)| ((*name).to_owned(), flow_file(&format!("flow {at}"))))
        .collect();
    let links = [("passwd.json", "/etc/passwd"), ("up.json", "../../secret_key"), ("self.json", "self.json")];
    for path in ZIPS {
        let answer = ann.upload(path, &format!("{long}.zip"), zip(&files, &links)).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text.chars().take(300).collect::<String>());
        // What links point at is not read: only the five flows are made, under their own names.
        let made = answer.json();
        let mut found: Vec<_> =
            made.as_array().unwrap().iter().map(|flow| flow["name"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found.len(), names.len(), "{found:?}");
        assert!(found.iter().all(|name| name.starts_with("flow ")), "{found:?}");
    }
    assert_eq!(files_below(server.folder.path()), []);
    let projects = ann.get("/api/v1/projects/").await.json();
    let longest = projects.as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().len()).max();
    assert!(longest.unwrap() <= 255, "{longest:?}");
}

async fn wait_until(is_so: impl Fn() -> bool) {
    for _ in 0..400 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it does not become so");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_and_rows_stay_together_whenever_the_request_ends() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let token = server.sign_in("ann", "ann-pass-1").await["access_token"].as_str().unwrap().to_owned();
    let who = langflow_app::identify::by_token(&server.app, &token).await.unwrap();
    let area = FileArea::of(&server.app);
    for round in 0..60_u64 {
        let mut upload = Incoming::begin(&area, &*server.app.ids, 100).await.unwrap();
        upload.write(b"some bytes").await.unwrap();
        let name = format!("{}.txt", round % 5);
        // The request is dropped somewhere in the middle, each time a little later.
        let patience = Duration::from_micros(round * 40);
        let done = async {
            if round % 2 == 0 {
                user::append(&server.app, &who, &name, upload).await
            } else {
                user::store(&server.app, &who, &name, upload).await
            }
        };
        let _ = tokio::time::timeout(patience, done).await;
    }
    let count = async || ann.get("/api/v2/files").await.json().as_array().unwrap().len();
    let mut settled = false;
    for _ in 0..200 {
        let blobs = files_below(server.folder.path()).len();
        tokio::time::sleep(Duration::from_millis(25)).await;
        settled = blobs == files_below(server.folder.path()).len() && blobs == count().await;
        if settled {
            break;
        }
    }
    let (blobs, rows) = (files_below(server.folder.path()), count().await);
    assert!(settled, "{} files on disk, {rows} rows", blobs.len());
    for file in ann.get("/api/v2/files").await.json().as_array().unwrap() {
        let path = format!("/api/v2/files/{}", file["id"].as_str().unwrap());
        assert_eq!(ann.get(&path).await.bytes.len() as u64, file["size"].as_u64().unwrap());
    }
}

#[tokio::test]
async fn more_parts_than_the_file_are_no_trouble() {
    let server = TestApp::start(Setup::default()).await;
    let ann = server.caller("ann").await;
    let form = Form::new()
        .text("before", "x".repeat(100_000))
        .part("file", Part::bytes(b"kept".to_vec()).file_name("kept.txt"))
        .part("file", Part::bytes(b"second".to_vec()).file_name("second.txt"));
    let answer = ann.request(http::Method::POST, "/api/v2/files").multipart(form).send().await;
    assert_eq!((answer.status, &answer.json()["name"]), (201, &json!("kept")), "{}", answer.text);
    assert_eq!(ann.get("/api/v2/files").await.json().as_array().unwrap().len(), 1);
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
}
