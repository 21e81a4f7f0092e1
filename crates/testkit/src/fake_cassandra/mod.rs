//! A Cassandra in memory: speaks version 4 of the binary protocol, asks for a password where it has one, and knows the
//! statements that tables of vectors and histories need, also prepared, as the driver of Python sends them.

mod body;
mod cql;
mod tables;

use crate::listen::listen;
use crate::mood::Mood;
use body::{Body, Options, Outcome, Reader};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tables::{Tables, entries, floats};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

const HEAD_BYTES: usize = 9;
const VERSION: u8 = 4;
const PLAIN: &str = "org.apache.cassandra.auth.PasswordAuthenticator";
const ASKS_HOW: &str = "com.datastax.bdp.cassandra.auth.DseAuthenticator";

#[derive(Debug, Default)]
struct State {
    tables: Tables,
    mood: Mood,
    asks_how: bool,
    prepared: BTreeMap<Vec<u8>, String>,
}

/// The server; clones share what it holds.
#[derive(Clone, Debug)]
pub struct FakeCassandra {
    state: Arc<Mutex<State>>,
    account: Option<(String, String)>,
}

/// Where a connection stands.
#[derive(Default)]
struct Talk {
    is_known: bool,
    keyspace: String,
}

/// A row as it was stored: texts, and the numbers of the vector.
#[derive(Debug, Default, PartialEq)]
pub struct StoredRow {
    pub texts: BTreeMap<String, String>,
    pub metadata: BTreeMap<String, String>,
    pub vector: Vec<f32>,
    pub ttl: Option<i32>,
}

impl FakeCassandra {
    /// One with an empty keyspace that asks nobody who calls.
    pub fn with_keyspace(keyspace: &str) -> Self {
        let server = Self { state: Arc::default(), account: None };
        server.state().tables.keyspaces.insert(keyspace.to_owned());
        server
    }

    /// The same with an account.
    #[must_use]
    pub fn and_account(mut self, user: &str, password: &str) -> Self {
        self.account = Some((user.to_owned(), password.to_owned()));
        self
    }

    pub fn set_mood(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// Asks first how the password is told, as servers of DataStax do.
    pub fn ask_how(&self) {
        self.state().asks_how = true;
    }

    /// Answers hold no more rows than this.
    pub fn answer_in_pages(&self, rows: usize) {
        self.state().tables.page = Some(rows);
    }

    /// Another node learns of changes of the schema only after so many looks.
    pub fn lag(&self, looks: u32) {
        self.state().tables.lags = looks;
    }

    /// How many tables there are.
    pub fn tables(&self) -> usize {
        self.state().tables.by_name.len()
    }

    /// What was asked, in its order.
    pub fn said(&self) -> Vec<String> {
        self.state().tables.said.clone()
    }

    /// The columns of a table with their types.
    pub fn columns(&self, keyspace: &str, table: &str) -> BTreeMap<String, String> {
        let state = self.state();
        let table = state.tables.by_name.get(&(keyspace.to_owned(), table.to_owned()));
        table.map(|table| table.columns.clone()).unwrap_or_default()
    }

    /// The rows of a table.
    pub fn rows(&self, keyspace: &str, table: &str) -> Vec<StoredRow> {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let stored = |row: &tables::Row| {
            let mut stored = StoredRow::default();
            for (name, bytes) in row {
                match name.as_str() {
                    "vector" => stored.vector = floats(bytes),
                    "ttl" => stored.ttl = bytes.as_slice().try_into().ok().map(i32::from_be_bytes),
                    "metadata_s" => {
                        stored.metadata =
                            entries(bytes).map(|(key, value)| (text(key), text(value))).collect();
                    }
                    _ => {
                        stored.texts.insert(name.clone(), text(bytes.clone()));
                    }
                }
            }
            stored
        };
        let state = self.state();
        let table = state.tables.by_name.get(&(keyspace.to_owned(), table.to_owned()));
        table.map(|table| table.rows.values().map(stored).collect()).unwrap_or_default()
    }

    /// Listens on a port of its own until the test ends.
    pub async fn start(&self) -> io::Result<SocketAddr> {
        let server = self.clone();
        listen(move |stream| {
            let server = server.clone();
            async move { server.serve(stream).await }
        })
        .await
    }

    /// Serves one connection until it ends.
    pub async fn serve(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut talk = Talk { is_known: self.account.is_none(), ..Talk::default() };
        loop {
            let mut head = [0; HEAD_BYTES];
            stream.read_exact(&mut head).await?;
            let [version, _, high, low, opcode, length @ ..] = head;
            let mut body = vec![0; u32::from_be_bytes(length) as usize];
            stream.read_exact(&mut body).await?;
            let mood = self.state().mood;
            let (opcode, body) = match mood {
                Mood::Broken => return Ok(()),
                Mood::Garbage => {
                    stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await?;
                    continue;
                }
                Mood::Good | Mood::Locked if version == VERSION => self.answer(opcode, &body, &mut talk),
                Mood::Good | Mood::Locked => {
                    let said =
                        format!("Invalid or unsupported protocol version ({version}); supported are (4/v4)");
                    Outcome::Refusal(0x000A, said).write("")
                }
            };
            let length = u32::try_from(body.len()).map_err(io::Error::other)?;
            let head = [VERSION | 0x80, 0, high, low, opcode];
            stream.write_all(&[&head[..], &length.to_be_bytes(), &body].concat()).await?;
            stream.flush().await?;
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, opcode: u8, body: &[u8], talk: &mut Talk) -> (u8, Vec<u8>) {
        let wrong = || Outcome::Refusal(0x000A, "the frame is not understood".to_owned()).write("");
        match opcode {
            // Startup, options, sign-in, events.
            0x01 => self.startup(talk),
            0x05 => {
                let mut body = Body::default();
                body.short(2).text("CQL_VERSION").short(1).text("3.4.7").text("COMPRESSION").short(0);
                (0x06, body.0)
            }
            0x0F => self.sign_in(body, talk),
            _ if !talk.is_known => Outcome::Refusal(0x000A, "sign in first".to_owned()).write(""),
            0x0B => (0x02, Vec::new()),
            0x07 => self.query(body, talk).unwrap_or_else(wrong),
            0x09 => self.prepare(body, talk).unwrap_or_else(wrong),
            0x0A => self.execute(body, talk).unwrap_or_else(wrong),
            _ => wrong(),
        }
    }

    fn startup(&self, talk: &Talk) -> (u8, Vec<u8>) {
        let state = self.state();
        if talk.is_known && state.mood == Mood::Good {
            return (0x02, Vec::new());
        }
        let mut body = Body::default();
        body.text(if state.asks_how { ASKS_HOW } else { PLAIN });
        (0x03, body.0)
    }

    fn sign_in(&self, body: &[u8], talk: &mut Talk) -> (u8, Vec<u8>) {
        let state = self.state();
        let token = Reader(body).bytes().flatten().unwrap_or_default();
        if state.asks_how && token == b"PLAIN" {
            let mut body = Body::default();
            body.bytes(Some(b"PLAIN-START"));
            return (0x0E, body.0);
        }
        let account = self.account.clone().unwrap_or_default();
        talk.is_known =
            state.mood == Mood::Good && token == format!("\0{}\0{}", account.0, account.1).as_bytes();
        if talk.is_known {
            let mut body = Body::default();
            body.bytes(None);
            return (0x10, body.0);
        }
        Outcome::Refusal(0x0100, "Provided username and/or password are incorrect".to_owned()).write("")
    }

    fn query(&self, body: &[u8], talk: &mut Talk) -> Option<(u8, Vec<u8>)> {
        let mut reader = Reader(body);
        let cql = String::from_utf8(reader.bytes()??).ok()?;
        let options = Options::read(&mut reader)?;
        Some(self.run(&cql, &options, talk))
    }

    fn run(&self, cql: &str, options: &Options, talk: &mut Talk) -> (u8, Vec<u8>) {
        let outcome = self.state().tables.run(cql, options, &talk.keyspace);
        if let Outcome::Keyspace(name) = &outcome {
            talk.keyspace.clone_from(name);
        }
        outcome.write(&talk.keyspace)
    }

    fn prepare(&self, body: &[u8], talk: &Talk) -> Option<(u8, Vec<u8>)> {
        let cql = String::from_utf8(Reader(body).bytes()??).ok()?;
        let mut state = self.state();
        let binds = match state.tables.binds(&cql, &talk.keyspace) {
            Ok(binds) => binds,
            Err(refusal) => return Some(refusal.write("")),
        };
        let id = state.prepared.len().to_be_bytes().to_vec();
        let mut body = Body::default();
        body.int(4).short(id.len()).0.extend(&id);
        body.int(i32::from(!binds.is_empty())).length(binds.len()).int(0);
        body.columns(&talk.keyspace, "t", &binds);
        // The columns of the answer come with it.
        body.int(4).int(0);
        state.prepared.insert(id, cql);
        Some((0x08, body.0))
    }

    fn execute(&self, body: &[u8], talk: &mut Talk) -> Option<(u8, Vec<u8>)> {
        let mut reader = Reader(body);
        let length = reader.short()?;
        let id = reader.take(length.into())?;
        let cql = self.state().prepared.get(id).cloned()?;
        let options = Options::read(&mut reader)?;
        Some(self.run(&cql, &options, talk))
    }
}
