//! The few statements of CQL that tables of vectors and histories need.

/// A table, with its keyspace where that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub keyspace: Option<String>,
    pub table: String,
}

/// A condition; each has a `?` for its value, an entry one for its key too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    Is(String),
    Entry(String),
    Words(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cql {
    Use(String),
    CreateTable {
        place: Place,
        columns: Vec<(String, String)>,
        key: Vec<String>,
    },
    CreateIndex {
        place: Place,
        column: String,
        knows_words: bool,
    },
    Insert {
        place: Place,
        columns: Vec<String>,
        lives: bool,
    },
    /// No columns: all.
    Select {
        place: Place,
        columns: Vec<String>,
        wheres: Vec<Where>,
        near: Option<String>,
        is_limited: bool,
    },
    Delete {
        place: Place,
        wheres: Vec<Where>,
    },
}

/// Reads a statement; `None` where it is none of these.
pub fn parse(text: &str) -> Option<Cql> {
    let words = words(text)?;
    let mut words = Words { words: &words };
    let cql = match words.next()? {
        "use" => Cql::Use(words.next()?.to_owned()),
        "create" if words.eat("table") => create_table(&mut words)?,
        "create" => create_index(&mut words)?,
        "insert" => insert(&mut words)?,
        "select" => select(&mut words)?,
        "delete" => {
            words.all(&["from"])?;
            Cql::Delete { place: words.place()?, wheres: words.wheres()? }
        }
        _ => return None,
    };
    words.eat(";");
    words.words.is_empty().then_some(cql)
}

/// Words in small letters, texts with a quote in front, and signs.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => {
                let end = rest.get(1..)?.find(first)? + 1;
                let inside = rest.get(1..end)?;
                words.push(if first == '"' { inside.to_owned() } else { format!("'{inside}") });
                end + 1
            }
            _ if first.is_alphanumeric() || first == '_' => {
                let end =
                    rest.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(rest.len());
                words.push(rest.get(..end)?.to_lowercase());
                end
            }
            _ => {
                words.push(first.to_string());
                first.len_utf8()
            }
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(words)
}

struct Words<'a> {
    words: &'a [String],
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn eat(&mut self, word: &str) -> bool {
        let is_next = self.words.first().is_some_and(|first| first == word);
        if is_next {
            self.next();
        }
        is_next
    }

    fn all(&mut self, words: &[&str]) -> Option<()> {
        words.iter().all(|word| self.eat(word)).then_some(())
    }

    fn place(&mut self) -> Option<Place> {
        let first = self.next()?.to_owned();
        Some(if self.eat(".") {
            Place { keyspace: Some(first), table: self.next()?.to_owned() }
        } else {
            Place { keyspace: None, table: first }
        })
    }

    fn wheres(&mut self) -> Option<Vec<Where>> {
        let mut wheres = Vec::new();
        if !self.eat("where") {
            return Some(wheres);
        }
        loop {
            let column = self.next()?.to_owned();
            wheres.push(match self.next()? {
                "=" => Where::Is(column),
                ":" => Where::Words(column),
                "[" => {
                    self.all(&["?", "]", "="])?;
                    Where::Entry(column)
                }
                _ => return None,
            });
            self.all(&["?"])?;
            if !self.eat("and") {
                return Some(wheres);
            }
        }
    }

    /// A type, until the comma or bracket behind it or another word.
    fn kind(&mut self) -> Option<String> {
        let mut kind = self.next()?.to_owned();
        if self.eat("<") {
            kind.push('<');
            loop {
                match self.next()? {
                    ">" => break,
                    "," => kind.push_str(", "),
                    word => kind.push_str(word),
                }
            }
            kind.push('>');
        }
        Some(kind)
    }
}

fn create_table(words: &mut Words<'_>) -> Option<Cql> {
    words.all(&["if", "not", "exists"])?;
    let place = words.place()?;
    words.all(&["("])?;
    let (mut columns, mut key) = (Vec::new(), Vec::new());
    loop {
        if words.eat("primary") {
            words.all(&["key", "("])?;
            let mut depth = 1;
            while depth > 0 {
                match words.next()? {
                    "(" => depth += 1,
                    ")" => depth -= 1,
                    "," => {}
                    column => key.push(column.to_owned()),
                }
            }
        } else {
            let column = words.next()?.to_owned();
            columns.push((column.clone(), words.kind()?));
            if words.eat("primary") {
                words.all(&["key"])?;
                key.push(column);
            }
        }
        if !words.eat(",") {
            break;
        }
    }
    words.all(&[")"])?;
    if words.eat("with") {
        words.all(&["clustering", "order", "by", "(", "row_id", "desc", ")"])?;
    }
    (!key.is_empty()).then_some(Cql::CreateTable { place, columns, key })
}

fn create_index(words: &mut Words<'_>) -> Option<Cql> {
    words.all(&["custom", "index", "if", "not", "exists"])?;
    let _name = words.next()?;
    words.all(&["on"])?;
    let place = words.place()?;
    words.all(&["("])?;
    let is_of_entries = words.eat("entries");
    if is_of_entries {
        words.all(&["("])?;
    }
    let column = words.next()?.to_owned();
    if is_of_entries {
        words.all(&[")"])?;
    }
    words.all(&[")", "using", "'org.apache.cassandra.index.sai.StorageAttachedIndex"])?;
    let knows_words = words.eat("with");
    if knows_words {
        words.all(&["options", "=", "{", "'index_analyzer", ":", "'STANDARD", "}"])?;
    }
    Some(Cql::CreateIndex { place, column, knows_words })
}

fn insert(words: &mut Words<'_>) -> Option<Cql> {
    words.all(&["into"])?;
    let place = words.place()?;
    words.all(&["("])?;
    let mut columns = Vec::new();
    loop {
        columns.push(words.next()?.to_owned());
        if !words.eat(",") {
            break;
        }
    }
    words.all(&[")", "values", "("])?;
    for at in 0..columns.len() {
        if at > 0 {
            words.all(&[","])?;
        }
        words.all(&["?"])?;
    }
    words.all(&[")"])?;
    let lives = words.eat("using");
    if lives {
        words.all(&["ttl", "?"])?;
    }
    Some(Cql::Insert { place, columns, lives })
}

fn select(words: &mut Words<'_>) -> Option<Cql> {
    let mut columns = Vec::new();
    if !words.eat("*") {
        loop {
            columns.push(words.next()?.to_owned());
            if !words.eat(",") {
                break;
            }
        }
    }
    words.all(&["from"])?;
    let place = words.place()?;
    if place.keyspace.as_deref() == Some("system") || (columns.is_empty() && place.is_schema()) {
        // What drivers ask; its conditions hold.
        words.words = &[];
    }
    let wheres = words.wheres()?;
    let mut near = None;
    if words.eat("order") {
        words.all(&["by"])?;
        near = Some(words.next()?.to_owned());
        words.all(&["ann", "of", "?"])?;
    }
    let is_limited = words.eat("limit");
    if is_limited {
        words.all(&["?"])?;
    }
    Some(Cql::Select { place, columns, wheres, near, is_limited })
}

impl Place {
    pub fn is_schema(&self) -> bool {
        self.keyspace.as_deref().is_some_and(|name| name.starts_with("system_"))
    }
}
