//! Bytes as text.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// A text, and the name of the encoding it was read in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    pub encoding: String,
}

/// Reads bytes in the encoding of this name; without a name in UTF-8, UTF-16 (by its mark), else in the
/// Windows encoding of western Europe, which reads anything but bytes that no text has. Line ends become `\n`.
pub fn decode(bytes: &[u8], label: &str) -> Result<Decoded, String> {
    let label = label.trim();
    let (encoding, strict) = if label.is_empty() {
        let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
        if marked.is_none() && bytes.contains(&0) {
            return Err("it is not a text: it holds binary data".to_owned());
        }
        let guessed = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
        (marked.unwrap_or(guessed), false)
    } else {
        let known = Encoding::for_label(python_label(label).as_bytes());
        (known.ok_or_else(|| format!("'{label}' is not the name of an encoding"))?, true)
    };
    let (text, _, had_errors) = encoding.decode(bytes);
    if strict && had_errors {
        return Err(format!("the file is not in the encoding {}", encoding.name()));
    }
    Ok(Decoded {
        text: text.replace("\r\n", "\n").replace('\r', "\n"),
        encoding: encoding.name().to_lowercase(),
    })
}

/// Python's names for encodings, as the web knows them.
fn python_label(label: &str) -> String {
    let label = label.to_lowercase().replace('_', "-");
    match label.as_str() {
        "latin-1" | "iso8859-1" => "latin1".into(),
        "utf-8-sig" => "utf-8".into(),
        "utf-16-le" => "utf-16le".into(),
        "utf-16-be" => "utf-16be".into(),
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_several_encodings_is_read() {
        for (bytes, label, text) in [
            (&b"a\r\nb\rc"[..], "", "a\nb\nc"),
            ("zürich".as_bytes(), "", "zürich"),
            (&b"z\xfcrich"[..], "", "zürich"),
            (&b"z\xfcrich"[..], "latin-1", "zürich"),
            (&b"\xff\xfez\0"[..], "", "z"),
            (&b"\xef\xbb\xbfz"[..], "", "z"),
        ] {
            assert_eq!(decode(bytes, label).unwrap().text, text, "{label}");
        }
        assert!(decode(b"\xff", "utf-8").is_err());
        assert!(decode(b"a", "klingon").is_err());
    }
}
