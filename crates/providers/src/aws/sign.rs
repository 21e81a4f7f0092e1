//! Signature Version 4.

use super::Account;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use url::Url;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What is signed.
pub(super) struct Ask<'a> {
    pub method: &'a str,
    pub url: &'a Url,
    /// Further headers to sign: names in lower case.
    pub headers: &'a [(&'a str, &'a str)],
    /// Digest of the body.
    pub payload: &'a str,
    pub service: &'a str,
    pub at: DateTime<Utc>,
}

/// The headers that a signed call needs beside those it has.
pub(super) fn headers(account: &Account, ask: &Ask<'_>) -> Vec<(&'static str, String)> {
    let stamp = ask.at.format("%Y%m%dT%H%M%SZ").to_string();
    let mut own = vec![("x-amz-date", stamp.clone())];
    // S3 alone wants the digest of the body in a header.
    if ask.service == "s3" {
        own.push(("x-amz-content-sha256", ask.payload.to_owned()));
    }
    if !account.session_token.is_empty() {
        own.push(("x-amz-security-token", account.session_token.expose().to_owned()));
    }
    let mut all: Vec<(&str, &str)> = ask.headers.to_vec();
    all.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
    let host = host(ask.url);
    all.push(("host", &host));
    all.sort_unstable();
    let names = all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = all.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let canonical =
        [ask.method, &path(ask.url, ask.service), &query(ask.url), &lines, &names, ask.payload].join("\n");
    let day = ask.at.format("%Y%m%d").to_string();
    let scope = format!("{day}/{}/{}/aws4_request", account.region, ask.service);
    let text = format!("{ALGORITHM}\n{stamp}\n{scope}\n{}", hex_digest(canonical.as_bytes()));
    let mut key = mac(format!("AWS4{}", account.secret_access_key.expose()).as_bytes(), day.as_bytes());
    for part in [account.region.as_str(), ask.service, "aws4_request"] {
        key = mac(&key, part.as_bytes());
    }
    let signature = hex(&mac(&key, text.as_bytes()));
    let id = account.access_key_id.expose();
    let authorization =
        format!("{ALGORITHM} Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
    own.push(("authorization", authorization));
    own
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The path as it is signed: S3 encodes what is meant, all others what is sent.
fn path(url: &Url, service: &str) -> String {
    let sent = url.path();
    let text = if service == "s3" { decoded(sent) } else { sent.as_bytes().to_vec() };
    if text.is_empty() { "/".to_owned() } else { encoded(&text, true) }
}

fn query(url: &Url) -> String {
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| (encoded(name.as_bytes(), false), encoded(value.as_bytes(), false)))
        .collect();
    pairs.sort_unstable();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

pub(super) fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        let value = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        match value {
            Some(value) => {
                bytes.push(value);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

/// Everything but letters, digits and `-._~` as `%XX`; slashes stay where they part a path.
pub(super) fn encoded(bytes: &[u8], keep_slash: bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(*byte));
            }
            b'/' if keep_slash => text.push('/'),
            other => {
                let _ = write!(text, "%{other:02X}");
            }
        }
    }
    text
}

pub(super) fn hex_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    // HMAC takes keys of every length.
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(text);
            mac.finalize().into_bytes().to_vec()
        }
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::Secret;
    use langflow_core::clock::SystemClock;
    use std::sync::Arc;

    fn account(id: &str, secret: &str) -> Account {
        Account {
            access_key_id: Secret::new(id),
            secret_access_key: Secret::new(secret),
            session_token: Secret::default(),
            region: "us-east-1".into(),
            clock: Arc::new(SystemClock),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn authorization(account: &Account, ask: &Ask<'_>) -> String {
        headers(account, ask).into_iter().find(|(name, _)| *name == "authorization").unwrap().1
    }

    /// Examples of "Authenticating Requests: Using the Authorization Header" in the manual of S3.
    #[test]
    fn examples_of_the_manual_of_s3() {
        let account = account("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex_digest(b""), nothing);
        let welcome = hex_digest(b"Welcome to Amazon S3.");
        let put = [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")];
        for (method, path, headers, payload, names, signature) in [
            (
                "GET",
                "/test.txt",
                &[("range", "bytes=0-9")][..],
                nothing,
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                "PUT",
                "/test$file.text",
                &put[..],
                &welcome,
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
            ),
            (
                "GET",
                "/?lifecycle",
                &[][..],
                nothing,
                "host;x-amz-content-sha256;x-amz-date",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            ),
            (
                "GET",
                "/?max-keys=2&prefix=J",
                &[][..],
                nothing,
                "host;x-amz-content-sha256;x-amz-date",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ] {
            let url = Url::parse(&format!("https://examplebucket.s3.amazonaws.com{path}")).unwrap();
            let at = at("2013-05-24T00:00:00Z");
            let ask = Ask { method, url: &url, headers, payload, service: "s3", at };
            let expect = format!(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
                 SignedHeaders={names}, Signature={signature}"
            );
            assert_eq!(authorization(&account, &ask), expect, "{method} {path}");
        }
    }

    /// The example of "Create a signed AWS API request" in the general manual.
    #[test]
    fn the_example_of_the_general_manual() {
        let account = account("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let url = Url::parse("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08").unwrap();
        let ask = Ask {
            method: "GET",
            url: &url,
            headers: &[("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            payload: &hex_digest(b""),
            service: "iam",
            at: at("2015-08-30T12:36:00Z"),
        };
        let signed = authorization(&account, &ask);
        assert!(
            signed.ends_with("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
            "{signed}"
        );
    }

    #[test]
    fn paths_are_encoded_as_each_service_wants() {
        let url = Url::parse("https://h/model/a.b-v2%3A0/converse").unwrap();
        assert_eq!(path(&url, "bedrock"), "/model/a.b-v2%253A0/converse");
        let url = Url::parse("https://h/a%20b/%C3%A4").unwrap();
        assert_eq!(path(&url, "s3"), "/a%20b/%C3%A4");
        assert_eq!(host(&Url::parse("http://h:9000/").unwrap()), "h:9000");
        assert_eq!(decoded("%4g%"), b"%4g%");
    }
}
