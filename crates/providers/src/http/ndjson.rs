//! JSON documents, a line each, out of a reply's body.

use super::lines::{Ends, Lines};
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use langflow_core::{Fault, FaultKind, Json};

/// A line may be this long.
const LINE_BYTES: usize = 8 << 20;

/// The documents of a body, in order. A last line without its end counts if it is whole.
pub fn json_lines(
    service: &'static str,
    body: BoxStream<'static, Result<Bytes, Fault>>,
) -> BoxStream<'static, Result<Json, Fault>> {
    let lines = Lines::new(body, Ends::Lf, LINE_BYTES);
    futures::stream::try_unfold(lines, move |mut lines| async move {
        while let Some(line) = lines.next().await? {
            if !line.trim_ascii().is_empty() {
                return Ok(Some((read(service, &line)?, lines)));
            }
        }
        let rest = lines.rest();
        if rest.trim_ascii().is_empty() { Ok(None) } else { Ok(Some((read(service, &rest)?, lines))) }
    })
    .into_stream()
    .boxed()
}

fn read(service: &str, line: &[u8]) -> Result<Json, Fault> {
    serde_json::from_slice(line).map_err(|e| {
        Fault::new(
            FaultKind::Unavailable,
            format!("{service} answered with something that cannot be read: {e}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn documents_come_a_line_each() {
        for (text, expected) in [
            ("{\"a\":1}\n\n 2 \r\n[3]", "Ok([Object {\"a\": Number(1)}, Number(2), Array [Number(3)]])"),
            ("1\n", "Ok([Number(1)])"),
            ("", "Ok([])"),
            ("1\n<html>\n2\n", "Err"),
            ("1\n{\"a\":", "Err"),
        ] {
            for size in [1, 3, text.len().max(1)] {
                let pieces: Vec<Result<Bytes, Fault>> =
                    text.as_bytes().chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
                let got: Result<Vec<Json>, Fault> =
                    json_lines("A", futures::stream::iter(pieces).boxed()).try_collect().await;
                let shown = got.map_or_else(|_| "Err".to_owned(), |all| format!("Ok({all:?})"));
                assert_eq!(shown, expected, "{text:?} in pieces of {size}");
            }
        }
    }
}
