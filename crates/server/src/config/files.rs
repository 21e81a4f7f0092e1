//! Where files of users lie.

use super::section::section;
use super::value::words;
use serde_json::{Map, Value};

words! {
    /// Where the bytes of uploaded files lie.
    pub enum StorageType {
        /// In the folder of `LANGFLOW_CONFIG_DIR`.
        Local = "local",
        /// In a bucket of S3, or of a store that speaks its language.
        S3 = "s3",
    }
}

section! {
    /// Files of users.
    pub struct Files {
        /// `local`: in the folder of `LANGFLOW_CONFIG_DIR`. `s3`: in a bucket, which several servers share; the key
        /// is read from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, the region from
        /// `AWS_REGION` or `AWS_DEFAULT_REGION`, the address of a store other than Amazon's from
        /// `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`. Files are not moved from one to the other.
        storage_type: StorageType = "LANGFLOW_STORAGE_TYPE", StorageType::Local;
        /// The bucket.
        bucket_name: String = "LANGFLOW_OBJECT_STORAGE_BUCKET_NAME", "langflow-bucket".into();
        /// Stands before the names of all files in the bucket.
        prefix: String = "LANGFLOW_OBJECT_STORAGE_PREFIX", "files".into();
        /// Tags that every file in the bucket gets, as a JSON object of texts.
        tags: Map<String, Value> = "LANGFLOW_OBJECT_STORAGE_TAGS", Map::new();
    }
}
