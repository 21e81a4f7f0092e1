//! Google Cloud: a service account signs a claim and gets a token that lasts an hour.

use crate::http::Call;
use crate::tokens;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, Secret};
use serde_json::json;
use std::time::Duration;

const ANSWER_BYTES: usize = 256 * 1024;
const TOKENS: &str = "https://oauth2.googleapis.com/token";
/// What a token may be used for, where nothing narrower is enough.
pub const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";
/// Files on a drive.
pub const DRIVE: &str = "https://www.googleapis.com/auth/drive";
const LASTS: u64 = 3_600;

/// A service account as Google's console gives it out.
#[derive(Clone)]
pub struct ServiceAccount {
    email: String,
    private_key: Secret,
    private_key_id: Option<String>,
    token_url: String,
    /// Project of the account.
    pub project: String,
}

impl std::fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServiceAccount {{ {} }}", self.email)
    }
}

impl ServiceAccount {
    /// Reads the JSON of an account.
    ///
    /// # Errors
    /// It is no JSON, or misses something.
    pub fn read(text: &str) -> Result<Self, Fault> {
        // The reason could repeat a part of the key.
        let json: Json = serde_json::from_str(text.trim())
            .map_err(|_| Fault::invalid("the service account is not the JSON that Google Cloud gives out"))?;
        let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
        let needed = |key: &str| {
            text(key).ok_or_else(|| Fault::invalid(format!("the service account has no '{key}'")))
        };
        Ok(Self {
            email: needed("client_email")?,
            private_key: Secret::new(needed("private_key")?.replace("\\n", "\n")),
            private_key_id: text("private_key_id"),
            token_url: text("token_uri").unwrap_or_else(|| TOKENS.to_owned()),
            project: text("project_id").unwrap_or_default(),
        })
    }

    /// A bearer token for `scope`.
    ///
    /// # Errors
    /// The key cannot be read, or Google does not accept it.
    pub async fn token(&self, scope: &str, now: DateTime<Utc>, egress: &dyn Egress) -> Result<Secret, Fault> {
        let place = format!("{} {scope} {}", self.token_url, self.email);
        tokens::token(&place, &self.private_key, self.ask(scope, now, egress)).await
    }

    async fn ask(
        &self,
        scope: &str,
        now: DateTime<Utc>,
        egress: &dyn Egress,
    ) -> Result<(Secret, Duration), Fault> {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
            .append_pair("assertion", &self.claim(scope, now)?)
            .finish();
        let call = Call::post(&self.token_url)
            .header("accept", "application/json")
            .body("application/x-www-form-urlencoded", form)
            .timeout(Duration::from_secs(15));
        let answer = call.send_json(egress, "Google Cloud", ANSWER_BYTES).await?;
        let token = answer.get("access_token").and_then(Json::as_str).map(Secret::new);
        let token = token.ok_or_else(|| Fault::invalid("Google Cloud answered without a token"))?;
        let lasts = answer.get("expires_in").and_then(Json::as_u64).unwrap_or(LASTS);
        Ok((token, Duration::from_secs(lasts)))
    }

    fn claim(&self, scope: &str, now: DateTime<Utc>) -> Result<String, Fault> {
        let unusable = |_| Fault::invalid("the private key of the service account cannot be used");
        let key = EncodingKey::from_rsa_pem(self.private_key.expose().as_bytes()).map_err(unusable)?;
        let head = Header { kid: self.private_key_id.clone(), ..Header::new(Algorithm::RS256) };
        let now = now.timestamp();
        let claims = json!({
            "iss": self.email, "scope": scope, "aud": self.token_url, "iat": now, "exp": now + 3_600,
        });
        jsonwebtoken::encode(&head, &claims, &key).map_err(unusable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_says_what_it_misses() {
        for (text, expect) in [
            ("nothing", "not the JSON"),
            ("{\"private_key\": \"x\"}", "client_email"),
            ("{\"client_email\": \"a@b\"}", "private_key"),
        ] {
            assert!(ServiceAccount::read(text).unwrap_err().message().contains(expect), "{text}");
        }
        let account =
            ServiceAccount::read("{\"client_email\": \"a@b\", \"private_key\": \"no key\"}").unwrap();
        assert!(!format!("{account:?}").contains("no key"));
        assert!(account.claim(CLOUD, DateTime::UNIX_EPOCH).unwrap_err().message().contains("cannot be used"));
    }
}
