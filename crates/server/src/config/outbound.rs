//! What leaves the machine.

use super::section::section;

section! {
    /// What leaves the machine: only what a flow asks for.
    pub struct Outbound {
        /// Refuse private, loopback and metadata addresses to flows.
        ssrf_protection_enabled: bool = "LANGFLOW_SSRF_PROTECTION_ENABLED", true;
        /// Exceptions: hosts, wildcards and networks, as `models.internal,*.corp.example,10.1.0.0/16`.
        ssrf_allowed_hosts: Vec<String> = "LANGFLOW_SSRF_ALLOWED_HOSTS", Vec::new();
        /// Hosts, besides the vendors' own, that may receive provider keys of the environment.
        provider_credential_allowed_hosts: Vec<String> = "LANGFLOW_PROVIDER_CREDENTIAL_ALLOWED_HOSTS", Vec::new();
        /// `User-Agent` of requests of components.
        user_agent: String = "LANGFLOW_USER_AGENT", "langflow".into();
        /// Largest reply in bytes to the URL component.
        url_component_max_response_bytes: u64 = "LANGFLOW_URL_COMPONENT_MAX_RESPONSE_BYTES", 10_485_760;
        /// Largest sum of replies in bytes to the URL component in one run.
        url_component_max_total_bytes: u64 = "LANGFLOW_URL_COMPONENT_MAX_TOTAL_BYTES", 104_857_600;
    }
}
