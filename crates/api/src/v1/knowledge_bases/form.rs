//! The multipart body of an ingestion: files go to disk as they come, texts are small.

use crate::AppState;
use crate::error::ApiResult;
use crate::extract::fields::{problem, unprocessable};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use langflow_app::knowledge::UploadedFile;
use langflow_app::{AppError, AppResult, ErrorKind};
use langflow_core::capability::SplitRule;
use serde_json::json;
use std::collections::HashMap;

/// Bytes of one text part.
const TEXT_BYTES: usize = 1024 * 1024;
const MOST_FIELDS: usize = 64;
const MOST_FILES: usize = 200;
const LONGEST_NAME: usize = 255;

/// What came.
#[derive(Default)]
pub struct UploadForm {
    texts: HashMap<String, String>,
    files: Vec<UploadedFile>,
}

impl UploadForm {
    pub async fn read(app: &AppState, mut request: Request) -> ApiResult<Self> {
        // The limit of bodies that are held in memory is not for these: the stack and the files count them.
        DefaultBodyLimit::disable().apply(&mut request);
        let Ok(mut form) = Multipart::from_request(request, app).await else {
            return Err(missing_files().into());
        };
        let mut read = Self::default();
        while let Some(mut part) = form.next_field().await.map_err(|error| unreadable(error.status()))? {
            let key = part.name().unwrap_or_default().to_owned();
            if let (Some(name), "files") = (part.file_name().map(plain_name), key.as_str()) {
                if read.files.len() >= MOST_FILES {
                    let text = format!("One request takes at most {MOST_FILES} files");
                    return Err(AppError::bad_request(text).into());
                }
                let mut file = UploadedFile::begin(app, name).await?;
                while let Some(piece) = part.chunk().await.map_err(|error| unreadable(error.status()))? {
                    file.write(&piece).await?;
                }
                read.files.push(file);
                continue;
            }
            let mut text = Vec::new();
            while let Some(piece) = part.chunk().await.map_err(|error| unreadable(error.status()))? {
                text.extend_from_slice(&piece);
                if text.len() > TEXT_BYTES || read.texts.len() >= MOST_FIELDS {
                    return Err(AppError::new(ErrorKind::TooLarge, "Content size limit exceeded.").into());
                }
            }
            read.texts.insert(key, String::from_utf8_lossy(&text).into_owned());
        }
        Ok(read)
    }

    pub fn text(&self, key: &str) -> &str {
        self.texts.get(key).map(String::as_str).unwrap_or_default()
    }

    pub fn integer(&self, key: &str, default: i64, min: i64, max: i64) -> AppResult<i64> {
        let text = self.text(key).trim();
        if text.is_empty() {
            return Ok(default);
        }
        let refuse =
            |kind: &str, msg: &str| unprocessable(vec![problem(kind, &[json!("body"), json!(key)], msg)]);
        match text.parse::<i64>() {
            Err(_) => Err(refuse(
                "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer",
            )),
            Ok(number) if number < min => {
                Err(refuse("greater_than_equal", &format!("Input should be greater than or equal to {min}")))
            }
            Ok(number) if number > max => {
                Err(refuse("less_than_equal", &format!("Input should be less than or equal to {max}")))
            }
            Ok(number) => Ok(number),
        }
    }

    /// How files are cut.
    pub fn rule(&self) -> AppResult<SplitRule> {
        let rule = SplitRule {
            chunk_size: self.integer("chunk_size", 1000, 1, 100_000)?,
            chunk_overlap: self.integer("chunk_overlap", 200, 0, 100_000)?,
            separator: self.text("separator").to_owned(),
        };
        if rule.chunk_overlap > rule.chunk_size {
            return Err(AppError::new(
                ErrorKind::Unprocessable,
                format!(
                    "Chunk overlap ({}) can't be larger than chunk size ({}).",
                    rule.chunk_overlap, rule.chunk_size
                ),
            ));
        }
        Ok(rule)
    }

    pub fn take_files(&mut self) -> AppResult<Vec<UploadedFile>> {
        let files = std::mem::take(&mut self.files);
        if files.is_empty() { Err(missing_files()) } else { Ok(files) }
    }
}

fn missing_files() -> AppError {
    unprocessable(vec![problem("missing", &[json!("body"), json!("files")], "Field required")])
}

fn unreadable(status: StatusCode) -> AppError {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        AppError::new(ErrorKind::TooLarge, "Content size limit exceeded.")
    } else {
        AppError::bad_request("There was an error parsing the body")
    }
}

/// The last part of a name, without control characters.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if plain.is_empty() { "unknown".to_owned() } else { plain }
}
