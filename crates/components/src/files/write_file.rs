//! Write File.

use super::elsewhere::{BucketAsk, bucket, content_type, drive};
use super::read_file::{locations, show_place};
use super::render::{Input, remote, render};
use crate::fields::{Pick, option};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::google_drive::NewDriveFile;
use serde_json::json;

/// Largest file that is appended to.
const MAX_OLD: usize = 64 * 1024 * 1024;
const LOCAL_FORMATS: [&str; 6] = ["csv", "excel", "json", "markdown", "txt", "html"];
const AWS_FORMATS: [&str; 13] =
    ["txt", "json", "csv", "xml", "html", "md", "yaml", "log", "tsv", "jsonl", "parquet", "xlsx", "zip"];
const DRIVE_FORMATS: [&str; 9] = ["txt", "html", "json", "csv", "xlsx", "slides", "docs", "jpg", "mp3"];

/// Writes a message, data or a table into a file.
///
/// The file goes to the files of the user who runs the flow, into a bucket of S3 (or of a store that speaks its
/// language, named by the variable `AWS_ENDPOINT_URL_S3`), or onto a Google Drive. Messages are written as text, JSON,
/// Markdown or HTML; data and tables as CSV, a workbook, JSON or Markdown.
#[derive(Component)]
#[component(
    id = "SaveToFile",
    class = "SaveToFileComponent",
    title = "Write File",
    icon = "file-text",
    category = "files_and_knowledge",
    module = "lfx.components.files_and_knowledge.save_file.SaveToFileComponent",
    documentation = "https://docs.langflow.org/write-file",
    examples = EXAMPLES
)]
pub struct SaveToFileComponent {
    /// Where the file goes.
    #[input(
        title = "Storage Location", advanced, real_time_refresh, placeholder = "Select Location",
        default = json!([option("Local", "hard-drive")]), extra = json!({"options": locations(), "limit": 1})
    )]
    storage_location: Pick,
    /// What to write.
    #[input(
        title = "File Content", kind = DataFrame, handles = ["Data", "JSON", "DataFrame", "Table", "Message"],
        tool_mode, extra = json!({"required": true})
    )]
    input: Option<AnyValue>,
    /// The name of the file, without a folder.
    #[input(title = "File Name", kind = Str, required, tool_mode)]
    file_name: String,
    /// The format, when an agent chooses it.
    #[input(title = "File Format (Tool)", kind = Str, tool_mode, hidden)]
    file_format: String,
    /// Add to the end of the file.
    #[input(title = "Append")]
    append_mode: bool,
    /// The format.
    #[input(title = "File Format", kind = Dropdown, options = LOCAL_FORMATS, default = "json")]
    local_format: String,
    /// The format of a file in a bucket.
    #[input(title = "File Format", kind = Dropdown, options = AWS_FORMATS, default = "txt", hidden)]
    aws_format: String,
    /// The format of a file on a drive.
    #[input(title = "File Format", kind = Dropdown, options = DRIVE_FORMATS, default = "txt", hidden)]
    gdrive_format: String,
    /// The key for the bucket.
    #[input(title = "AWS Access Key ID", advanced, hidden)]
    aws_access_key_id: Option<Secret>,
    /// The secret of the key.
    #[input(title = "AWS Secret Key", advanced, hidden)]
    aws_secret_access_key: Option<Secret>,
    /// The bucket.
    #[input(title = "S3 Bucket Name", kind = Str, advanced, hidden)]
    bucket_name: String,
    /// The region of the bucket.
    #[input(title = "AWS Region", kind = Str, advanced, hidden)]
    aws_region: String,
    /// The folder in the bucket.
    #[input(title = "S3 Prefix", kind = Str, advanced, hidden)]
    s3_prefix: String,
    /// The service account, as JSON.
    #[input(title = "GCP Credentials Secret Key", required, advanced, hidden)]
    service_account_key: Option<Secret>,
    /// The folder on the drive.
    #[input(title = "Google Drive Folder ID", kind = Str, required, advanced, hidden)]
    folder_id: String,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl SaveToFileComponent {
    /// A sentence that says where the file is.
    #[output(name = "message", title = "File Path", method = "save_to_file", aliases = ["confirmation", "result"])]
    async fn message(&self, cx: &Cx) -> Result<Message, Fault> {
        let input = Input::of(&self.value()?).map_err(|why| Fault::invalid(why).at_field("input"))?;
        match self.storage_location.only() {
            None | Some("Local") => self.to_local(&input, cx).await,
            Some("AWS") => self.to_bucket(&input, cx).await,
            Some("Google Drive") => self.to_drive(&input, cx).await,
            Some(other) => Err(Fault::invalid(format!("'{other}' is not a place where files are kept"))
                .at_field("storage_location")),
        }
    }

    /// The fields of the chosen place.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field == "storage_location" {
            show_place(request, &PLACES, &mut patch);
        }
        Ok(patch)
    }
}

/// Fields of each place where files are kept.
const PLACES: [(&str, &[&str]); 3] = [
    ("Local", &["local_format", "append_mode"]),
    (
        "AWS",
        &[
            "aws_format",
            "aws_access_key_id",
            "aws_secret_access_key",
            "bucket_name",
            "aws_region",
            "s3_prefix",
        ],
    ),
    ("Google Drive", &["gdrive_format", "service_account_key", "folder_id"]),
];

impl SaveToFileComponent {
    async fn to_local(&self, input: &Input, cx: &Cx) -> Result<Message, Fault> {
        let format = self.format(input)?;
        let name = self.name(&format)?;
        let old = if self.append_mode { self.old(&name, cx).await } else { None };
        let content =
            render(input, &format, old.as_deref()).map_err(|why| Fault::invalid(why).at_field("input"))?;
        let path =
            cx.files().write(&name, content.into()).await.map_err(|fault| fault.at_field("file_name"))?;
        Ok(cx.new_message(format!("{} saved successfully as '{name}' at {path}", input.kind())))
    }

    async fn to_bucket(&self, input: &Input, cx: &Cx) -> Result<Message, Fault> {
        let format = self.remote_format(&self.aws_format);
        let content = remote(input, &format).map_err(|why| Fault::unsupported(why).at_field("aws_format"))?;
        let name = self.name(&format)?;
        let ask = BucketAsk {
            id: self.aws_access_key_id.as_ref(),
            secret: self.aws_secret_access_key.as_ref(),
            name: &self.bucket_name,
            region: &self.aws_region,
        };
        let bucket = bucket(ask, cx).await?;
        // Users of one bucket do not write over each other's files.
        let user = cx.scope().user_id.map(|id| format!("{id}/")).unwrap_or_default();
        let prefix = self.s3_prefix.trim().trim_matches('/');
        let slash = if prefix.is_empty() { "" } else { "/" };
        let key = format!("{prefix}{slash}{user}{name}");
        bucket.put(&key, content_type(&format), content.into(), &*cx.egress()).await?;
        Ok(cx.new_message(format!("File successfully uploaded to s3://{}/{key}", bucket.name)))
    }

    async fn to_drive(&self, input: &Input, cx: &Cx) -> Result<Message, Fault> {
        let format = self.remote_format(&self.gdrive_format);
        let (written, becomes) = match format.as_str() {
            "docs" => ("txt", Some("application/vnd.google-apps.document")),
            other => (other, None),
        };
        let content =
            remote(input, written).map_err(|why| Fault::unsupported(why).at_field("gdrive_format"))?;
        let folder = self.folder_id.trim();
        if folder.is_empty() {
            return Err(Fault::missing("say which folder of the drive it is").at_field("folder_id"));
        }
        let name = if becomes.is_some() { self.given_name()? } else { self.name(written)? };
        let new = NewDriveFile {
            name: &name,
            content_type: content_type(written),
            becomes,
            folder,
            content: content.into(),
        };
        let drive = drive(self.service_account_key.as_ref(), cx).await?;
        let address = drive.write(new, &*cx.egress()).await.map_err(|fault| fault.at_field("folder_id"))?;
        Ok(cx.new_message(format!("File successfully uploaded to Google Drive: {address}")))
    }

    /// The format that a tool call asks for, else that of the place.
    fn remote_format(&self, own: &str) -> String {
        let asked = if self.file_format.trim().is_empty() { own } else { self.file_format.trim() };
        match asked.to_lowercase().as_str() {
            "markdown" => "md".into(),
            "excel" => "xlsx".into(),
            other => other.to_owned(),
        }
    }
}

impl SaveToFileComponent {
    /// What to write: the input, or the field that nodes of Langflow 1.3 to 1.5 name.
    fn value(&self) -> Result<Value, Fault> {
        if let Some(AnyValue(value)) = &self.input {
            return Ok(value.clone());
        }
        let kind = self.rest.get("input_type").map(Value::to_json);
        let older = match kind.as_ref().and_then(Json::as_str) {
            Some("Data") => self.rest.get("data"),
            Some("Message") => self.rest.get("message"),
            Some(_) => self.rest.get("df"),
            None => None,
        };
        older.cloned().ok_or_else(|| Fault::missing("there is nothing to write").at_field("input"))
    }

    fn format(&self, input: &Input) -> Result<String, Fault> {
        let older = self.rest.get("file_format").map(Value::to_json);
        let asked = [self.file_format.as_str(), older.as_ref().and_then(Json::as_str).unwrap_or_default()];
        let format =
            asked.into_iter().find(|format| !format.is_empty()).unwrap_or(&self.local_format).to_lowercase();
        let format = match format.as_str() {
            "md" => "markdown".to_owned(),
            "xlsx" => "excel".to_owned(),
            _ => format,
        };
        if input.formats().contains(&format.as_str()) {
            return Ok(format);
        }
        Err(Fault::invalid(format!(
            "Invalid file format '{format}' for {}. Allowed: {}",
            input.kind(),
            input.formats().join(", ")
        ))
        .at_field("local_format"))
    }

    /// The bare name.
    fn given_name(&self) -> Result<String, Fault> {
        let older = self.rest.get("file_path").map(Value::to_json);
        let older = older.as_ref().and_then(Json::as_str).unwrap_or_default();
        let name = if self.file_name.trim().is_empty() { older } else { self.file_name.trim() };
        let refuse = |why: &str| Err(Fault::invalid(why).at_field("file_name"));
        if name.is_empty() {
            return refuse("File name must be provided.");
        }
        if name.contains(['/', '\\', '\0']) || name.starts_with('.') || name.len() > 200 {
            return refuse("File name must be a plain name without a folder.");
        }
        Ok(name.to_owned())
    }

    /// The bare name with the extension of the format.
    fn name(&self, format: &str) -> Result<String, Fault> {
        let name = self.given_name()?;
        let extension = match format {
            "excel" => "xlsx",
            "markdown" => "md",
            other => other,
        };
        let has_it = super::document::extension(&name) == extension
            || (extension == "md" && super::document::extension(&name) == "markdown");
        Ok(if has_it { name } else { format!("{name}.{extension}") })
    }

    /// The text of the file as it is; nothing if there is none.
    async fn old(&self, name: &str, cx: &Cx) -> Option<String> {
        let user = cx.scope().user_id?;
        let bytes = cx.files().read(&format!("{user}/{name}"), MAX_OLD).await.ok()?;
        String::from_utf8(bytes.to_vec()).ok()
    }
}

examples! {
    "A table": {"input": {"$table": [{"a": 1}]}, "file_name": "rows", "local_format": "csv"}
        => message: "DataFrame saved successfully as 'rows.csv' at user/rows.csv";
    "A message": {"input": {"$message": "hi"}, "file_name": "note.txt", "local_format": "txt"}
        => message: "Message saved successfully as 'note.txt' at user/note.txt";
    "A format that does not suit": {"input": {"$message": "hi"}, "file_name": "note", "local_format": "csv"}
        => fails "Allowed: txt";
    "A name with a folder": {"input": {"$message": "hi"}, "file_name": "../note", "local_format": "txt"}
        => fails "plain name";
}
