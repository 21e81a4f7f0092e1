//! What the server holds, and what statements do with it.

use super::body::{Cell, Found, Options, Outcome, Reader};
use super::cql::{Cql, Place, Where, parse};
use std::collections::{BTreeMap, BTreeSet};

const SYNTAX: i32 = 0x2000;
const INVALID: i32 = 0x2200;
/// What a search by vector may ask for.
const MOST_HITS: usize = 1_000;

pub type Row = BTreeMap<String, Vec<u8>>;

#[derive(Debug, Default)]
pub struct Table {
    /// By name.
    pub columns: BTreeMap<String, String>,
    key: Vec<String>,
    /// Columns with an index, and whether it knows words.
    indexes: BTreeMap<String, bool>,
    pub rows: BTreeMap<Vec<Vec<u8>>, Row>,
}

#[derive(Debug, Default)]
pub struct Tables {
    pub keyspaces: BTreeSet<String>,
    /// Tables by keyspace and name.
    pub by_name: BTreeMap<(String, String), Table>,
    /// Rows of one page.
    pub page: Option<usize>,
    /// Looks at the schema for which another node does not know it yet.
    pub lags: u32,
    /// What was said, in its order.
    pub said: Vec<String>,
}

fn refuse<T>(said: impl Into<String>) -> Result<T, Outcome> {
    Err(Outcome::Refusal(INVALID, said.into()))
}

impl Tables {
    /// The names and types of the values that a statement needs.
    pub fn binds(&self, cql: &str, keyspace: &str) -> Result<Vec<(String, String)>, Outcome> {
        let cql = parsed(cql)?;
        let (place, wheres) = match &cql {
            Cql::Use(_) | Cql::CreateTable { .. } | Cql::CreateIndex { .. } => return Ok(Vec::new()),
            Cql::Insert { place, .. } => (place, &[][..]),
            Cql::Select { place, wheres, .. } | Cql::Delete { place, wheres } => (place, wheres.as_slice()),
        };
        let table = self.table(place, keyspace)?;
        let of = |column: &String| Ok((column.clone(), table.kind(column)?.to_owned()));
        let number = |name: &str| (name.to_owned(), "int".to_owned());
        let mut binds = Vec::new();
        for condition in wheres {
            match condition {
                Where::Is(column) | Where::Words(column) => binds.push(of(column)?),
                Where::Entry(column) => {
                    let text = |name: &str| (format!("{name}({column})"), "text".to_owned());
                    binds.extend([text("key"), text("value")]);
                }
            }
        }
        match &cql {
            Cql::Insert { columns, lives, .. } => {
                binds.extend(columns.iter().map(of).collect::<Result<Vec<_>, _>>()?);
                binds.extend(lives.then(|| number("[ttl]")));
            }
            Cql::Select { near, is_limited, .. } => {
                binds.extend(near.iter().map(of).collect::<Result<Vec<_>, _>>()?);
                binds.extend(is_limited.then(|| number("[limit]")));
            }
            _ => {}
        }
        Ok(binds)
    }

    /// Carries a statement out.
    pub fn run(&mut self, cql: &str, options: &Options, keyspace: &str) -> Outcome {
        self.said.push(cql.to_owned());
        self.carried_out(cql, options, keyspace).unwrap_or_else(|refusal| refusal)
    }

    fn carried_out(&mut self, text: &str, options: &Options, keyspace: &str) -> Result<Outcome, Outcome> {
        let cql = parsed(text)?;
        match &cql {
            Cql::Use(name) if self.keyspaces.contains(name) => return Ok(Outcome::Keyspace(name.clone())),
            Cql::Use(name) => return refuse(format!("Keyspace '{name}' does not exist")),
            Cql::CreateTable { place, columns, key } => return self.create(place, columns, key, keyspace),
            Cql::CreateIndex { place, column, knows_words } => {
                let table = self.table_mut(place, keyspace)?;
                table.kind(column)?;
                let is_new = table.indexes.insert(column.clone(), *knows_words).is_none();
                return Ok(if is_new { Outcome::Changed(place.table.clone()) } else { Outcome::Done });
            }
            Cql::Select { place, columns, .. } if place.keyspace.as_deref() == Some("system") => {
                return Ok(Outcome::Rows(self.nodes(&place.table, columns)));
            }
            Cql::Select { place, columns, .. } if place.is_schema() => {
                return Ok(Outcome::Rows(self.schema(columns, &options.values)));
            }
            _ => {}
        }
        let binds = self.binds(text, keyspace)?;
        if binds.len() != options.values.len() {
            let (wanted, given) = (binds.len(), options.values.len());
            return refuse(format!("Invalid amount of bind variables: {wanted} wanted, {given} given"));
        }
        for ((name, kind), value) in binds.iter().zip(&options.values) {
            fits(name, kind, value)?;
        }
        match cql {
            Cql::Insert { place, columns, lives } => {
                let table = self.table_mut(&place, keyspace)?;
                let mut row: Row = columns
                    .into_iter()
                    .zip(&options.values)
                    .filter_map(|(name, value)| Some((name, value.clone()?)))
                    .collect();
                let key = table.key.iter().map(|name| row.get(name).cloned()).collect::<Option<Vec<_>>>();
                let Some(key) = key else { return refuse("Invalid null value in condition for a key") };
                if lives && let Some(Some(seconds)) = options.values.last() {
                    row.insert("ttl".to_owned(), seconds.clone());
                }
                table.rows.insert(key, row);
                Ok(Outcome::Done)
            }
            Cql::Delete { place, wheres } => {
                let table = self.table_mut(&place, keyspace)?;
                let gone = table.matching(&wheres, &options.values)?;
                table.rows.retain(|key, _| !gone.contains(key));
                Ok(Outcome::Done)
            }
            Cql::Select { place, columns, wheres, near, is_limited } => {
                let page = options.page.into_iter().chain(self.page).min();
                let table = self.table(&place, keyspace)?;
                let keys = table.matching(&wheres, &options.values)?;
                let mut rows: Vec<&Row> = keys.iter().filter_map(|key| table.rows.get(key)).collect();
                let limit = options.values.last().filter(|_| is_limited).cloned().flatten().and_then(number);
                if let Some(column) = near {
                    let wanted = options.values.iter().rev().nth(usize::from(is_limited)).cloned().flatten();
                    table.sort_by_nearness(&mut rows, &column, &wanted.unwrap_or_default(), limit)?;
                    rows.truncate(limit.unwrap_or(rows.len()));
                    return Ok(Outcome::Rows(table.found(&columns, &rows)));
                }
                rows.sort_by_key(|row| std::cmp::Reverse(row.get("row_id").map(|id| ticks(id))));
                rows.truncate(limit.unwrap_or(rows.len()));
                let rest = rows.get(options.from..).unwrap_or_default();
                let shown = rest.get(..page.unwrap_or(rest.len()).min(rest.len())).unwrap_or_default();
                let next = (shown.len() < rest.len()).then_some(options.from + shown.len());
                Ok(Outcome::Rows(Found { next, ..table.found(&columns, shown) }))
            }
            _ => Err(Outcome::Refusal(SYNTAX, "line 1:0 no viable alternative".to_owned())),
        }
    }

    fn key(place: &Place, keyspace: &str) -> (String, String) {
        (place.keyspace.clone().unwrap_or_else(|| keyspace.to_owned()), place.table.clone())
    }

    fn table(&self, place: &Place, keyspace: &str) -> Result<&Table, Outcome> {
        let table = self.by_name.get(&Self::key(place, keyspace));
        table.ok_or_else(|| Outcome::Refusal(INVALID, format!("table {} does not exist", place.table)))
    }

    fn table_mut(&mut self, place: &Place, keyspace: &str) -> Result<&mut Table, Outcome> {
        self.table(place, keyspace)?;
        let table = self.by_name.get_mut(&Self::key(place, keyspace));
        table.ok_or(Outcome::Refusal(INVALID, String::new()))
    }

    fn create(
        &mut self,
        place: &Place,
        columns: &[(String, String)],
        key: &[String],
        keyspace: &str,
    ) -> Result<Outcome, Outcome> {
        let at = Self::key(place, keyspace);
        if !self.keyspaces.contains(&at.0) {
            return refuse(format!("Keyspace '{}' doesn't exist", at.0));
        }
        if self.by_name.contains_key(&at) {
            return Ok(Outcome::Done);
        }
        let columns = columns.iter().cloned().collect();
        self.by_name.insert(at, Table { columns, key: key.to_vec(), ..Table::default() });
        Ok(Outcome::Changed(place.table.clone()))
    }

    /// The node itself, and another one for as long as that lags.
    fn nodes(&mut self, table: &str, columns: &[String]) -> Found {
        let version = |number: usize| vec![u8::try_from(number % 256).unwrap_or_default(); 16];
        let text = |name: &str, value: &str| (name.to_owned(), "text".to_owned(), value.as_bytes().to_vec());
        let inet = |name: &str| (name.to_owned(), "inet".to_owned(), vec![127, 0, 0, 1]);
        let uuid = |name: &str, value: Vec<u8>| (name.to_owned(), "uuid".to_owned(), value);
        let token = [&1_i32.to_be_bytes()[..], &1_i32.to_be_bytes(), b"0"].concat();
        let mut cells = vec![
            text("key", "local"),
            text("cluster_name", "fake"),
            text("data_center", "dc1"),
            text("rack", "r1"),
            text("partitioner", "org.apache.cassandra.dht.Murmur3Partitioner"),
            text("release_version", "5.0.0"),
            inet("rpc_address"),
            inet("broadcast_address"),
            inet("listen_address"),
            uuid("host_id", vec![7; 16]),
            uuid("schema_version", version(self.by_name.len())),
            ("tokens".to_owned(), "set<text>".to_owned(), token),
        ];
        let is_other = table.starts_with("peers");
        let is_there = !is_other || self.lags > 0;
        if is_other {
            self.lags = self.lags.saturating_sub(1);
            cells.push(inet("peer"));
            cells.iter_mut().filter(|cell| cell.0 == "schema_version").for_each(|cell| cell.2 = version(255));
        }
        cells.retain(|(name, ..)| columns.is_empty() || columns.contains(name));
        let row = cells.iter().map(|cell| Some(cell.2.clone())).collect();
        Found {
            columns: cells.iter().map(|(name, kind, _)| (name.clone(), kind.clone())).collect(),
            rows: if is_there { vec![row] } else { Vec::new() },
            next: None,
        }
    }

    /// The columns of a table; nothing else is told of the schema.
    fn schema(&self, columns: &[String], values: &[Cell]) -> Found {
        let columns: Vec<_> = columns.iter().map(|name| (name.clone(), "text".to_owned())).collect();
        let text = |cell: &Cell| String::from_utf8_lossy(cell.as_deref().unwrap_or_default()).into_owned();
        let table = match values {
            [keyspace, table] => self.by_name.get(&(text(keyspace), text(table))),
            _ => None,
        };
        let Some(table) = table else {
            let one = vec![("keyspace_name".to_owned(), "text".to_owned())];
            return Found { columns: if columns.is_empty() { one } else { columns }, ..Found::default() };
        };
        let row = |(name, kind): (&String, &String)| {
            [name, kind].map(|text| Some(text.clone().into_bytes())).to_vec()
        };
        Found { columns, rows: table.columns.iter().map(row).collect(), next: None }
    }
}

impl Table {
    fn kind(&self, column: &str) -> Result<&str, Outcome> {
        let kind = self.columns.get(column).map(String::as_str);
        kind.ok_or_else(|| Outcome::Refusal(INVALID, format!("Undefined column name {column} in table")))
    }

    /// The keys of the rows for which all conditions hold.
    fn matching(&self, wheres: &[Where], values: &[Cell]) -> Result<Vec<Vec<Vec<u8>>>, Outcome> {
        let mut keys: Vec<Vec<Vec<u8>>> = self.rows.keys().cloned().collect();
        let mut values = values.iter();
        let mut value = || values.next().cloned().flatten().unwrap_or_default();
        for condition in wheres {
            let row = |key: &Vec<Vec<u8>>| self.rows.get(key);
            match condition {
                Where::Is(column) => {
                    if !self.key.contains(column) {
                        return refuse("Cannot execute this query, use ALLOW FILTERING");
                    }
                    let wanted = value();
                    keys.retain(|key| row(key).and_then(|row| row.get(column)) == Some(&wanted));
                }
                Where::Entry(column) => {
                    if !self.indexes.contains_key(column) {
                        return refuse("Cannot execute this query, use ALLOW FILTERING");
                    }
                    let wanted = (value(), value());
                    let has = |row: &Row| {
                        row.get(column).is_some_and(|map| entries(map).any(|entry| entry == wanted))
                    };
                    keys.retain(|key| row(key).is_some_and(has));
                }
                Where::Words(column) => {
                    if self.indexes.get(column) != Some(&true) {
                        return refuse(format!(
                            "':' restriction is only supported on properly indexed columns. {column} : ? is not valid."
                        ));
                    }
                    let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase();
                    let wanted = lower(&value());
                    let has = |row: &Row| {
                        let text = row.get(column).map(|text| lower(text)).unwrap_or_default();
                        wanted
                            .split_whitespace()
                            .all(|word| text.split_whitespace().any(|other| other == word))
                    };
                    keys.retain(|key| row(key).is_some_and(has));
                }
            }
        }
        Ok(keys)
    }

    fn sort_by_nearness(
        &self,
        rows: &mut Vec<&Row>,
        column: &str,
        wanted: &[u8],
        limit: Option<usize>,
    ) -> Result<(), Outcome> {
        if !self.indexes.contains_key(column) {
            return refuse(format!("ANN ordering by vector requires the column to be indexed: {column}"));
        }
        if limit.is_none_or(|limit| limit > MOST_HITS) {
            return refuse(
                "Use of ANN OF in an ORDER BY clause requires a LIMIT that is not greater than 1000.",
            );
        }
        let near = |row: &Row| row.get(column).map(|vector| cosine(&floats(wanted), &floats(vector)));
        rows.retain(|row| row.contains_key(column));
        rows.sort_by(|a, b| near(b).unwrap_or_default().total_cmp(&near(a).unwrap_or_default()));
        Ok(())
    }

    fn found(&self, columns: &[String], rows: &[&Row]) -> Found {
        let columns: Vec<(String, String)> = self
            .columns
            .iter()
            .filter(|(name, _)| columns.is_empty() || columns.contains(name))
            .map(|(name, kind)| (name.clone(), kind.clone()))
            .collect();
        let cells = |row: &&Row| columns.iter().map(|(name, _)| row.get(name).cloned()).collect();
        Found { rows: rows.iter().map(cells).collect(), columns, next: None }
    }
}

fn parsed(cql: &str) -> Result<Cql, Outcome> {
    let wrong = || Outcome::Refusal(SYNTAX, format!("line 1:0 no viable alternative at input '{cql}'"));
    parse(cql).ok_or_else(wrong)
}

/// Whether a value is one of its type.
fn fits(name: &str, kind: &str, value: &Cell) -> Result<(), Outcome> {
    let Some(bytes) = value else { return Ok(()) };
    let vector = kind.strip_prefix("vector<float, ").and_then(|rest| rest.strip_suffix('>'));
    let is_good = match kind {
        "int" => bytes.len() == 4,
        "timeuuid" => bytes.len() == 16 && bytes.get(6).is_some_and(|byte| byte >> 4 == 1),
        "text" => std::str::from_utf8(bytes).is_ok(),
        _ => match vector.and_then(|length| length.parse::<usize>().ok()) {
            Some(length) if bytes.len() != 4 * length => {
                return refuse(format!("Not enough bytes to read a {kind}"));
            }
            Some(_) if floats(bytes).iter().all(|number| *number == 0.0) => {
                return refuse(
                    "Zero and near-zero vectors cannot be indexed or queried with cosine similarity",
                );
            }
            _ => true,
        },
    };
    if is_good { Ok(()) } else { refuse(format!("Invalid value for {name} of type {kind}")) }
}

fn number(bytes: Vec<u8>) -> Option<usize> {
    i32::from_be_bytes(bytes.try_into().ok()?).try_into().ok()
}

pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).filter_map(|four| Some(f32::from_be_bytes(four.try_into().ok()?))).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// The entries of a map of texts.
pub fn entries(map: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    let mut reader = Reader(map);
    let length = reader.int().unwrap_or_default();
    (0..length).map_while(move |_| Some((reader.bytes()??, reader.bytes()??)))
}

/// The time in an id of version 1, the highest part first; others are as they are.
fn ticks(id: &[u8]) -> Vec<u8> {
    match (id.get(6..8), id.get(4..6), id.get(..4)) {
        (Some(high), Some(mid), Some(low)) => [high, mid, low].concat(),
        _ => id.to_vec(),
    }
}
