//! Files on a Google Drive, with a service account.

use crate::aws::encoded;
use crate::google::{DRIVE, ServiceAccount};
use crate::http::Call;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use langflow_core::run::Egress;
use langflow_core::{Fault, Json, Secret};
use serde_json::json;
use std::time::Duration;

const API: &str = "https://www.googleapis.com";
const SERVICE: &str = "Google Drive";
const PATIENCE: Duration = Duration::from_mins(5);
const ANSWER_BYTES: usize = 1024 * 1024;
/// Parts two pieces of an upload; what is uploaded must not hold it.
const BOUNDARY: &str = "langflow-7d3f9e1c5b2a4860";

/// The drive of an account.
#[derive(Debug)]
pub struct Drive {
    token: Secret,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct DriveFile {
    pub name: String,
    pub content: Bytes,
}

/// A file to write.
#[derive(Clone, Debug)]
pub struct NewDriveFile<'a> {
    pub name: &'a str,
    pub content_type: &'a str,
    /// Kind of Google's own that it becomes, as `application/vnd.google-apps.document`.
    pub becomes: Option<&'a str>,
    /// Id of a folder that the account may write to.
    pub folder: &'a str,
    pub content: Bytes,
}

impl Drive {
    /// # Errors
    /// The account is not accepted.
    pub async fn of(
        account: &ServiceAccount,
        now: DateTime<Utc>,
        egress: &dyn Egress,
    ) -> Result<Self, Fault> {
        Ok(Self { token: account.token(DRIVE, now, egress).await? })
    }

    fn call(&self, call: Call) -> Call {
        call.bearer(&self.token).timeout(PATIENCE)
    }

    /// Reads a file of at most `limit` bytes. Documents of Google's own kinds come as text, sheets as CSV.
    pub async fn read(&self, id: &str, limit: usize, egress: &dyn Egress) -> Result<DriveFile, Fault> {
        let file = format!("{API}/drive/v3/files/{}", encoded(id));
        let about =
            self.call(Call::get(&file).query(&[("fields", "name,mimeType"), ("supportsAllDrives", "true")]));
        let about = about.send_json(egress, SERVICE, ANSWER_BYTES).await?;
        let text = |key: &str| about.get(key).and_then(Json::as_str).unwrap_or_default();
        let mut name = text("name").to_owned();
        let export = match text("mimeType") {
            "application/vnd.google-apps.spreadsheet" => Some(("text/csv", "csv")),
            kind if kind.starts_with("application/vnd.google-apps.") => Some(("text/plain", "txt")),
            _ => None,
        };
        let call = match export {
            Some((kind, extension)) => {
                name = format!("{name}.{extension}");
                Call::get(format!("{file}/export")).query(&[("mimeType", kind)])
            }
            None => Call::get(&file).query(&[("alt", "media"), ("supportsAllDrives", "true")]),
        };
        let content = self.call(call).send_ok(egress, SERVICE).await?.bytes(limit).await?;
        Ok(DriveFile { name, content })
    }

    /// Writes a new file, and gives its address.
    pub async fn write(&self, new: NewDriveFile<'_>, egress: &dyn Egress) -> Result<String, Fault> {
        let mut about = json!({ "name": new.name, "parents": [new.folder] });
        if let (Some(map), Some(kind)) = (about.as_object_mut(), new.becomes) {
            map.insert("mimeType".into(), json!(kind));
        }
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{about}\r\n--{BOUNDARY}\r\n\
             Content-Type: {}\r\n\r\n",
            new.content_type
        )
        .into_bytes();
        body.extend_from_slice(&new.content);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let call = Call::post(format!("{API}/upload/drive/v3/files"))
            .query(&[
                ("uploadType", "multipart"),
                ("fields", "id,webViewLink"),
                ("supportsAllDrives", "true"),
            ])
            .body(&format!("multipart/related; boundary={BOUNDARY}"), body);
        let answer = self.call(call).send_json(egress, SERVICE, ANSWER_BYTES).await?;
        let text = |key: &str| answer.get(key).and_then(Json::as_str);
        let id =
            text("id").ok_or_else(|| Fault::invalid("Google Drive answered without the id of the file"))?;
        Ok(text("webViewLink").map_or_else(|| format!("https://drive.google.com/file/d/{id}"), str::to_owned))
    }
}
