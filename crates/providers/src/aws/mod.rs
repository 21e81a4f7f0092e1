//! Amazon's services: calls signed with an access key (Signature Version 4), and the store of files S3.
//!
//! Whether a signature is right is tested with the examples of Amazon's own manual.

pub mod s3;
pub mod shared;
mod sign;

use crate::http::Call;
use chrono::{DateTime, Utc};
use langflow_core::Secret;
use langflow_core::clock::Clock;
use std::fmt;
use std::sync::Arc;

/// An access key, and the region it is used in.
#[derive(Clone)]
pub struct Account {
    pub access_key_id: Secret,
    pub secret_access_key: Secret,
    /// Of a key that is lent for some hours; else empty.
    pub session_token: Secret,
    pub region: String,
    /// Calls are signed with the time.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account {{ {} }}", self.region)
    }
}

impl Account {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// A text as one part of a path.
pub(crate) fn encoded(text: &str) -> String {
    sign::encoded(text.as_bytes(), false)
}

impl Call {
    /// Signs the call for a service of Amazon, as `bedrock`. What is added to the call afterwards is not signed.
    pub(crate) fn signed(self, account: &Account, service: &str) -> Self {
        let payload = sign::hex_digest(self.content());
        // Amazon's own headers must be signed.
        let own: Vec<(&str, &str)> = self
            .headers()
            .iter()
            .filter(|(name, _)| name.as_str().starts_with("x-amz-"))
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect();
        let signed = match url::Url::parse(self.url()) {
            Ok(url) => {
                let ask = sign::Ask {
                    method: self.method().as_str(),
                    url: &url,
                    headers: &own,
                    payload: &payload,
                    service,
                    at: account.now(),
                };
                sign::headers(account, &ask)
            }
            // Sending says what is wrong with the address.
            Err(_) => Vec::new(),
        };
        signed.into_iter().fold(self, |call, (name, value)| call.secret_header(name, &value))
    }
}
