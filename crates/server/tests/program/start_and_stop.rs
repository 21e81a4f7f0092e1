//! Starting on an empty folder, the banner, TLS, stopping.

use crate::http;
use crate::server::{Server, data, program};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::Arc;

#[test]
fn it_starts_on_an_empty_folder_and_stops_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[], &[]);
    assert_eq!(server.get("/health").json(), serde_json::json!({"status": "ok"}));
    assert!(server.banner().contains("automatic in the editor"), "{}", server.banner());
    assert!(folder.path().join("data/langflow.db").is_file());
    assert!(server.stop().success());
    let wal = folder.path().join("data/langflow.db-wal");
    assert!(!wal.exists() || wal.metadata().unwrap().len() == 0, "the database is closed in order");
}

#[cfg(unix)]
#[test]
fn what_it_keeps_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let _server = Server::start(folder.path(), &[], &[]);
    for (path, mode) in [("data", 0o700), ("data/secret_key", 0o600), ("data/langflow.db", 0o600)] {
        let found = folder.path().join(path).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{path}: {found:o}");
    }
}

#[test]
fn the_banner_names_what_the_operator_should_know() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "LANGFLOW_AUTOLOGIN=1\n").unwrap();
    let environment = [
        ("LANGFLOW_AUTO_LOGIN", "True"),
        ("LANGFLOW_WORKERS", "4"),
        ("LANGFLOW_SKIP_AUTH_AUTO_LOGIN", "1"),
        ("LANGFLOW_HOST", "0.0.0.0"),
    ];
    let server = Server::start(folder.path(), &environment, &["--backend-only=true"]);
    for said in [
        "LANGFLOW_AUTOLOGIN",
        "LANGFLOW_WORKERS",
        "LANGFLOW_SKIP_AUTH_AUTO_LOGIN",
        "No TLS",
        "langflow api-key",
    ] {
        assert!(server.banner().to_lowercase().contains(&said.to_lowercase()), "{said}: {}", server.banner());
    }
}

#[test]
fn a_taken_port_gives_way_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let first = Server::start(folder.path(), &[], &[]);
    let port = first.address.port().to_string();
    let other = tempfile::tempdir().unwrap();
    let second = Server::start(other.path(), &[], &["--port", &port]);
    assert_ne!(second.address, first.address);
    assert!(second.banner().contains(&format!("port {port} is taken")), "{}", second.banner());
    assert_eq!(second.get("/health").status, 200);
}

#[test]
fn requests_that_run_may_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[], &[]);
    // Half a request, then the signal, then the other half.
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(b"POST /api/v1/login HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n").unwrap();
    // The server answers a second connection only after it has taken the first.
    assert_eq!(server.get("/health").status, 200);
    server.signal("TERM");
    while !server.log().contains("stopping") {
        std::thread::yield_now();
    }
    stream.write_all(b"{}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert!(server.wait().success());
}

#[test]
fn tls() {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = (data("cert.pem"), data("key.pem"));
    let flags =
        ["--ssl-cert-file-path", cert.to_str().unwrap(), "--ssl-key-file-path", key.to_str().unwrap()];
    let server = Server::start(folder.path(), &[], &flags);
    assert!(server.banner().contains("https://localhost"), "{}", server.banner());

    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&cert).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = rustls::StreamOwned::new(connection, TcpStream::connect(server.address).unwrap());
    let answer = http::exchange(&mut stream, server.address, "GET", "/health", &[], None).unwrap();
    assert_eq!(answer.status, 200);
    let promise = answer.header("strict-transport-security").unwrap();
    let seconds = promise.split(';').find_map(|part| part.trim().strip_prefix("max-age="));
    assert!(seconds.unwrap().parse::<u64>().unwrap() >= 15_552_000, "half a year at least: {promise}");
}

/// The pipe of whoever started it is closed: no reason to end.
#[test]
fn a_closed_output_does_not_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(folder.path(), &[])
        .args(["config"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
