//! Statements with their values.

use super::frame::Body;
use std::collections::BTreeMap;

/// Most nodes of the centre that have a copy: what was just stored is found.
const LOCAL_QUORUM: u16 = 0x0006;
const HAS_VALUES: u8 = 0x01;
const HAS_PAGE_SIZE: u8 = 0x04;
const HAS_PAGING_STATE: u8 = 0x08;

/// A statement of CQL with a value for every `?`.
#[derive(Clone, Debug)]
pub struct Statement {
    cql: String,
    values: Vec<Option<Vec<u8>>>,
    page_rows: Option<i32>,
    after: Option<Vec<u8>>,
}

impl Statement {
    pub fn new(cql: impl Into<String>) -> Self {
        Self { cql: cql.into(), values: Vec::new(), page_rows: None, after: None }
    }

    fn value(mut self, value: Option<Vec<u8>>) -> Self {
        self.values.push(value);
        self
    }

    pub fn text(self, text: &str) -> Self {
        self.value(Some(text.as_bytes().to_vec()))
    }

    pub fn text_or_null(self, text: Option<&str>) -> Self {
        self.value(text.map(|text| text.as_bytes().to_vec()))
    }

    pub fn int(self, number: i32) -> Self {
        self.value(Some(number.to_be_bytes().to_vec()))
    }

    /// A `uuid` or `timeuuid`.
    pub fn uuid(self, id: uuid::Uuid) -> Self {
        self.value(Some(id.as_bytes().to_vec()))
    }

    /// A `vector<float, n>`.
    pub fn vector(self, vector: &[f32]) -> Self {
        self.value(Some(vector.iter().flat_map(|number| number.to_be_bytes()).collect()))
    }

    /// A `map<text, text>`.
    pub fn map(self, map: &BTreeMap<String, String>) -> Self {
        let length = |length: usize| i32::try_from(length).unwrap_or(i32::MAX).to_be_bytes();
        let mut bytes = length(map.len()).to_vec();
        for text in map.iter().flat_map(|(key, value)| [key, value]) {
            bytes.extend(length(text.len()));
            bytes.extend(text.as_bytes());
        }
        self.value(Some(bytes))
    }

    /// Answers hold no more rows than this.
    pub fn in_pages_of(mut self, rows: i32) -> Self {
        self.page_rows = Some(rows);
        self
    }

    /// The page after the one that ended with `state`.
    pub fn after(&mut self, state: Vec<u8>) {
        self.after = Some(state);
    }

    pub fn body(&self) -> Body {
        let mut body = Body::default();
        body.bytes(self.cql.as_bytes());
        body.short(LOCAL_QUORUM);
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        body.byte(
            flag(!self.values.is_empty(), HAS_VALUES)
                | flag(self.page_rows.is_some(), HAS_PAGE_SIZE)
                | flag(self.after.is_some(), HAS_PAGING_STATE),
        );
        if !self.values.is_empty() {
            body.short(u16::try_from(self.values.len()).unwrap_or(u16::MAX));
        }
        for value in &self.values {
            match value {
                Some(bytes) => body.bytes(bytes),
                None => body.int(-1),
            }
        }
        if let Some(rows) = self.page_rows {
            body.int(rows);
        }
        if let Some(state) = &self.after {
            body.bytes(state);
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cassandra::frame::Request;

    #[test]
    fn statements_carry_their_values() {
        let map = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
        let mut statement = Statement::new("Q").text("a").int(2).text_or_null(None).vector(&[1.0]).map(&map);
        statement = statement.in_pages_of(5);
        statement.after(vec![9]);
        let frame = statement.body().frame(Request::Query, 0).unwrap();
        let expect: Vec<u8> = [
            &b"\0\0\0\x01Q\0\x06\x0d\0\x05"[..],
            b"\0\0\0\x01a",
            b"\0\0\0\x04\0\0\0\x02",
            b"\xff\xff\xff\xff",
            b"\0\0\0\x04\x3f\x80\0\0",
            b"\0\0\0\x0e\0\0\0\x01\0\0\0\x01k\0\0\0\x01v",
            b"\0\0\0\x05",
            b"\0\0\0\x01\x09",
        ]
        .concat();
        assert_eq!(&frame[9..], expect);
    }
}
