//! Amazon's event stream: messages with headers and a body, each with checksums, out of a reply's body.
//!
//! A message is: its length, the length of its headers, a checksum of these two; headers; body; a checksum of all.
//! Numbers are 32 bits, the most significant byte first.

use bytes::{Buf as _, Bytes, BytesMut};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use langflow_core::{Fault, FaultKind};

/// A message may be this long.
const MESSAGE_BYTES: usize = 24 * 1024 * 1024;
const PRELUDE: usize = 12;
const CHECKSUM: usize = 4;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamEvent {
    /// `:event-type`, or `:exception-type` of a failure.
    pub kind: String,
    pub is_failure: bool,
    pub body: Bytes,
}

/// The messages of a body, in order. A message that is cut off is left to the reader's own idea of an end.
pub fn stream_events(
    service: &'static str,
    body: BoxStream<'static, Result<Bytes, Fault>>,
) -> BoxStream<'static, Result<StreamEvent, Fault>> {
    let state = Some((body, BytesMut::new()));
    futures::stream::unfold(state, move |state| async move {
        let (mut body, mut buffer) = state?;
        loop {
            match take(&mut buffer) {
                Ok(Some(event)) => return Some((Ok(event), Some((body, buffer)))),
                Ok(None) => {}
                Err(why) => return Some((Err(unreadable(service, why)), None)),
            }
            match body.next().await {
                Some(Ok(piece)) => buffer.extend_from_slice(&piece),
                Some(Err(fault)) => return Some((Err(fault), None)),
                None => return None,
            }
        }
    })
    .boxed()
}

fn unreadable(service: &str, why: &str) -> Fault {
    Fault::new(
        FaultKind::Unavailable,
        format!("{service} answered with something that cannot be read: {why}"),
    )
}

/// The first message, once it is whole.
fn take(buffer: &mut BytesMut) -> Result<Option<StreamEvent>, &'static str> {
    let Some(prelude) = buffer.get(..PRELUDE) else { return Ok(None) };
    let mut numbers = prelude;
    let (total, headers) = (numbers.get_u32() as usize, numbers.get_u32() as usize);
    if total > MESSAGE_BYTES || total < PRELUDE + headers + CHECKSUM {
        return Err("a message has an impossible length");
    }
    if numbers.get_u32() != crc32(prelude.get(..8).unwrap_or_default()) {
        return Err("the head of a message is damaged");
    }
    if buffer.len() < total {
        return Ok(None);
    }
    let message = buffer.split_to(total).freeze();
    let (checked, mut checksum) = (message.slice(..total - CHECKSUM), message.slice(total - CHECKSUM..));
    if checksum.get_u32() != crc32(&checked) {
        return Err("a message is damaged");
    }
    let mut event = read_headers(checked.slice(PRELUDE..PRELUDE + headers))?;
    event.body = checked.slice(PRELUDE + headers..);
    Ok(Some(event))
}

fn read_headers(mut rest: Bytes) -> Result<StreamEvent, &'static str> {
    const BROKEN: &str = "the headers of a message are damaged";
    let mut event = StreamEvent { kind: String::new(), is_failure: false, body: Bytes::new() };
    while rest.has_remaining() {
        let name = text(&mut rest, 1).ok_or(BROKEN)?;
        let kind = rest.try_get_u8().map_err(|_| BROKEN)?;
        // Sizes of the kinds of values; texts and bytes say their own.
        let size = match kind {
            0 | 1 => 0,
            2 => 1,
            3 => 2,
            4 => 4,
            5 | 8 => 8,
            9 => 16,
            6 | 7 => {
                let value = text(&mut rest, 2).ok_or(BROKEN)?;
                match name.as_str() {
                    ":event-type" | ":exception-type" | ":error-code" => event.kind = value,
                    ":message-type" => event.is_failure = value != "event",
                    _ => {}
                }
                continue;
            }
            _ => return Err(BROKEN),
        };
        if rest.remaining() < size {
            return Err(BROKEN);
        }
        rest.advance(size);
    }
    Ok(event)
}

/// A text after its length of `width` bytes.
fn text(rest: &mut Bytes, width: usize) -> Option<String> {
    if rest.remaining() < width {
        return None;
    }
    let length = usize::try_from(rest.get_uint(width)).ok()?;
    (rest.remaining() >= length).then(|| String::from_utf8_lossy(&rest.split_to(length)).into_owned())
}

/// The checksum of gzip and Ethernet.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        let mut head = Vec::new();
        for (name, value) in headers {
            head.push(u8::try_from(name.len()).unwrap());
            head.extend_from_slice(name.as_bytes());
            head.push(7);
            head.extend_from_slice(&u16::try_from(value.len()).unwrap().to_be_bytes());
            head.extend_from_slice(value.as_bytes());
        }
        let total = PRELUDE + head.len() + body.len() + CHECKSUM;
        let mut all = u32::try_from(total).unwrap().to_be_bytes().to_vec();
        all.extend_from_slice(&u32::try_from(head.len()).unwrap().to_be_bytes());
        all.extend_from_slice(&crc32(&all).to_be_bytes());
        all.extend_from_slice(&head);
        all.extend_from_slice(body);
        all.extend_from_slice(&crc32(&all).to_be_bytes());
        all
    }

    async fn read(pieces: Vec<Vec<u8>>) -> Vec<Result<StreamEvent, Fault>> {
        let body = futures::stream::iter(pieces.into_iter().map(|piece| Ok(piece.into()))).boxed();
        stream_events("A", body).collect().await
    }

    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[tokio::test]
    async fn messages_come_whole_whatever_the_pieces() {
        let mut all = message(&[(":message-type", "event"), (":event-type", "one")], b"{}");
        all.extend(message(&[(":message-type", "exception"), (":exception-type", "bad")], b""));
        for size in [1, 7, all.len()] {
            let got = read(all.chunks(size).map(<[u8]>::to_vec).collect()).await;
            let got: Vec<_> = got.into_iter().map(Result::unwrap).collect();
            assert_eq!(
                got,
                [
                    StreamEvent { kind: "one".into(), is_failure: false, body: "{}".into() },
                    StreamEvent { kind: "bad".into(), is_failure: true, body: Bytes::new() },
                ]
            );
        }
    }

    #[tokio::test]
    async fn damage_is_an_error_and_not_the_end_of_the_server() {
        let good = message(&[(":event-type", "one")], b"{}");
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            assert!(
                !matches!(read(vec![bad]).await.as_slice(), [Ok(event)] if event.kind == "one" && event.body == "{}"),
                "{at}"
            );
        }
        assert!(read(vec![b"data: <html>".to_vec()]).await[0].is_err());
        assert!(read(vec![good[..good.len() - 1].to_vec()]).await.is_empty(), "half a message is none");
    }
}
