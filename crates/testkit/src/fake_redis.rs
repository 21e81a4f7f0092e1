//! A Redis in memory: speaks RESP, knows the commands that lists, hashes and the search module need, and checks a
//! password where it has one.

use crate::listen::listen;
use crate::mood::Mood;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
    BufReader,
};

type Bytes = Vec<u8>;

#[derive(Debug, Default)]
struct Index {
    prefix: Bytes,
    dimension: usize,
}

#[derive(Debug, Default)]
struct State {
    hashes: BTreeMap<Bytes, BTreeMap<Bytes, Bytes>>,
    lists: BTreeMap<Bytes, VecDeque<Bytes>>,
    indexes: BTreeMap<Bytes, Index>,
    mood: Mood,
}

/// The server; clones share what it holds.
#[derive(Clone, Debug, Default)]
pub struct FakeRedis {
    state: Arc<Mutex<State>>,
    password: Option<String>,
}

/// An answer in RESP.
enum Reply {
    Ok,
    Number(i64),
    Text(Bytes),
    List(Vec<Reply>),
    Refusal(&'static str),
}

impl Reply {
    fn write(&self, into: &mut Bytes) {
        match self {
            Self::Ok => into.extend(b"+OK\r\n"),
            Self::Number(number) => into.extend(format!(":{number}\r\n").into_bytes()),
            Self::Text(text) => {
                into.extend(format!("${}\r\n", text.len()).into_bytes());
                into.extend(text);
                into.extend(b"\r\n");
            }
            Self::List(items) => {
                into.extend(format!("*{}\r\n", items.len()).into_bytes());
                for item in items {
                    item.write(into);
                }
            }
            Self::Refusal(why) => into.extend(format!("-{why}\r\n").into_bytes()),
        }
    }
}

impl FakeRedis {
    /// One that asks for a password.
    pub fn with_password(password: &str) -> Self {
        Self { password: Some(password.to_owned()), ..Self::default() }
    }

    pub fn set_mood(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// How many hashes and lists there are.
    pub fn keys(&self) -> usize {
        let state = self.state();
        state.hashes.len() + state.lists.len()
    }

    /// The items of a list, the first in front.
    pub fn list(&self, key: &str) -> Vec<String> {
        let state = self.state();
        let items = state.lists.get(key.as_bytes()).into_iter().flatten();
        items.map(|item| String::from_utf8_lossy(item).into_owned()).collect()
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
    pub async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut is_known = self.password.is_none();
        let mut held: Option<Vec<Vec<Bytes>>> = None;
        while let Some(command) = read(&mut stream).await? {
            let mut answer = Bytes::new();
            let mood = self.state().mood;
            match mood {
                Mood::Broken => return Ok(()),
                Mood::Garbage => answer.extend(b"<html>\r\n"),
                Mood::Locked => {
                    Reply::Refusal("WRONGPASS invalid username-password pair").write(&mut answer);
                }
                Mood::Good => self.answer(&command, &mut is_known, &mut held).write(&mut answer),
            }
            stream.write_all(&answer).await?;
            stream.flush().await?;
        }
        Ok(())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, command: &[Bytes], is_known: &mut bool, held: &mut Option<Vec<Vec<Bytes>>>) -> Reply {
        let name = command.first().map(|name| name.to_ascii_uppercase()).unwrap_or_default();
        match name.as_slice() {
            b"AUTH" => {
                *is_known = self.password.as_deref().map(str::as_bytes) == command.last().map(Vec::as_slice);
                if *is_known { Reply::Ok } else { Reply::Refusal("WRONGPASS invalid username-password pair") }
            }
            _ if !*is_known => Reply::Refusal("NOAUTH Authentication required."),
            b"MULTI" => {
                *held = Some(Vec::new());
                Reply::Ok
            }
            b"EXEC" => {
                let commands = held.take().unwrap_or_default();
                Reply::List(commands.iter().map(|command| self.run(command)).collect())
            }
            _ => match held {
                Some(commands) => {
                    commands.push(command.to_vec());
                    Reply::Text(b"QUEUED".to_vec())
                }
                None => self.run(command),
            },
        }
    }

    fn run(&self, command: &[Bytes]) -> Reply {
        let mut state = self.state();
        let Some((name, rest)) = command.split_first() else { return Reply::Refusal("ERR no command") };
        match (name.to_ascii_uppercase().as_slice(), rest) {
            (b"SELECT" | b"CLIENT" | b"PING", _) => Reply::Ok,
            (b"DEL", keys) => {
                let gone = keys.iter().filter(|key| state.hashes.remove(*key).is_some()).count();
                Reply::Number(i64::try_from(gone).unwrap_or_default())
            }
            (b"EXISTS", [key]) => Reply::Number(state.hashes.contains_key(key).into()),
            (b"HSET", [key, fields @ ..]) => {
                let hash = state.hashes.entry(key.clone()).or_default();
                hash.extend(fields.chunks_exact(2).filter_map(|pair| match pair {
                    [field, value] => Some((field.clone(), value.clone())),
                    _ => None,
                }));
                Reply::Number(1)
            }
            (b"LPUSH", [key, item]) => {
                state.lists.entry(key.clone()).or_default().push_front(item.clone());
                Reply::Number(1)
            }
            (b"LRANGE", [key, _, last]) => {
                let last: usize = String::from_utf8_lossy(last).parse().unwrap_or(usize::MAX);
                let items = state.lists.get(key).into_iter().flatten();
                Reply::List(items.take(last.saturating_add(1)).cloned().map(Reply::Text).collect())
            }
            (b"FT.CREATE", [index, ..]) if state.indexes.contains_key(index) => {
                Reply::Refusal("Index already exists")
            }
            (b"FT.CREATE", [index, options @ ..]) => {
                let after = |word: &str, skip: usize| {
                    let at = options.iter().position(|option| option == word.as_bytes());
                    at.and_then(|at| options.get(at + skip)).cloned().unwrap_or_default()
                };
                let dimension = String::from_utf8_lossy(&after("DIM", 1)).parse().unwrap_or_default();
                state.indexes.insert(index.clone(), Index { prefix: after("PREFIX", 2), dimension });
                Reply::Ok
            }
            (b"FT.INFO", [index]) => match state.indexes.get(index) {
                Some(index) => {
                    let word = |text: &str| Reply::Text(text.as_bytes().to_vec());
                    let dimension = Reply::Number(i64::try_from(index.dimension).unwrap_or_default());
                    let field = vec![word("identifier"), word("content_vector"), word("dim"), dimension];
                    Reply::List(vec![word("attributes"), Reply::List(vec![Reply::List(field)])])
                }
                None => Reply::Refusal("Unknown index name"),
            },
            (b"FT.SEARCH", [index, query, options @ ..]) => search(&state, index, query, options),
            _ => Reply::Refusal("ERR unknown command"),
        }
    }
}

/// `(*)=>[KNN k @field $vector AS distance]` with the vector among the parameters.
fn search(state: &State, index: &Bytes, query: &Bytes, options: &[Bytes]) -> Reply {
    let Some(index) = state.indexes.get(index) else { return Reply::Refusal("docs: no such index") };
    let query = String::from_utf8_lossy(query);
    let words: Vec<&str> = query.split([' ', '[', ']']).collect();
    let (Some(&"(*)=>"), Some(&"KNN"), Some(limit), Some(field)) =
        (words.first(), words.get(1), words.get(2), words.get(3))
    else {
        return Reply::Refusal("Syntax error at offset 1 near query");
    };
    let limit: usize = limit.parse().unwrap_or_default();
    let field = field.trim_start_matches('@').as_bytes();
    let at = options.iter().position(|option| option == b"vector");
    let wanted = numbers(at.and_then(|at| options.get(at + 1)).map(Vec::as_slice).unwrap_or_default());
    if wanted.len() != index.dimension {
        return Reply::Refusal(
            "Error parsing vector similarity query: query vector blob size does not match",
        );
    }
    let inside = state.hashes.iter().filter(|(key, _)| key.starts_with(&index.prefix));
    let mut found: Vec<(f32, &Bytes, &BTreeMap<Bytes, Bytes>)> = inside
        .filter_map(|(key, hash)| Some((1.0 - cosine(&wanted, &numbers(hash.get(field)?)), key, hash)))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.truncate(limit);
    let mut items = vec![Reply::Number(i64::try_from(found.len()).unwrap_or_default())];
    for (distance, key, hash) in found {
        let mut fields =
            vec![Reply::Text(b"distance".to_vec()), Reply::Text(distance.to_string().into_bytes())];
        fields.extend(hash.iter().flat_map(|(name, value)| [name, value]).cloned().map(Reply::Text));
        items.extend([Reply::Text(key.clone()), Reply::List(fields)]);
    }
    Reply::List(items)
}

fn numbers(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).filter_map(|four| Some(f32::from_le_bytes(four.try_into().ok()?))).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// The next command: an array of texts. `None` at the end.
async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<Bytes>>> {
    let Some(count) = number(stream, b'*').await? else { return Ok(None) };
    let mut words = Vec::new();
    for _ in 0..count {
        let length = number(stream, b'$').await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut word = vec![0; length + 2];
        stream.read_exact(&mut word).await?;
        word.truncate(length);
        words.push(word);
    }
    Ok(Some(words))
}

async fn number(stream: &mut (impl AsyncBufRead + Unpin), mark: u8) -> io::Result<Option<usize>> {
    let mut line = Bytes::new();
    if stream.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    let text = line.strip_prefix(&[mark]).ok_or(io::ErrorKind::InvalidData)?;
    let number = String::from_utf8_lossy(text).trim().parse().map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Some(number))
}
