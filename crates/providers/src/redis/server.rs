//! Where a server is, and sessions with it.

use crate::http::Bounded;
use futures::FutureExt as _;
use langflow_core::run::{Egress, Encryption};
use langflow_core::{Fault, FaultKind, Secret};
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Cmd, ErrorKind, Pipeline, RedisConnectionInfo, RedisError, RedisResult, Value,
};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

const SERVICE: &str = "Redis";
const PORT: u16 = 6379;
/// A single answer may take this long.
const ANSWER: Duration = Duration::from_secs(30);
/// What is read in one session.
const SESSION_BYTES: usize = 64 * 1024 * 1024;
/// What of a refusal is shown.
const SHOWN_CHARS: usize = 500;

/// Where a server is, and who calls it.
#[derive(Clone, Debug)]
pub struct RedisServer {
    pub host: String,
    pub port: u16,
    /// By TLS.
    pub encrypted: bool,
    /// Empty: the usual user.
    pub username: String,
    /// Empty: none is asked for.
    pub password: Secret,
    /// Number of the database.
    pub database: i64,
    pub egress: Arc<dyn Egress>,
}

impl RedisServer {
    /// Reads `redis://user:password@host:port/database`, and `rediss://…` for TLS. The faults never show the text,
    /// which may hold a password.
    ///
    /// # Errors
    /// It is no such address; sockets of the machine and sentinels are not spoken to.
    pub fn parse(text: &str, egress: Arc<dyn Egress>) -> Result<Self, Fault> {
        let wrong = |why: &str| {
            Fault::invalid(format!("the connection string {why}; it is something like redis://host:6379/0"))
        };
        let url = Url::parse(text.trim()).map_err(|_| wrong("is no URL"))?;
        let encrypted = match url.scheme() {
            "redis" | "valkey" => false,
            "rediss" | "valkeys" => true,
            "redis+sentinel" | "rediss+sentinel" | "unix" => {
                return Err(Fault::unsupported("sentinels and sockets of the machine are not spoken to"));
            }
            _ => return Err(wrong("has another scheme than redis and rediss")),
        };
        let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("names no host"))?;
        let number = url.path().trim_matches('/');
        Ok(Self {
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port().unwrap_or(PORT),
            encrypted,
            username: decode(url.username()),
            password: Secret::new(decode(url.password().unwrap_or_default())),
            database: match number {
                "" => 0,
                number => number.parse().map_err(|_| wrong("has no number of a database after the host"))?,
            },
            egress,
        })
    }

    /// Opens a session.
    ///
    /// # Errors
    /// The host may not be called or does not answer; the server does not accept user and password.
    pub(super) async fn open(&self) -> Result<Session, Fault> {
        let encryption = if self.encrypted { Encryption::Tls } else { Encryption::None };
        let wire = self.egress.connect(&self.host, self.port, &encryption).await?;
        let mut who = RedisConnectionInfo::default().set_db(self.database).set_skip_set_lib_name();
        if !self.username.is_empty() {
            who = who.set_username(&self.username);
        }
        if !self.password.is_empty() {
            who = who.set_password(self.password.expose());
        }
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(ANSWER));
        let stream = Bounded::new(wire, SESSION_BYTES);
        let opening = MultiplexedConnection::new_with_config(&who, stream, config);
        let opened = tokio::time::timeout(ANSWER, opening).await;
        let (connection, driver) = opened.map_err(|_| late())?.map_err(fault)?;
        Ok(Session { connection, driver: Box::pin(driver.fuse()) })
    }
}

/// Carries what is asked and answered while somebody waits for an answer.
type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A connection for a piece of work; it is closed when this is dropped.
pub(super) struct Session {
    connection: MultiplexedConnection,
    driver: Driver,
}

impl Session {
    /// Asks for one thing.
    pub async fn ask(&mut self, command: &Cmd) -> Result<Value, Fault> {
        carried(&mut self.driver, command.query_async(&mut self.connection)).await
    }

    /// Asks for several things at once; the first refusal is the answer of all.
    pub async fn ask_all(&mut self, commands: &Pipeline) -> Result<Vec<Value>, Fault> {
        carried(&mut self.driver, commands.query_async(&mut self.connection)).await
    }
}

/// An answer, while `driver` carries what is said. It may end with the connection just after the answer came in.
async fn carried<T>(driver: &mut Driver, answer: impl Future<Output = RedisResult<T>>) -> Result<T, Fault> {
    tokio::pin!(answer);
    tokio::select! {
        biased;
        answer = &mut answer => answer.map_err(fault),
        () = driver => match answer.now_or_never() {
            Some(answer) => answer.map_err(fault),
            None => Err(gone()),
        },
    }
}

fn late() -> Fault {
    Fault::new(FaultKind::Timeout, format!("{SERVICE} did not answer within {} seconds", ANSWER.as_secs()))
}

fn gone() -> Fault {
    Fault::new(FaultKind::Unavailable, format!("{SERVICE} closed the connection"))
}

fn fault(error: RedisError) -> Fault {
    if error.is_timeout() {
        return late();
    }
    let code = error.code().unwrap_or_default();
    let said = error.detail().unwrap_or_default();
    // Modules tell what is wrong without a code, so that the first word of the sentence is taken for one.
    let sentence = if matches!(code, "" | "ERR") { said.to_owned() } else { format!("{code} {said}") };
    let sentence: String = sentence.chars().take(SHOWN_CHARS).collect();
    let is_login = matches!(code, "WRONGPASS" | "NOAUTH" | "NOPERM");
    let new = match error.kind() {
        _ if is_login => Fault::new(
            FaultKind::Unauthorised,
            format!("{SERVICE} does not accept the credential: {}", sentence.trim()),
        ),
        ErrorKind::AuthenticationFailed => {
            Fault::new(FaultKind::Unauthorised, format!("{SERVICE} does not accept the credential"))
        }
        ErrorKind::Server(_) | ErrorKind::Extension if sentence.contains("unknown command") => {
            Fault::unsupported(format!("this {SERVICE} has no search module: {}", sentence.trim()))
        }
        ErrorKind::Server(_) | ErrorKind::Extension => {
            Fault::invalid(format!("{SERVICE} refused: {}", sentence.trim()))
        }
        ErrorKind::Parse => Fault::new(
            FaultKind::Unavailable,
            format!("{SERVICE} answered with something that is not understood"),
        ),
        _ => Fault::new(FaultKind::Unavailable, format!("{SERVICE} cannot be spoken to: {error}")),
    };
    new.with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Door, EgressConfig};

    #[test]
    fn addresses_of_servers() {
        let door: Arc<dyn Egress> = Arc::new(Door::new(EgressConfig::default()).unwrap());
        let read = |text: &str| {
            RedisServer::parse(text, Arc::clone(&door)).map(|server| {
                let RedisServer { host, port, encrypted, username, password, database, .. } = server;
                format!("{host} {port} {encrypted} {username} {} {database}", password.expose())
            })
        };
        for (text, expect) in [
            ("redis://h", "h 6379 false   0"),
            ("rediss://u:p%40ss@h.example:7000/3", "h.example 7000 true u p@ss 3"),
            ("redis://:p@[::1]:1", "::1 1 false  p 0"),
        ] {
            assert_eq!(read(text).unwrap(), expect, "{text}");
        }
        for (text, kind) in [
            ("h:6379", FaultKind::Invalid),
            ("redis://:secret@h/x", FaultKind::Invalid),
            ("http://h", FaultKind::Invalid),
            ("unix:///run/redis.sock", FaultKind::Unsupported),
            ("redis+sentinel://h", FaultKind::Unsupported),
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!(fault.kind(), kind, "{text}: {fault}");
            assert!(!fault.message().contains("secret"), "{fault}");
        }
    }
}
