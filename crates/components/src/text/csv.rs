//! CSV as a table with typed columns.

use langflow_core::{Json, Table};
use serde_json::json;
use std::collections::HashSet;

/// Texts that mean an empty cell.
const EMPTY: [&str; 9] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "n/a"];

/// Most cells of a table. A text of a few bytes a cell would take many times its size otherwise.
pub const MAX_CELLS: usize = 2_000_000;

/// Reads a table with a heading line. Columns of numbers and of truth values become such; empty cells are
/// null. A row longer than the heading is an error, so is a table of more than [`MAX_CELLS`].
pub fn read(text: &str) -> Result<Table, String> {
    read_up_to(text, MAX_CELLS)
}

/// Reads the text twice: once for the kinds of its columns, once for the cells. Only the table itself is kept.
fn read_up_to(text: &str, max_cells: usize) -> Result<Table, String> {
    let mut rows = Rows::of(text)?;
    let mut kinds = vec![Kind::default(); rows.names.len()];
    let mut cells = 0;
    while let Some(record) = rows.next()? {
        cells += kinds.len();
        if cells > max_cells {
            return Err(format!("the table has more than {max_cells} cells"));
        }
        for (kind, cell) in kinds.iter_mut().zip(record) {
            kind.narrow(cell);
        }
    }
    let mut rows = Rows::of(text)?;
    let mut table = Table::with_columns(rows.names.clone());
    while let Some(record) = rows.next()? {
        table.push_cells(kinds.iter().zip(record).map(|(kind, cell)| kind.value(cell)).collect());
    }
    Ok(table)
}

/// The rows below the heading.
struct Rows<'a> {
    reader: csv::Reader<&'a [u8]>,
    names: Vec<String>,
    record: csv::StringRecord,
    line: usize,
}

impl<'a> Rows<'a> {
    fn of(text: &'a str) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let names = unique(reader.headers().map_err(|error| error.to_string())?.iter());
        Ok(Self { reader, names, record: csv::StringRecord::new(), line: 1 })
    }

    fn next(&mut self) -> Result<Option<&csv::StringRecord>, String> {
        if !self.reader.read_record(&mut self.record).map_err(|error| error.to_string())? {
            return Ok(None);
        }
        self.line += 1;
        let (most, found) = (self.names.len(), self.record.len());
        if found > most {
            return Err(format!("Expected {most} fields in line {}, saw {found}", self.line));
        }
        Ok(Some(&self.record))
    }
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

/// What all cells of a column may be read as.
#[derive(Clone, Copy)]
struct Kind {
    is_int: bool,
    is_float: bool,
    is_truth: bool,
}

impl Default for Kind {
    fn default() -> Self {
        Self { is_int: true, is_float: true, is_truth: true }
    }
}

impl Kind {
    /// Leaves out what the cell is not. Empty cells may be anything.
    fn narrow(&mut self, cell: &str) {
        if !is_empty(cell) {
            self.is_int &= int(cell).is_some();
            self.is_float &= float(cell).is_some();
            self.is_truth &= truth(cell).is_some();
        }
    }

    fn value(self, cell: &str) -> Json {
        let read = match self {
            _ if is_empty(cell) => return Json::Null,
            Self { is_int: true, .. } => int(cell),
            Self { is_float: true, .. } => float(cell),
            Self { is_truth: true, .. } => truth(cell),
            _ => None,
        };
        read.unwrap_or_else(|| json!(cell))
    }
}

fn is_empty(cell: &str) -> bool {
    EMPTY.contains(&cell)
}

fn int(cell: &str) -> Option<Json> {
    cell.trim().parse::<i64>().ok().map(|i| json!(i))
}

fn float(cell: &str) -> Option<Json> {
    let cell = cell.trim();
    let is_plain = cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    cell.parse::<f64>().ok().filter(|x| is_plain && x.is_finite()).map(|x| json!(x))
}

fn truth(cell: &str) -> Option<Json> {
    match cell.trim() {
        "True" | "true" | "TRUE" => Some(json!(true)),
        "False" | "false" | "FALSE" => Some(json!(false)),
        _ => None,
    }
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

    #[test]
    fn columns_are_of_one_kind() {
        let table = read("i,f,b,t,e\n1,1,true,1,\n,2.5,,x,NA\n-3\n").unwrap();
        let row = |i: Json, f: Json, b: Json, t: Json| json!({"i": i, "f": f, "b": b, "t": t, "e": null});
        let null = Json::Null;
        assert_eq!(
            table.to_json(),
            json!([
                row(json!(1), json!(1.0), json!(true), json!("1")),
                row(null.clone(), json!(2.5), null.clone(), json!("x")),
                row(json!(-3), null.clone(), null.clone(), null),
            ])
        );
    }

    #[test]
    fn tables_are_bounded() {
        let table = |rows: usize| format!("a,b\n{}", "1,2\n".repeat(rows));
        assert_eq!(read_up_to(&table(5), 10).unwrap().len(), 5);
        assert_eq!(read_up_to(&table(6), 10).unwrap_err(), "the table has more than 10 cells");
    }
}
