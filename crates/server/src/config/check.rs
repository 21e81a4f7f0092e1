//! Settings that must go together before the server may start.

use super::{Config, Origin, Refusal};
use langflow_app::accounts::bootstrap::check_settings;
use std::net::IpAddr;

/// What visitors leave stays longer than this.
const SHORTEST_VISIT: u64 = 600;

impl Config {
    /// Refuses combinations that would be unsafe or cannot work; for `langflow run`.
    ///
    /// # Errors
    /// Everything that must be mended, at once.
    pub fn check_for_serving(&self) -> Result<(), Refusal> {
        let mut problems = Vec::new();
        self.check_tls(&mut problems);
        self.check_login(&mut problems);
        self.check_cookies(&mut problems);
        for (name, seconds) in [
            ("LANGFLOW_PUBLIC_FLOW_CLEANUP_INTERVAL", self.limits.public_flow_cleanup_interval_seconds),
            ("LANGFLOW_PUBLIC_FLOW_EXPIRATION", self.limits.public_flow_expiration_seconds),
        ] {
            if seconds <= SHORTEST_VISIT {
                problems
                    .push(format!("{name}={seconds}: more than {SHORTEST_VISIT} seconds, as in Langflow"));
            }
        }
        if !self.listen.root_path.is_empty() && !self.listen.root_path.starts_with('/') {
            problems.push("LANGFLOW_ROOT_PATH: a path begins with /".into());
        }
        if let Some(folder) = &self.listen.frontend_path
            && !folder.join("index.html").is_file()
        {
            problems.push(format!("LANGFLOW_FRONTEND_PATH: there is no index.html in {}", folder.display()));
        }
        if problems.is_empty() { Ok(()) } else { Err(Refusal(problems)) }
    }

    fn check_tls(&self, problems: &mut Vec<String>) {
        match (&self.listen.ssl_cert_file, &self.listen.ssl_key_file) {
            (Some(_), None) => {
                problems.push("LANGFLOW_SSL_CERT_FILE is set without LANGFLOW_SSL_KEY_FILE".into());
            }
            (None, Some(_)) => {
                problems.push("LANGFLOW_SSL_KEY_FILE is set without LANGFLOW_SSL_CERT_FILE".into());
            }
            _ => {}
        }
    }

    fn check_login(&self, problems: &mut Vec<String>) {
        let auth = &self.auth;
        if auth.auto_login {
            let by_hand = self.origin("LANGFLOW_AUTO_LOGIN") != Origin::Default;
            if !self.listens_on_loopback() && !by_hand {
                problems.push(format!(
                    "LANGFLOW_HOST={}: others can reach this address, and everybody would be signed in by \
                     themselves. Set LANGFLOW_AUTO_LOGIN=False with LANGFLOW_SUPERUSER and \
                     LANGFLOW_SUPERUSER_PASSWORD, or write LANGFLOW_AUTO_LOGIN=True if that is what you want",
                    self.listen.host
                ));
            }
        } else {
            // The rule is that of every start, whoever opens the application.
            let rule = check_settings(&crate::wiring::auth_settings(self));
            problems.extend(rule.err().map(|error| error.to_string()));
        }
        if auth.api_key_source == super::KeySource::Env && auth.api_key.is_empty() {
            problems.push("LANGFLOW_API_KEY_SOURCE=env needs the key in LANGFLOW_API_KEY".into());
        }
    }

    fn check_cookies(&self, problems: &mut Vec<String>) {
        let cookies = &self.cookies;
        let is_tls = self.listen.ssl_cert_file.is_some();
        for (name, same_site, secure) in [
            ("REFRESH", cookies.refresh_same_site, cookies.refresh_secure),
            ("ACCESS", cookies.access_same_site, cookies.access_secure),
        ] {
            if same_site == super::SameSite::None && !secure && !is_tls {
                problems.push(format!(
                    "LANGFLOW_{name}_SAME_SITE=none needs LANGFLOW_{name}_SECURE=True: browsers refuse such a cookie"
                ));
            }
        }
    }

    /// Whether only this machine can reach the address.
    pub fn listens_on_loopback(&self) -> bool {
        let host = self.listen.host.trim_matches(['[', ']']);
        host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}
