//! Settings of the database.

use crate::config::Config;
use anyhow::Result;
use langflow_store::{Store, StoreConfig};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// # Errors
/// The database cannot be reached or used.
pub async fn open(config: &Config, data_dir: &Path) -> Result<Store> {
    Ok(Store::open(settings(config, data_dir)).await?)
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
