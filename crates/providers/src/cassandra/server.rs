//! Finding a node that answers.

use super::answer::Answer;
use super::session::{ANSWER, Session};
use super::statement::Statement;
use super::{Name, SERVICE};
use langflow_core::run::{Egress, Encryption};
use langflow_core::{Fault, FaultKind, Secret};
use std::sync::Arc;
use std::time::Duration;

/// Where a cluster is, and who calls it.
#[derive(Clone, Debug)]
pub struct CassandraServer {
    /// Hosts that are tried in this order until one answers; no other node is called.
    pub contact_points: Vec<(String, u16)>,
    /// By TLS.
    pub encrypted: bool,
    /// How long a host may take to be reached.
    pub connect_timeout: Duration,
    /// Told where the server asks.
    pub username: String,
    pub password: Secret,
    pub keyspace: Name,
    pub egress: Arc<dyn Egress>,
}

impl CassandraServer {
    /// Opens a session in the keyspace.
    ///
    /// # Errors
    /// No host may be called, or answers in time; the server does not accept user and password; there is no such
    /// keyspace. The fault names the field.
    pub(super) async fn open(&self) -> Result<Session, Fault> {
        let opened = tokio::time::timeout(ANSWER, self.find()).await;
        let mut session = opened.unwrap_or_else(|_| Err(unreached(ANSWER))).map_err(|fault| {
            let is_login = fault.kind() == FaultKind::Unauthorised;
            fault.at_field(if is_login { "token" } else { "database_ref" })
        })?;
        self.enter(&mut session).await?;
        Ok(session)
    }

    async fn find(&self) -> Result<Session, Fault> {
        let mut last = None;
        for (host, port) in &self.contact_points {
            match self.greet(host, *port).await {
                Ok(session) => return Ok(session),
                // Another host would say the same.
                Err(fault) if [FaultKind::Refused, FaultKind::Unauthorised].contains(&fault.kind()) => {
                    return Err(fault);
                }
                Err(fault) => last = Some(fault),
            }
        }
        Err(last.unwrap_or_else(|| Fault::missing(format!("no host of {SERVICE} is named"))))
    }

    async fn greet(&self, host: &str, port: u16) -> Result<Session, Fault> {
        let encryption = if self.encrypted { Encryption::Tls } else { Encryption::None };
        let opened =
            tokio::time::timeout(self.connect_timeout, self.egress.connect(host, port, &encryption)).await;
        let mut session = Session::new(opened.map_err(|_| unreached(self.connect_timeout))??);
        session.greet(&self.username, &self.password).await?;
        Ok(session)
    }

    async fn enter(&self, session: &mut Session) -> Result<(), Fault> {
        match session.ask(&Statement::new(format!("USE {}", self.keyspace.quoted()))).await? {
            Answer::Refusal(refusal) if refusal.is_about_the_statement() => Err(Fault::missing(format!(
                "{SERVICE} has no keyspace '{}'; it has to be made first",
                self.keyspace.as_str()
            ))
            .at_field("keyspace")),
            answer => answer.rows().map(drop),
        }
    }
}

fn unreached(waited: Duration) -> Fault {
    let seconds = waited.as_secs_f64();
    Fault::new(FaultKind::Timeout, format!("{SERVICE} was not reached within {seconds} seconds"))
}
