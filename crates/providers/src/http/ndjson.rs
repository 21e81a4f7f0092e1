//! JSON documents, a line each, out of a reply's body.

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use langflow_core::{Fault, FaultKind, Json};

/// A line may be this long.
const LINE_BYTES: usize = 8 * 1024 * 1024;

/// The documents of a body, in order. A last line without its end counts if it is whole.
pub fn json_lines(
    service: &'static str,
    body: BoxStream<'static, Result<Bytes, Fault>>,
) -> BoxStream<'static, Result<Json, Fault>> {
    let state = Some((body, Vec::<u8>::new()));
    futures::stream::unfold(state, move |state| async move {
        let (mut body, mut buffer) = state?;
        loop {
            if let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = buffer.drain(..=end).collect();
                if line.trim_ascii().is_empty() {
                    continue;
                }
                let json = read(service, &line);
                let next = json.is_ok().then_some((body, buffer));
                return Some((json, next));
            }
            match body.next().await {
                Some(Ok(piece)) if buffer.len() + piece.len() <= LINE_BYTES => {
                    buffer.extend_from_slice(&piece);
                }
                Some(Ok(_)) => return Some((Err(unreadable(service, "a line is too long")), None)),
                Some(Err(fault)) => return Some((Err(fault), None)),
                None if buffer.trim_ascii().is_empty() => return None,
                None => return Some((read(service, &buffer), None)),
            }
        }
    })
    .boxed()
}

fn read(service: &str, line: &[u8]) -> Result<Json, Fault> {
    serde_json::from_slice(line).map_err(|e| unreadable(service, &e.to_string()))
}

fn unreadable(service: &str, why: &str) -> Fault {
    Fault::new(
        FaultKind::Unavailable,
        format!("{service} answered with something that cannot be read: {why}"),
    )
}
