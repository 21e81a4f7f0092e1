//! The store of files that servers share.

use super::egress;
use crate::config::{Config, StorageType};
use anyhow::{Context as _, Result, bail};
use langflow_core::Secret;
use langflow_core::clock::SystemClock;
use langflow_core::run::Egress;
use langflow_core::shared_files::SharedFiles;
use langflow_providers::aws::Account;
use langflow_providers::aws::s3::Bucket;
use langflow_providers::aws::shared::SharedBucket;
use langflow_providers::http::{Door, EgressConfig, OperatorKeysConfig, SsrfConfig};
use std::sync::Arc;

/// The bucket of the settings; `None` where files lie on this machine.
///
/// # Errors
/// The key to the bucket is missing, or a setting of it cannot be used.
pub fn shared(config: &Config) -> Result<Option<Arc<dyn SharedFiles>>> {
    let files = &config.files;
    if files.storage_type == StorageType::Local {
        return Ok(None);
    }
    let find = |names: &[&str]| {
        let mut values = names.iter().filter_map(|name| config.environment.get(*name));
        values.find(|value| !value.is_empty()).cloned()
    };
    let (Some(access_key_id), Some(secret_access_key)) =
        (find(&["AWS_ACCESS_KEY_ID"]), find(&["AWS_SECRET_ACCESS_KEY"]))
    else {
        bail!("LANGFLOW_STORAGE_TYPE=s3 needs a key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    };
    let plain = |names: &[&str]| find(names).map(|value| value.expose().to_owned());
    let endpoint = plain(&["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]).unwrap_or_default();
    let bucket = Bucket {
        account: Account {
            access_key_id,
            secret_access_key,
            session_token: find(&["AWS_SESSION_TOKEN"]).unwrap_or_else(Secret::default),
            region: plain(&["AWS_REGION", "AWS_DEFAULT_REGION"]).unwrap_or_else(|| "us-east-1".into()),
            clock: Arc::new(SystemClock),
        },
        name: files.bucket_name.clone(),
        endpoint,
    };
    bucket.url("file").map_err(|fault| anyhow::anyhow!("LANGFLOW_OBJECT_STORAGE_BUCKET_NAME: {fault}"))?;
    let tags = files
        .tags
        .iter()
        .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect::<Option<_>>()
        .context("LANGFLOW_OBJECT_STORAGE_TAGS: every tag is a text")?;
    Ok(Some(Arc::new(SharedBucket::new(bucket, &files.prefix, &tags, door(config)?))))
}

/// A door of its own: it leads to an address that the operator chose, with keys that are the operator's. Flows keep
/// theirs, with its gate.
fn door(config: &Config) -> Result<Arc<dyn Egress>> {
    let own = EgressConfig {
        ssrf: SsrfConfig { enabled: false, allowed_hosts: Vec::new() },
        operator_keys: OperatorKeysConfig::default(),
        ..egress::config(config)
    };
    Ok(Arc::new(Door::new(own).context("the way to the bucket cannot be set up")?))
}
