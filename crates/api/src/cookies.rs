//! The cookies of a session: names, attributes, reading, setting, deleting.
//!
//! Names and attributes are the reference's. Behind a prefix (`LANGFLOW_ROOT_PATH`) name and path carry it,
//! so that two servers on one host do not take each other's cookies.

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, Utc};
use langflow_app::settings::{AuthSettings, CookieSettings, SameSite};
use std::fmt::Write as _;

pub const REFRESH: &str = "refresh_token_lf";
pub const ACCESS: &str = "access_token_lf";
pub const STORE_KEY: &str = "apikey_tkn_lflw";

/// The name of a cookie behind this prefix.
pub fn name(base: &str, root_path: &str) -> String {
    let root_path = root_path.trim_end_matches('/');
    if root_path.is_empty() {
        return base.to_owned();
    }
    root_path.bytes().fold(format!("{base}_"), |mut name, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02X}");
        }
        name
    })
}

/// The value of a cookie of the request.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.trim_matches('"').to_owned())
}

/// Whether the request carries a cookie that signs somebody in.
pub fn has_session(headers: &HeaderMap, root_path: &str) -> bool {
    [ACCESS, REFRESH].iter().any(|base| read(headers, &name(base, root_path)).is_some())
}

/// Writes the cookies of one answer.
pub struct CookieJar<'a> {
    settings: &'a AuthSettings,
    headers: &'a mut HeaderMap,
    now: DateTime<Utc>,
}

impl<'a> CookieJar<'a> {
    pub fn new(settings: &'a AuthSettings, headers: &'a mut HeaderMap, now: DateTime<Utc>) -> Self {
        Self { settings, headers, now }
    }

    /// Sets a cookie; without `expires` it ends with the browser.
    pub fn set(&mut self, base: &str, value: &str, expires: Option<DateTime<Utc>>) {
        let mut line = format!("{}={value}", name(base, &self.settings.root_path));
        if let Some(expires) = expires {
            let _ = write!(line, "; expires={}", http_date(expires));
        }
        self.push(base, line);
    }

    /// Deletes a cookie, with the attributes it was set with: browsers keep it otherwise.
    pub fn delete(&mut self, base: &str) {
        let name = name(base, &self.settings.root_path);
        let line = format!("{name}=\"\"; expires={}; Max-Age=0", http_date(self.now));
        self.push(base, line);
    }

    fn push(&mut self, base: &str, mut line: String) {
        let CookieSettings { same_site, secure, http_only } = match base {
            REFRESH => self.settings.refresh_cookie,
            _ => self.settings.access_cookie,
        };
        if let Some(domain) = &self.settings.cookie_domain {
            let _ = write!(line, "; Domain={domain}");
        }
        if http_only {
            line.push_str("; HttpOnly");
        }
        let _ = write!(line, "; Path={}/", self.settings.root_path.trim_end_matches('/'));
        line.push_str(match same_site {
            SameSite::Lax => "; SameSite=lax",
            SameSite::Strict => "; SameSite=strict",
            SameSite::None => "; SameSite=none",
        });
        if secure {
            line.push_str("; Secure");
        }
        // A setting with a line break in it cannot become a header; then there is no cookie.
        match HeaderValue::from_str(&line) {
            Ok(value) => {
                self.headers.append(header::SET_COOKIE, value);
            }
            Err(_) => tracing::error!("the cookie settings cannot be written into a header"),
        }
    }
}

fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn lines(settings: &AuthSettings, write: impl FnOnce(&mut CookieJar)) -> Vec<String> {
        let mut headers = HeaderMap::new();
        write(&mut CookieJar::new(settings, &mut headers, at()));
        headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn attributes_follow_the_settings_and_deletion_repeats_them() {
        let mut settings = AuthSettings::default();
        assert_eq!(
            lines(&settings, |jar| jar.set(ACCESS, "v", Some(at()))),
            ["access_token_lf=v; expires=Tue, 14 Nov 2023 22:13:20 GMT; HttpOnly; Path=/; SameSite=lax"]
        );
        settings.refresh_cookie =
            CookieSettings { same_site: SameSite::None, secure: true, http_only: false };
        settings.cookie_domain = Some("example.com".into());
        settings.root_path = "/lf".into();
        assert_eq!(
            lines(&settings, |jar| jar.delete(REFRESH)),
            ["refresh_token_lf_%2Flf=\"\"; expires=Tue, 14 Nov 2023 22:13:20 GMT; Max-Age=0; \
              Domain=example.com; Path=/lf/; SameSite=none; Secure"]
        );
    }

    #[test]
    fn a_setting_that_cannot_be_a_header_is_no_panic() {
        let settings = AuthSettings { cookie_domain: Some("a\r\nb".into()), ..AuthSettings::default() };
        assert!(lines(&settings, |jar| jar.set(ACCESS, "v", None)).is_empty());
    }

    #[test]
    fn names_behind_a_prefix() {
        assert_eq!(name(ACCESS, ""), ACCESS);
        assert_eq!(name(ACCESS, "/lf"), "access_token_lf_%2Flf");
    }
}
