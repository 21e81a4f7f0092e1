//! CSV as a table with typed columns.

use langflow_core::{Json, Table};
use serde_json::json;
use std::collections::HashSet;

/// Texts that mean an empty cell.
const EMPTY: [&str; 9] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "n/a"];

/// Reads a table with a heading line. Columns of numbers and of truth values become such; empty cells are
/// null. A row longer than the heading is an error.
pub fn read(text: &str) -> Result<Table, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heading = reader.headers().map_err(|error| error.to_string())?.clone();
    let names = unique(heading.iter());
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); names.len()];
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        if record.len() > names.len() {
            return Err(format!("Expected {} fields in line {}, saw {}", names.len(), row + 2, record.len()));
        }
        for (i, column) in columns.iter_mut().enumerate() {
            column.push(record.get(i).unwrap_or_default().to_owned());
        }
    }
    let rows = columns.first().map_or(0, Vec::len);
    let columns: Vec<Vec<Json>> = columns.into_iter().map(typed).collect();
    let mut table = Table::with_columns(names.clone());
    for i in 0..rows {
        table.push(names.iter().cloned().zip(columns.iter().filter_map(|c| c.get(i).cloned())).collect());
    }
    Ok(table)
}

/// Writes a table with a heading line (or without), nulls as empty cells, objects as JSON.
pub fn write(table: &Table, has_header: bool) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    // Writing into memory does not fail.
    if has_header {
        let _ = writer.write_record(table.columns());
    }
    for row in table.cells() {
        let _ = writer.write_record(row.iter().map(|cell| match cell {
            Json::Null => String::new(),
            other => langflow_core::value::python_repr(other),
        }));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The same rows, parted by tabs.
pub fn with_tabs(text: &str) -> Result<String, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new().delimiter(b'\t').flexible(true).from_writer(Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        writer.write_record(&record).map_err(|error| error.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// A name that occurs twice gets a number, as `a.1`.
fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .map(|name| {
            let mut unique = name.to_owned();
            let mut number = 0;
            while !taken.insert(unique.clone()) {
                number += 1;
                unique = format!("{name}.{number}");
            }
            unique
        })
        .collect()
}

fn typed(column: Vec<String>) -> Vec<Json> {
    let is_empty = |cell: &str| EMPTY.contains(&cell);
    let all = |read: &dyn Fn(&str) -> Option<Json>| {
        column
            .iter()
            .map(|cell| if is_empty(cell) { Some(Json::Null) } else { read(cell.trim()) })
            .collect::<Option<Vec<_>>>()
    };
    let truth = |cell: &str| match cell {
        "True" | "true" | "TRUE" => Some(json!(true)),
        "False" | "false" | "FALSE" => Some(json!(false)),
        _ => None,
    };
    let int = |cell: &str| cell.parse::<i64>().ok().map(|i| json!(i));
    let float = |cell: &str| {
        let plain = cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
        cell.parse::<f64>().ok().filter(|x| plain && x.is_finite()).map(|x| json!(x))
    };
    all(&int).or_else(|| all(&float)).or_else(|| all(&truth)).unwrap_or_else(|| {
        let text = |cell: &String| if is_empty(cell) { Json::Null } else { json!(cell) };
        column.iter().map(text).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_typed_and_come_back() {
        let table = read("n,x,b,t\n1,1.5,true,a\n2,,false,\"b, c\"\n").unwrap();
        assert_eq!(
            table.to_json(),
            json!([{"n": 1, "x": 1.5, "b": true, "t": "a"}, {"n": 2, "x": null, "b": false, "t": "b, c"}])
        );
        assert_eq!(write(&table, true), "n,x,b,t\n1,1.5,True,a\n2,,False,\"b, c\"\n");
        assert!(read("a\n1,2").is_err());
    }
}
