//! A connection and what is asked on it.

use super::SERVICE;
use super::answer::{Answer, Refusal, Rows};
use super::frame::{Body, HEAD_BYTES, Head, Request};
use super::statement::Statement;
use crate::http::Bounded;
use langflow_core::run::Wire;
use langflow_core::{Fault, FaultKind, Secret};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

/// An answer, or those of a batch, may take this long.
pub const ANSWER: Duration = Duration::from_secs(30);
/// What is read in one session.
const SESSION_BYTES: usize = 64 * 1024 * 1024;
/// Rows of one page.
const PAGE_ROWS: i32 = 500;
/// What servers of DataStax ask with: they want to hear first how the password is told.
const ASKS_HOW: &str = "com.datastax.bdp.cassandra.auth.DseAuthenticator";
/// How often is looked whether all nodes know a change of the schema, and the pause before the next look.
const LOOKS: u32 = 25;
const PAUSE: Duration = Duration::from_millis(200);

/// An open connection; it is closed when this is dropped.
pub struct Session {
    stream: Bounded,
}

impl Session {
    pub fn new(wire: Box<dyn Wire>) -> Self {
        Self { stream: Bounded::new(wire, SESSION_BYTES) }
    }

    /// Begins, and signs in where the server wants to know who calls.
    pub async fn greet(&mut self, username: &str, password: &Secret) -> Result<(), Fault> {
        let mut body = Body::default();
        let options = [
            ("CQL_VERSION", "3.0.0"),
            ("DRIVER_NAME", "langflow"),
            ("DRIVER_VERSION", env!("CARGO_PKG_VERSION")),
        ];
        body.short(u16::try_from(options.len()).unwrap_or_default());
        for (name, value) in options {
            body.text(name);
            body.text(value);
        }
        let class = match self.one(Request::Startup, body).await? {
            Answer::Ready => return Ok(()),
            Answer::WhoIsThere(class) => class,
            Answer::Refusal(refusal) => return Err(refusal.into()),
            _ => return Err(garbled()),
        };
        if username.is_empty() && password.is_empty() {
            let wants = format!("{SERVICE} wants a user name and a password");
            return Err(Fault::new(FaultKind::Unauthorised, wants));
        }
        let plain = [b"\0", username.as_bytes(), b"\0", password.expose().as_bytes()].concat();
        let first = if class == ASKS_HOW { b"PLAIN" } else { plain.as_slice() };
        match self.tell(first).await? {
            Answer::Challenge(asked) if asked == b"PLAIN-START" => match self.tell(&plain).await? {
                Answer::SignedIn => Ok(()),
                other => Err(not_signed_in(other)),
            },
            Answer::SignedIn => Ok(()),
            other => Err(not_signed_in(other)),
        }
    }

    async fn tell(&mut self, token: &[u8]) -> Result<Answer, Fault> {
        let mut body = Body::default();
        body.bytes(token);
        self.one(Request::AuthResponse, body).await
    }

    async fn one(&mut self, request: Request, body: Body) -> Result<Answer, Fault> {
        let answers = self.exchange(&[body.frame(request, 0)?]).await?;
        answers.into_iter().next().ok_or_else(garbled)
    }

    /// Asks for one thing.
    ///
    /// # Errors
    /// There is no answer in order and in time. A refusal is an answer.
    pub async fn ask(&mut self, statement: &Statement) -> Result<Answer, Fault> {
        self.one(Request::Query, statement.body()).await
    }

    /// Asks for several things at once; the answers stand in the same order.
    ///
    /// # Errors
    /// As with [`Self::ask`].
    pub async fn ask_all(&mut self, statements: &[Statement]) -> Result<Vec<Answer>, Fault> {
        let frames = (0..).zip(statements).map(|(at, statement)| statement.body().frame(Request::Query, at));
        let frames = frames.collect::<Result<Vec<_>, _>>()?;
        self.exchange(&frames).await
    }

    /// The rows of all pages, at most `most`.
    ///
    /// # Errors
    /// As with [`Self::ask`].
    pub async fn rows(&mut self, statement: Statement, most: usize) -> Result<Result<Rows, Refusal>, Fault> {
        let mut statement = statement.in_pages_of(PAGE_ROWS);
        let mut all = Rows::default();
        loop {
            match self.ask(&statement).await? {
                Answer::Rows(rows) => all.append(rows),
                Answer::Refusal(refusal) => return Ok(Err(refusal)),
                _ => return Err(garbled()),
            }
            match all.next.take() {
                Some(state) if all.len() < most => statement.after(state),
                _ => return Ok(Ok(all)),
            }
        }
    }

    /// Changes the schema, and waits until all nodes know it, as other drivers do.
    ///
    /// # Errors
    /// As with [`Self::ask`].
    pub async fn change(&mut self, cql: String) -> Result<Result<(), Refusal>, Fault> {
        match self.ask(&Statement::new(cql)).await? {
            Answer::Changed => self.agree().await.map(Ok),
            Answer::Refusal(refusal) => Ok(Err(refusal)),
            _ => Ok(Ok(())),
        }
    }

    async fn agree(&mut self) -> Result<(), Fault> {
        for _ in 0..LOOKS {
            let mut versions = BTreeSet::new();
            for table in ["local", "peers"] {
                let asked = Statement::new(format!("SELECT schema_version FROM system.{table}"));
                let told = self.rows(asked, usize::MAX).await??;
                versions.extend(told.iter().filter_map(|row| row.uuid("schema_version")));
            }
            if versions.len() < 2 {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        // A node that is down keeps its version; the others know the change by now.
        Ok(())
    }

    /// Sends frames that are numbered from 0 and gives their answers in this order.
    async fn exchange(&mut self, frames: &[Vec<u8>]) -> Result<Vec<Answer>, Fault> {
        let (mut from, mut to) = tokio::io::split(&mut self.stream);
        // A server may stop reading until somebody reads what it says.
        let write = async {
            for frame in frames {
                to.write_all(frame).await.map_err(broken)?;
            }
            to.flush().await.map_err(broken)
        };
        let read = async {
            let mut answers: Vec<Option<Answer>> = frames.iter().map(|_| None).collect();
            for _ in frames {
                let (number, answer) = read_answer(&mut from).await?;
                let place = usize::try_from(number).ok().and_then(|at| answers.get_mut(at));
                match place {
                    Some(place @ None) => *place = Some(answer),
                    _ => return Err(garbled()),
                }
            }
            Ok(answers.into_iter().flatten().collect())
        };
        let done = tokio::time::timeout(ANSWER, async { tokio::try_join!(write, read) }).await;
        done.map_err(|_| late())?.map(|((), answers)| answers)
    }
}

async fn read_answer(from: &mut (impl AsyncRead + Unpin)) -> Result<(i16, Answer), Fault> {
    let mut head = [0; HEAD_BYTES];
    from.read_exact(&mut head).await.map_err(broken)?;
    let head = Head::read(head).ok_or_else(garbled)?;
    // Grows with what comes, not with what was announced.
    let mut body = Vec::new();
    from.take(head.length as u64).read_to_end(&mut body).await.map_err(broken)?;
    if body.len() < head.length {
        return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
    }
    let answer = Answer::read(head.opcode, head.flags, &body).ok_or_else(garbled)?;
    Ok((head.number, answer))
}

fn not_signed_in(answer: Answer) -> Fault {
    match answer {
        Answer::Refusal(refusal) => refusal.into(),
        Answer::Challenge(_) => {
            Fault::unsupported(format!("{SERVICE} wants more than a user name and a password"))
        }
        _ => garbled(),
    }
}

fn late() -> Fault {
    Fault::new(FaultKind::Timeout, format!("{SERVICE} did not answer within {} seconds", ANSWER.as_secs()))
}

fn garbled() -> Fault {
    Fault::new(FaultKind::Unavailable, format!("{SERVICE} answered with something that is not understood"))
}

fn broken(error: std::io::Error) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("the connection to {SERVICE} broke: {error}"))
        .with_source(error)
}
