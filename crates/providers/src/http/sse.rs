//! Server-sent events out of a reply's body, as the HTML standard reads them.

use super::lines::{Ends, Lines};
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use langflow_core::{Fault, FaultKind};

/// The data of one event, and any one line, may be this long.
const EVENT_BYTES: usize = 16 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent {
    /// `message` where the server names none.
    pub event: String,
    pub data: String,
}

/// The events of a body, in order. An event that is not closed by an empty line is none.
pub fn sse_events(
    body: BoxStream<'static, Result<Bytes, Fault>>,
) -> BoxStream<'static, Result<SseEvent, Fault>> {
    let state = (Lines::new(body, Ends::CrLf, EVENT_BYTES), Draft::default());
    futures::stream::try_unfold(state, |(mut lines, mut draft)| async move {
        while let Some(line) = lines.next().await? {
            if let Some(event) = draft.push(&line)? {
                return Ok(Some((event, (lines, draft))));
            }
        }
        Ok(None)
    })
    .into_stream()
    .boxed()
}

/// An event whose lines are still coming.
#[derive(Default)]
struct Draft {
    event: String,
    data: String,
    has_data: bool,
    is_begun: bool,
}

impl Draft {
    /// Takes a line; an empty one closes the event, which counts if it has data.
    fn push(&mut self, mut line: &[u8]) -> Result<Option<SseEvent>, Fault> {
        if !std::mem::replace(&mut self.is_begun, true) {
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        if line.is_empty() {
            let closed = std::mem::replace(self, Self { is_begun: true, ..Self::default() });
            let event = if closed.event.is_empty() { "message".to_owned() } else { closed.event };
            return Ok(closed.has_data.then_some(SseEvent { event, data: closed.data }));
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (field, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if self.data.len() + value.len() > EVENT_BYTES {
                    return Err(Fault::new(
                        FaultKind::Unavailable,
                        format!("the stream is not readable: an event is larger than {EVENT_BYTES} bytes"),
                    ));
                }
                if self.has_data {
                    self.data.push('\n');
                }
                self.has_data = true;
                self.data.push_str(&String::from_utf8_lossy(value));
            }
            b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
            // Comments, ids and waits: nothing here is taken up again after a break.
            _ => {}
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn events(pieces: impl IntoIterator<Item = Vec<u8>>) -> Vec<Result<(String, String), String>> {
        let pieces: Vec<Result<Bytes, Fault>> = pieces.into_iter().map(|piece| Ok(piece.into())).collect();
        sse_events(futures::stream::iter(pieces).boxed())
            .map(|event| event.map(|e| (e.event, e.data)).map_err(|fault| fault.message().to_owned()))
            .collect()
            .await
    }

    #[tokio::test]
    async fn streams_are_read_as_the_standard_says() {
        for (text, expected) in [
            ("data: a\n\ndata:b\n\n", vec![("message", "a"), ("message", "b")]),
            (
                "data: a\r\n\r\ndata: b\r\rdata: c\n\n",
                vec![("message", "a"), ("message", "b"), ("message", "c")],
            ),
            ("\u{feff}event: ping\ndata: {}\n\ndata: x\n\n", vec![("ping", "{}"), ("message", "x")]),
            ("data: a\ndata\ndata:  b\n\n", vec![("message", "a\n\n b")]),
            (": comment\nid: 7\nretry: 5\nevent: e\n\ndata: a\n\n", vec![("message", "a")]),
            ("data\n\n", vec![("message", "")]),
            ("data: a\n\ndata: half", vec![("message", "a")]),
            ("data: ä:\u{2028}ö\n\n", vec![("message", "ä:\u{2028}ö")]),
            ("dataset: a\n\n", vec![]),
            ("", vec![]),
        ] {
            for size in [1, 2, 5, text.len().max(1)] {
                let got = events(text.as_bytes().chunks(size).map(<[u8]>::to_vec)).await;
                let got: Vec<_> = got.into_iter().map(Result::unwrap).collect();
                let expected: Vec<_> =
                    expected.iter().map(|(e, d)| ((*e).to_owned(), (*d).to_owned())).collect();
                assert_eq!(got, expected, "{text:?} in pieces of {size}");
            }
        }
    }

    /// Both forms of an event without end are refused; the work is in proportion to what came.
    #[tokio::test]
    async fn an_event_without_end_is_refused() {
        let line = vec![b'x'; 64 << 10];
        let many_lines = [b"data: ".as_slice(), &line, b"\n"].concat();
        for (piece, why) in [(line, "a line is larger"), (many_lines, "an event is larger")] {
            let got = events(std::iter::repeat_n(piece, (EVENT_BYTES >> 16) + 2)).await;
            assert!(matches!(got.as_slice(), [Err(said)] if said.contains(why)), "{got:?}");
        }
    }
}
