//! What the operator decides about outbound calls.

use langflow_core::Secret;
use langflow_core::run::PageLimits;
use std::path::PathBuf;
use std::time::Duration;

/// Settings of the [`Door`](super::Door).
#[derive(Clone, Debug)]
pub struct EgressConfig {
    pub ssrf: SsrfConfig,
    pub proxy: ProxyConfig,
    pub retry: RetryConfig,
    /// Sent where a request names none.
    pub user_agent: String,
    /// A PEM file with further certificate authorities, e.g. that of a company proxy.
    pub ca_file: Option<PathBuf>,
    /// Trust the certificate authorities of the machine too, not only the built-in list.
    pub system_ca: bool,
    /// Time for name look-up, TCP and TLS together.
    pub connect_timeout: Duration,
    /// The longest silence inside a body.
    pub idle_timeout: Duration,
    /// No body may grow beyond this, whatever the caller asks for.
    pub max_body_bytes: usize,
    pub max_redirects: usize,
    /// Bounds for nodes that read web pages.
    pub pages: PageLimits,
    pub operator_keys: OperatorKeysConfig,
}

impl Default for EgressConfig {
    fn default() -> Self {
        Self {
            ssrf: SsrfConfig::default(),
            proxy: ProxyConfig::default(),
            retry: RetryConfig::default(),
            user_agent: concat!("langflow-rs/", env!("CARGO_PKG_VERSION")).into(),
            ca_file: None,
            system_ca: false,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_mins(2),
            max_body_bytes: 256 * 1024 * 1024,
            max_redirects: 20,
            pages: PageLimits::default(),
            operator_keys: OperatorKeysConfig::default(),
        }
    }
}

/// Which addresses may be called.
#[derive(Clone, Debug)]
pub struct SsrfConfig {
    /// `LANGFLOW_SSRF_PROTECTION_ENABLED`: refuse addresses that are not public.
    pub enabled: bool,
    /// `LANGFLOW_SSRF_ALLOWED_HOSTS`: exceptions: host names (`*.corp.example` for all below), addresses
    /// and CIDR ranges.
    pub allowed_hosts: Vec<String>,
}

impl Default for SsrfConfig {
    fn default() -> Self {
        Self { enabled: true, allowed_hosts: Vec::new() }
    }
}

/// Keys that belong to the operator, and where they may go.
#[derive(Clone, Debug, Default)]
pub struct OperatorKeysConfig {
    /// Values of the environment as flows may see it.
    pub environment: Vec<Secret>,
    /// `LANGFLOW_PROVIDER_CREDENTIAL_ALLOWED_HOSTS`: hosts besides the providers' own (`*.corp.example` for all
    /// below).
    pub allowed_hosts: Vec<String>,
}

/// Proxies, with the meaning of the usual environment variables.
#[derive(Clone, Debug, Default)]
pub struct ProxyConfig {
    /// `HTTP_PROXY`.
    pub http: Option<String>,
    /// `HTTPS_PROXY`.
    pub https: Option<String>,
    /// `ALL_PROXY`.
    pub all: Option<String>,
    /// `NO_PROXY`: comma separated names, domains, addresses, CIDR ranges.
    pub no_proxy: Option<String>,
}

impl ProxyConfig {
    pub(super) fn is_set(&self) -> bool {
        self.http.is_some() || self.https.is_some() || self.all.is_some()
    }
}

/// How waiting between attempts grows. How many attempts there are is the caller's choice.
#[derive(Clone, Copy, Debug)]
pub struct RetryConfig {
    /// Wait before the second attempt; doubles from there.
    pub first_wait: Duration,
    pub longest_wait: Duration,
    /// A `Retry-After` beyond this is not waited for: the reply goes to the caller.
    pub longest_retry_after: Duration,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(8),
            longest_retry_after: Duration::from_secs(30),
        }
    }
}
