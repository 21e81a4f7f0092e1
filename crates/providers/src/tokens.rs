//! Tokens that are got for a key and last an hour: kept, so that not every call asks for a new one.

use langflow_core::{Fault, Secret};
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Tokens that are kept.
const MOST: usize = 512;
/// A token is not used in the last minutes of its life.
const MARGIN: Duration = Duration::from_mins(5);

type Digest = [u8; 32];

/// By the digest of service and key.
static TOKENS: LazyLock<Mutex<HashMap<Digest, (Secret, Instant)>>> = LazyLock::new(Mutex::default);

/// The kept token of `key` at `service`, or a new one with how long it lasts.
pub(crate) async fn token(
    service: &str,
    key: &Secret,
    ask: impl Future<Output = Result<(Secret, Duration), Fault>>,
) -> Result<Secret, Fault> {
    let id: Digest =
        Sha256::new().chain_update(service).chain_update([0]).chain_update(key.expose()).finalize().into();
    let now = Instant::now();
    if let Some((token, until)) = TOKENS.lock().get(&id)
        && *until > now
    {
        return Ok(token.clone());
    }
    let (token, lasts) = ask.await?;
    let mut tokens = TOKENS.lock();
    if tokens.len() >= MOST {
        tokens.retain(|_, (_, until)| *until > now);
    }
    if tokens.len() < MOST
        && let Some(until) = now.checked_add(lasts.saturating_sub(MARGIN))
    {
        tokens.insert(id, (token.clone(), until));
    }
    Ok(token)
}
