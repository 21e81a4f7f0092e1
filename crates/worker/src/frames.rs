//! Reading the JSON of large frames, on a thread that stands back.
//!
//! It takes a processor for tens of milliseconds. The server's own threads go before it, and the talk with other workers
//! goes on beside it.

use crate::side;
use langflow_core::Json;
use std::io;
use std::sync::LazyLock;
use tokio::sync::{mpsc, oneshot};

/// Frames that may wait for the thread; further workers wait in front.
const QUEUE: usize = 16;
/// Most values in a frame, roughly.
pub const MAX_ITEMS: usize = 2_000_000;

struct Job {
    body: Vec<u8>,
    answer: oneshot::Sender<io::Result<Json>>,
}

static JOBS: LazyLock<mpsc::Sender<Job>> = LazyLock::new(|| {
    let (sender, mut jobs) = mpsc::channel::<Job>(QUEUE);
    let thread = std::thread::Builder::new().name("python-frames".into()).spawn(move || {
        side::stand_back();
        while let Some(Job { body, answer }) = jobs.blocking_recv() {
            let _ = answer.send(parse(&body));
        }
    });
    if let Err(error) = thread {
        tracing::error!(%error, "no thread for the frames of Python workers");
    }
    sender
});

/// Reads JSON of a worker.
///
/// # Errors
/// It is none, or has too many values: a list of zeros takes thirty times its text.
pub fn parse(body: &[u8]) -> io::Result<Json> {
    let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
    if body.len() > MAX_ITEMS && body.split(|byte| *byte == b',').nth(MAX_ITEMS + 1).is_some() {
        return Err(wrong(format!("a frame of more than {MAX_ITEMS} items")));
    }
    serde_json::from_slice(body).map_err(|error| wrong(error.to_string()))
}

/// As [`parse`], on the thread for it.
///
/// # Errors
/// As [`parse`], and when there is no thread.
pub async fn parse_aside(body: Vec<u8>) -> io::Result<Json> {
    let (answer, parsed) = oneshot::channel();
    let gone = || io::Error::other("no thread reads the frames of Python workers");
    JOBS.send(Job { body, answer }).await.map_err(|_| gone())?;
    parsed.await.map_err(|_| gone())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn reads_what_is_json_and_not_too_much() {
        assert_eq!(parse_aside(b"{\"a\": [1]}".to_vec()).await.unwrap(), json!({"a": [1]}));
        for bad in ["", "{", "[1,]"] {
            assert!(parse_aside(bad.into()).await.is_err(), "{bad}");
        }
        let zeros = format!("[{}0]", "0,".repeat(MAX_ITEMS + 1));
        let error = parse_aside(zeros.into_bytes()).await.unwrap_err();
        assert!(error.to_string().contains("items"), "{error}");
    }
}
