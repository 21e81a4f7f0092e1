//! Keys of the operator, and where they may go (`LANGFLOW_PROVIDER_CREDENTIAL_ALLOWED_HOSTS`).
//!
//! A key in the environment is there for everybody to use and for nobody to have. Whoever writes flows chooses the
//! address that a model is called at; without this rule the choice of an address of his own would hand him the key.

use super::config::OperatorKeysConfig;
use super::gate::NameRule;
use langflow_core::{Fault, Secret};
use std::fmt;
use url::Url;

/// Shorter values are words such as `true`, not keys.
const SHORTEST_KEY: usize = 8;

/// What is the operator's, and the hosts that may have it.
pub(super) struct OperatorKeys {
    /// Values of the environment: the keys, and the addresses that the operator gave himself.
    values: Vec<Secret>,
    hosts: Vec<NameRule>,
}

impl fmt::Debug for OperatorKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OperatorKeys").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl OperatorKeys {
    pub fn new(config: &OperatorKeysConfig) -> Self {
        let values = config.environment.iter().filter(|value| value.expose().trim().len() >= SHORTEST_KEY);
        Self {
            values: values.cloned().collect(),
            hosts: config.allowed_hosts.iter().filter_map(|entry| NameRule::parse(entry)).collect(),
        }
    }

    /// See [`Egress::check_key_use`](langflow_core::run::Egress::check_key_use).
    pub fn check(&self, key: &Secret, url: &str, own: &[&str]) -> Result<(), Fault> {
        let holds = |text: &str| self.values.iter().any(|value| value.expose().trim() == text);
        if !holds(key.expose().trim()) {
            return Ok(());
        }
        let is_same =
            |value: &Secret| value.expose().trim().trim_end_matches('/') == url.trim_end_matches('/');
        if self.values.iter().any(is_same) {
            return Ok(());
        }
        let host = Url::parse(url).ok().and_then(|url| url.host_str().map(normal)).unwrap_or_default();
        let own = own.iter().filter_map(|entry| NameRule::parse(entry));
        if own.chain(self.hosts.iter().cloned()).any(|rule| rule.matches(&host)) {
            return Ok(());
        }
        Err(Fault::refused(format!(
            "the key is one of the server's own, and '{host}' is not where it belongs: use a key of your own there, \
             or ask the operator to list the host in LANGFLOW_PROVIDER_CREDENTIAL_ALLOWED_HOSTS"
        )))
    }
}

fn normal(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "sk-of-the-operator";

    fn keys(allowed: &[&str]) -> OperatorKeys {
        let environment = [KEY, "true", "https://models.corp/v1/"].map(Secret::new).to_vec();
        let allowed_hosts = allowed.iter().map(|host| (*host).to_owned()).collect();
        OperatorKeys::new(&OperatorKeysConfig { environment, allowed_hosts })
    }

    #[test]
    fn the_operators_key_stays_where_it_belongs() {
        let keys = keys(&["Trusted.example", "*.intra.example"]);
        for (key, url, passes) in [
            (KEY, "https://api.vendor.com/v1", true),
            (KEY, "https://API.vendor.com./v1", true),
            (KEY, "https://east.cloud.example/x", true),
            (KEY, "https://trusted.example:8443/v1", true),
            (KEY, "https://a.intra.example", true),
            (KEY, "https://models.corp/v1", true),
            (KEY, "https://models.corp/v2", false),
            (KEY, "https://evil.example/v1", false),
            (KEY, "https://api.vendor.com.evil.example/v1", false),
            (KEY, "https://api.vendor.com@evil.example/v1", false),
            (KEY, "https://cloud.example", false),
            (KEY, "no address", false),
            ("sk-of-my-own", "https://evil.example/v1", true),
            ("true", "https://evil.example/v1", true),
            ("", "https://evil.example/v1", true),
        ] {
            let outcome = keys.check(&Secret::new(key), url, &["api.vendor.com", "*.cloud.example"]);
            assert_eq!(outcome.is_ok(), passes, "{key} {url}: {outcome:?}");
        }
        assert!(!format!("{keys:?}").contains(KEY));
    }
}
