//! A MongoDB in memory: speaks `OP_MSG`, signs in by SCRAM-SHA-256, and knows the commands that a collection with an
//! index of vectors needs.

use crate::listen::listen;
use crate::mood::Mood;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, Document, doc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

const OP_MSG: i32 = 2013;
const HEAD_BYTES: usize = 16;
const SALT: &[u8] = b"salt of the test";
const ROUNDS: u32 = 4_096;

#[derive(Debug, Default)]
struct State {
    /// By database and name.
    collections: BTreeMap<(String, String), Vec<Document>>,
    indexes: BTreeMap<(String, String), Vec<Document>>,
    mood: Mood,
    /// Questions after which a new index can be searched.
    looks: u32,
    /// Another server that is written to.
    primary: Option<String>,
    /// Documents of one answer.
    page: Option<usize>,
}

/// The server; clones share what it holds.
#[derive(Clone, Debug, Default)]
pub struct FakeMongo {
    state: Arc<Mutex<State>>,
    account: Option<(String, String)>,
}

/// Where a connection stands with signing in.
#[derive(Default)]
struct Talk {
    is_known: bool,
    /// The messages so far, the nonce of both sides.
    scram: Option<(String, String)>,
    /// Documents that wait to be fetched.
    rest: Vec<Document>,
}

impl FakeMongo {
    /// One that asks who calls.
    pub fn with_account(user: &str, password: &str) -> Self {
        Self { account: Some((user.to_owned(), password.to_owned())), ..Self::default() }
    }

    pub fn set_mood(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// From now on the server is one that is only read, beside `primary`.
    pub fn follow(&self, primary: &str) {
        self.state().primary = Some(primary.to_owned());
    }

    /// New indexes are ready after so many looks.
    pub fn build_slowly(&self, looks: u32) {
        self.state().looks = looks;
    }

    /// Answers hold no more documents than this; the others have to be fetched.
    pub fn answer_in_pages(&self, documents: usize) {
        self.state().page = Some(documents);
    }

    /// All documents of a collection.
    pub fn documents(&self, database: &str, collection: &str) -> Vec<Document> {
        let key = (database.to_owned(), collection.to_owned());
        self.state().collections.get(&key).cloned().unwrap_or_default()
    }

    /// The indexes of a collection as they were asked for.
    pub fn indexes(&self, database: &str, collection: &str) -> Vec<Document> {
        let key = (database.to_owned(), collection.to_owned());
        self.state().indexes.get(&key).cloned().unwrap_or_default()
    }

    /// Whether anything was stored ever.
    pub fn is_empty(&self) -> bool {
        self.state().collections.is_empty()
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
            let (number, command) = read(&mut stream).await?;
            let mood = self.state().mood;
            let answer = match mood {
                Mood::Broken => return Ok(()),
                Mood::Garbage => {
                    stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await?;
                    continue;
                }
                Mood::Locked => refusal(18, "Authentication failed."),
                Mood::Good => self.answer(&command, &mut talk),
            };
            let body = answer.to_vec().map_err(io::Error::other)?;
            let length = i32::try_from(HEAD_BYTES + 5 + body.len()).map_err(io::Error::other)?;
            let head = [length, 1, number, OP_MSG, 0].map(i32::to_le_bytes).concat();
            stream.write_all(&[head, vec![0], body].concat()).await?;
            stream.flush().await?;
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, command: &Document, talk: &mut Talk) -> Document {
        let name = command.keys().next().map(String::as_str).unwrap_or_default();
        match name {
            "hello" => self.greet(command),
            "ping" => doc! { "ok": 1.0 },
            "saslStart" | "saslContinue" => self.sign_in(command, talk),
            _ if !talk.is_known => refusal(13, "command requires authentication"),
            "getMore" => {
                let page = self.state().page.unwrap_or(usize::MAX);
                cursor("nextBatch", std::mem::take(&mut talk.rest), page, talk)
            }
            _ => self.run(name, command, talk),
        }
    }

    fn greet(&self, command: &Document) -> Document {
        let primary = self.state().primary.clone();
        let mut greeting = doc! {
            "isWritablePrimary": primary.is_none(),
            "maxBsonObjectSize": 16_777_216,
            "maxMessageSizeBytes": 48_000_000,
            "maxWriteBatchSize": 100_000,
            "minWireVersion": 0,
            "maxWireVersion": 21,
            "ok": 1.0,
        };
        greeting.extend(primary.map(|primary| ("primary".to_owned(), Bson::String(primary))));
        if command.contains_key("saslSupportedMechs") {
            greeting.insert("saslSupportedMechs", vec!["SCRAM-SHA-256"]);
        }
        greeting
    }

    fn sign_in(&self, command: &Document, talk: &mut Talk) -> Document {
        let message =
            command.get_binary_generic("payload").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let message = message.unwrap_or_default();
        let wrong = || refusal(18, "Authentication failed.");
        let Some((user, password)) = &self.account else { return wrong() };
        let Some((begun, nonce)) = talk.scram.take() else {
            let Some(first) = message.strip_prefix("n,,") else { return wrong() };
            let Some((name, nonce)) = first.strip_prefix("n=").and_then(|rest| rest.split_once(",r=")) else {
                return wrong();
            };
            let nonce = format!("{nonce}server");
            let answer = format!("r={nonce},s={},i={ROUNDS}", STANDARD.encode(SALT));
            talk.is_known = name == user;
            talk.scram = Some((format!("{first},{answer}"), nonce));
            return said(answer, false);
        };
        let Some((unproven, proof)) = message.split_once(",p=") else { return wrong() };
        let salted = salted(password.as_bytes());
        let all = format!("{begun},{unproven}");
        let stored = Sha256::digest(mac(&salted, b"Client Key"));
        let client = xor(&mac(&stored, all.as_bytes()), &STANDARD.decode(proof).unwrap_or_default());
        let is_proven = Sha256::digest(client) == stored && unproven == format!("c=biws,r={nonce}");
        talk.is_known &= is_proven;
        if !talk.is_known {
            return wrong();
        }
        said(format!("v={}", STANDARD.encode(mac(&mac(&salted, b"Server Key"), all.as_bytes()))), true)
    }

    fn run(&self, name: &str, command: &Document, talk: &mut Talk) -> Document {
        let mut state = self.state();
        let key = (text(command, "$db"), text(command, name));
        let page = state.page.unwrap_or(usize::MAX);
        match name {
            "insert" => {
                state.collections.entry(key).or_default().extend(list(command, "documents"));
                doc! { "ok": 1.0 }
            }
            "update" => {
                let documents = state.collections.entry(key).or_default();
                for update in list(command, "updates") {
                    let filter = part(&update, "q");
                    documents.retain(|document| !fits(document, &filter));
                    documents.push(part(&update, "u"));
                }
                doc! { "ok": 1.0 }
            }
            "delete" => {
                let documents = state.collections.entry(key).or_default();
                for delete in list(command, "deletes") {
                    documents.retain(|document| !fits(document, &part(&delete, "q")));
                }
                doc! { "ok": 1.0 }
            }
            "find" => {
                let filter = part(command, "filter");
                let documents = state.collections.get(&key).into_iter().flatten();
                let found = documents.filter(|document| fits(document, &filter)).cloned().collect();
                cursor("firstBatch", found, page, talk)
            }
            "createSearchIndexes" if !state.collections.contains_key(&key) => {
                refusal(26, "Collection 'db.docs' does not exist.")
            }
            "createSearchIndexes" => {
                state.indexes.entry(key).or_default().extend(list(command, "indexes"));
                doc! { "ok": 1.0 }
            }
            "aggregate" => match aggregate(&mut state, &key, &list(command, "pipeline")) {
                Ok(found) => cursor("firstBatch", found, page, talk),
                Err(refusal) => refusal,
            },
            _ => refusal(59, "no such command"),
        }
    }
}

fn aggregate(
    state: &mut State,
    key: &(String, String),
    pipeline: &[Document],
) -> Result<Vec<Document>, Document> {
    let stage =
        |name: &str| pipeline.iter().find(|stage| stage.contains_key(name)).map(|stage| part(stage, name));
    let indexes = state.indexes.get(key).cloned().unwrap_or_default();
    let named = |name: String| indexes.iter().find(|index| text(index, "name") == name);
    if let Some(asked) = stage("$listSearchIndexes") {
        let Some(index) = named(text(&asked, "name")) else { return Ok(Vec::new()) };
        let is_ready = state.looks == 0;
        state.looks = state.looks.saturating_sub(1);
        let kind = text(index, "type");
        return Ok(vec![doc! {
            "name": text(index, "name"), "type": kind, "queryable": is_ready,
            "latestDefinition": part(index, "definition"),
        }]);
    }
    let search = stage("$vectorSearch").ok_or_else(|| refusal(40324, "Unrecognized pipeline stage name"))?;
    let path = text(&search, "path");
    let wanted = numbers(&search, "queryVector");
    let index = named(text(&search, "index")).filter(|_| state.looks == 0);
    let fields = list(&part(index.ok_or_else(|| refusal(8, "no such index"))?, "definition"), "fields");
    let length = fields.first().and_then(|field| field.get_i64("numDimensions").ok());
    if length != i64::try_from(wanted.len()).ok()
        || fields.first().map(|field| text(field, "path")) != Some(path.clone())
    {
        return Err(refusal(8, "vector field is indexed with another number of dimensions"));
    }
    let filter = part(&search, "filter");
    let limit = usize::try_from(search.get_i64("limit").unwrap_or_default()).unwrap_or_default();
    let mut found: Vec<(f64, Document)> = state
        .collections
        .get(key)
        .into_iter()
        .flatten()
        .filter(|document| fits(document, &filter))
        .map(|document| (f64::midpoint(1.0, cosine(&numbers(document, &path), &wanted)), document.clone()))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(limit);
    let scored = stage("$set").and_then(|set| set.keys().next().cloned());
    let dropped = stage("$project").map(|project| project.keys().cloned().collect::<Vec<_>>());
    Ok(found
        .into_iter()
        .map(|(score, mut document)| {
            document.extend(scored.clone().map(|name| (name, Bson::Double(score))));
            dropped.iter().flatten().for_each(|name| drop(document.remove(name)));
            document
        })
        .collect())
}

fn refusal(code: i32, why: &str) -> Document {
    doc! { "ok": 0.0, "code": code, "errmsg": why }
}

fn said(text: String, done: bool) -> Document {
    let payload = Binary { subtype: BinarySubtype::Generic, bytes: text.into_bytes() };
    doc! { "conversationId": 1, "done": done, "payload": payload, "ok": 1.0 }
}

/// An answer with the first of the documents; the others wait.
fn cursor(name: &str, mut found: Vec<Document>, page: usize, talk: &mut Talk) -> Document {
    talk.rest = found.split_off(page.min(found.len()));
    let id = i64::from(!talk.rest.is_empty());
    doc! { "cursor": { "id": id, "ns": "db.docs", name: found }, "ok": 1.0 }
}

fn text(document: &Document, name: &str) -> String {
    document.get_str(name).unwrap_or_default().to_owned()
}

fn part(document: &Document, name: &str) -> Document {
    document.get_document(name).cloned().unwrap_or_default()
}

fn list(document: &Document, name: &str) -> Vec<Document> {
    let items = document.get_array(name).into_iter().flatten();
    items.filter_map(Bson::as_document).cloned().collect()
}

fn numbers(document: &Document, name: &str) -> Vec<f64> {
    document.get_array(name).into_iter().flatten().filter_map(Bson::as_f64).collect()
}

/// Filters by equal values and by `$in`.
fn fits(document: &Document, filter: &Document) -> bool {
    filter.iter().all(|(name, wanted)| {
        let value = document.get(name);
        match wanted.as_document().and_then(|wanted| wanted.get_array("$in").ok()) {
            Some(among) => value.is_some_and(|value| among.contains(value)),
            None => value == Some(wanted),
        }
    })
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

fn mac(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(bytes);
    mac.finalize().into_bytes().to_vec()
}

fn xor(a: &[u8], b: &[u8]) -> Vec<u8> {
    a.iter().zip(b).map(|(a, b)| a ^ b).collect()
}

fn salted(password: &[u8]) -> Vec<u8> {
    let mut last = mac(password, &[SALT, &1_u32.to_be_bytes()].concat());
    let mut all = last.clone();
    for _ in 1..ROUNDS {
        last = mac(password, &last);
        all = xor(&all, &last);
    }
    all
}

/// The number of the next message, and its command with the lists that come in sections of their own.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(i32, Document)> {
    let mut head = [0; HEAD_BYTES];
    stream.read_exact(&mut head).await?;
    let number = |at: usize| {
        let four = head.get(at..at + 4).and_then(|four| four.try_into().ok());
        four.map(i32::from_le_bytes).unwrap_or_default()
    };
    if number(12) != OP_MSG {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let length = usize::try_from(number(0)).ok().and_then(|length| length.checked_sub(HEAD_BYTES));
    let mut rest = vec![0; length.ok_or(io::ErrorKind::InvalidData)?];
    stream.read_exact(&mut rest).await?;
    let mut sections = rest.get(4..).unwrap_or_default();
    let mut command = Document::new();
    while let Some((kind, after)) = sections.split_first() {
        sections = after;
        if *kind == 0 {
            let main = Document::from_reader(&mut sections).map_err(io::Error::other)?;
            command = main.into_iter().chain(command).collect();
        } else {
            let (size, body) = sections.split_first_chunk::<4>().ok_or(io::ErrorKind::InvalidData)?;
            let size = usize::try_from(u32::from_le_bytes(*size)).map_err(io::Error::other)?;
            let (body, after) = body.split_at_checked(size - 4).ok_or(io::ErrorKind::InvalidData)?;
            sections = after;
            let end = body.iter().position(|byte| *byte == 0).ok_or(io::ErrorKind::InvalidData)?;
            let (name, body) = body.split_at(end);
            let mut body = body.get(1..).unwrap_or_default();
            let mut documents = Vec::new();
            while !body.is_empty() {
                documents.push(Document::from_reader(&mut body).map_err(io::Error::other)?);
            }
            command.insert(String::from_utf8_lossy(name), documents);
        }
    }
    Ok((number(4), command))
}
