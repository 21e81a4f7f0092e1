//! Names of files as clients send them.

/// Bytes of a file name that file systems take, with room for what the server adds.
const MAX_BYTES: usize = 180;

/// The last part of a client's file name without anything a path, a header or a terminal could trip over.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let text: String = last.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    let text = text.trim().trim_start_matches('.');
    let (stem, extension) = split(text);
    let extension = if extension.len() > 20 { "" } else { extension };
    let room = MAX_BYTES.saturating_sub(extension.len() + 1);
    let stem = cut(stem.trim(), room);
    let stem = if stem.is_empty() { "file" } else { stem };
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

/// Stem and extension; the extension is empty when there is none.
pub fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    }
}

fn cut(text: &str, max_bytes: usize) -> &str {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().trim_end()
}

/// Marks that reorder or hide text.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_name_is_one_plain_part_of_a_path() {
        let long = format!("{}.txt", "x".repeat(10_000));
        let cases = [
            ("pic one.png", "pic one.png".to_owned()),
            ("../../etc/passwd", "passwd".to_owned()),
            ("..\\..\\boot.ini", "boot.ini".to_owned()),
            ("..", "file".to_owned()),
            ("", "file".to_owned()),
            (".env", "env".to_owned()),
            ("a\0b\r\n.txt", "ab.txt".to_owned()),
            ("\u{202e}gpj.exe", "gpj.exe".to_owned()),
            (&long, format!("{}.txt", "x".repeat(176))),
        ];
        for (name, expected) in cases {
            assert_eq!(clean(name), expected, "{}", name.chars().take(30).collect::<String>());
        }
        assert!(clean(&"ü".repeat(5000)).len() <= 180);
    }
}
