//! Frames between server and worker: four bytes of length, most significant first, then that much JSON.
//!
//! | direction | frame |
//! |---|---|
//! | server → worker | first of all `{"protocol", "modules", "main", "limits"}`: the code that runs there |
//! | worker → server | `{"hello": {"protocol", "python", "lfx"}}` |
//! | server → worker | `{"call": <method>, "params": {…}}` |
//! | worker → server | `{"host": <what>, "params": {…}, "wants": bool}` while a call is under way |
//! | server → worker | `{"value": …}` or `{"error": "…"}`, where the worker wanted an answer |
//! | worker → server | `{"result": …, "cpu": seconds}` or `{"error": {"kind", "message", "traceback"}, "cpu"}` |

use crate::frames;
use crate::pace::Pace;
use langflow_core::Json;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Version of the frames; both sides name theirs at the start.
pub const VERSION: u64 = 1;
/// Bytes that announce a frame.
const HEAD: usize = 4;
/// A frame that takes milliseconds to read: not in the midst of other people's runs.
const LARGE: usize = 256 << 10;

/// Writes a frame.
///
/// # Errors
/// The worker is gone, or the frame is larger than `limit`.
pub async fn write(to: &mut (impl AsyncWrite + Unpin), frame: &Json, limit: usize) -> io::Result<()> {
    let body = serde_json::to_vec(frame)?;
    if body.len() > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("more than {limit} bytes")));
    }
    let length = u32::try_from(body.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut bytes = Vec::with_capacity(HEAD + body.len());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&body);
    to.write_all(&bytes).await?;
    to.flush().await
}

/// Reads a frame, and tells how many bytes it had.
///
/// # Errors
/// The worker is gone, announces more than `limit` bytes, or sends what is not JSON.
pub async fn read(
    from: &mut (impl AsyncRead + Unpin),
    limit: usize,
    pace: &mut Pace,
) -> io::Result<(Json, usize)> {
    let mut head = [0; HEAD];
    from.read_exact(&mut head).await?;
    let length = usize::try_from(u32::from_be_bytes(head)).unwrap_or(usize::MAX);
    if length > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a frame of {length} bytes")));
    }
    pace.bytes(length).await;
    // What was announced is not believed: memory grows with what arrives.
    let mut body = Vec::with_capacity(length.min(64 << 10));
    from.take(length as u64).read_to_end(&mut body).await?;
    if body.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let frame = if length > LARGE { frames::parse_aside(body).await? } else { frames::parse(&body)? };
    Ok((frame, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn frames_keep_their_bounds() {
        let mut bytes = Vec::new();
        write(&mut bytes, &json!({"a": 1}), 100).await.unwrap();
        assert_eq!(read(&mut bytes.as_slice(), 100, &mut Pace::new()).await.unwrap(), (json!({"a": 1}), 7));
        assert!(write(&mut Vec::new(), &json!("x".repeat(200)), 100).await.is_err());
        for bad in [&b"\xff\xff\xff\xff{}"[..], b"\0\0\0\x05{}", b"\0\0\0\x02{]", b"\0\0"] {
            assert!(read(&mut &*bad, 100, &mut Pace::new()).await.is_err(), "{bad:?}");
        }
    }
}
