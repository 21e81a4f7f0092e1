//! The credentials of a request, as they were sent.

use crate::cookies;
use crate::extract::query::Query;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// What a request carries. Empty texts count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// `Authorization: Bearer`, else the access cookie.
    pub token: Option<String>,
    pub query_key: Option<String>,
    pub header_key: Option<String>,
}

impl Credentials {
    pub fn read(parts: &Parts, root_path: &str) -> Self {
        let cookie = || cookies::read(&parts.headers, &cookies::name(cookies::ACCESS, root_path));
        let in_query = |query: &str| Query::parse(query).text("x-api-key").map(str::to_owned);
        let full = |text: &String| !text.is_empty();
        Self {
            token: bearer(&parts.headers).filter(full).or_else(cookie).filter(full),
            query_key: parts.uri.query().and_then(in_query).filter(full),
            header_key: parts.headers.get("x-api-key").map(header_text).filter(full),
        }
    }

    /// The key that counts: the query's before the header's.
    pub fn key(&self) -> Option<&str> {
        self.query_key.as_deref().or(self.header_key.as_deref())
    }

    /// As webhooks read it: the header's before the query's.
    pub fn webhook_key(&self) -> Option<&str> {
        self.header_key.as_deref().or(self.query_key.as_deref())
    }
}

/// A header that is no text is a credential all the same, and a wrong one.
fn header_text(value: &axum::http::HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).trim().to_owned()
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let text = header_text(headers.get(header::AUTHORIZATION)?);
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn read(uri: &str, headers: &[(&str, &str)]) -> Credentials {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Credentials::read(&request.body(()).unwrap().into_parts().0, "")
    }

    #[test]
    fn every_place_is_read() {
        let some = |text: &str| Some(text.to_owned());
        for (uri, headers, token, key) in [
            ("/", &[][..], None, None),
            ("/", &[("authorization", "Bearer t")][..], some("t"), None),
            ("/", &[("authorization", "bEARER t")], some("t"), None),
            ("/", &[("authorization", "Basic t")], None, None),
            ("/", &[("authorization", "Bearer ")], None, None),
            ("/", &[("authorization", "Bearer"), ("cookie", "access_token_lf=c")], some("c"), None),
            ("/", &[("cookie", "x=y; access_token_lf=c; z")], some("c"), None),
            ("/", &[("authorization", "Bearer t"), ("cookie", "access_token_lf=c")], some("t"), None),
            ("/?x-api-key=q", &[("x-api-key", "h")], None, some("q")),
            ("/?x-api-key=", &[("X-API-KEY", "h")], None, some("h")),
            ("/?X-Api-Key=q", &[], None, None),
            ("/?a=b&x%2Dapi%2Dkey=q%2Dr", &[], None, some("q-r")),
            ("/", &[("x-api-key", "")], None, None),
        ] {
            let read = read(uri, headers);
            assert_eq!(
                (read.token.clone(), read.key().map(str::to_owned)),
                (token, key),
                "{uri} {headers:?}"
            );
        }
        let both = read("/?x-api-key=q", &[("x-api-key", "h")]);
        assert_eq!(both.webhook_key(), Some("h"));
    }
}
