//! Settings of outbound HTTP.

use crate::config::Config;
use langflow_core::run::PageLimits;
use langflow_providers::http::{EgressConfig, OperatorKeysConfig, ProxyConfig, SsrfConfig};

pub fn config(config: &Config) -> EgressConfig {
    // The usual names, in either case; curl and others prefer the lower one.
    let find = |name: &str| {
        [name.to_ascii_lowercase(), name.to_owned()]
            .iter()
            .find_map(|name| config.environment.get(name))
            .filter(|value| !value.is_empty())
            .map(|value| value.expose().to_owned())
    };
    EgressConfig {
        ssrf: SsrfConfig {
            enabled: config.outbound.ssrf_protection_enabled,
            allowed_hosts: config.outbound.ssrf_allowed_hosts.clone(),
        },
        proxy: ProxyConfig {
            http: find("HTTP_PROXY"),
            https: find("HTTPS_PROXY"),
            all: find("ALL_PROXY"),
            no_proxy: find("NO_PROXY"),
        },
        pages: PageLimits {
            page_bytes: bytes(config.outbound.url_component_max_response_bytes),
            run_bytes: bytes(config.outbound.url_component_max_total_bytes),
        },
        operator_keys: OperatorKeysConfig {
            environment: config.environment.values().cloned().collect(),
            allowed_hosts: config.outbound.provider_credential_allowed_hosts.clone(),
        },
        user_agent: config.outbound.user_agent.clone(),
        ca_file: find("SSL_CERT_FILE").map(Into::into),
        ..EgressConfig::default()
    }
}

fn bytes(setting: u64) -> usize {
    usize::try_from(setting).unwrap_or(usize::MAX)
}
