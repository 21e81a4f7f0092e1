//! An access key of Amazon.

use super::secret_or_variable;
use langflow_core::prelude::*;
use langflow_providers::aws::Account;

/// Regions of Amazon.
pub const REGIONS: [&str; 34] = [
    "us-west-2",
    "us-west-1",
    "us-gov-west-1",
    "us-gov-east-1",
    "us-east-2",
    "us-east-1",
    "sa-east-1",
    "me-south-1",
    "me-central-1",
    "il-central-1",
    "eu-west-3",
    "eu-west-2",
    "eu-west-1",
    "eu-south-2",
    "eu-south-1",
    "eu-north-1",
    "eu-central-2",
    "eu-central-1",
    "cn-northwest-1",
    "cn-north-1",
    "ca-west-1",
    "ca-central-1",
    "ap-southeast-5",
    "ap-southeast-4",
    "ap-southeast-3",
    "ap-southeast-2",
    "ap-southeast-1",
    "ap-south-2",
    "ap-south-1",
    "ap-northeast-3",
    "ap-northeast-2",
    "ap-northeast-1",
    "ap-east-1",
    "af-south-1",
];
const USUAL_REGION: &str = "us-east-1";

/// The two parts of an access key.
#[derive(Inputs)]
pub struct AwsKey {
    /// The id of the access key, or the name of a variable that holds it.
    #[input(title = "AWS Access Key ID", required, default = "AWS_ACCESS_KEY_ID")]
    aws_access_key_id: Secret,
    /// The secret of the access key, or the name of a variable that holds it.
    #[input(title = "AWS Secret Access Key", required, default = "AWS_SECRET_ACCESS_KEY")]
    aws_secret_access_key: Secret,
}

impl AwsKey {
    /// The key with what goes with it. `profile` names a place on the server's disk, which is not read.
    ///
    /// # Errors
    /// A part is missing, or a profile is named.
    pub async fn account(
        &self,
        session_token: &Secret,
        profile: &Secret,
        region: &str,
        cx: &Cx,
    ) -> Result<Account, Fault> {
        if !profile.is_empty() && profile.expose() != "AWS_CREDENTIALS_PROFILE_NAME" {
            return Err(Fault::unsupported(
                "profiles on the server's disk are not read: enter an access key",
            )
            .at_field("credentials_profile_name"));
        }
        let ask = KeyAsk { id: Some(&self.aws_access_key_id), secret: Some(&self.aws_secret_access_key) };
        let mut account = account(ask, region, cx).await?;
        if !session_token.is_empty() && session_token.expose() != "AWS_SESSION_TOKEN" {
            account.session_token = session_token.clone();
        }
        Ok(account)
    }
}

/// What a node says of an access key.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyAsk<'a> {
    pub id: Option<&'a Secret>,
    pub secret: Option<&'a Secret>,
}

/// An access key: what the node says, else the user's variables.
///
/// # Errors
/// A part is missing.
pub async fn account(ask: KeyAsk<'_>, region: &str, cx: &Cx) -> Result<Account, Fault> {
    let region = region.trim();
    Ok(Account {
        access_key_id: secret_or_variable(ask.id, "access key", "AWS_ACCESS_KEY_ID", "aws_access_key_id", cx)
            .await?,
        secret_access_key: secret_or_variable(
            ask.secret,
            "access key",
            "AWS_SECRET_ACCESS_KEY",
            "aws_secret_access_key",
            cx,
        )
        .await?,
        session_token: Secret::default(),
        region: if region.is_empty() { USUAL_REGION.to_owned() } else { region.to_owned() },
        clock: Arc::clone(&cx.scope().clock),
    })
}
