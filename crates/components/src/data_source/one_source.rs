//! A text that comes from a file, a path or a field: exactly one of them.

use crate::files::decode::decode;
use langflow_core::Fault;
use langflow_core::run::Cx;

/// Largest file that is read.
const FILE_BYTES: usize = 64 * 1024 * 1024;

/// Three fields of which one is filled.
pub struct OneSource<'a> {
    /// The ending of files, and the beginning of the fields' names.
    pub kind: &'a str,
    pub file: Option<&'a str>,
    pub path: &'a str,
    pub text: &'a str,
}

impl OneSource<'_> {
    /// The text, and the field it comes from.
    pub async fn read(&self, cx: &Cx) -> Result<(String, String), Fault> {
        let file = self.file.unwrap_or_default();
        let filled: Vec<(&str, &str)> = [("file", file), ("path", self.path), ("string", self.text)]
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .collect();
        let [(which, value)] = filled.as_slice() else {
            return Err(Fault::invalid("fill in exactly one of file, path and text")
                .at_field(format!("{}_file", self.kind)));
        };
        let field = format!("{}_{which}", self.kind);
        if *which == "string" {
            return Ok(((*value).to_owned(), field));
        }
        if !value.trim().to_ascii_lowercase().ends_with(&format!(".{}", self.kind)) {
            return Err(Fault::invalid(format!("expected a .{} file", self.kind)).at_field(field));
        }
        let bytes = cx.files().read(value.trim(), FILE_BYTES).await?;
        let decoded = decode(&bytes, "").map_err(|why| Fault::invalid(why).at_field(&field))?;
        Ok((decoded.text, field))
    }
}
