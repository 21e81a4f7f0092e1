//! Read File.

use super::document::{self, Content, MAX_FILE};
use super::elsewhere::{BucketAsk, Fetched, bucket, drive};
use super::tar;
use crate::fields::{Pick, option};
use crate::heavy;
use crate::text::csv;
use bytes::Bytes;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use langflow_providers::media::image_type;
use serde_json::json;

/// Most files of one node.
const MAX_FILES: usize = 500;
/// Most bytes of all files of one node.
const MAX_TOTAL: usize = 256 * 1024 * 1024;
/// Extensions the picker offers.
const FILE_TYPES: [&str; 43] = [
    "csv", "json", "pdf", "txt", "md", "mdx", "yaml", "yml", "xml", "html", "htm", "docx", "py", "sh", "sql",
    "js", "ts", "tsx", "adoc", "asciidoc", "asc", "bmp", "dotx", "dotm", "docm", "jpg", "jpeg", "png",
    "potx", "ppsx", "pptm", "potm", "ppsm", "pptx", "tiff", "xls", "xlsx", "xhtml", "webp", "zip", "tar",
    "tgz", "bz2",
];
const PIPELINES: [&str; 2] = ["standard", "vlm"];
const OCR_ENGINES: [&str; 2] = ["None", "easyocr"];

/// Where files are kept.
pub fn locations() -> Json {
    json!([option("Local", "hard-drive"), option("AWS", "Amazon"), option("Google Drive", "google")])
}

/// Reads uploaded files.
///
/// Text files of many kinds are read as they are, Word documents, presentations and PDFs as the text in
/// them, workbooks and CSV also as tables, JSON also as data. A zip or tar archive is read file by file. Pictures go
/// along with the message, for models that see. Which outputs the node has follows from its files.
#[derive(Component)]
#[component(
    id = "File",
    class = "FileComponent",
    title = "Read File",
    icon = "file-text",
    category = "files_and_knowledge",
    module = "lfx.components.files_and_knowledge.file.FileComponent",
    documentation = "https://docs.langflow.org/read-file"
)]
pub struct FileComponent {
    /// Where the files are.
    #[input(
        title = "Storage Location", advanced, real_time_refresh, placeholder = "Select Location",
        default = json!([option("Local", "hard-drive")]), extra = json!({"options": locations(), "limit": 1})
    )]
    storage_location: Pick,
    /// The files to read.
    #[input(
        title = "Files", kind = File, real_time_refresh, default = json!([]),
        file_types = FILE_TYPES, extra = json!({"fileTypes": file_types()})
    )]
    path: Many<Json>,
    /// Paths of files from another component; they take the place of the files above.
    #[input(title = "Server File Path", kind = Handle, handles = ["Data", "JSON", "Message"], advanced)]
    file_path: Many<AnyValue>,
    /// What stands between the texts of two files.
    #[input(title = "Separator", kind = Str, default = "\n\n", advanced)]
    separator: String,
    /// Leave out files that cannot be read.
    #[input(title = "Silent Errors", advanced)]
    silent_errors: bool,
    /// Kept for older flows: files of other components stay where they are.
    #[input(title = "Delete Server File After Processing", default = true, advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    delete_server_file_after_processing: bool,
    /// Leave out files of kinds that cannot be read.
    #[input(title = "Ignore Unsupported Extensions", default = true, advanced)]
    ignore_unsupported_extensions: bool,
    /// Leave out data without a file path.
    #[input(title = "Ignore Unspecified Files", advanced)]
    ignore_unspecified_files: bool,
    /// The encoding of text files, for example `utf-8` or `latin-1`. Empty: found out.
    #[input(title = "Text Encoding", kind = Str, advanced)]
    text_encoding: String,
    /// The path of one stored file, for tools and calls of the API.
    #[input(title = "File Path", kind = Str, advanced, tool_mode, hidden)]
    file_path_str: String,
    /// The key for the bucket.
    #[input(title = "AWS Access Key ID", required, hidden)]
    aws_access_key_id: Option<Secret>,
    /// The secret of the key.
    #[input(title = "AWS Secret Key", required, hidden)]
    aws_secret_access_key: Option<Secret>,
    /// The bucket.
    #[input(title = "S3 Bucket Name", kind = Str, required, hidden)]
    bucket_name: String,
    /// The region of the bucket.
    #[input(title = "AWS Region", kind = Str, hidden)]
    aws_region: String,
    /// The file in the bucket.
    #[input(title = "S3 File Key", kind = Str, required, hidden)]
    s3_file_key: String,
    /// The service account, as JSON.
    #[input(title = "GCP Credentials Secret Key", required, hidden)]
    service_account_key: Option<Secret>,
    /// The id of the file on the drive.
    #[input(title = "Google Drive File ID", kind = Str, required, hidden)]
    file_id: String,
    /// Kept for older flows: documents are read the same way with and without it.
    #[input(title = "Advanced Parser", real_time_refresh)]
    #[expect(dead_code, reason = "stored flows have it")]
    advanced_mode: bool,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Pipeline", kind = Dropdown, options = PIPELINES, default = "standard", advanced, real_time_refresh)]
    #[expect(dead_code, reason = "stored flows have it")]
    pipeline: String,
    /// Kept for older flows: text in pictures is not read.
    #[input(title = "OCR Engine", kind = Dropdown, options = OCR_ENGINES, default = "easyocr", advanced, hidden)]
    #[expect(dead_code, reason = "stored flows have it")]
    ocr_engine: String,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Image placeholder", kind = Str, default = "<!-- image -->", advanced, hidden)]
    #[expect(dead_code, reason = "stored flows have it")]
    md_image_placeholder: String,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Page break placeholder", kind = Str, advanced, hidden)]
    #[expect(dead_code, reason = "stored flows have it")]
    md_page_break_placeholder: String,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Doc Key", default = "doc", advanced, hidden)]
    #[expect(dead_code, reason = "stored flows have it")]
    doc_key: String,
    /// Kept for older flows; it changes nothing.
    #[input(title = "[Deprecated] Use Multithreading", default = true, advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    use_multithreading: bool,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Processing Concurrency", default = 1, advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    concurrency_multithreading: i64,
    /// Kept for older flows; it changes nothing.
    #[input(title = "Markdown Export", hidden)]
    #[expect(dead_code, reason = "stored flows have it")]
    markdown: bool,
}

/// Fields of each place where files are kept.
const PLACES: [(&str, &[&str]); 3] = [
    ("Local", &["path"]),
    ("AWS", &["aws_access_key_id", "aws_secret_access_key", "bucket_name", "aws_region", "s3_file_key"]),
    ("Google Drive", &["service_account_key", "file_id"]),
];

/// Shows the fields of the chosen place alone.
pub fn show_place(request: &RefreshRequest, places: &[(&str, &[&str])], patch: &mut SpecPatch) {
    let chosen = match &request.value {
        Json::Array(picked) => picked.first().and_then(|one| one.get("name")).and_then(Json::as_str),
        other => other.as_str(),
    };
    let chosen = chosen.unwrap_or("Local");
    for (place, fields) in places {
        for field in fields.iter().filter(|field| request.template.contains_key(**field)) {
            patch.template.insert((*field).into(), json!({ "show": *place == chosen }));
        }
    }
}

fn file_types() -> Json {
    let mut types: Vec<&str> = FILE_TYPES.to_vec();
    types.push("gz");
    json!(types)
}

/// A file that was read.
struct Loaded {
    path: String,
    size: usize,
    content: Content,
    is_picture: bool,
}

#[outputs]
impl FileComponent {
    /// The texts of all files.
    #[output(name = "message", title = "Raw Content", method = "load_files_message", aliases = ["load_message"])]
    async fn message(&self, cx: &Cx) -> Result<Message, Fault> {
        let files = self.load(cx).await?;
        let is_text = |file: &&Loaded| !file.is_picture;
        let texts: Vec<&str> = files.iter().filter(is_text).map(|file| file.content.text.as_str()).collect();
        let mut message = cx.new_message(texts.join(&self.separator));
        message.files = files.iter().filter(|file| file.is_picture).map(|file| json!(file.path)).collect();
        if let Some(first) = files.first() {
            message.extra.insert("file_path".into(), json!(first.path));
            message.extra.insert("filename".into(), json!(name_of(&first.path)));
            message.extra.insert("file_size".into(), json!(first.size));
            message.extra.insert("encoding".into(), json!(first.content.encoding));
        }
        if files.len() > 1 {
            let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
            message.extra.insert("source_files".into(), json!(paths));
        }
        Ok(message)
    }

    /// The rows of a table file, or one row for each file.
    #[output(
        name = "dataframe", title = "Structured Content", method = "load_files_structured",
        aliases = ["load_files", "load_dataframe", "load_files_dataframe", "advanced_dataframe"], legacy
    )]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        let mut files = self.load(cx).await?;
        if let [file] = files.as_mut_slice() {
            if let Some(table) = file.content.table.take() {
                return Ok(table);
            }
            if document::extension(&file.path) == "csv" {
                let (name, text) = (name_of(&file.path).to_owned(), file.content.text.clone());
                let table = heavy::run(move || {
                    csv::read(&text).map_err(|why| Fault::invalid(format!("'{name}': {why}")))
                });
                match table.await {
                    Ok(table) => return Ok(table),
                    Err(fault) if self.silent_errors => cx.log("Error", fault.message()),
                    Err(fault) => return Err(fault.at_field("path")),
                }
            }
        }
        Ok(Table::from_rows(files.iter().map(row)))
    }

    /// The value of a JSON file.
    #[output(name = "json", title = "Structured Content", method = "load_files_json", legacy)]
    async fn json(&self, cx: &Cx) -> Result<Data, Fault> {
        let files = self.load(cx).await?;
        Ok(match files.into_iter().next() {
            Some(Loaded { content: Content { json: Some(json @ Json::Object(_)), .. }, .. }) => {
                Data::from_json(json)
            }
            Some(Loaded { content: Content { json: Some(other), .. }, .. }) => {
                Data::from_json(json!({"value": other.to_string()}))
            }
            Some(file) => Data::new(row(&file)),
            None => Data::default(),
        })
    }

    /// The paths of the files, a line each.
    #[output(name = "path", title = "File Path", method = "load_files_path", legacy)]
    async fn path(&self, cx: &Cx) -> Result<Message, Fault> {
        Ok(cx.new_message(self.paths()?.join("\n")))
    }

    /// The text of the files in Markdown.
    #[output(name = "advanced_markdown", title = "Markdown", method = "load_files_markdown", legacy)]
    async fn advanced_markdown(&self, cx: &Cx) -> Result<Message, Fault> {
        self.message(cx).await
    }

    /// One piece of data for each file.
    #[output(name = "data", title = "Data", method = "load_files_data", aliases = ["load_file"], types = ["JSON"], legacy)]
    async fn data(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.load(cx).await?.iter().map(|file| Data::new(row(file))).collect())
    }

    /// The outputs that suit the files.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field == "storage_location" {
            show_place(request, &PLACES, &mut patch);
        }
        if request.field != "path" {
            return Ok(patch);
        }
        let stored = request.template.get("path").and_then(|field| field.get("file_path"));
        let names: Vec<&str> = match stored.unwrap_or(&request.value) {
            Json::Array(items) => items.iter().filter_map(Json::as_str).collect(),
            Json::String(one) if !one.is_empty() => vec![one],
            _ => Vec::new(),
        };
        let wanted: &[&str] = match names.as_slice() {
            [one] => match document::extension(one).as_str() {
                "csv" | "xlsx" => &["dataframe", "message", "path"],
                "json" => &["json", "message", "path"],
                _ => &["message", "path"],
            },
            [] => &["message"],
            _ => &["dataframe", "message"],
        };
        let specs = Self::output_specs();
        let find = |name: &&str| {
            specs.iter().find(|o| o.name == *name).map(langflow_core::component::OutputSpec::to_json)
        };
        patch.outputs = Some(wanted.iter().filter_map(find).collect());
        Ok(patch)
    }
}

impl FileComponent {
    /// Storage paths of the files: those of other components, else the one of a call, else the node's own.
    fn paths(&self) -> Result<Vec<String>, Fault> {
        let mut paths = Vec::new();
        for value in &self.file_path.0 {
            match &value.0 {
                Value::Null => {}
                Value::Data(data) => match data.data.get("file_path").and_then(Json::as_str) {
                    Some(path) => paths.push(path.to_owned()),
                    None if self.ignore_unspecified_files => {}
                    None => {
                        return Err(Fault::missing("the data has no 'file_path'").at_field("file_path"));
                    }
                },
                other => {
                    let text = langflow_core::component::text_of(other)
                        .map_err(|why| Fault::invalid(why).at_field("file_path"))?;
                    paths.extend(Some(text).filter(|text| !text.is_empty()));
                }
            }
        }
        if paths.is_empty() && !self.file_path_str.trim().is_empty() {
            paths.push(self.file_path_str.trim().to_owned());
        }
        if paths.is_empty() {
            let own = self.path.0.iter().filter_map(|path| path.as_str().map(str::to_owned));
            paths.extend(own.filter(|path| !path.is_empty()));
        }
        if paths.len() > MAX_FILES {
            return Err(Fault::invalid(format!("more than {MAX_FILES} files")).at_field("path"));
        }
        Ok(paths)
    }

    async fn load(&self, cx: &Cx) -> Result<Vec<Loaded>, Fault> {
        match self.storage_location.only() {
            None | Some("Local") => {}
            Some("AWS") => {
                let (name, bytes) = self.fetch_from_bucket(cx).await?;
                return self
                    .unpack_and_read(name, bytes)
                    .await
                    .map_err(|fault| fault.at_field("s3_file_key"));
            }
            Some("Google Drive") => {
                let (name, bytes) = self.fetch_from_drive(cx).await?;
                return self.unpack_and_read(name, bytes).await.map_err(|fault| fault.at_field("file_id"));
            }
            Some(other) => {
                return Err(Fault::invalid(format!("'{other}' is not a place where files are kept"))
                    .at_field("storage_location"));
            }
        }
        let paths = self.paths()?;
        if paths.is_empty() && !self.silent_errors {
            return Err(Fault::missing("No files to process").at_field("path"));
        }
        let mut files = Vec::new();
        let mut total = 0;
        for path in paths {
            match self.load_one(cx, path, &mut total).await {
                Ok(loaded) => files.extend(loaded),
                Err(fault) if self.silent_errors => cx.log("Error", fault.message()),
                Err(fault) => return Err(fault.at_field("path")),
            }
        }
        Ok(files)
    }

    /// One file, or the files of an archive.
    async fn load_one(&self, cx: &Cx, path: String, total: &mut usize) -> Result<Vec<Loaded>, Fault> {
        let extension = document::extension(&path);
        let is_known = document::is_supported(&extension) || is_picture(&extension) || is_archive(&extension);
        if !is_known {
            if self.ignore_unsupported_extensions {
                cx.log("Skipped", format!("'{}' is of a kind that cannot be read", name_of(&path)));
                return Ok(Vec::new());
            }
            return Err(Fault::unsupported(format!(
                "'{}': files of the kind '{extension}' cannot be read",
                name_of(&path)
            )));
        }
        let bytes = cx.files().read(&path, MAX_FILE).await?;
        *total += bytes.len();
        if *total > MAX_TOTAL {
            return Err(Fault::invalid(format!("the files are together larger than {MAX_TOTAL} bytes")));
        }
        self.unpack_and_read(path, bytes).await
    }

    /// Reads a document or a picture, or those in an archive.
    async fn unpack_and_read(&self, path: String, bytes: Bytes) -> Result<Vec<Loaded>, Fault> {
        let label = self.text_encoding.clone();
        heavy::run(move || {
            let extension = document::extension(&path);
            if is_picture(&extension) {
                return picture(path, &bytes).map(|picture| vec![picture]);
            }
            let files = if is_archive(&extension) {
                unpack(&path, &bytes).map_err(|why| Fault::invalid(format!("'{}': {why}", name_of(&path))))?
            } else {
                vec![(path, bytes.to_vec())]
            };
            files
                .into_iter()
                .map(|(path, bytes)| {
                    let content = document::read(&bytes, &document::extension(&path), &label)
                        .map_err(|why| Fault::invalid(format!("'{}': {why}", name_of(&path))))?;
                    Ok(Loaded { size: bytes.len(), content, path, is_picture: false })
                })
                .collect()
        })
        .await
    }

    async fn fetch_from_bucket(&self, cx: &Cx) -> Result<Fetched, Fault> {
        let ask = BucketAsk {
            id: self.aws_access_key_id.as_ref(),
            secret: self.aws_secret_access_key.as_ref(),
            name: &self.bucket_name,
            region: &self.aws_region,
        };
        let key = self.s3_file_key.trim();
        if key.is_empty() {
            return Err(Fault::missing("say which file of the bucket it is").at_field("s3_file_key"));
        }
        let content = bucket(ask, cx).await?.get(key, MAX_FILE, &*cx.egress()).await;
        Ok((key.to_owned(), content.map_err(|fault| fault.at_field("s3_file_key"))?))
    }

    async fn fetch_from_drive(&self, cx: &Cx) -> Result<Fetched, Fault> {
        let id = self.file_id.trim();
        if id.is_empty() {
            return Err(Fault::missing("say which file of the drive it is").at_field("file_id"));
        }
        let drive = drive(self.service_account_key.as_ref(), cx).await?;
        let file =
            drive.read(id, MAX_FILE, &*cx.egress()).await.map_err(|fault| fault.at_field("file_id"))?;
        Ok((file.name, file.content))
    }
}

/// Pictures that models take.
fn is_picture(extension: &str) -> bool {
    matches!(extension, "png" | "jpg" | "jpeg" | "webp" | "gif" | "bmp")
}

/// A picture has no text; models that see get it with the message.
fn picture(path: String, bytes: &[u8]) -> Result<Loaded, Fault> {
    let extension = document::extension(&path);
    let kind = if extension == "jpg" { "jpeg" } else { &extension };
    if image_type(bytes) != Some(format!("image/{kind}").as_str()) {
        return Err(Fault::invalid(format!("'{}' is no picture of the kind '{extension}'", name_of(&path))));
    }
    Ok(Loaded { path, size: bytes.len(), content: Content::default(), is_picture: true })
}

fn is_archive(extension: &str) -> bool {
    matches!(extension, "zip" | "tar" | "tgz" | "gz")
}

/// The documents in an archive; what is hidden is passed over.
fn unpack(path: &str, bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let extension = document::extension(path);
    if extension == "zip" {
        return unzip(bytes);
    }
    let unpacked;
    let (inner, bytes) = if extension == "tar" {
        (path, bytes)
    } else {
        unpacked = tar::gunzip(bytes)?;
        (path.get(..path.len().saturating_sub(3)).unwrap_or_default(), unpacked.as_slice())
    };
    let is_one_file = extension == "gz" && document::extension(inner) != "tar";
    let files =
        if is_one_file { vec![(inner.to_owned(), bytes.to_vec())] } else { tar::files(bytes, is_wanted)? };
    if is_one_file && !is_wanted(inner) {
        return Err(format!("files of the kind '{}' cannot be read", document::extension(inner)));
    }
    if files.len() > MAX_FILES {
        return Err(format!("the archive has more than {MAX_FILES} files"));
    }
    Ok(files)
}

fn is_wanted(name: &str) -> bool {
    let is_hidden = name.split('/').any(|part| (part.starts_with('.') && part != ".") || part == "__MACOSX");
    !is_hidden && document::is_supported(&document::extension(name))
}

fn unzip(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut archive = super::office::Archive::open(bytes)?;
    let mut files = Vec::new();
    for name in archive.names().into_iter().filter(|name| is_wanted(name)) {
        if files.len() == MAX_FILES {
            return Err(format!("the archive has more than {MAX_FILES} files"));
        }
        if let Some(content) = archive.bytes(&name)? {
            files.push((name, content));
        }
    }
    Ok(files)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn row(file: &Loaded) -> JsonMap {
    let mut row = JsonMap::new();
    row.insert("file_path".into(), json!(file.path));
    row.insert("text".into(), json!(file.content.text));
    if !file.content.encoding.is_empty() {
        row.insert("encoding".into(), json!(file.content.encoding));
    }
    row
}
