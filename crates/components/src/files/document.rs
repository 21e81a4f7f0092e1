//! One file as text, and as data where its format has structure.

use super::{decode, office, spreadsheet};
use crate::text::markdown;
use langflow_core::{Json, Table};
use unicode_normalization::UnicodeNormalization as _;

/// Largest file that is read.
pub const MAX_FILE: usize = 64 * 1024 * 1024;

/// Formats that are read as they are.
const PLAIN: [&str; 18] = [
    "txt", "md", "mdx", "csv", "json", "yaml", "yml", "xml", "html", "htm", "py", "sh", "sql", "js", "ts",
    "tsx", "adoc", "xhtml",
];

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Content {
    pub text: String,
    /// Encoding of a text; empty for other formats.
    pub encoding: String,
    /// The rows of a workbook. Those of a CSV file are read from its text where they are wanted.
    pub table: Option<Table>,
    /// The value of a JSON file.
    pub json: Option<Json>,
}

/// Whether files of this extension can be read.
pub fn is_supported(extension: &str) -> bool {
    PLAIN.contains(&extension) || matches!(extension, "pdf" | "docx" | "pptx" | "xlsx")
}

/// The extension of a file name, in lower case.
pub fn extension(name: &str) -> String {
    name.rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map_or(String::new(), |(_, e)| e.to_lowercase())
}

/// Reads a document. `label` names the encoding of text files; empty: find out.
pub fn read(bytes: &[u8], extension: &str, label: &str) -> Result<Content, String> {
    match extension {
        "pdf" => Ok(Content { text: pdf(bytes)?, ..Content::default() }),
        "docx" => Ok(Content { text: office::docx(bytes)?, ..Content::default() }),
        "pptx" => Ok(Content { text: office::pptx(bytes)?, ..Content::default() }),
        "xlsx" => {
            let table = spreadsheet::read(bytes)?;
            Ok(Content { text: markdown::table(&table), table: Some(table), ..Content::default() })
        }
        _ => text(bytes, extension, label),
    }
}

fn text(bytes: &[u8], extension: &str, label: &str) -> Result<Content, String> {
    let decoded = decode::decode(bytes, label)?;
    let mut content = Content { text: decoded.text, encoding: decoded.encoding, ..Content::default() };
    if extension == "json" {
        let json: Json =
            serde_json::from_str(&content.text).map_err(|error| format!("invalid JSON: {error}"))?;
        let json = normalise(json);
        content.text = json.to_string();
        content.json = Some(json);
    }
    Ok(content)
}

/// Texts in compatibility decomposition, as the reference gives them.
fn normalise(json: Json) -> Json {
    match json {
        Json::String(text) => Json::String(text.nfkd().collect()),
        Json::Array(items) => Json::Array(items.into_iter().map(normalise).collect()),
        Json::Object(map) => {
            Json::Object(map.into_iter().map(|(key, value)| (key, normalise(value))).collect())
        }
        other => other,
    }
}

/// The texts of the pages, with a blank line between them.
fn pdf(bytes: &[u8]) -> Result<String, String> {
    let pages = pdf_extract::extract_text_from_mem_by_pages(bytes).map_err(|error| {
        let why = error.to_string();
        if why.to_lowercase().contains("crypt") || why.contains("password") {
            "the PDF is encrypted".to_owned()
        } else {
            format!("the PDF cannot be read: {why}")
        }
    })?;
    let pages: Vec<&str> = pages.iter().map(|page| page.trim()).collect();
    Ok(pages.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_with_structure_keep_it() {
        let content = read("{ \"a\": \"ﬁ\" }".as_bytes(), "json", "").unwrap();
        assert_eq!(content.text, "{\"a\":\"fi\"}");
        assert!(read(b"{", "json", "").is_err());
    }

    #[test]
    fn broken_documents_are_errors() {
        for extension in ["pdf", "docx", "pptx", "xlsx"] {
            assert!(read(b"not a document", extension, "").is_err(), "{extension}");
            assert!(read(b"", extension, "").is_err(), "{extension}");
        }
    }
}
