//! Flow files inside zip archives, read with bounds and written as the reference names them.

use crate::error::{AppError, AppResult};
use crate::files::area::StoredFile;
use std::collections::HashSet;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Entries looked at.
const MAX_ENTRIES: usize = 1000;
/// Of one entry, unpacked.
const MAX_ENTRY_BYTES: u64 = 64 * 1024 * 1024;
/// Of all entries together, unpacked.
const MAX_TOTAL_BYTES: u64 = 256 * 1024 * 1024;
/// All entries together, unpacked, for each byte of the archive. Flows pack to a fifth or a tenth; what packs a
/// hundred times smaller is made to fill memory.
const MAX_RATIO: u64 = 100;
/// What a small archive may unpack to, however small it is.
const SMALL_BYTES: u64 = 1024 * 1024;

/// Whether the bytes are a zip archive rather than JSON.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The texts of the `.json` files of an archive. Folders, links and other files are passed over; names are
/// not used as paths.
pub fn read_json_files(bytes: &[u8]) -> AppResult<Vec<String>> {
    let broken = |_| AppError::bad_request("The ZIP file cannot be read");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MAX_ENTRIES {
        return Err(AppError::bad_request(format!("The ZIP file has more than {MAX_ENTRIES} entries")));
    }
    let mut texts = Vec::new();
    let mut left = MAX_TOTAL_BYTES.min(SMALL_BYTES.max((bytes.len() as u64).saturating_mul(MAX_RATIO)));
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        let is_json = name.to_ascii_lowercase().ends_with(".json");
        if !entry.is_file() || entry.is_symlink() || !is_json || name.starts_with("__MACOSX/") {
            continue;
        }
        let limit = MAX_ENTRY_BYTES.min(left);
        let mut text = String::new();
        // What an entry claims to hold is not believed: reading stops one byte after the limit.
        let read = entry
            .take(limit + 1)
            .read_to_string(&mut text)
            .map_err(|_| AppError::bad_request(format!("The ZIP entry '{name}' is damaged or not UTF-8")))?;
        if read as u64 > limit {
            return Err(AppError::bad_request("The ZIP file unpacks to more than is allowed"));
        }
        left -= read as u64;
        texts.push(text);
    }
    Ok(texts)
}

/// An archive of `(file name, content)`; names that repeat get a number.
pub fn write(files: &[(String, Vec<u8>)]) -> AppResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut used = HashSet::new();
    for (name, content) in files {
        let name = unused(name, &mut used);
        zip.start_file(name, options).map_err(AppError::internal)?;
        zip.write_all(content).map_err(AppError::internal)?;
    }
    Ok(zip.finish().map_err(AppError::internal)?.into_inner())
}

/// As [`write`], from files on disk into a file on disk.
pub fn write_files(target: &Path, files: &[(String, StoredFile)]) -> AppResult<()> {
    let mut zip = ZipWriter::new(std::fs::File::create_new(target).map_err(AppError::internal)?);
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    let mut used = HashSet::new();
    for (name, stored) in files {
        zip.start_file(unused(name, &mut used), options).map_err(AppError::internal)?;
        let mut source = std::fs::File::open(stored.path()).map_err(AppError::internal)?;
        std::io::copy(&mut source, &mut zip).map_err(AppError::internal)?;
    }
    zip.finish().map_err(AppError::internal)?;
    Ok(())
}

fn unused(name: &str, used: &mut HashSet<String>) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut candidate = name.to_owned();
    let mut number = 1;
    while !used.insert(candidate.to_lowercase()) {
        candidate = format!("{stem} ({number}).{extension}");
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_other_files_are_passed_over() {
        let files = [
            ("a.json".to_owned(), b"{}".to_vec()),
            ("A.json".to_owned(), b"[]".to_vec()),
            ("readme.txt".to_owned(), b"x".to_vec()),
        ];
        let bytes = write(&files).unwrap();
        assert!(is_zip(&bytes));
        assert_eq!(read_json_files(&bytes).unwrap(), ["{}", "[]"]);
    }

    #[test]
    fn a_bomb_is_refused_and_damage_is_no_panic() {
        let spaces = |bytes: u64| write(&[("bomb.json".to_owned(), vec![b' '; bytes as usize])]).unwrap();
        assert_eq!(read_json_files(&spaces(SMALL_BYTES)).unwrap().len(), 1);
        let bomb = spaces(4 * SMALL_BYTES);
        assert!((bomb.len() as u64) < SMALL_BYTES / MAX_RATIO);
        assert!(read_json_files(&bomb).is_err());
        // Every entry is small enough, and all of them together are not.
        let many: Vec<_> = (0..8).map(|n| (format!("{n}.json"), vec![b' '; SMALL_BYTES as usize])).collect();
        assert!(read_json_files(&write(&many).unwrap()).is_err());
        assert!(read_json_files(b"PK\x03\x04 nonsense").is_err());
        let (head, _) = bomb.split_at(bomb.len() / 2);
        assert!(read_json_files(head).is_err());
    }
}
