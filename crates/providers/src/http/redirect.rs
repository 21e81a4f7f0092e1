//! Following redirects by hand, so that every hop passes the gate and no secret leaves its origin.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use url::Url;

/// A request on its way.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Headers that carry credentials even where nobody marked them as sensitive.
const SECRET_HEADERS: [&str; 8] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "x-auth-token",
    "token",
];

impl Hop {
    /// The request after a redirect, or `None` where the reply is none or names no place to go.
    pub fn redirected(&self, status: StatusCode, location: Option<&str>) -> Option<Self> {
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let mut url = self.url.join(location?).ok()?;
        if url.fragment().is_none() {
            url.set_fragment(self.url.fragment());
        }
        let mut next = Self { url, ..self.clone() };
        let becomes_get = match status.as_u16() {
            303 => self.method != Method::HEAD,
            301 | 302 => self.method == Method::POST,
            _ => false,
        };
        if becomes_get {
            next.method = Method::GET;
            next.body = Bytes::new();
            for name in [
                header::CONTENT_TYPE,
                header::CONTENT_LENGTH,
                header::CONTENT_ENCODING,
                header::TRANSFER_ENCODING,
            ] {
                next.headers.remove(name);
            }
        }
        if next.url.origin() != self.url.origin() {
            next.headers = without_secrets(&next.headers);
        }
        Some(next)
    }
}

fn without_secrets(headers: &HeaderMap) -> HeaderMap {
    headers
        .iter()
        .filter(|(name, value)| !value.is_sensitive() && !is_secret(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn is_secret(name: &HeaderName) -> bool {
    SECRET_HEADERS.contains(&name.as_str()) || name == header::HOST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(method: Method, url: &str) -> Hop {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer k"),
            ("cookie", "a=b"),
            ("x-api-key", "k"),
            ("accept", "*/*"),
            ("content-type", "application/json"),
        ] {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        let mut marked: http::HeaderValue = "secret".parse().unwrap();
        marked.set_sensitive(true);
        headers.insert("x-vendor-key", marked);
        Hop { method, url: Url::parse(url).unwrap(), headers, body: Bytes::from_static(b"{}") }
    }

    #[test]
    fn method_body_and_secrets() {
        // method, status, location → method, URL, body kept, secrets kept
        let table = [
            ("GET", 301, "/b", Some(("GET", "https://a.example/b", true, true))),
            ("POST", 301, "/b", Some(("GET", "https://a.example/b", false, true))),
            ("POST", 302, "/b", Some(("GET", "https://a.example/b", false, true))),
            ("PUT", 302, "/b", Some(("PUT", "https://a.example/b", true, true))),
            ("POST", 303, "/b", Some(("GET", "https://a.example/b", false, true))),
            ("POST", 307, "/b", Some(("POST", "https://a.example/b", true, true))),
            ("POST", 308, "https://b.example/", Some(("POST", "https://b.example/", true, false))),
            ("GET", 302, "http://a.example/b", Some(("GET", "http://a.example/b", true, false))),
            ("GET", 302, "https://a.example:444/b", Some(("GET", "https://a.example:444/b", true, false))),
            ("GET", 302, "//b.example/c", Some(("GET", "https://b.example/c", true, false))),
            ("GET", 304, "/b", None),
            ("GET", 200, "/b", None),
        ];
        for (method, status, location, expect) in table {
            let hop = hop(Method::from_bytes(method.as_bytes()).unwrap(), "https://a.example/x");
            let next = hop.redirected(StatusCode::from_u16(status).unwrap(), Some(location));
            let got = next.as_ref().map(|next| {
                let secrets = ["authorization", "cookie", "x-api-key", "x-vendor-key"];
                let kept = secrets.iter().filter(|name| next.headers.contains_key(**name)).count();
                assert!(kept == 0 || kept == secrets.len(), "{location}: some secrets left");
                assert!(next.headers.contains_key("accept"));
                (next.method.as_str(), next.url.as_str(), !next.body.is_empty(), kept > 0)
            });
            assert_eq!(got, expect, "{method} {status} {location}");
        }
        assert!(hop(Method::GET, "https://a.example/").redirected(StatusCode::FOUND, None).is_none());
    }
}
