//! IBM Cloud: an API key is exchanged for a token that lasts an hour.

use crate::http::Call;
use crate::tokens;
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, Secret};
use std::time::Duration;

const ANSWER_BYTES: usize = 256 * 1024;
/// The token service.
pub const TOKENS: &str = "https://iam.cloud.ibm.com/identity/token";
/// Where the answer does not say how long a token lasts.
const LASTS: u64 = 3_600;

/// A bearer token for `key`, from the token service at `url`.
///
/// # Errors
/// The service does not accept the key, or cannot be reached.
pub async fn token(url: &str, key: &Secret, egress: &dyn Egress) -> Result<Secret, Fault> {
    tokens::token(url, key, ask(url, key, egress)).await
}

/// As [`token`], asked anew.
pub async fn ask(url: &str, key: &Secret, egress: &dyn Egress) -> Result<(Secret, Duration), Fault> {
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "urn:ibm:params:oauth:grant-type:apikey")
        .append_pair("apikey", key.expose())
        .finish();
    let call = Call::post(url)
        .header("accept", "application/json")
        .body("application/x-www-form-urlencoded", form)
        .timeout(Duration::from_secs(15));
    let answer = call.send_json(egress, "IBM Cloud", ANSWER_BYTES).await?;
    let token = answer
        .get("access_token")
        .and_then(Json::as_str)
        .map(Secret::new)
        .ok_or_else(|| Fault::invalid("IBM Cloud answered without a token"))?;
    let lasts = answer.get("expires_in").and_then(Json::as_u64).unwrap_or(LASTS);
    Ok((token, Duration::from_secs(lasts)))
}
