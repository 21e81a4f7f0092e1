//! `DataFrame` (newer name `Table`): ordered columns of JSON values.

use super::{Data, Json, JsonMap};
use crate::{Fault, FaultKind};
use std::collections::HashSet;

/// Most cells that rows leave empty: objects with few keys in common would make a table of mostly nothing.
const MAX_GAPS: usize = 2_000_000;

/// A small table. Every row holds every column; a missing cell is null.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Json>>,
    /// Cells that rows left empty.
    gaps: usize,
    /// Rows are missing: see [`Table::check`].
    is_cut: bool,
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns && self.rows == other.rows
    }
}

impl Table {
    /// A table of the given columns without rows.
    pub fn with_columns(columns: Vec<String>) -> Self {
        Self { columns, ..Self::default() }
    }

    /// A table from objects; columns in order of first appearance.
    pub fn from_rows(rows: impl IntoIterator<Item = JsonMap>) -> Self {
        let mut table = Self::default();
        for row in rows {
            table.push(row);
        }
        table
    }

    /// Adds a row; unknown keys become new columns. Where too many cells would stay empty, the row is left out and
    /// [`Table::check`] says so.
    pub fn push(&mut self, mut row: JsonMap) {
        if row.len() == self.columns.len() && row.keys().eq(&self.columns) {
            self.rows.push(row.into_iter().map(|(_, cell)| cell).collect());
            return;
        }
        let known: HashSet<&str> = self.columns.iter().map(String::as_str).collect();
        let new: Vec<String> = row.keys().filter(|key| !known.contains(key.as_str())).cloned().collect();
        let missing = self.columns.len() - (row.len() - new.len());
        self.gaps += new.len().saturating_mul(self.rows.len()) + missing;
        if self.is_cut || self.gaps > MAX_GAPS {
            self.is_cut = true;
            return;
        }
        if !new.is_empty() {
            self.columns.extend(new);
            for old in &mut self.rows {
                old.resize(self.columns.len(), Json::Null);
            }
        }
        let cells = self.columns.iter().map(|c| row.remove(c.as_str()).unwrap_or(Json::Null)).collect();
        self.rows.push(cells);
    }

    /// That all rows are there.
    ///
    /// # Errors
    /// Rows were left out because the table would have been mostly empty.
    pub fn check(&self) -> Result<(), Fault> {
        if !self.is_cut {
            return Ok(());
        }
        let why =
            format!("the rows have too few columns in common: more than {MAX_GAPS} cells would be empty");
        Err(Fault::new(FaultKind::Budget, why))
    }

    /// Adds a row whose cells stand in the order of the columns; missing cells are null, further ones are dropped.
    pub fn push_cells(&mut self, mut cells: Vec<Json>) {
        cells.resize(self.columns.len(), Json::Null);
        self.rows.push(cells);
    }

    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows as cells in the order of [`Table::columns`].
    pub fn cells(&self) -> &[Vec<Json>] {
        &self.rows
    }

    /// Rows as objects.
    pub fn rows(&self) -> impl Iterator<Item = JsonMap> + '_ {
        self.rows
            .iter()
            .map(|cells| self.columns.iter().cloned().zip(cells.iter().cloned()).collect::<JsonMap>())
    }

    /// One `Data` per row.
    pub fn to_data(&self) -> Vec<Data> {
        self.rows().map(Data::new).collect()
    }

    /// List of row objects.
    pub fn to_json(&self) -> Json {
        Json::Array(self.rows().map(Json::Object).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(json: Json) -> JsonMap {
        json.as_object().cloned().unwrap()
    }

    #[test]
    fn rows_find_their_columns_in_any_order() {
        let rows = [
            json!({"a": 1, "b": 2}),
            json!({"b": 3, "a": 4}),
            json!({"a": 5}),
            json!({"c": 6, "a": 7}),
            json!({}),
        ];
        let table = Table::from_rows(rows.map(row));
        assert_eq!(table.columns(), ["a", "b", "c"]);
        let cells = json!([[1, 2, null], [4, 3, null], [5, null, null], [7, null, 6], [null, null, null]]);
        assert_eq!(json!(table.cells()), cells);
        assert!(table.check().is_ok());
    }

    #[test]
    fn a_table_of_mostly_nothing_is_refused() {
        for (rows, columns, is_whole) in [(1000, 1000, true), (100_000, 10, true), (3000, 3000, false)] {
            let table = Table::from_rows((0..rows).map(|i| row(json!({format!("key {}", i % columns): i}))));
            assert_eq!(table.check().is_ok(), is_whole, "{rows} rows, {columns} columns");
            assert!(table.len() * table.columns().len() <= MAX_GAPS + rows);
        }
    }
}
