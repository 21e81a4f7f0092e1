//! Uploads beyond the limit: refused at once, and without holding what was sent.

use crate::server::Server;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const MEGABYTE: usize = 1 << 20;
/// What the server may take more while it refuses.
const FLAT: u64 = 32 << 20;

const SETTINGS: [(&str, &str); 4] = [
    ("LANGFLOW_AUTO_LOGIN", "false"),
    ("LANGFLOW_SUPERUSER", "admin"),
    ("LANGFLOW_SUPERUSER_PASSWORD", "a-password-of-tests-1"),
    ("LANGFLOW_MAX_FILE_SIZE_UPLOAD", "16"),
];

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream.set_write_timeout(Some(Duration::from_mins(1))).unwrap();
    stream
}

fn token(server: &Server) -> String {
    let mut stream = connect(server);
    let form = "username=admin&password=a-password-of-tests-1";
    let request = format!(
        "POST /api/v1/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, rest) = answer.split_once("\"access_token\":\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn head(token: &str, length: &str) -> String {
    format!(
        "POST /api/v2/files/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{length}\r\n\
         content-type: multipart/form-data; boundary=b\r\n\r\n"
    )
}

fn status(stream: &mut TcpStream) -> String {
    let mut line = [0; 12];
    stream.read_exact(&mut line).unwrap();
    String::from_utf8_lossy(&line).into_owned()
}

#[test]
fn two_gigabytes_are_refused_before_the_first_byte() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path(), &SETTINGS, &["--backend-only"]);
    let token = token(&server);
    let (before, began) = (server.resident_bytes(), Instant::now());
    for _ in 0..50 {
        let mut stream = connect(&server);
        let length = format!("content-length: {}", 2048 * MEGABYTE);
        stream.write_all(head(&token, &length).as_bytes()).unwrap();
        assert_eq!(status(&mut stream), "HTTP/1.1 413");
    }
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let grown = server.resident_bytes().saturating_sub(before);
    assert!(grown < FLAT, "memory grew by {grown} bytes");
}

#[test]
fn what_announces_no_size_is_cut_off_at_the_limit_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(folder.path(), &SETTINGS, &["--backend-only"]);
    let token = token(&server);
    let before = server.resident_bytes();
    let mut stream = connect(&server);
    stream.write_all(head(&token, "transfer-encoding: chunked").as_bytes()).unwrap();
    let begin = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"big.bin\"\r\n\r\n";
    stream.write_all(format!("{:x}\r\n{begin}\r\n", begin.len()).as_bytes()).unwrap();
    let piece = vec![b'x'; MEGABYTE];
    let mut sent = 0;
    // 2 GB would follow; the server hangs up long before.
    while sent < 2048 {
        let chunk = [format!("{MEGABYTE:x}\r\n").as_bytes(), &piece, b"\r\n"].concat();
        if stream.write_all(&chunk).is_err() {
            break;
        }
        sent += 1;
    }
    assert!(sent < 256, "{sent} MB were taken");
    let grown = server.resident_bytes().saturating_sub(before);
    assert!(grown < FLAT, "memory grew by {grown} bytes");
    let left: u64 =
        files(&folder.path().join("data")).into_iter().filter(|size| *size > MEGABYTE as u64).sum();
    assert_eq!(left, 0, "nothing of the upload is left");
}

fn files(folder: &std::path::Path) -> Vec<u64> {
    let mut sizes = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(known) = entry.metadata() else { continue };
        if known.is_dir() {
            sizes.extend(files(&entry.path()));
        } else if !entry.file_name().to_string_lossy().contains(".db") {
            sizes.push(known.len());
        }
    }
    sizes
}
