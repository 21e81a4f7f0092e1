//! What leaves the machine.

use super::section::section;

section! {
    /// What leaves the machine: only what a flow asks for.
    pub struct Outbound {
        /// Refuse private, loopback and metadata addresses to flows.
        ssrf_protection_enabled: bool = "LANGFLOW_SSRF_PROTECTION_ENABLED", true;
        /// Exceptions: hosts, wildcards and networks, as `models.internal,*.corp.example,10.1.0.0/16`.
        ssrf_allowed_hosts: Vec<String> = "LANGFLOW_SSRF_ALLOWED_HOSTS", Vec::new();
        /// `User-Agent` of requests of components.
        user_agent: String = "LANGFLOW_USER_AGENT", "langflow".into();
    }
}
