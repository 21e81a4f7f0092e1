//! A connection: commands go out as documents, documents come back (`OP_MSG`).

use super::SERVICE;
use crate::http::Bounded;
use bson::{Bson, Document, RawBsonRef, RawDocument};
use langflow_core::run::Wire;
use langflow_core::{Fault, FaultKind};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A single answer may take this long.
pub(super) const ANSWER: Duration = Duration::from_secs(30);
/// What is read in one session.
const SESSION_BYTES: usize = 64 * 1024 * 1024;
/// What a server may send at once.
const MESSAGE_BYTES: usize = 48_000_000;
const OP_MSG: i32 = 2013;
/// Length, number, number of what is answered, code.
const HEAD_BYTES: usize = 16;
/// The flag of a sum at the end of a message.
const HAS_SUM: u32 = 1;
/// How deep documents may be; MongoDB stores a hundred levels.
const DEPTH: u8 = 150;
/// What of a refusal is shown.
const SHOWN_CHARS: usize = 500;

/// An open connection; it is closed when this is dropped.
pub(super) struct Session {
    stream: Bounded,
    last: i32,
}

impl Session {
    pub fn new(wire: Box<dyn Wire>) -> Self {
        Self { stream: Bounded::new(wire, SESSION_BYTES), last: 0 }
    }

    /// Gives a command to a database.
    ///
    /// # Errors
    /// The server refuses it, or does not answer in order and in time.
    pub async fn ask(&mut self, database: &str, mut command: Document) -> Result<Document, Fault> {
        command.insert("$db", database);
        let answer = tokio::time::timeout(ANSWER, self.exchange(&command)).await;
        accepted(answer.map_err(|_| late())??)
    }

    async fn exchange(&mut self, command: &Document) -> Result<Document, Fault> {
        self.last = self.last.wrapping_add(1);
        let message = message(self.last, command)?;
        self.stream.write_all(&message).await.map_err(broken)?;
        self.stream.flush().await.map_err(broken)?;
        let mut head = [0; HEAD_BYTES];
        self.stream.read_exact(&mut head).await.map_err(broken)?;
        let length = length(&head, self.last).ok_or_else(garbled)?;
        // Grows with what comes, not with what was announced.
        let mut rest = Vec::new();
        (&mut self.stream).take(length as u64).read_to_end(&mut rest).await.map_err(broken)?;
        if rest.len() < length {
            return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
        }
        document(&rest).ok_or_else(garbled)
    }
}

fn message(number: i32, command: &Document) -> Result<Vec<u8>, Fault> {
    let body = command.to_vec().map_err(|error| {
        Fault::invalid(format!("what goes to {SERVICE} is no document: {error}")).with_source(error)
    })?;
    // Head, flags, kind of the section, document.
    let length = i32::try_from(HEAD_BYTES + 4 + 1 + body.len());
    let length = length.map_err(|_| Fault::invalid(format!("this is too much for {SERVICE} at once")))?;
    let mut message = Vec::with_capacity(HEAD_BYTES + 5 + body.len());
    for number in [length, number, 0, OP_MSG, 0] {
        message.extend(number.to_le_bytes());
    }
    message.push(0);
    message.extend(body);
    Ok(message)
}

/// How much comes after the head of the answer to `asked`.
fn length(head: &[u8; HEAD_BYTES], asked: i32) -> Option<usize> {
    let mut numbers = head.as_chunks::<4>().0.iter().map(|four| i32::from_le_bytes(*four));
    let (all, _, answered, code) = (numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?);
    let all = usize::try_from(all).ok()?;
    let is_ours = answered == asked && code == OP_MSG && all <= MESSAGE_BYTES;
    all.checked_sub(HEAD_BYTES).filter(|_| is_ours)
}

/// The document in an answer, which has one section.
fn document(rest: &[u8]) -> Option<Document> {
    let (flags, section) = rest.split_first_chunk::<4>()?;
    let has_sum = u32::from_le_bytes(*flags) & HAS_SUM != 0;
    let section = if has_sum { section.get(..section.len().checked_sub(4)?)? } else { section };
    let raw = RawDocument::from_bytes(section.strip_prefix(&[0])?).ok()?;
    // Reading goes down into documents within documents.
    if !is_shallow(raw, DEPTH) {
        return None;
    }
    Document::try_from(raw).ok()
}

fn is_shallow(document: &RawDocument, left: u8) -> bool {
    left > 0 && document.iter().all(|field| field.is_ok_and(|(_, value)| value_is_shallow(value, left - 1)))
}

fn value_is_shallow(value: RawBsonRef<'_>, left: u8) -> bool {
    match value {
        RawBsonRef::Document(inner) => is_shallow(inner, left),
        RawBsonRef::Array(inner) => {
            left > 0 && inner.into_iter().all(|item| item.is_ok_and(|item| value_is_shallow(item, left - 1)))
        }
        RawBsonRef::JavaScriptCodeWithScope(code) => is_shallow(code.scope, left),
        _ => true,
    }
}

/// The answer, if the command was carried out whole.
fn accepted(answer: Document) -> Result<Document, Fault> {
    if answer.get("ok").and_then(super::values::number) != Some(1.0) {
        return Err(refusal(&answer));
    }
    match answer.get_array("writeErrors").ok().and_then(|errors| errors.first()).and_then(Bson::as_document) {
        Some(error) => Err(refusal(error)),
        None => Ok(answer),
    }
}

fn refusal(answer: &Document) -> Fault {
    let code = answer.get("code").and_then(super::values::number).unwrap_or_default() as i64;
    let said = answer.get_str("errmsg").unwrap_or("it did not say why");
    let said: String = said.chars().take(SHOWN_CHARS).collect();
    match code {
        // Unauthorized, AuthenticationFailed, and the error of Atlas, which says it in words.
        13 | 18 => unauthorised(&said),
        8000 if said.contains("auth") => unauthorised(&said),
        // CommandNotFound, SearchNotEnabled and what servers without a search say of its stages.
        59 | 31082 | 6_047_401 | 40_324 => {
            Fault::unsupported(format!("this {SERVICE} has no vector search: {said}"))
        }
        // NamespaceNotFound.
        26 => Fault::missing(format!("{SERVICE} has no such collection: {said}")),
        // MaxTimeMSExpired, ExceededTimeLimit.
        50 | 262 => Fault::new(FaultKind::Timeout, format!("{SERVICE} took too long: {said}")),
        // Shutting down, or no longer the one that is written to.
        91 | 189 | 10_107 | 11_600 | 11_602 | 13_435 | 13_436 => {
            Fault::new(FaultKind::Unavailable, format!("{SERVICE} is not ready: {said}"))
        }
        _ => Fault::invalid(format!("{SERVICE} refused: {said}")),
    }
}

fn unauthorised(said: &str) -> Fault {
    Fault::new(FaultKind::Unauthorised, format!("{SERVICE} does not accept the credential: {said}"))
}

fn late() -> Fault {
    Fault::new(FaultKind::Timeout, format!("{SERVICE} did not answer within {} seconds", ANSWER.as_secs()))
}

fn garbled() -> Fault {
    Fault::new(FaultKind::Unavailable, format!("{SERVICE} answered with something that is not understood"))
}

fn broken(error: std::io::Error) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("the connection to {SERVICE} broke: {error}"))
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;

    /// What a server sends after the head.
    fn rest(document: &Document) -> Vec<u8> {
        message(1, document).unwrap().split_off(HEAD_BYTES)
    }

    #[test]
    fn documents_go_out_and_come_back() {
        let sent = doc! { "ok": 1.0, "list": [{ "a": 1 }, "b"] };
        assert_eq!(document(&rest(&sent)), Some(sent.clone()));
        let mut with_sum = rest(&sent);
        with_sum[0] = 1;
        with_sum.extend([1, 2, 3, 4]);
        assert_eq!(document(&with_sum), Some(sent));
    }

    #[test]
    fn what_is_no_document_is_none() {
        let mut good = rest(&doc! { "ok": 1 });
        good.pop();
        for bytes in [&b""[..], b"\0\0\0\0", b"\x01\0\0\0\0", b"<html></html>", &good] {
            assert_eq!(document(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn documents_may_not_be_deep() {
        let nest = |depth: usize| (0..depth).fold(doc! {}, |inner, _| doc! { "a": [inner] });
        assert!(document(&rest(&nest(50))).is_some());
        // Nested by hand: deeper than what can be built here without a long stack.
        let levels = 100_000_u32;
        let opening = |level: u32| [&(5 + 8 * level).to_le_bytes()[..], b"\x03a\0"].concat();
        let mut bytes: Vec<u8> = (1..=levels).rev().flat_map(opening).collect();
        bytes.extend([5, 0, 0, 0, 0]);
        bytes.extend(vec![0; levels as usize]);
        assert_eq!(document(&[&[0; 5][..], &bytes].concat()), None);
    }

    #[test]
    fn answers_belong_to_their_questions() {
        let head = |numbers: [i32; 4]| {
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            length(&bytes.try_into().unwrap(), 7)
        };
        assert_eq!(head([20, 1, 7, OP_MSG]), Some(4));
        for wrong in [
            [20, 1, 6, OP_MSG],
            [20, 1, 7, 1],
            [15, 1, 7, OP_MSG],
            [-1, 1, 7, OP_MSG],
            [i32::MAX, 1, 7, OP_MSG],
        ] {
            assert_eq!(head(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn refusals_say_what_can_be_done() {
        for (answer, kind) in [
            (doc! { "ok": 0, "code": 18, "errmsg": "Authentication failed." }, FaultKind::Unauthorised),
            (doc! { "ok": 0.0, "code": 8000, "errmsg": "bad auth" }, FaultKind::Unauthorised),
            (doc! { "ok": 0, "code": 31082, "errmsg": "no search" }, FaultKind::Unsupported),
            (doc! { "ok": 0, "code": 26, "errmsg": "no collection" }, FaultKind::Missing),
            (doc! { "ok": 0, "code": 10107, "errmsg": "not primary" }, FaultKind::Unavailable),
            (doc! { "ok": 0, "code": 50, "errmsg": "late" }, FaultKind::Timeout),
            (doc! { "ok": 1, "writeErrors": [{ "code": 11000, "errmsg": "twice" }] }, FaultKind::Invalid),
            (doc! {}, FaultKind::Invalid),
        ] {
            assert_eq!(accepted(answer.clone()).unwrap_err().kind(), kind, "{answer}");
        }
        assert!(accepted(doc! { "ok": 1_i64, "writeErrors": [] }).is_ok());
    }
}
