//! Numbers about the server.

use super::section::section;

section! {
    /// Numbers about the server, for Prometheus.
    pub struct Metrics {
        /// Serve `/metrics` on the port below.
        prometheus_enabled: bool = "LANGFLOW_PROMETHEUS_ENABLED", false;
        /// Port of `/metrics`, on the address of the server. Writing it turns metrics on.
        prometheus_port: Option<u16> = "LANGFLOW_PROMETHEUS_PORT", None;
        /// Address of `/metrics`. It answers without a credential, so keep it where only the collector
        /// reaches it. Not in Langflow.
        prometheus_host: String = "LANGFLOW_PROMETHEUS_HOST", "127.0.0.1".into();
    }
}
