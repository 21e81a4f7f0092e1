//! Bodies of frames of the binary protocol, from the side of the server.

/// A cell of a row.
pub type Cell = Option<Vec<u8>>;

/// What a statement gives.
#[derive(Debug)]
pub enum Outcome {
    Done,
    Keyspace(String),
    /// A table or an index was made.
    Changed(String),
    Rows(Found),
    /// Code and sentence.
    Refusal(i32, String),
}

/// Rows with their columns and their types.
#[derive(Debug, Default)]
pub struct Found {
    pub columns: Vec<(String, String)>,
    pub rows: Vec<Vec<Cell>>,
    /// Where the next page begins.
    pub next: Option<usize>,
}

/// Writes a body.
#[derive(Debug, Default)]
pub struct Body(pub Vec<u8>);

impl Body {
    pub fn short(&mut self, number: usize) -> &mut Self {
        self.0.extend(u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes());
        self
    }

    pub fn int(&mut self, number: i32) -> &mut Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    pub fn length(&mut self, length: usize) -> &mut Self {
        self.int(i32::try_from(length).unwrap_or(i32::MAX))
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.short(text.len());
        self.0.extend(text.as_bytes());
        self
    }

    pub fn bytes(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        match bytes {
            Some(bytes) => {
                self.length(bytes.len());
                self.0.extend(bytes);
            }
            None => {
                self.int(-1);
            }
        }
        self
    }

    /// A type of CQL as the protocol writes it.
    fn kind(&mut self, kind: &str) {
        let inner = |front: &str| kind.strip_prefix(front).and_then(|rest| rest.strip_suffix('>'));
        if let Some(inside) = inner("vector<float, ") {
            let package = "org.apache.cassandra.db.marshal";
            self.short(0).text(&format!("{package}.VectorType({package}.FloatType , {inside})"));
        } else if let Some(inside) = inner("map<") {
            self.short(0x21);
            inside.split(", ").for_each(|kind| self.kind(kind));
        } else if let Some(inside) = inner("set<") {
            self.short(0x22);
            self.kind(inside);
        } else {
            self.short(match kind {
                "int" => 0x09,
                "uuid" => 0x0C,
                "timeuuid" => 0x0F,
                "inet" => 0x10,
                _ => 0x0D,
            });
        }
    }

    pub fn columns(&mut self, keyspace: &str, table: &str, columns: &[(String, String)]) -> &mut Self {
        if !columns.is_empty() {
            self.text(keyspace).text(table);
        }
        for (name, kind) in columns {
            self.text(name);
            self.kind(kind);
        }
        self
    }
}

impl Outcome {
    /// Opcode and body.
    pub fn write(&self, keyspace: &str) -> (u8, Vec<u8>) {
        let mut body = Body::default();
        match self {
            Self::Refusal(code, said) => {
                body.int(*code).text(said);
                return (0x00, body.0);
            }
            Self::Done => {
                body.int(1);
            }
            Self::Rows(found) => {
                body.int(2).int(if found.next.is_some() { 0x03 } else { 0x01 }).length(found.columns.len());
                if let Some(next) = found.next {
                    body.bytes(Some(&next.to_be_bytes()));
                }
                body.columns(keyspace, "t", &found.columns).length(found.rows.len());
                for cell in found.rows.iter().flatten() {
                    body.bytes(cell.as_deref());
                }
            }
            Self::Keyspace(name) => {
                body.int(3).text(name);
            }
            Self::Changed(table) => {
                body.int(5).text("CREATED").text("TABLE").text(keyspace).text(table);
            }
        }
        (0x08, body.0)
    }
}

/// Reads a body from its beginning.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(front)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub fn short(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    pub fn int(&mut self) -> Option<i32> {
        self.take(4)?.try_into().ok().map(i32::from_be_bytes)
    }

    pub fn bytes(&mut self) -> Option<Cell> {
        match usize::try_from(self.int()?) {
            Ok(length) => self.take(length).map(|bytes| Some(bytes.to_vec())),
            Err(_) => Some(None),
        }
    }
}

/// What goes with a statement.
#[derive(Debug, Default)]
pub struct Options {
    pub values: Vec<Cell>,
    pub page: Option<usize>,
    pub from: usize,
}

impl Options {
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut options = Self::default();
        let _consistency = reader.short()?;
        let flags = reader.byte()?;
        if flags & 0x01 != 0 {
            options.values = (0..reader.short()?).map(|_| reader.bytes()).collect::<Option<_>>()?;
        }
        if flags & 0x04 != 0 {
            options.page = usize::try_from(reader.int()?).ok();
        }
        if flags & 0x08 != 0 {
            options.from = usize::from_be_bytes(reader.bytes()??.try_into().ok()?);
        }
        Some(options)
    }
}
