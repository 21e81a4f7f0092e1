//! `DataFrame` (newer name `Table`): ordered columns of JSON values.

use super::{Data, Json, JsonMap};

/// A small table. Every row holds every column; a missing cell is null.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Json>>,
}

impl Table {
    /// A table of the given columns without rows.
    pub fn with_columns(columns: Vec<String>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// A table from objects; columns in order of first appearance.
    pub fn from_rows(rows: impl IntoIterator<Item = JsonMap>) -> Self {
        let mut table = Self::default();
        for row in rows {
            table.push(row);
        }
        table
    }

    /// Adds a row; unknown keys become new columns.
    pub fn push(&mut self, mut row: JsonMap) {
        for key in row.keys() {
            if !self.columns.iter().any(|c| c == key) {
                self.columns.push(key.clone());
                for old in &mut self.rows {
                    old.push(Json::Null);
                }
            }
        }
        let cells = self.columns.iter().map(|c| row.remove(c.as_str()).unwrap_or(Json::Null)).collect();
        self.rows.push(cells);
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
