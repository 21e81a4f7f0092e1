//! Finding the member of a cluster that is written to.

use super::address::{Seeds, host_and_port};
use super::login::ADMIN;
use super::session::{ANSWER, Session};
use super::{MongoServer, SERVICE};
use bson::{Document, doc};
use langflow_core::run::Encryption;
use langflow_core::{Fault, FaultKind};
use std::collections::VecDeque;

/// Hosts that are asked before giving up.
const MOST_HOSTS: usize = 10;

impl MongoServer {
    /// Opens a session with the member that is written to.
    ///
    /// # Errors
    /// No host of the cluster may be called, or answers in time, or is that member; nobody is signed in.
    pub(super) async fn open(&self) -> Result<Session, Fault> {
        let opened = tokio::time::timeout(ANSWER, self.find()).await;
        opened.map_err(|_| {
            let seconds = ANSWER.as_secs();
            Fault::new(FaultKind::Timeout, format!("{SERVICE} was not reached within {seconds} seconds"))
        })?
    }

    async fn find(&self) -> Result<Session, Fault> {
        let (seeds, source) = self.seeds().await?;
        let mut waiting = VecDeque::from(seeds);
        let mut asked: Vec<(String, u16)> = Vec::new();
        let mut last = None;
        while let Some((host, port)) = waiting.pop_front() {
            if asked.contains(&(host.clone(), port)) || asked.len() == MOST_HOSTS {
                continue;
            }
            asked.push((host.clone(), port));
            match self.greet(&host, port, &source).await {
                Ok((mut session, greeting)) if self.direct || is_primary(&greeting) => {
                    self.login.sign_in(&mut session, &greeting, &source).await?;
                    return Ok(session);
                }
                Ok((_, greeting)) => {
                    let primary = greeting.get_str("primary").ok().and_then(host_and_port);
                    if let Some(primary) = primary {
                        waiting.push_front(primary);
                    }
                    last = Some(Fault::new(
                        FaultKind::Unavailable,
                        format!(
                            "{host}:{port} is not the member of the {SERVICE} cluster that is written to"
                        ),
                    ));
                }
                Err(fault) if fault.kind() == FaultKind::Refused => return Err(fault),
                Err(fault) => last = Some(fault),
            }
        }
        Err(last.unwrap_or_else(|| Fault::new(FaultKind::Unavailable, format!("{SERVICE} has no host"))))
    }

    /// The hosts to ask, and where the account is known.
    async fn seeds(&self) -> Result<(Vec<(String, u16)>, String), Fault> {
        let or =
            |source: &str, other: &str| if source.is_empty() { other.to_owned() } else { source.to_owned() };
        let name = match &self.seeds {
            Seeds::Hosts(hosts) => return Ok((hosts.clone(), or(&self.source, ADMIN))),
            Seeds::Records(name) => name,
        };
        let records = self.egress.service_records("mongodb", name).await?;
        // Who answers for the name may not send the password to somebody else.
        let (_, parent) = name.split_once('.').unwrap_or(("", name));
        let inside = |host: &str| {
            host.to_ascii_lowercase().strip_suffix(parent).is_some_and(|front| front.ends_with('.'))
        };
        if let Some((host, _)) = records.hosts.iter().find(|(host, _)| !inside(host)) {
            return Err(Fault::refused(format!(
                "the records of '{name}' lead to '{host}', which is elsewhere"
            )));
        }
        let mut said = records.texts.iter().flat_map(|text| text.split('&'));
        let said = said.find_map(|pair| pair.strip_prefix("authSource=")).unwrap_or(ADMIN);
        Ok((records.hosts, or(&self.source, said)))
    }

    async fn greet(&self, host: &str, port: u16, source: &str) -> Result<(Session, Document), Fault> {
        let encryption = match (self.encrypted, self.certificate.is_empty()) {
            (false, _) => Encryption::None,
            (true, true) => Encryption::Tls,
            (true, false) => Encryption::TlsAs(self.certificate.clone()),
        };
        let mut session = Session::new(self.egress.connect(host, port, &encryption).await?);
        let mut hello = doc! {
            "hello": 1,
            "client": {
                "driver": { "name": "langflow", "version": env!("CARGO_PKG_VERSION") },
                "os": { "type": std::env::consts::OS },
            },
        };
        if let Some(account) = self.login.question(source) {
            hello.insert("saslSupportedMechs", account);
        }
        let greeting = session.ask(ADMIN, hello).await?;
        Ok((session, greeting))
    }
}

fn is_primary(greeting: &Document) -> bool {
    ["isWritablePrimary", "ismaster"].iter().any(|name| greeting.get_bool(name).unwrap_or(false))
}
