//! Attributes of the session cookies.

use super::section::section;
use super::value::words;

words! {
    /// The attribute `SameSite`.
    pub enum SameSite {
        Lax = "lax",
        Strict = "strict",
        /// Only together with `Secure`.
        None = "none",
    }
}

section! {
    /// Attributes of the session cookies.
    pub struct Cookies {
        /// `SameSite` of the refresh token.
        refresh_same_site: SameSite = "LANGFLOW_REFRESH_SAME_SITE", SameSite::Lax;
        /// `Secure` of the refresh token. Turned on by itself when the server speaks TLS.
        refresh_secure: bool = "LANGFLOW_REFRESH_SECURE", false;
        /// `HttpOnly` of the refresh token.
        refresh_httponly: bool = "LANGFLOW_REFRESH_HTTPONLY", true;
        /// `SameSite` of the access token and of the key cookie.
        access_same_site: SameSite = "LANGFLOW_ACCESS_SAME_SITE", SameSite::Lax;
        /// `Secure` of the access token and of the key cookie.
        access_secure: bool = "LANGFLOW_ACCESS_SECURE", false;
        /// `HttpOnly` of the access token and of the key cookie.
        access_httponly: bool = "LANGFLOW_ACCESS_HTTPONLY", true;
        /// `Domain` of all cookies; without one they belong to the exact host.
        cookie_domain: Option<String> = "LANGFLOW_COOKIE_DOMAIN", None;
    }
}
