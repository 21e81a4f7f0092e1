//! A body in lines of bounded length. Every byte is looked at once, however the pieces fall.

use bytes::{Buf as _, Bytes, BytesMut};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use langflow_core::{Fault, FaultKind};

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// A line feed.
    Lf,
    /// A line feed, a carriage return, or both.
    CrLf,
}

/// The lines of a body.
pub(super) struct Lines {
    body: BoxStream<'static, Result<Bytes, Fault>>,
    buffer: BytesMut,
    /// So much of the buffer holds no end of a line.
    searched: usize,
    ends: Ends,
    /// The last line ended with a carriage return: a line feed that follows belongs to it.
    after_cr: bool,
    limit_bytes: usize,
}

impl Lines {
    /// A line longer than `limit_bytes` is a fault.
    pub fn new(body: BoxStream<'static, Result<Bytes, Fault>>, ends: Ends, limit_bytes: usize) -> Self {
        Self { body, buffer: BytesMut::new(), searched: 0, ends, after_cr: false, limit_bytes }
    }

    /// The next line without its end; `None` at the end of the body. What stands behind the last end of a line is
    /// left for [`Lines::rest`].
    ///
    /// # Errors
    /// Those of the body; a line that is too long.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        loop {
            if let Some(line) = self.take() {
                return Ok(Some(line));
            }
            let Some(piece) = self.body.next().await else { return Ok(None) };
            self.buffer.extend_from_slice(&piece?);
            // The piece may hold ends of lines: only what came before it is known to hold none.
            if self.searched > self.limit_bytes {
                return Err(Fault::new(
                    FaultKind::Unavailable,
                    format!("the stream is not readable: a line is larger than {} bytes", self.limit_bytes),
                ));
            }
        }
    }

    /// What the body ended with after its last whole line.
    pub fn rest(&mut self) -> Bytes {
        self.searched = 0;
        self.buffer.split().freeze()
    }

    fn take(&mut self) -> Option<Bytes> {
        if self.after_cr && !self.buffer.is_empty() {
            if self.buffer.first() == Some(&b'\n') {
                self.buffer.advance(1);
            }
            self.after_cr = false;
        }
        let is_end = |byte: &u8| *byte == b'\n' || (*byte == b'\r' && self.ends == Ends::CrLf);
        let Some(found) = self.buffer.get(self.searched..)?.iter().position(is_end) else {
            self.searched = self.buffer.len();
            return None;
        };
        let line = self.buffer.split_to(self.searched + found).freeze();
        self.after_cr = self.ends == Ends::CrLf && self.buffer.first() == Some(&b'\r');
        self.buffer.advance(1);
        self.searched = 0;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(ends: Ends, pieces: &[&'static str]) -> (Vec<String>, String) {
        let pieces: Vec<Result<Bytes, Fault>> =
            pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect();
        let mut lines = Lines::new(futures::stream::iter(pieces).boxed(), ends, 8);
        let text = |bytes: Bytes| String::from_utf8(bytes.to_vec()).unwrap();
        let mut all = Vec::new();
        loop {
            match lines.next().await {
                Ok(Some(line)) => all.push(text(line)),
                Ok(None) => return (all, text(lines.rest())),
                Err(fault) => return (all, fault.message().to_owned()),
            }
        }
    }

    #[tokio::test]
    async fn lines_are_whole_whatever_the_pieces() {
        let too_long = "the stream is not readable: a line is larger than 8 bytes";
        let cases: [(Ends, &[&'static str], &[&str], &str); 9] = [
            (Ends::Lf, &["a\nb", "c\n", "d"], &["a", "bc"], "d"),
            (Ends::Lf, &["a\r\n\nb"], &["a\r", ""], "b"),
            (Ends::CrLf, &["a\rb\r\nc\n\r\nd"], &["a", "b", "c", ""], "d"),
            (Ends::CrLf, &["a\r", "\n", "\r", "b\r"], &["a", "", "b"], ""),
            (Ends::CrLf, &["a\r", "", "\nb\n"], &["a", "b"], ""),
            (Ends::Lf, &[], &[], ""),
            (Ends::Lf, &["1234", "5678", "\n", "1\n"], &["12345678", "1"], ""),
            (Ends::Lf, &["1\n", "1234", "56789", "0"], &["1"], too_long),
            // Many short lines in one piece are no long line.
            (Ends::Lf, &["1\n2\n3\n4\n5\n6\n"], &["1", "2", "3", "4", "5", "6"], ""),
        ];
        for (ends, pieces, expected, rest) in cases {
            let (all, left) = lines(ends, pieces).await;
            assert_eq!(
                (all.as_slice(), left.as_str()),
                (&*expected.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>(), rest),
                "{pieces:?}"
            );
        }
    }
}
