//! The table of the documentation page names tests that exist.

use std::path::{Path, PathBuf};

/// The file that holds the tests of this name.
fn file_of(place: &str) -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = match place.split_once('/') {
        Some(("program", file)) => format!("crates/server/tests/program/{file}.rs"),
        Some(("unit", "config")) => "crates/server/src/config/tests.rs".into(),
        Some(("unit", "passwords")) => "crates/app/src/passwords.rs".into(),
        Some(("unit", file)) => format!("crates/app/src/crypto/{file}.rs"),
        _ => format!("crates/api/tests/http/{place}.rs"),
    };
    repository.join(file)
}

#[test]
fn every_row_names_tests_that_exist() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/documentation-page.md");
    let text = std::fs::read_to_string(page).unwrap();
    let rows: Vec<&str> =
        text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #")).collect();
    assert!(rows.len() > 70, "{} rows", rows.len());
    let mut missing = Vec::new();
    for row in rows {
        let names: Vec<(&str, &str)> =
            row.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::")).collect();
        if names.is_empty() {
            missing.push(format!("no test: {row}"));
        }
        for (place, test) in names {
            let code = std::fs::read_to_string(file_of(place)).unwrap_or_default();
            if !code.contains(&format!("fn {test}(")) {
                missing.push(format!("{place}::{test}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
