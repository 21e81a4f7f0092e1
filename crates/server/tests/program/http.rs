//! A client of a few lines: one request, one connection, the whole answer.

use serde_json::Value;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Longer than any answer of a test takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// A stream of events that says nothing but that it lives is given up then.
const WHOLE_ANSWER: Duration = Duration::from_mins(3);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A request with an optional JSON body.
///
/// # Errors
/// The connection was refused or lost; for tests that kill the server.
pub fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    exchange(&mut stream, address, method, path, headers, body)
}

/// The same over a connection that is there already, for TLS.
pub fn exchange(
    stream: &mut (impl Read + Write),
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> io::Result<Answer> {
    // A text is a form as it stands.
    let kind = if matches!(body, Some(Value::String(_))) { "x-www-form-urlencoded" } else { "json" };
    let body = match body {
        Some(Value::String(form)) => form.clone(),
        other => other.map(Value::to_string).unwrap_or_default(),
    };
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        request.push_str(&format!("content-type: application/{kind}\r\ncontent-length: {}\r\n", body.len()));
    }
    request.push_str("\r\n");
    request.push_str(&body);
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let bytes = read_to_end(stream)?;
    parse(&String::from_utf8_lossy(&bytes)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

fn read_to_end(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let (began, mut bytes, mut part) = (Instant::now(), Vec::new(), [0; 16 << 10]);
    loop {
        match stream.read(&mut part) {
            Ok(0) => return Ok(bytes),
            Ok(read) => bytes.extend(part.iter().take(read)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if began.elapsed() > WHOLE_ANSWER {
            let start: String = String::from_utf8_lossy(&bytes).chars().take(2000).collect();
            return Err(io::Error::new(io::ErrorKind::TimedOut, format!("the answer does not end: {start}")));
        }
    }
}

/// `None` if the answer was cut off.
fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let header =
        |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let body = if header("transfer-encoding") == Some("chunked") {
        unchunk(body)?
    } else {
        let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(body.len());
        body.get(..length)?.to_owned()
    };
    Some(Answer { status, headers, body })
}

fn unchunk(mut text: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (size, rest) = text.split_once("\r\n")?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.push_str(rest.get(..size)?);
        text = rest.get(size..)?.strip_prefix("\r\n")?;
    }
}
