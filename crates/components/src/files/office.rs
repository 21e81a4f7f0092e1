//! DOCX and PPTX: text out of zipped XML. Archives are read with bounds, so that a small file cannot
//! unpack into a large one.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// Most bytes of one unpacked part.
const MAX_PART: u64 = 64 * 1024 * 1024;
/// Most bytes of all unpacked parts.
pub const MAX_TOTAL: u64 = 256 * 1024 * 1024;
/// Most parts that are read.
const MAX_PARTS: usize = 5_000;

/// A zip archive in memory.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let zip =
            ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("not a zip archive: {error}"))?;
        if zip.len() > MAX_PARTS {
            return Err(format!("the archive has more than {MAX_PARTS} entries"));
        }
        Ok(Self { zip, left: MAX_TOTAL })
    }

    /// Names of the entries that are files.
    pub fn names(&self) -> Vec<String> {
        let names = self.zip.file_names().flatten().map(std::borrow::Cow::into_owned);
        names.filter(|name| !name.ends_with('/')).collect()
    }

    /// One entry, unpacked; `None` if there is none of this name.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Ok(entry) = self.zip.by_name(name) else { return Ok(None) };
        if entry.encrypted() {
            return Err("the archive is encrypted".into());
        }
        let limit = MAX_PART.min(self.left);
        let mut content = Vec::new();
        entry
            .take(limit + 1)
            .read_to_end(&mut content)
            .map_err(|error| format!("'{name}' cannot be unpacked: {error}"))?;
        let size = content.len() as u64;
        if size > limit {
            return Err(format!("'{name}' unpacks into more than {limit} bytes"));
        }
        self.left -= size;
        Ok(Some(content))
    }

    /// One entry as text.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        String::from_utf8(bytes).map(Some).map_err(|_| format!("'{name}' is not UTF-8"))
    }
}

/// The text of a DOCX: its paragraphs, with a blank line between them.
pub fn docx(bytes: &[u8]) -> Result<String, String> {
    let mut archive = Archive::open(bytes)?;
    let xml =
        archive.text("word/document.xml")?.ok_or("not a Word document: word/document.xml is missing")?;
    Ok(paragraphs(&xml)?.join("\n\n"))
}

/// The text of a PPTX: the slides in order, with a blank line between them.
pub fn pptx(bytes: &[u8]) -> Result<String, String> {
    let mut archive = Archive::open(bytes)?;
    let number = |name: &str| -> Option<u32> {
        name.strip_prefix("ppt/slides/slide")?.strip_suffix(".xml")?.parse().ok()
    };
    let mut slides: Vec<(u32, String)> =
        archive.names().into_iter().filter_map(|name| Some((number(&name)?, name))).collect();
    if slides.is_empty() {
        return Err("not a presentation: it has no slides".into());
    }
    slides.sort_unstable();
    let mut texts = Vec::new();
    for (_, name) in slides {
        let xml = archive.text(&name)?.unwrap_or_default();
        let text = paragraphs(&xml)?.join("\n");
        if !text.is_empty() {
            texts.push(text);
        }
    }
    Ok(texts.join("\n\n"))
}

/// The texts of the elements `p`, whose parts are in elements `t`.
fn paragraphs(xml: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    let mut current = String::new();
    let mut in_text = false;
    loop {
        match reader.read_event().map_err(|error| format!("broken XML: {error}"))? {
            Event::Start(tag) => in_text = tag.local_name().as_ref() == "t",
            Event::Empty(tag) => match tag.local_name().as_ref() {
                "tab" => current.push('\t'),
                "br" | "cr" => current.push('\n'),
                _ => {}
            },
            Event::Text(text) if in_text => current.push_str(&text.xml10_content()),
            Event::CData(text) if in_text => current.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if in_text => push_reference(&reference, &mut current),
            Event::End(tag) => {
                in_text = false;
                if tag.local_name().as_ref() == "p" {
                    let paragraph = std::mem::take(&mut current);
                    if !paragraph.trim().is_empty() {
                        found.push(paragraph);
                    }
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// `&amp;`, `&#228;` and the like.
pub fn push_reference(reference: &BytesRef<'_>, out: &mut String) {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        out.push(c);
        return;
    }
    match reference.xml10_content().as_ref() {
        "amp" => out.push('&'),
        "lt" => out.push('<'),
        "gt" => out.push('>'),
        "quot" => out.push('"'),
        "apos" => out.push('\''),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    pub(crate) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn paragraphs_of_a_document() {
        let xml = r#"<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>One &amp; </w:t></w:r><w:r><w:t>two</w:t></w:r></w:p>
            <w:p/><w:p><w:r><w:t>a</w:t><w:tab/><w:t>b &#228;</w:t></w:r></w:p></w:body></w:document>"#;
        let file = zipped(&[("word/document.xml", xml.as_bytes())]);
        assert_eq!(docx(&file).unwrap(), "One & two\n\na\tb ä");
        assert!(pptx(&file).is_err());
        assert!(docx(b"PK no").is_err());
    }

    #[test]
    fn a_bomb_is_refused() {
        let large = vec![b' '; usize::try_from(MAX_PART).unwrap() + 1];
        let file = zipped(&[("word/document.xml", &large)]);
        assert!(file.len() < 1_000_000, "it is small while packed");
        assert!(docx(&file).unwrap_err().contains("unpacks into more than"));
    }
}
