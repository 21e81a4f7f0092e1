//! Which other sites may call from a browser.

use super::section::section;

section! {
    /// Which other sites may call from a browser.
    pub struct Browsers {
        /// Origins that may read answers, separated by commas, as `https://app.example.com`; `*` for any,
        /// then without credentials. None by default.
        cors_origins: Vec<String> = "LANGFLOW_CORS_ORIGINS", Vec::new();
        /// Listed origins may send cookies.
        cors_allow_credentials: bool = "LANGFLOW_CORS_ALLOW_CREDENTIALS", true;
        /// Methods they may use.
        cors_allow_methods: Vec<String> = "LANGFLOW_CORS_ALLOW_METHODS", vec!["*".into()];
        /// Headers they may send.
        cors_allow_headers: Vec<String> = "LANGFLOW_CORS_ALLOW_HEADERS", vec!["*".into()];
    }
}
