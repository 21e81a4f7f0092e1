//! Write File.

use super::read_file::locations;
use super::render::{Input, render};
use crate::fields::{Pick, option};
use langflow_core::prelude::*;
use serde_json::json;

/// Largest file that is appended to.
const MAX_OLD: usize = 64 * 1024 * 1024;
const LOCAL_FORMATS: [&str; 6] = ["csv", "excel", "json", "markdown", "txt", "html"];
const AWS_FORMATS: [&str; 13] =
    ["txt", "json", "csv", "xml", "html", "md", "yaml", "log", "tsv", "jsonl", "parquet", "xlsx", "zip"];
const DRIVE_FORMATS: [&str; 9] = ["txt", "html", "json", "csv", "xlsx", "slides", "docs", "jpg", "mp3"];

/// Writes a message, data or a table into a file.
///
/// The file goes to the files of the user who runs the flow. Messages are written as text, JSON, Markdown
/// or HTML; data and tables as CSV, a workbook, JSON or Markdown.
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
    #[expect(dead_code, reason = "only local files are written")]
    aws_format: String,
    /// The format of a file on a drive.
    #[input(title = "File Format", kind = Dropdown, options = DRIVE_FORMATS, default = "txt", hidden)]
    #[expect(dead_code, reason = "only local files are written")]
    gdrive_format: String,
    /// The key for the bucket.
    #[input(title = "AWS Access Key ID", advanced, hidden)]
    #[expect(dead_code, reason = "only local files are written")]
    aws_access_key_id: Option<Secret>,
    /// The secret of the key.
    #[input(title = "AWS Secret Key", advanced, hidden)]
    #[expect(dead_code, reason = "only local files are written")]
    aws_secret_access_key: Option<Secret>,
    /// The bucket.
    #[input(title = "S3 Bucket Name", kind = Str, advanced, hidden)]
    #[expect(dead_code, reason = "only local files are written")]
    bucket_name: String,
    /// The region of the bucket.
    #[input(title = "AWS Region", kind = Str, advanced, hidden)]
    #[expect(dead_code, reason = "only local files are written")]
    aws_region: String,
    /// The folder in the bucket.
    #[input(title = "S3 Prefix", kind = Str, advanced, hidden)]
    #[expect(dead_code, reason = "only local files are written")]
    s3_prefix: String,
    /// The service account, as JSON.
    #[input(title = "GCP Credentials Secret Key", required, advanced, hidden)]
    #[expect(dead_code, reason = "only local files are written")]
    service_account_key: Option<Secret>,
    /// The folder on the drive.
    #[input(title = "Google Drive Folder ID", kind = Str, required, advanced, hidden)]
    #[expect(dead_code, reason = "only local files are written")]
    folder_id: String,
    #[input(rest)]
    rest: Params,
}

#[outputs]
impl SaveToFileComponent {
    /// A sentence that says where the file is.
    #[output(name = "message", title = "File Path", method = "save_to_file", aliases = ["confirmation", "result"])]
    async fn message(&self, cx: &Cx) -> Result<Message, Fault> {
        match self.storage_location.only() {
            None | Some("Local") => {}
            Some(other) => {
                return Err(Fault::unsupported(format!("files are not written to {other} natively"))
                    .at_field("storage_location"));
            }
        }
        let input = Input::of(&self.value()?).map_err(|why| Fault::invalid(why).at_field("input"))?;
        let format = self.format(&input)?;
        let name = self.name(&format)?;
        let old = if self.append_mode { self.old(&name, cx).await } else { None };
        let content =
            render(&input, &format, old.as_deref()).map_err(|why| Fault::invalid(why).at_field("input"))?;
        let path =
            cx.files().write(&name, content.into()).await.map_err(|fault| fault.at_field("file_name"))?;
        Ok(cx.new_message(format!("{} saved successfully as '{name}' at {path}", input.kind())))
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

    /// The bare name with the extension of the format.
    fn name(&self, format: &str) -> Result<String, Fault> {
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
        let extension = match format {
            "excel" => "xlsx",
            "markdown" => "md",
            other => other,
        };
        let has_it = super::document::extension(name) == extension
            || (extension == "md" && super::document::extension(name) == "markdown");
        Ok(if has_it { name.to_owned() } else { format!("{name}.{extension}") })
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
