//! What a column of a table holds, as the reference's table library would see it.

use langflow_core::value::{python_float, python_repr};
use langflow_core::{Fault, Json, Table};
use std::collections::HashSet;

/// Names of the columns that hold numbers and nothing else; empty cells count as numbers.
pub fn numeric(table: &Table) -> HashSet<&str> {
    table
        .columns()
        .iter()
        .enumerate()
        .filter(|(i, _)| is_numeric(table, *i))
        .map(|(_, name)| name.as_str())
        .collect()
}

/// Whether a column holds numbers and nothing else.
pub fn is_numeric(table: &Table, column: usize) -> bool {
    let mut any = false;
    for cell in cells(table, column) {
        match cell {
            Json::Number(_) => any = true,
            Json::Null => {}
            _ => return false,
        }
    }
    any
}

/// The cells of a column, top down.
pub fn cells(table: &Table, column: usize) -> impl Iterator<Item = &Json> {
    table.cells().iter().map(move |row| row.get(column).unwrap_or(&Json::Null))
}

/// Where a column is.
///
/// # Errors
/// There is no such column; the fault names those there are.
pub fn find(table: &Table, name: &str) -> Result<usize, Fault> {
    table.columns().iter().position(|column| column == name).ok_or_else(|| {
        Fault::invalid(format!("Column '{name}' not found. Available: {}", table.columns().join(", ")))
            .at_field("column_name")
    })
}

/// The cells of a column as texts. A column of numbers with an empty cell is one of floats.
pub fn texts(table: &Table, column: usize) -> Vec<String> {
    let numeric = is_numeric(table, column);
    let floats = numeric
        && cells(table, column)
            .any(|cell| cell.is_null() || cell.as_number().is_some_and(serde_json::Number::is_f64));
    cells(table, column)
        .map(|cell| match cell {
            Json::Null if numeric => "nan".into(),
            Json::Number(n) if floats => python_float(n.as_f64().unwrap_or(f64::NAN)),
            other => python_repr(other),
        })
        .collect()
}
