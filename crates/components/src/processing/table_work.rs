//! What can be done with tables. The semantics are those of the reference's table library where they can
//! be seen: which columns count as numbers, where empty cells go, in what order rows come out.

use super::columns;
use crate::made::Made;
use langflow_core::value::map_weight;
use langflow_core::{Fault, Json, JsonMap, Table};
use regex::Regex;
use serde_json::{Number, json};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// Most rows a merge may give: many equal keys on both sides multiply.
const MAX_MERGED_ROWS: usize = 1_000_000;

/// A column of constant text.
pub fn add_column(table: &Table, name: &str, value: &str) -> Table {
    map_rows(table, |mut row| {
        row.insert(name.to_owned(), json!(value));
        row
    })
}

pub fn drop_column(table: &Table, name: &str) -> Result<Table, Fault> {
    columns::find(table, name)?;
    let mut out = Table::with_columns(table.columns().iter().filter(|c| *c != name).cloned().collect());
    for mut row in table.rows() {
        row.shift_remove(name);
        out.push(row);
    }
    Ok(out)
}

/// Gives a column another name; a column that is not there stays so.
pub fn rename_column(table: &Table, old: &str, new: &str) -> Result<Table, Fault> {
    if old != new && table.columns().iter().any(|c| c == new) {
        return Err(Fault::invalid(format!("there is a column '{new}' already")).at_field("new_column_name"));
    }
    let rename = |name: &str| if name == old { new.to_owned() } else { name.to_owned() };
    let mut out = Table::with_columns(table.columns().iter().map(|c| rename(c)).collect());
    for row in table.rows() {
        out.push(row.into_iter().map(|(name, cell)| (rename(&name), cell)).collect());
    }
    Ok(out)
}

pub fn select_columns(table: &Table, names: &[String]) -> Result<Table, Fault> {
    let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    for name in &names {
        columns::find(table, name).map_err(|fault| fault.at_field("columns_to_select"))?;
    }
    let mut out = Table::with_columns(names.clone());
    for mut row in table.rows() {
        out.push(names.iter().filter_map(|name| Some((name.clone(), row.remove(name)?))).collect());
    }
    Ok(out)
}

/// The first rows; a negative number leaves out that many at the end.
pub fn head(table: &Table, rows: i64) -> Table {
    let keep = within(table.len(), rows);
    take(table, 0..keep)
}

/// The last rows; a negative number leaves out that many at the start.
pub fn tail(table: &Table, rows: i64) -> Table {
    let keep = within(table.len(), rows);
    take(table, table.len() - keep..table.len())
}

fn within(all: usize, wanted: i64) -> usize {
    let size = usize::try_from(wanted.unsigned_abs()).unwrap_or(usize::MAX);
    if wanted >= 0 { size.min(all) } else { all.saturating_sub(size) }
}

fn take(table: &Table, range: std::ops::Range<usize>) -> Table {
    let mut out = Table::with_columns(table.columns().to_vec());
    for row in table.rows().skip(range.start).take(range.len()) {
        out.push(row);
    }
    out
}

/// Sorts by a column, empty cells last, equal ones in the order they had.
pub fn sort(table: &Table, column: &str, ascending: bool) -> Result<Table, Fault> {
    let at = columns::find(table, column)?;
    let mut rows: Vec<(Json, JsonMap)> = columns::cells(table, at).cloned().zip(table.rows()).collect();
    rows.sort_by(|(a, _), (b, _)| match (a.is_null(), b.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let order = compare(a, b);
            if ascending { order } else { order.reverse() }
        }
    });
    Ok(with_columns_of(table, rows.into_iter().map(|(_, row)| row)))
}

fn compare(a: &Json, b: &Json) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        _ => {
            let text = langflow_core::value::python_repr;
            text(a).cmp(&text(b))
        }
    }
}

/// Keeps the first row of every value of a column.
pub fn drop_duplicates(table: &Table, column: &str) -> Result<Table, Fault> {
    let at = columns::find(table, column)?;
    let mut seen = HashSet::new();
    let keep: Vec<bool> = columns::cells(table, at).map(|cell| seen.insert(key_of(cell))).collect();
    Ok(keep_rows(table, &keep))
}

/// Rows under each other; columns that one table lacks are empty there.
pub fn concatenate(tables: &[&Table]) -> Table {
    Table::from_rows(tables.iter().flat_map(|table| table.rows()))
}

/// The rows whose cell stands in the relation `operator` to `value`.
pub fn filter(table: &Table, column: &str, operator: &str, value: &str) -> Result<Table, Fault> {
    let at = columns::find(table, column)?;
    let numeric = columns::is_numeric(table, at);
    let keep: Vec<bool> = match operator {
        "equals" => columns::cells(table, at).map(|cell| equals(cell, value, numeric)).collect(),
        "not equals" => columns::cells(table, at).map(|cell| !equals(cell, value, numeric)).collect(),
        "contains" | "not contains" => {
            let pattern = Regex::new(value).map_err(|error| {
                Fault::invalid(format!("the filter value is no regular expression: {error}"))
                    .at_field("filter_value")
            })?;
            let wanted = operator == "contains";
            columns::texts(table, at).iter().map(|text| pattern.is_match(text) == wanted).collect()
        }
        "starts with" => columns::texts(table, at).iter().map(|text| text.starts_with(value)).collect(),
        "ends with" => columns::texts(table, at).iter().map(|text| text.ends_with(value)).collect(),
        "greater than" | "less than" => {
            let wanted = if operator == "greater than" { Ordering::Greater } else { Ordering::Less };
            order_filter(table, at, value, numeric, wanted)
        }
        other => {
            return Err(
                Fault::invalid(format!("Unsupported filter operator: {other}")).at_field("filter_operator")
            );
        }
    };
    Ok(keep_rows(table, &keep))
}

fn equals(cell: &Json, value: &str, numeric: bool) -> bool {
    match cell {
        Json::Number(n) if numeric => number(value).is_some_and(|x| n.as_f64() == Some(x)),
        Json::String(text) => text == value,
        Json::Bool(_) | Json::Number(_) => langflow_core::value::python_repr(cell) == value,
        _ => false,
    }
}

/// Numbers by size where both sides are numbers, else texts by alphabet.
fn order_filter(table: &Table, at: usize, value: &str, numeric: bool, wanted: Ordering) -> Vec<bool> {
    if numeric && value.trim().is_empty() {
        return vec![false; table.len()];
    }
    match number(value) {
        Some(limit) if numeric => columns::cells(table, at)
            .map(|cell| cell.as_f64().and_then(|x| x.partial_cmp(&limit)) == Some(wanted))
            .collect(),
        _ => columns::texts(table, at).iter().map(|text| text.as_str().cmp(value) == wanted).collect(),
    }
}

/// Puts another value into the cells of a column that hold `old`.
pub fn replace_value(table: &Table, column: &str, old: &str, new: &str) -> Result<Table, Fault> {
    let at = columns::find(table, column)?;
    let numeric = columns::is_numeric(table, at);
    let new = match number(new) {
        Some(x) if numeric => json_number(new, x),
        _ => json!(new),
    };
    let hits: Vec<bool> = columns::cells(table, at).map(|cell| equals(cell, old, numeric)).collect();
    let mut hits = hits.into_iter();
    Ok(map_rows(table, |mut row| {
        if hits.next() == Some(true) {
            row.insert(column.to_owned(), new.clone());
        }
        row
    }))
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

fn json_number(text: &str, x: f64) -> Json {
    match text.trim().parse::<i64>() {
        Ok(i) => json!(i),
        Err(_) => Number::from_f64(x).map_or(Json::Null, Json::Number),
    }
}

/// Joins two tables on a column, or row by row when no column is named.
pub fn merge(left: &Table, right: &Table, on: &str, how: &str) -> Result<Table, Fault> {
    let on = on.trim();
    let pairs = if on.is_empty() { by_row(left, right, how) } else { by_key(left, right, on, how)? };
    let (left_rows, right_rows): (Vec<_>, Vec<_>) = (left.rows().collect(), right.rows().collect());
    let mut columns = left.columns().to_vec();
    columns.extend(right.columns().iter().filter(|name| !left.columns().contains(name)).cloned());
    let (mut out, mut made) = (Table::with_columns(columns), Made::default());
    for (l, r) in pairs {
        let mut row = l.and_then(|i| left_rows.get(i)).cloned().unwrap_or_default();
        for (name, cell) in r.and_then(|i| right_rows.get(i)).into_iter().flatten() {
            let mine = row.entry(name.clone()).or_insert(Json::Null);
            if mine.is_null() {
                *mine = cell.clone();
            }
        }
        made.add(map_weight(&row))?;
        out.push(row);
    }
    Ok(out)
}

type Pair = (Option<usize>, Option<usize>);

fn by_row(left: &Table, right: &Table, how: &str) -> Vec<Pair> {
    let rows = match how {
        "left" => left.len(),
        "right" => right.len(),
        "outer" => left.len().max(right.len()),
        _ => left.len().min(right.len()),
    };
    (0..rows).map(|i| ((i < left.len()).then_some(i), (i < right.len()).then_some(i))).collect()
}

fn by_key(left: &Table, right: &Table, on: &str, how: &str) -> Result<Vec<Pair>, Fault> {
    let keys = |table: &Table, side: &str| -> Result<Vec<Json>, Fault> {
        let at = table.columns().iter().position(|column| column == on).ok_or_else(|| {
            Fault::invalid(format!(
                "Column '{on}' not found in {side} DataFrame. Available: {}",
                table.columns().join(", ")
            ))
            .at_field("merge_on_column")
        })?;
        Ok(columns::cells(table, at).cloned().collect())
    };
    let (left_keys, right_keys) = (keys(left, "left")?, keys(right, "right")?);
    let mut pairs: Vec<Pair> = Vec::new();
    if how == "right" {
        let places = places(&left_keys);
        for (r, key) in right_keys.iter().enumerate() {
            let found = places.get(&key_of(key)).map_or(&[][..], Vec::as_slice);
            if found.is_empty() {
                pairs.push((None, Some(r)));
            }
            pairs.extend(found.iter().map(|l| (Some(*l), Some(r))));
            bounded(&pairs)?;
        }
        return Ok(pairs);
    }
    let places = places(&right_keys);
    let mut used = vec![false; right_keys.len()];
    for (l, key) in left_keys.iter().enumerate() {
        let found = places.get(&key_of(key)).map_or(&[][..], Vec::as_slice);
        if found.is_empty() && how != "inner" {
            pairs.push((Some(l), None));
        }
        for r in found {
            if let Some(used) = used.get_mut(*r) {
                *used = true;
            }
            pairs.push((Some(l), Some(*r)));
        }
        bounded(&pairs)?;
    }
    if how == "outer" {
        pairs.extend(used.iter().enumerate().filter(|(_, used)| !**used).map(|(r, _)| (None, Some(r))));
        let key = |(l, r): &Pair| {
            l.and_then(|i| left_keys.get(i)).or_else(|| r.and_then(|i| right_keys.get(i))).cloned()
        };
        pairs.sort_by(|a, b| compare(&key(a).unwrap_or_default(), &key(b).unwrap_or_default()));
    }
    Ok(pairs)
}

/// Where each key stands.
fn places(keys: &[Json]) -> HashMap<String, Vec<usize>> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::with_capacity(keys.len());
    for (at, key) in keys.iter().enumerate() {
        places.entry(key_of(key)).or_default().push(at);
    }
    places
}

fn bounded(pairs: &[Pair]) -> Result<(), Fault> {
    if pairs.len() <= MAX_MERGED_ROWS {
        return Ok(());
    }
    Err(Fault::invalid(format!("the merged table has more than {MAX_MERGED_ROWS} rows")))
}

/// One text for equal values: 1 and 1.0 are one key.
fn key_of(cell: &Json) -> String {
    match cell {
        Json::Number(n) => format!("n{}", n.as_f64().unwrap_or(f64::NAN)),
        other => other.to_string(),
    }
}

fn keep_rows(table: &Table, keep: &[bool]) -> Table {
    with_columns_of(table, table.rows().zip(keep).filter(|(_, keep)| **keep).map(|(row, _)| row))
}

fn map_rows(table: &Table, change: impl FnMut(JsonMap) -> JsonMap) -> Table {
    with_columns_of(table, table.rows().map(change))
}

fn with_columns_of(table: &Table, rows: impl Iterator<Item = JsonMap>) -> Table {
    let mut out = Table::with_columns(table.columns().to_vec());
    for row in rows {
        out.push(row);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: usize, key: impl Fn(usize) -> Json, name: &str, cell: &str) -> Table {
        let row = |i| JsonMap::from_iter([("key".to_owned(), key(i)), (name.to_owned(), json!(cell))]);
        Table::from_rows((0..rows).map(row))
    }

    #[test]
    fn large_tables_are_joined_on_a_key_in_no_time() {
        let began = std::time::Instant::now();
        let left = table(20_000, |i| json!(i), "left", "l");
        let right = table(20_000, |i| json!(i as f64 + 10_000.0), "right", "r");
        for (how, rows) in [("inner", 10_000), ("left", 20_000), ("right", 20_000), ("outer", 30_000)] {
            assert_eq!(merge(&left, &right, "key", how).unwrap().len(), rows, "{how}");
        }
        // Comparing each with each would take minutes.
        assert!(began.elapsed().as_secs() < 20);
    }

    #[test]
    fn rows_that_multiply_are_refused() {
        let (left, right) =
            (table(200, |_| json!(1), "l", &"x".repeat(2000)), table(200, |_| json!(1), "r", "y"));
        assert!(merge(&left, &right, "key", "inner").is_err());
    }
}
