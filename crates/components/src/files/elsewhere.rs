//! Files that are kept elsewhere: in a bucket of S3, on a Google Drive.

use crate::fields::aws::{KeyAsk, account};
use bytes::Bytes;
use langflow_core::prelude::*;
use langflow_providers::aws::s3::Bucket;
use langflow_providers::google::ServiceAccount;
use langflow_providers::google_drive::Drive;

/// What a node says of a bucket.
#[derive(Clone, Copy, Debug)]
pub struct BucketAsk<'a> {
    pub id: Option<&'a Secret>,
    pub secret: Option<&'a Secret>,
    pub name: &'a str,
    pub region: &'a str,
}

/// The bucket, with the access key of the node or of the user's variables.
///
/// A store other than Amazon's is found by the variable `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`, as Amazon's own
/// tools do.
///
/// # Errors
/// The name or the key is missing.
pub async fn bucket(ask: BucketAsk<'_>, cx: &Cx) -> Result<Bucket, Fault> {
    if ask.name.trim().is_empty() {
        return Err(Fault::missing("say which bucket it is").at_field("bucket_name"));
    }
    let mut endpoint = String::new();
    for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] {
        if let Some(found) = cx.variables().get(name).await?.filter(|found| !found.value.is_empty()) {
            found.value.expose().clone_into(&mut endpoint);
            break;
        }
    }
    let account = account(KeyAsk { id: ask.id, secret: ask.secret }, ask.region, cx).await?;
    Ok(Bucket { account, name: ask.name.trim().to_owned(), endpoint })
}

/// The drive of a service account, given as its JSON.
///
/// # Errors
/// It is missing, is none, or is not accepted.
pub async fn drive(account: Option<&Secret>, cx: &Cx) -> Result<Drive, Fault> {
    let text = account.filter(|text| !text.is_empty()).ok_or_else(|| {
        Fault::missing("enter the JSON of a service account").at_field("service_account_key")
    })?;
    let account =
        ServiceAccount::read(text.expose()).map_err(|fault| fault.at_field("service_account_key"))?;
    Drive::of(&account, cx.clock().now(), &*cx.egress()).await
}

/// A file that was fetched: its name, its content.
pub type Fetched = (String, Bytes);

/// The media type of an extension.
pub fn content_type(extension: &str) -> &'static str {
    match extension {
        "csv" => "text/csv; charset=utf-8",
        "tsv" => "text/tab-separated-values; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" => "application/json",
        "jsonl" => "application/x-ndjson",
        "md" => "text/markdown; charset=utf-8",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "text/plain; charset=utf-8",
    }
}
