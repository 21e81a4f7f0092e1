//! Archives of tar, and gzip around them. Everything is read with bounds, so that a small file cannot unpack into a
//! large one.

use super::office::MAX_TOTAL;
use flate2::read::MultiGzDecoder;
use std::io::Read as _;

const BLOCK: usize = 512;
/// Entries that are looked at.
const MAX_ENTRIES: usize = 5_000;
/// Longest name that stands in an entry of its own.
const LONGEST_NAME: usize = 4_096;

/// What gzip holds.
pub fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(MAX_TOTAL + 1).read_to_end(&mut content);
    read.map_err(|error| format!("this cannot be unpacked: {error}"))?;
    if content.len() as u64 > MAX_TOTAL {
        return Err(format!("this unpacks into more than {MAX_TOTAL} bytes"));
    }
    Ok(content)
}

/// The plain files of an archive with their names, as far as `wanted` wants them. Links are passed over.
pub fn files(archive: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut found = Vec::new();
    let mut rest = archive;
    let mut long_name: Option<String> = None;
    for _ in 0..MAX_ENTRIES {
        let Some(head) = rest.get(..BLOCK) else {
            return if found.is_empty() { Err("this is not a tar archive".into()) } else { Ok(found) };
        };
        if head.iter().all(|byte| *byte == 0) {
            return Ok(found);
        }
        if !is_head(head) {
            return Err("this is not a tar archive, or it is damaged".into());
        }
        let size = number(head, 124..136).ok_or("the size of an entry cannot be read")?;
        let whole = size.checked_next_multiple_of(BLOCK).and_then(|size| size.checked_add(BLOCK));
        let content = size.checked_add(BLOCK).and_then(|end| rest.get(BLOCK..end));
        let (Some(content), Some(whole)) = (content, whole) else {
            return Err("the archive ends in the middle of an entry".into());
        };
        match head.get(156) {
            // A long name stands before its entry, in the ways of GNU and of POSIX.
            Some(b'L') => long_name = Some(text(content.get(..LONGEST_NAME).unwrap_or(content))),
            Some(b'x') => long_name = path_of(content).or(long_name),
            Some(b'0' | 0) => {
                let name = long_name.take().unwrap_or_else(|| name(head));
                if wanted(&name) {
                    found.push((name, content.to_vec()));
                }
            }
            _ => long_name = None,
        }
        rest = rest.get(whole..).unwrap_or_default();
    }
    Err(format!("the archive has more than {MAX_ENTRIES} entries"))
}

/// The sum of the bytes of a head stands in it, counted with blanks in its own place.
fn is_head(head: &[u8]) -> bool {
    let sum: usize = head
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { usize::from(b' ') } else { usize::from(*byte) })
        .sum();
    number(head, 148..156) == Some(sum)
}

/// An octal number.
fn number(head: &[u8], place: std::ops::Range<usize>) -> Option<usize> {
    let text = text(head.get(place)?);
    let digits = text.trim();
    if digits.is_empty() { Some(0) } else { usize::from_str_radix(digits, 8).ok() }
}

/// Up to the first zero.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

fn name(head: &[u8]) -> String {
    let own = text(head.get(..100).unwrap_or_default());
    let prefix = match head.get(257..262) {
        Some(b"ustar") => text(head.get(345..500).unwrap_or_default()),
        _ => String::new(),
    };
    if prefix.is_empty() { own } else { format!("{prefix}/{own}") }
}

/// The name among the records of POSIX: `<length> path=<name>`.
fn path_of(content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content);
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    let name = lines.find_map(|(_, record)| record.strip_prefix("path="))?;
    (name.len() <= LONGEST_NAME).then(|| name.to_owned())
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use std::io::Write as _;

    /// An archive of files and, for a name that ends with a slash, folders.
    pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut all = Vec::new();
        for (name, content) in entries {
            let mut head = vec![0_u8; BLOCK];
            head[..name.len()].copy_from_slice(name.as_bytes());
            head[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
            head[148..156].copy_from_slice(b"        ");
            head[156] = if name.ends_with('/') { b'5' } else { b'0' };
            head[257..262].copy_from_slice(b"ustar");
            let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
            head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
            all.extend(head);
            all.extend_from_slice(content);
            all.resize(all.len().next_multiple_of(BLOCK), 0);
        }
        all.resize(all.len() + 2 * BLOCK, 0);
        all
    }

    pub fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn plain_files_are_found() {
        let packed =
            archive(&[("a/", b""), ("a/one.txt", b"first"), ("b.bin", b"x"), ("two.txt", &[b'y'; 700])]);
        let found = files(&packed, |name| name.ends_with("txt")).unwrap();
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a/one.txt", "two.txt"]);
        assert_eq!((found[0].1.as_slice(), found[1].1.len()), (&b"first"[..], 700));
        assert_eq!(gunzip(&gzip(&packed)).unwrap(), packed);
    }

    #[test]
    fn damage_is_an_error() {
        let packed = archive(&[("one.txt", b"first")]);
        let mut bad = packed.clone();
        bad[0] ^= 1;
        for broken in [&bad[..], &b"no archive"[..], &[][..], &packed[..BLOCK + 3]] {
            assert!(files(broken, |_| true).is_err());
        }
        assert!(gunzip(b"no gzip").is_err());
    }

    #[test]
    fn a_bomb_is_refused() {
        let large = gzip(&vec![0; usize::try_from(MAX_TOTAL).unwrap() + 1]);
        assert!(large.len() < 4_000_000, "it is small while packed");
        assert!(gunzip(&large).unwrap_err().contains("more than"));
    }
}
