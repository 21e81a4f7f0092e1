//! Files in a bucket of S3, or of a store that speaks its language.

use super::{Account, sign};
use crate::http::Call;
use bytes::Bytes;
use http::Method;
use langflow_core::run::Egress;
use langflow_core::run::ports::CallOptions;
use langflow_core::{Fault, FaultKind};
use std::time::Duration;

pub(super) const SERVICE: &str = "S3";
const PATIENCE: Duration = Duration::from_mins(5);
const LONGEST_KEY: usize = 1_024;

/// A bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub account: Account,
    pub name: String,
    /// Address of a store other than Amazon's, as `https://minio.example`; else empty.
    pub endpoint: String,
}

impl Bucket {
    /// The address of a file.
    ///
    /// # Errors
    /// A name of a bucket or a file that cannot be.
    pub fn url(&self, key: &str) -> Result<String, Fault> {
        let key = key.trim_start_matches('/');
        if key.is_empty() || key.len() > LONGEST_KEY || key.split('/').any(|part| part == "." || part == "..")
        {
            return Err(Fault::invalid(format!("'{key}' is not the name of a file in a bucket")));
        }
        Ok(self.root()? + &sign::encoded(key.as_bytes(), true))
    }

    /// The address of the bucket, with a slash at its end.
    pub(super) fn root(&self) -> Result<String, Fault> {
        let name = self.name.trim();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
        if name.is_empty() || !name.chars().all(is_plain) || name.contains("..") {
            return Err(
                Fault::invalid(format!("'{name}' is not the name of a bucket")).at_field("bucket_name")
            );
        }
        let endpoint = self.endpoint.trim().trim_end_matches('/');
        let region = &self.account.region;
        Ok(if !endpoint.is_empty() {
            format!("{endpoint}/{name}/")
        } else if name.contains(['.', '_']) {
            // Such a name does not fit into a certificate.
            format!("https://s3.{region}.amazonaws.com/{name}/")
        } else {
            format!("https://{name}.s3.{region}.amazonaws.com/")
        })
    }

    /// Writes a file; one of the same name is replaced.
    pub async fn put(
        &self,
        key: &str,
        content_type: &str,
        content: Bytes,
        egress: &dyn Egress,
    ) -> Result<(), Fault> {
        let call = Call::new(Method::PUT, self.url(key)?).body(content_type, content).options(options());
        call.signed(&self.account, "s3").send_ok(egress, SERVICE).await.map(drop).map_err(explained)
    }

    /// Reads a file of at most `limit` bytes.
    pub async fn get(&self, key: &str, limit: usize, egress: &dyn Egress) -> Result<Bytes, Fault> {
        let call = Call::get(self.url(key)?).options(options()).signed(&self.account, "s3");
        call.send_ok(egress, SERVICE).await.map_err(explained)?.bytes(limit).await
    }
}

pub(super) fn options() -> CallOptions {
    // A redirect leads to another region, where the signature does not hold.
    CallOptions { timeout: PATIENCE, follow_redirects: false, ..CallOptions::default() }
}

/// S3 answers in XML: its code and its sentence say what is wrong.
pub(super) fn explained(fault: Fault) -> Fault {
    let Some(reply) = fault.reply() else { return fault };
    let part = |name: &str| part(&reply.body, name).map(str::to_owned);
    let (Some(code), Some(message)) = (part("Code"), part("Message")) else { return fault };
    let kind = match code.as_str() {
        "NoSuchBucket" | "NoSuchKey" => FaultKind::Missing,
        "AccessDenied" | "InvalidAccessKeyId" | "SignatureDoesNotMatch" => FaultKind::Unauthorised,
        _ => fault.kind(),
    };
    Fault::new(kind, format!("{SERVICE} says {code}: {message}")).with_reply(reply.clone())
}

/// The text of the first element of this name.
pub(super) fn part<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let rest = xml.split_once(&format!("<{name}>"))?.1;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::Secret;
    use langflow_core::clock::SystemClock;
    use std::sync::Arc;

    #[test]
    fn addresses_of_files() {
        let bucket = |name: &str, endpoint: &str| Bucket {
            account: Account {
                access_key_id: Secret::new("id"),
                secret_access_key: Secret::new("secret"),
                session_token: Secret::default(),
                region: "eu-west-1".into(),
                clock: Arc::new(SystemClock),
            },
            name: name.into(),
            endpoint: endpoint.into(),
        };
        for (name, endpoint, key, url) in [
            ("docs", "", "a/b c.txt", "https://docs.s3.eu-west-1.amazonaws.com/a/b%20c.txt"),
            ("my.docs", "", "ä", "https://s3.eu-west-1.amazonaws.com/my.docs/%C3%A4"),
            ("docs", "http://127.0.0.1:9000/", "/x", "http://127.0.0.1:9000/docs/x"),
        ] {
            assert_eq!(bucket(name, endpoint).url(key).unwrap(), url);
        }
        for (name, key) in [("", "x"), ("Docs", "x"), ("a/b", "x"), ("docs", ""), ("docs", "a/../b")] {
            assert!(bucket(name, "").url(key).is_err(), "{name} {key}");
        }
    }
}
