//! Trying again: exponential back-off with jitter, `Retry-After` where the service gives one.

use super::config::RetryConfig;
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use langflow_core::Fault;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// What one attempt came to.
pub(super) enum Attempt<T> {
    /// The caller gets this, whatever it is.
    Done(T),
    /// Worth another try; `reply` is what the caller gets if there is none.
    Again { reply: Result<T, Fault>, wait: Option<Duration> },
}

/// Whether a status may change by itself.
pub(super) fn is_worth_retrying(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429)
        || (status.is_server_error() && !matches!(status.as_u16(), 501 | 505))
}

/// Runs `attempt` up to `1 + retries` times.
pub(super) async fn run<T, F>(
    config: &RetryConfig,
    retries: u32,
    mut attempt: impl FnMut() -> F,
) -> Result<T, Fault>
where
    F: Future<Output = Result<Attempt<T>, Fault>>,
{
    let mut tried = 0;
    loop {
        let (reply, asked) = match attempt().await? {
            Attempt::Done(reply) => return Ok(reply),
            Attempt::Again { reply, wait } => (reply, wait),
        };
        if tried >= retries || asked.is_some_and(|asked| asked > config.longest_retry_after) {
            return reply;
        }
        // Gone before the wait: an unread body holds its connection.
        drop(reply);
        tokio::time::sleep(asked.unwrap_or_else(|| back_off(config, tried, jitter()))).await;
        tried += 1;
    }
}

/// The wait after `tried` retries: doubles, is capped, and is between half and the whole of that.
fn back_off(config: &RetryConfig, tried: u32, jitter: f64) -> Duration {
    let whole = config.first_wait.saturating_mul(2_u32.saturating_pow(tried)).min(config.longest_wait);
    whole.mul_f64(0.5 + jitter / 2.0)
}

/// Between 0 and 1. Any source of chance will do, nothing depends on its quality.
fn jitter() -> f64 {
    RandomState::new().build_hasher().finish() as f64 / u64::MAX as f64
}

/// The wait a service asks for: `retry-after-ms`, `Retry-After` in seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|ms| ms.parse::<u64>().ok()) {
        return Some(Duration::from_millis(ms));
    }
    let after = text("retry-after")?;
    if let Ok(seconds) = after.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let at = DateTime::parse_from_rfc2822(after).ok()?;
    Some((at.with_timezone(&Utc) - now).to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::FaultKind;
    use std::cell::RefCell;
    use tokio::time::Instant;

    /// `ok`, a status with an optional wait in ms, or `lost`.
    async fn check(script: &[&str], retries: u32, expect: Result<u16, FaultKind>, waited_ms: (u64, u64)) {
        let start = Instant::now();
        let steps = RefCell::new(script.iter());
        let got = run(&RetryConfig::default(), retries, || async {
            let step = *steps.borrow_mut().next().expect("more attempts than expected");
            let (what, wait) = step.split_once('/').map_or((step, None), |(what, wait)| (what, Some(wait)));
            let wait = wait.map(|ms| Duration::from_millis(ms.parse().unwrap()));
            Ok(match what {
                "lost" => Attempt::Again {
                    reply: Err(Fault::new(FaultKind::Unavailable, "connection lost")),
                    wait: None,
                },
                status => {
                    let status = StatusCode::from_bytes(status.as_bytes()).unwrap();
                    if is_worth_retrying(status) {
                        Attempt::Again { reply: Ok(status.as_u16()), wait }
                    } else {
                        Attempt::Done(status.as_u16())
                    }
                }
            })
        })
        .await
        .map_err(|fault| fault.kind());
        assert_eq!(got, expect, "{script:?}");
        assert_eq!(steps.into_inner().next(), None, "{script:?}: attempts left over");
        let waited = start.elapsed().as_millis() as u64;
        assert!((waited_ms.0..=waited_ms.1).contains(&waited), "{script:?} waited {waited} ms");
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_and_waits() {
        check(&["200"], 2, Ok(200), (0, 0)).await;
        check(&["401"], 2, Ok(401), (0, 0)).await;
        check(&["404"], 2, Ok(404), (0, 0)).await;
        check(&["501"], 2, Ok(501), (0, 0)).await;
        check(&["500", "200"], 2, Ok(200), (250, 502)).await;
        check(&["503", "502", "200"], 2, Ok(200), (750, 1504)).await;
        check(&["500", "500", "500"], 2, Ok(500), (750, 1504)).await;
        check(&["429/1200", "200"], 2, Ok(200), (1200, 1202)).await;
        check(&["429/0", "429/0", "429"], 2, Ok(429), (0, 4)).await;
        // Asked to wait longer than we are willing to: the caller hears it at once.
        check(&["429/31000"], 5, Ok(429), (0, 0)).await;
        check(&["lost", "200"], 1, Ok(200), (250, 502)).await;
        check(&["lost", "lost"], 1, Err(FaultKind::Unavailable), (250, 502)).await;
        check(&["lost"], 0, Err(FaultKind::Unavailable), (0, 0)).await;
    }

    #[test]
    fn the_wait_is_capped() {
        let config = RetryConfig::default();
        assert_eq!(back_off(&config, 0, 1.0), Duration::from_millis(500));
        assert_eq!(back_off(&config, 2, 0.0), Duration::from_secs(1));
        assert_eq!(back_off(&config, 40, 1.0), config.longest_wait);
    }

    #[test]
    fn retry_after_in_all_its_forms() {
        let now = DateTime::parse_from_rfc3339("2026-11-24T10:00:00Z").unwrap().with_timezone(&Utc);
        for (name, value, expect_ms) in [
            ("retry-after", "2", Some(2000)),
            ("retry-after", "0.25", Some(250)),
            ("retry-after-ms", "70", Some(70)),
            ("retry-after", "Tue, 24 Nov 2026 10:00:05 GMT", Some(5000)),
            ("retry-after", "Tue, 24 Nov 2026 09:00:05 GMT", Some(0)),
            ("retry-after", "soon", None),
            ("retry-after", "-3", None),
            ("retry-after", "NaN", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(http::HeaderName::from_static(name), value.parse().unwrap());
            let got = retry_after(&headers, now).map(|wait| wait.as_millis() as u64);
            assert_eq!(got, expect_ms, "{name}: {value}");
        }
    }
}
