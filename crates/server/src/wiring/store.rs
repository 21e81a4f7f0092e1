//! Settings of the database.

use crate::config::Config;
use anyhow::Result;
use langflow_store::Store;
use std::path::Path;

pub async fn open(_config: &Config, _data_dir: &Path) -> Result<Store> {
    Ok(Store)
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
