//! What leaves the machine.

use super::section::section;

section! {
    /// What leaves the machine: only what a flow asks for.
    pub struct Outbound {
        /// Refuse private, loopback and metadata addresses to flows.
        ssrf_protection_enabled: bool = "LANGFLOW_SSRF_PROTECTION_ENABLED", true;
        /// Exceptions: hosts, wildcards and networks, as `models.internal,*.corp.example,10.1.0.0/16`.
        ssrf_allowed_hosts: Vec<String> = "LANGFLOW_SSRF_ALLOWED_HOSTS", Vec::new();
        /// Hosts besides the providers' own that a key of the environment may be sent to by models, as
        /// `gateway.example.com,*.corp.example`. Addresses that stand in the environment themselves, as in
        /// `OPENAI_BASE_URL`, need no entry, and users' own keys go where their users say.
        provider_credential_allowed_hosts: Vec<String> = "LANGFLOW_PROVIDER_CREDENTIAL_ALLOWED_HOSTS", Vec::new();
        /// Bytes of one page that the URL component reads.
        url_component_max_response_bytes: u64 = "LANGFLOW_URL_COMPONENT_MAX_RESPONSE_BYTES", 10_485_760;
        /// Bytes of all pages together that it reads in one run.
        url_component_max_total_bytes: u64 = "LANGFLOW_URL_COMPONENT_MAX_TOTAL_BYTES", 104_857_600;
        /// `User-Agent` of requests of components.
        user_agent: String = "LANGFLOW_USER_AGENT", "langflow".into();
    }
}
