//! S3 Bucket Uploader.

use super::document::{self, MAX_FILE};
use super::elsewhere::{BucketAsk, bucket, content_type};
use langflow_core::component::choice;
use langflow_core::prelude::*;
use serde_json::json;

/// Most files of one node.
const MAX_FILES: usize = 500;

choice! {
    /// What is uploaded.
    pub enum Strategy { Data = "Store Data", File = "Store Original File" }
}

/// Uploads files to a bucket of S3.
///
/// Each piece of data names its file (`file_path`), which gives the object its name. The bucket may be in a store
/// other than Amazon's: its address is the variable `AWS_ENDPOINT_URL_S3`.
#[derive(Component)]
#[component(
    id = "ext:amazon:S3BucketUploaderComponent@official",
    aliases = ["s3bucketuploader"],
    class = "S3BucketUploaderComponent",
    title = "S3 Bucket Uploader",
    icon = "Amazon",
    category = "amazon",
    module = "lfx.components.amazon.s3_bucket_uploader.S3BucketUploaderComponent",
    examples = EXAMPLES
)]
pub struct S3BucketUploader {
    /// The id of the access key.
    #[input(title = "AWS Access Key ID", required)]
    aws_access_key_id: Secret,
    /// The secret of the access key.
    #[input(title = "AWS Secret Key", required)]
    aws_secret_access_key: Secret,
    /// The bucket.
    #[input(title = "Bucket Name", kind = Str)]
    bucket_name: String,
    /// Uploads the text of the data, or the file that it names.
    #[input(title = "Strategy for file upload", default = Strategy::Data)]
    strategy: Strategy,
    /// What is uploaded.
    #[input(title = "Data Inputs", handles = ["Data", "JSON", "DataFrame", "Table", "Message"], required)]
    data_inputs: Many<DataLike>,
    /// The folder in the bucket.
    #[input(title = "S3 Prefix", kind = Str, advanced)]
    s3_prefix: String,
    /// Leaves the folders out of the names.
    #[input(title = "Strip Path", advanced, extra = json!({ "required": true }))]
    strip_path: bool,
}

#[outputs]
impl S3BucketUploader {
    /// The names of the objects.
    #[output(name = "data", title = "Writes to AWS Bucket", method = "process_files")]
    async fn process_files(&self, cx: &Cx) -> Result<Data, Fault> {
        let ask = BucketAsk {
            id: Some(&self.aws_access_key_id),
            secret: Some(&self.aws_secret_access_key),
            name: &self.bucket_name,
            region: "",
        };
        let bucket = bucket(ask, cx).await?;
        let items = self.items()?;
        let mut keys = Vec::with_capacity(items.len());
        for (path, text) in items {
            let content = match self.strategy {
                Strategy::Data => text.into(),
                Strategy::File => {
                    cx.files().read(&path, MAX_FILE).await.map_err(|fault| fault.at_field("data_inputs"))?
                }
            };
            let key = self.key(&path);
            bucket.put(&key, content_type(&document::extension(&path)), content, &*cx.egress()).await?;
            cx.log("Uploaded", format!("s3://{}/{key}", bucket.name));
            keys.push(key);
        }
        Ok(Data::from_json(json!({ "bucket": bucket.name, "uploaded": keys })))
    }
}

impl S3BucketUploader {
    /// Path and text of each piece of data.
    fn items(&self) -> Result<Vec<(String, String)>, Fault> {
        let mut rows: Vec<JsonMap> = Vec::new();
        for item in &self.data_inputs.0 {
            match item {
                DataLike::Data(data) => {
                    let mut row = data.data.clone();
                    row.insert("text".into(), json!(data.text()));
                    rows.push(row);
                }
                DataLike::Table(table) => rows.extend(table.rows()),
                DataLike::Message(message) => {
                    let mut row = message.extra.clone();
                    row.insert("text".into(), json!(message.text));
                    rows.push(row);
                }
            }
        }
        if rows.len() > MAX_FILES {
            return Err(Fault::invalid(format!("more than {MAX_FILES} files")).at_field("data_inputs"));
        }
        let text =
            |row: &JsonMap, key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let items: Vec<_> = rows.iter().map(|row| (text(row, "file_path"), text(row, "text"))).collect();
        if items.is_empty() || items.iter().any(|(path, _)| path.trim().is_empty()) {
            return Err(Fault::missing("each piece of data needs a 'file_path', which names its object")
                .at_field("data_inputs"));
        }
        Ok(items)
    }

    fn key(&self, path: &str) -> String {
        let name = if self.strip_path { path.rsplit('/').next().unwrap_or(path) } else { path };
        let prefix = self.s3_prefix.trim().trim_matches('/');
        let slash = if prefix.is_empty() { "" } else { "/" };
        format!("{prefix}{slash}{}", name.trim_start_matches('/'))
    }
}

examples! {
    "Data without a file": {"aws_access_key_id": "i", "aws_secret_access_key": "s", "bucket_name": "docs", "data_inputs": {"$data": {"text": "x"}}}
        => fails "file_path";
    "No bucket": {"aws_access_key_id": "i", "aws_secret_access_key": "s", "data_inputs": {"$data": {"file_path": "a.txt"}}}
        => fails "which bucket";
}
