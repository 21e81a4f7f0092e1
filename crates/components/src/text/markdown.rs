//! Tables as Markdown, in the layout the reference gives them: pipes, numbers to the right, texts to the
//! left.

use langflow_core::Table;
use langflow_core::text::general;
use langflow_core::value::{Json, python_repr};

/// Blanks that a column is wider than its heading.
const HEADING_SLACK: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Empty,
    Bool,
    Int,
    Float,
    Text,
}

/// The table with a heading line. Line breaks in cells become `<br/>`, pipes are escaped.
pub fn table(table: &Table) -> String {
    if table.columns().is_empty() {
        return String::new();
    }
    let kinds: Vec<Kind> = (0..table.columns().len()).map(|i| kind_of_column(table, i)).collect();
    // A table of nothing but numbers, some of them fractions, is one of fractions.
    let all_floats = kinds.contains(&Kind::Float)
        && kinds.iter().all(|kind| matches!(kind, Kind::Int | Kind::Float))
        && table.cells().iter().flatten().all(|cell| cell.is_number() || cell.is_null());
    let mut columns: Vec<(Vec<String>, bool)> = Vec::new();
    for (i, name) in table.columns().iter().enumerate() {
        let cells: Vec<&Json> = table.cells().iter().map(|row| row.get(i).unwrap_or(&Json::Null)).collect();
        let kind = kinds.get(i).copied().unwrap_or(Kind::Text);
        columns.push(column(name, &cells, if all_floats { Kind::Float } else { kind }));
    }
    let mut lines = vec![line(&columns, 0), ruler(&columns)];
    lines.extend((1..=table.len()).map(|row| line(&columns, row)));
    lines.join("\n")
}

/// The cells of a column, heading first, all of one width; whether it holds numbers.
fn column(name: &str, cells: &[&Json], kind: Kind) -> (Vec<String>, bool) {
    let numeric = matches!(kind, Kind::Int | Kind::Float);
    let mut texts: Vec<String> = cells.iter().map(|cell| cell_text(cell, kind)).collect();
    if kind == Kind::Float {
        let decimals: Vec<usize> = texts.iter().map(|text| decimals(text)).collect();
        let most = decimals.iter().copied().max().unwrap_or(0);
        for (text, have) in texts.iter_mut().zip(decimals) {
            text.push_str(&" ".repeat(most - have));
        }
    }
    let heading = name.chars().count();
    let width = texts.iter().map(|t| t.chars().count()).max().unwrap_or(0).max(heading + HEADING_SLACK);
    let pad = |text: String| {
        let blanks = " ".repeat(width.saturating_sub(text.chars().count()));
        if numeric { format!("{blanks}{text}") } else { format!("{text}{blanks}") }
    };
    let mut all = vec![pad(name.to_owned())];
    all.extend(texts.into_iter().map(pad));
    (all, numeric)
}

fn kind_of_column(table: &Table, column: usize) -> Kind {
    let cells = table.cells().iter().filter_map(|row| row.get(column));
    cells.map(kind_of).max().unwrap_or(Kind::Text)
}

/// What the cell is, or what its text reads as.
fn kind_of(cell: &Json) -> Kind {
    match cell {
        Json::Null => Kind::Empty,
        Json::Bool(_) => Kind::Bool,
        Json::Number(n) if n.is_f64() => Kind::Float,
        Json::Number(_) => Kind::Int,
        Json::String(text) if text == "True" || text == "False" => Kind::Bool,
        Json::String(text) if text.is_empty() => Kind::Empty,
        Json::String(text) if is_int(text) => Kind::Int,
        Json::String(text) if text.trim().parse::<f64>().is_ok() => Kind::Float,
        _ => Kind::Text,
    }
}

fn is_int(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['+', '-']);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

fn cell_text(cell: &Json, kind: Kind) -> String {
    match (cell, kind) {
        (Json::Null, Kind::Int | Kind::Float) => "nan".into(),
        (Json::Null, _) => String::new(),
        (Json::Number(n), Kind::Float) => general_signed(n.as_f64().unwrap_or(f64::NAN)),
        (Json::String(text), Kind::Float) if !text.is_empty() => {
            text.trim().parse().map_or_else(|_| text.clone(), general_signed)
        }
        (Json::String(text), _) => {
            text.replace('|', "\\|").replace("\r\n", "\n").replace(['\n', '\r'], "<br/>")
        }
        (other, _) => python_repr(other),
    }
}

fn general_signed(x: f64) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    let text = if x.is_infinite() { "inf".into() } else { general(x.abs(), 6, false) };
    if x.is_sign_negative() { format!("-{text}") } else { text }
}

/// Characters after the decimal point (or after the exponent's mark); none for whole numbers.
fn decimals(text: &str) -> usize {
    text.rfind('.').or_else(|| text.rfind('e')).map_or(0, |at| text.len() - at)
}

fn line(columns: &[(Vec<String>, bool)], row: usize) -> String {
    let cells: Vec<&str> =
        columns.iter().map(|(cells, _)| cells.get(row).map_or("", String::as_str)).collect();
    format!("| {} |", cells.join(" | "))
}

fn ruler(columns: &[(Vec<String>, bool)]) -> String {
    let cells: Vec<String> = columns
        .iter()
        .map(|(cells, numeric)| {
            let dashes = "-".repeat(cells.first().map_or(0, |c| c.chars().count()) + 1);
            if *numeric { format!("{dashes}:") } else { format!(":{dashes}") }
        })
        .collect();
    format!("|{}|", cells.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn looks_like_the_reference() {
        for (rows, expected) in [
            (json!([{"text": "hello"}]), "| text   |\n|:-------|\n| hello  |"),
            (json!([{"x": 1}]), "|   x |\n|----:|\n|   1 |"),
            (
                json!([{"a": "x|y", "b": 1.5}, {"a": "l1\nl2", "b": 22.25}]),
                "| a         |     b |\n|:----------|------:|\n| x\\|y      |  1.5  |\n| l1<br/>l2 | 22.25 |",
            ),
        ] {
            let rows = rows.as_array().unwrap().iter().map(|r| r.as_object().cloned().unwrap());
            assert_eq!(table(&Table::from_rows(rows)), expected);
        }
    }
}
