//! Settings of the database.

use crate::config::Config;
use anyhow::Result;
use langflow_store::{Store, StoreConfig, StoreError};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// # Errors
/// The database cannot be reached or used.
pub async fn open(config: &Config, data_dir: &Path) -> Result<Store> {
    let settings = settings(config, data_dir);
    let patience = if config.database.connection_retry { RETRY_FOR } else { Duration::ZERO };
    Ok(patiently(patience, async || Store::open(settings.clone()).await).await?)
}

/// How long a database that is not up yet is waited for, and how long between two attempts.
const RETRY_FOR: Duration = Duration::from_mins(1);
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// Tries again while the database cannot be reached; any other failure is final.
async fn patiently<T>(
    patience: Duration,
    attempt: impl AsyncFn() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let started = Instant::now();
    loop {
        match attempt().await {
            Err(error) if error.is_temporary() && started.elapsed() < patience => {
                tracing::warn!(%error, "the database cannot be reached yet: {error}");
                tokio::time::sleep(RETRY_EVERY).await;
            }
            outcome => return outcome,
        }
    }
}

fn settings(config: &Config, data_dir: &Path) -> StoreConfig {
    let database = &config.database;
    let url = match &database.url {
        Some(url) => url.expose().to_owned(),
        None => format!("sqlite:///{}", data_dir.join("langflow.db").display()),
    };
    let pragma = |name: &str| database.sqlite_pragmas.get(name).and_then(number);
    let wait = pragma("busy_timeout")
        .and_then(|ms| u64::try_from(ms).ok())
        .map_or(Duration::from_secs(database.connect_timeout_seconds), Duration::from_millis);
    StoreConfig {
        connections: database.pool_size.saturating_add(database.max_overflow),
        cache_size: pragma("cache_size"),
        mmap_size: pragma("mmap_size"),
        wait,
        ..StoreConfig::new(url)
    }
}

/// Langflow takes numbers and texts of numbers.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The database as the operator may see it: without user and password.
pub fn shown(config: &Config) -> String {
    match (&config.database.url, config.data_dir()) {
        (Some(url), _) => without_login(url.expose()),
        (None, Ok(dir)) => dir.join("langflow.db").display().to_string(),
        (None, Err(_)) => String::new(),
    }
}

fn without_login(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "(not a URL)".to_owned() };
    let (place, options) = rest.split_once('?').map_or((rest, false), |(place, _)| (place, true));
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    format!("{scheme}://{place}{}", if options { "?…" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_database_that_is_not_up_is_waited_for_and_others_are_not() {
        let refused = || StoreError::Busy("connection refused".into());
        let wrong = || StoreError::Config("no such scheme".into());
        for (patience, failures, error, attempts, ok) in [
            (RETRY_FOR, 5, refused as fn() -> StoreError, 6, true),
            (RETRY_FOR, 1000, refused, 61, false),
            (RETRY_FOR, 5, wrong, 1, false),
            (Duration::ZERO, 5, refused, 1, false),
        ] {
            let made = std::sync::atomic::AtomicUsize::new(0);
            let outcome = patiently(patience, async || {
                let nth = made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if nth < failures { Err(error()) } else { Ok(()) }
            });
            assert_eq!(outcome.await.is_ok(), ok, "{patience:?} {failures}");
            assert_eq!(made.into_inner(), attempts, "{patience:?} {failures}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        for (url, shown) in [
            ("postgresql://me:pa@ss@db:5432/flows?sslpassword=x", "postgresql://db:5432/flows?…"),
            ("sqlite:////var/lib/langflow.db", "sqlite:////var/lib/langflow.db"),
            ("nonsense", "(not a URL)"),
        ] {
            assert_eq!(without_login(url), shown);
        }
    }
}
