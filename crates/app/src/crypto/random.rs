//! Random bytes from the operating system.

use crate::{AppError, AppResult};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `N` random bytes.
pub fn bytes<const N: usize>() -> AppResult<[u8; N]> {
    let mut out = [0; N];
    getrandom::fill(&mut out)
        .map_err(|error| AppError::bug(format!("the system gives no random bytes: {error}")))?;
    Ok(out)
}

/// 256 random bits as 43 url-safe characters, as Python's `token_urlsafe(32)` makes them.
pub fn token() -> AppResult<String> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}
