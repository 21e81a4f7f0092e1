//! What the strict profile would have otherwise: the operator should know each of it.

use super::{Config, Origin, Profile};

/// A setting that is laxer than the strict profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The setting as it is in force.
    pub setting: String,
    /// What that lets happen.
    pub means: &'static str,
}

impl Config {
    /// Every setting that is laxer than the strict profile, with what it means.
    pub fn deviations(&self) -> Vec<Deviation> {
        let is_lax =
            |lax: bool, setting: &str, means| lax.then(|| Deviation { setting: setting.to_owned(), means });
        let (auth, browsers, cookies) = (&self.auth, &self.browsers, &self.cookies);
        let is_tls = self.listen.ssl_cert_file.is_some();
        let profile = match auth.security_profile {
            Profile::Compat => Some(("compat", "passwords have no minimum length")),
            Profile::Standard => Some(("standard", "passwords of 8 characters do")),
            Profile::Strict => None,
        };
        let profile = profile
            .map(|(word, means)| Deviation { setting: format!("LANGFLOW_SECURITY_PROFILE={word}"), means });
        let made_here = self.origin("LANGFLOW_SECRET_KEY") == Origin::Default;
        let any_site = browsers.cors_origins.iter().any(|origin| origin == "*");
        let plain_cookies = !(is_tls || cookies.access_secure && cookies.refresh_secure);
        let readable = !(cookies.access_httponly && cookies.refresh_httponly);
        [
            profile,
            is_lax(auth.auto_login, "LANGFLOW_AUTO_LOGIN=True", "nobody signs in"),
            is_lax(
                auth.auto_login && auth.skip_auth_auto_login,
                "LANGFLOW_SKIP_AUTH_AUTO_LOGIN=True",
                "requests without a credential act as the superuser",
            ),
            is_lax(
                auth.auto_login && !self.mcp.require_auth,
                "LANGFLOW_MCP_REQUIRE_AUTH=False",
                "MCP clients on this machine need no key",
            ),
            is_lax(
                auth.enable_signup && !auth.auto_login,
                "LANGFLOW_ENABLE_SIGNUP=True",
                "anybody may ask for an account",
            ),
            is_lax(
                auth.new_user_is_active,
                "LANGFLOW_NEW_USER_IS_ACTIVE=True",
                "nobody approves new accounts",
            ),
            is_lax(
                auth.enable_superuser_cli,
                "LANGFLOW_ENABLE_SUPERUSER_CLI=True",
                "`langflow superuser` works",
            ),
            is_lax(
                !auth.webhook_auth_enable,
                "LANGFLOW_WEBHOOK_AUTH_ENABLE=False",
                "webhooks run without a key",
            ),
            is_lax(
                !self.limits.rate_limit_enabled,
                "LANGFLOW_RATE_LIMIT_ENABLED=False",
                "passwords can be guessed without limit",
            ),
            is_lax(
                !self.outbound.ssrf_protection_enabled,
                "LANGFLOW_SSRF_PROTECTION_ENABLED=False",
                "flows reach private addresses",
            ),
            is_lax(
                self.mcp.stdio_enabled,
                "LANGFLOW_MCP_STDIO_ENABLED=True",
                "who may add MCP servers starts programs on this machine",
            ),
            is_lax(any_site, "LANGFLOW_CORS_ORIGINS=*", "any web page may read answers"),
            is_lax(
                plain_cookies,
                "LANGFLOW_ACCESS_SECURE, LANGFLOW_REFRESH_SECURE=False",
                "cookies travel without TLS",
            ),
            is_lax(
                readable,
                "LANGFLOW_ACCESS_HTTPONLY, LANGFLOW_REFRESH_HTTPONLY=False",
                "scripts read the cookies",
            ),
            is_lax(made_here, "LANGFLOW_SECRET_KEY is not set", "the secret key lies beside the data"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
