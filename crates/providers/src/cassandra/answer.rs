//! Answers: rows, refusals and the few words of signing in.

use super::SERVICE;
use super::frame::Reader;
use langflow_core::{Fault, FaultKind};
use std::collections::BTreeMap;

/// Flags of heads: what stands before the body proper.
const IS_COMPRESSED: u8 = 0x01;
const HAS_TRACE: u8 = 0x02;
const HAS_PAYLOAD: u8 = 0x04;
const HAS_WARNINGS: u8 = 0x08;
/// Flags of rows.
const HAS_ONE_TABLE: i32 = 0x01;
const HAS_MORE: i32 = 0x02;
const HAS_NO_COLUMNS: i32 = 0x04;
/// Values of one answer.
const MOST_CELLS: usize = 1_000_000;
/// How deep types may be.
const TYPE_DEPTH: u8 = 16;
/// What of a refusal is shown.
const SHOWN_CHARS: usize = 500;

const BAD_CREDENTIALS: i32 = 0x0100;
const SYNTAX: i32 = 0x2000;
const UNAUTHORISED: i32 = 0x2100;
const INVALID: i32 = 0x2200;
const CONFIGURATION: i32 = 0x2300;

/// What a server says.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Ready,
    /// It wants to know who calls; the name of the class that asks.
    WhoIsThere(String),
    /// It wants to know more.
    Challenge(Vec<u8>),
    SignedIn,
    Done,
    /// Done, and the schema is another now.
    Changed,
    Rows(Rows),
    Refusal(Refusal),
}

impl Answer {
    /// Reads the body of an answer. `None` where it is not in order.
    pub fn read(opcode: u8, flags: u8, body: &[u8]) -> Option<Self> {
        let mut reader = Reader(body);
        if flags & IS_COMPRESSED != 0 {
            return None;
        }
        if flags & HAS_TRACE != 0 {
            reader.take(16)?;
        }
        if flags & HAS_WARNINGS != 0 {
            for _ in 0..reader.short()? {
                reader.text()?;
            }
        }
        if flags & HAS_PAYLOAD != 0 {
            for _ in 0..reader.short()? {
                reader.text()?;
                reader.bytes()?;
            }
        }
        match opcode {
            0x00 => Some(Self::Refusal(Refusal { code: reader.int()?, said: reader.text()?.to_owned() })),
            0x02 => Some(Self::Ready),
            0x03 => reader.text().map(|class| Self::WhoIsThere(class.to_owned())),
            0x08 => result(&mut reader),
            0x0E => reader.bytes().map(|token| Self::Challenge(token.unwrap_or_default().to_vec())),
            0x10 => Some(Self::SignedIn),
            _ => None,
        }
    }

    /// The rows that were asked for.
    ///
    /// # Errors
    /// The server refused.
    pub fn rows(self) -> Result<Rows, Fault> {
        match self {
            Self::Rows(rows) => Ok(rows),
            Self::Refusal(refusal) => Err(refusal.into()),
            _ => Ok(Rows::default()),
        }
    }
}

fn result(reader: &mut Reader<'_>) -> Option<Answer> {
    match reader.int()? {
        // Nothing, and the keyspace that is used from now on.
        0x01 | 0x03 => Some(Answer::Done),
        0x02 => Rows::read(reader).map(Answer::Rows),
        0x05 => Some(Answer::Changed),
        _ => None,
    }
}

/// Rows of a table.
#[derive(Debug, Default, PartialEq)]
pub struct Rows {
    columns: Vec<String>,
    lines: Vec<Vec<Option<Vec<u8>>>>,
    /// There are more, after this.
    pub next: Option<Vec<u8>>,
}

impl Rows {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let flags = reader.int()?;
        let count = usize::try_from(reader.int()?).ok()?;
        let next = if flags & HAS_MORE != 0 { reader.bytes()?.map(<[u8]>::to_vec) } else { None };
        let mut columns = Vec::new();
        if flags & HAS_NO_COLUMNS == 0 {
            let has_one_table = flags & HAS_ONE_TABLE != 0;
            if has_one_table {
                reader.text()?;
                reader.text()?;
            }
            for _ in 0..count {
                if !has_one_table {
                    reader.text()?;
                    reader.text()?;
                }
                columns.push(reader.text()?.to_owned());
                skip_type(reader, TYPE_DEPTH)?;
            }
        }
        let length = usize::try_from(reader.int()?).ok()?;
        if columns.is_empty() || length.checked_mul(count)? > MOST_CELLS {
            return None;
        }
        let mut lines = Vec::new();
        for _ in 0..length {
            let row = (0..count).map(|_| reader.bytes().map(|cell| cell.map(<[u8]>::to_vec)));
            lines.push(row.collect::<Option<_>>()?);
        }
        Some(Self { columns, lines, next })
    }

    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.lines.iter().map(|cells| Row { columns: &self.columns, cells })
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Puts the rows of the next page behind these.
    pub fn append(&mut self, more: Self) {
        self.lines.extend(more.lines);
        self.next = more.next;
        self.columns = more.columns;
    }
}

/// Goes over a type; what values are is known from their columns.
fn skip_type(reader: &mut Reader<'_>, left: u8) -> Option<()> {
    let left = left.checked_sub(1)?;
    match reader.short()? {
        // Others, by the name of their class: vectors too.
        0x00 => {
            reader.text()?;
        }
        // Lists and sets.
        0x20 | 0x22 => skip_type(reader, left)?,
        // Maps.
        0x21 => {
            skip_type(reader, left)?;
            skip_type(reader, left)?;
        }
        // Types of users.
        0x30 => {
            reader.text()?;
            reader.text()?;
            for _ in 0..reader.short()? {
                reader.text()?;
                skip_type(reader, left)?;
            }
        }
        // Tuples.
        0x31 => {
            for _ in 0..reader.short()? {
                skip_type(reader, left)?;
            }
        }
        _ => {}
    }
    Some(())
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    columns: &'a [String],
    cells: &'a [Option<Vec<u8>>],
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> Option<&'a [u8]> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at)?.as_deref()
    }

    pub fn text(&self, column: &str) -> Option<&'a str> {
        std::str::from_utf8(self.cell(column)?).ok()
    }

    pub fn uuid(&self, column: &str) -> Option<uuid::Uuid> {
        uuid::Uuid::from_slice(self.cell(column)?).ok()
    }

    pub fn vector(&self, column: &str) -> Option<Vec<f32>> {
        let (numbers, rest) = self.cell(column)?.as_chunks::<4>();
        rest.is_empty().then(|| numbers.iter().map(|bytes| f32::from_be_bytes(*bytes)).collect())
    }

    pub fn map(&self, column: &str) -> Option<BTreeMap<String, String>> {
        let mut reader = Reader(self.cell(column)?);
        let text = |reader: &mut Reader<'_>| {
            let bytes = reader.bytes()?.unwrap_or_default();
            std::str::from_utf8(bytes).ok().map(str::to_owned)
        };
        let length = reader.int()?;
        (0..length).map(|_| Some((text(&mut reader)?, text(&mut reader)?))).collect()
    }
}

/// A statement that was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: i32,
    pub said: String,
}

impl Refusal {
    /// There is no such table.
    pub fn is_missing_table(&self) -> bool {
        let said = self.said.to_ascii_lowercase();
        let is_missing = said.starts_with("table ") && said.contains("does not exist");
        self.code == INVALID && (is_missing || said.contains("unconfigured table"))
    }

    /// The server does not know such statements.
    pub fn is_syntax(&self) -> bool {
        self.code == SYNTAX
    }

    /// What was asked is wrong, not who asks and not the server.
    pub fn is_about_the_statement(&self) -> bool {
        [SYNTAX, INVALID, CONFIGURATION].contains(&self.code)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let said: String = refusal.said.chars().take(SHOWN_CHARS).collect();
        let unavailable = |what: &str| Self::new(FaultKind::Unavailable, format!("{SERVICE} {what}: {said}"));
        match refusal.code {
            BAD_CREDENTIALS => Self::new(
                FaultKind::Unauthorised,
                format!("{SERVICE} does not accept the credential: {said}"),
            ),
            UNAUTHORISED => Self::new(FaultKind::Unauthorised, format!("{SERVICE} forbids this: {said}")),
            // Errors of the server and of the protocol, nodes that are down, starting or full, writes and reads that
            // failed.
            0x0000 => unavailable("has an error of its own"),
            0x000A => unavailable("does not understand the protocol"),
            0x1000..=0x1003 | 0x1300 | 0x1500 => unavailable("is not ready"),
            0x1100 | 0x1200 => Self::new(FaultKind::Timeout, format!("{SERVICE} took too long: {said}")),
            _ => Self::invalid(format!("{SERVICE} refused: {said}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<u8> {
        [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat()
    }

    fn cell(bytes: &[u8]) -> Vec<u8> {
        [&i32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
    }

    /// Rows of a text, a vector and a map.
    fn rows(length: i32, cells: &[Vec<u8>]) -> Vec<u8> {
        let vector =
            "org.apache.cassandra.db.marshal.VectorType(org.apache.cassandra.db.marshal.FloatType , 2)";
        let mut body = [[2_i32, 1, 3].map(i32::to_be_bytes).concat(), text("ks"), text("docs")].concat();
        body.extend([text("body_blob"), vec![0, 0x0D]].concat());
        body.extend([text("vector"), vec![0, 0], text(vector)].concat());
        body.extend([text("metadata_s"), vec![0, 0x21, 0, 0x0D, 0, 0x0D]].concat());
        body.extend(length.to_be_bytes());
        body.extend(cells.concat());
        body
    }

    #[test]
    fn rows_come_with_their_columns() {
        let map = [&[0, 0, 0, 1][..], &cell(b"n"), &cell(b"1.0")].concat();
        let null = (-1_i32).to_be_bytes().to_vec();
        let cells =
            [cell(b"red"), cell(b"\x3f\x80\0\0\0\0\0\0"), cell(&map), null.clone(), null.clone(), null];
        let body = rows(2, &cells);
        let warned = [&[0, 1][..], &text("careful"), &body].concat();
        for (flags, body) in [(0, body.clone()), (HAS_WARNINGS, warned)] {
            let found = Answer::read(0x08, flags, &body).unwrap().rows().unwrap();
            let all: Vec<_> = found.iter().collect();
            assert_eq!((found.len(), all[0].text("body_blob")), (2, Some("red")));
            assert_eq!(all[0].vector("vector"), Some(vec![1.0, 0.0]));
            assert_eq!(all[0].map("metadata_s").unwrap()["n"], "1.0");
            assert_eq!((all[0].text("other"), all[1].text("body_blob")), (None, None));
        }
        for length in 0..body.len() {
            assert_eq!(Answer::read(0x08, 0, &body[..length]), None, "cut at {length}");
        }
        // A length that is only announced takes no memory.
        assert_eq!(Answer::read(0x08, 0, &rows(i32::MAX, &[])), None);
        assert_eq!(Answer::read(0x08, IS_COMPRESSED, &body), None);
    }

    #[test]
    fn types_may_not_be_deep() {
        let nested = |depth: usize| {
            let mut body = [2_i32, 0, 1].map(i32::to_be_bytes).concat();
            body.extend([text("ks"), text("t"), text("c")].concat());
            body.extend([0, 0x20].repeat(depth));
            body.extend([0, 0x0D, 0, 0, 0, 0]);
            Answer::read(0x08, 0, &body)
        };
        assert!(nested(10).is_some());
        assert_eq!(nested(100_000), None);
    }

    #[test]
    fn refusals_say_what_can_be_done() {
        for (code, kind) in [
            (0x0000_i32, FaultKind::Unavailable),
            (0x000A, FaultKind::Unavailable),
            (0x0100, FaultKind::Unauthorised),
            (0x1000, FaultKind::Unavailable),
            (0x1001, FaultKind::Unavailable),
            (0x1100, FaultKind::Timeout),
            (0x1200, FaultKind::Timeout),
            (0x2000, FaultKind::Invalid),
            (0x2100, FaultKind::Unauthorised),
            (0x2200, FaultKind::Invalid),
        ] {
            let body = [&code.to_be_bytes()[..], &text("why")].concat();
            let Some(Answer::Refusal(refusal)) = Answer::read(0, 0, &body) else { panic!("{code:x}") };
            let fault = Fault::from(refusal);
            assert_eq!(fault.kind(), kind, "{code:x}");
            assert!(
                fault.message().starts_with("Cassandra ") && fault.message().ends_with(": why"),
                "{fault}"
            );
        }
        let of = |said: &str| Refusal { code: INVALID, said: said.to_owned() };
        assert!(of("table ks.docs does not exist").is_missing_table());
        assert!(of("unconfigured table docs").is_missing_table());
        assert!(!of("Undefined column name vector in table ks.docs").is_missing_table());
    }
}
