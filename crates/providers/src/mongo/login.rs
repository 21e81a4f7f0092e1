//! Who signs in, and signing in.

use super::scram::{Proof, Scram};
use super::session::Session;
use super::{SERVICE, scram};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bson::spec::BinarySubtype;
use bson::{Binary, Document, doc};
use langflow_core::{Fault, FaultKind, Secret};

/// Where accounts of certificates are.
const EXTERNAL: &str = "$external";
/// Where accounts are that nothing else is said about.
pub(super) const ADMIN: &str = "admin";

/// Who signs in.
#[derive(Clone, Debug)]
pub(super) enum Login {
    Nobody,
    Password {
        user: String,
        password: Secret,
        /// None: the better one of those the account has.
        mechanism: Option<Mechanism>,
    },
    /// Whoever the certificate of the connection is for.
    Certificate,
}

/// How a password is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mechanism {
    Sha1,
    Sha256,
}

impl Login {
    /// What the greeting has to ask for, so that the server tells the ways this account may sign in.
    pub fn question(&self, source: &str) -> Option<String> {
        match self {
            Self::Password { user, mechanism: None, .. } => Some(format!("{source}.{user}")),
            _ => None,
        }
    }

    /// Signs in on a connection that was greeted.
    ///
    /// # Errors
    /// The server does not accept it, or does not know the password itself.
    pub async fn sign_in(
        &self,
        session: &mut Session,
        greeting: &Document,
        source: &str,
    ) -> Result<(), Fault> {
        match self {
            Self::Nobody => Ok(()),
            Self::Certificate => {
                let command = doc! { "authenticate": 1, "mechanism": "MONGODB-X509" };
                session.ask(EXTERNAL, command).await.map(drop)
            }
            Self::Password { user, password, mechanism } => {
                let mechanism = mechanism.unwrap_or_else(|| offered(greeting));
                converse(session, source, mechanism, user, password).await
            }
        }
    }
}

/// Servers that tell nothing know the old way.
fn offered(greeting: &Document) -> Mechanism {
    let names = greeting.get_array("saslSupportedMechs");
    let is_new =
        |names: &Vec<bson::Bson>| names.iter().any(|name| name.as_str() == Some(Mechanism::Sha256.name()));
    if names.is_ok_and(is_new) { Mechanism::Sha256 } else { Mechanism::Sha1 }
}

async fn converse(
    session: &mut Session,
    source: &str,
    mechanism: Mechanism,
    user: &str,
    password: &Secret,
) -> Result<(), Fault> {
    let (scram, first) = Scram::begin(mechanism, user, nonce()?);
    let start = doc! {
        "saslStart": 1,
        "mechanism": mechanism.name(),
        "payload": payload(first),
        "options": { "skipEmptyExchange": true },
    };
    let answer = session.ask(source, start).await?;
    let id = answer.get("conversationId").cloned().unwrap_or(bson::Bson::Int32(1));
    let proof = prove(scram, user, password, said(&answer)?).await?;
    let go_on =
        |text: String| doc! { "saslContinue": 1, "conversationId": id.clone(), "payload": payload(text) };
    let mut answer = session.ask(source, go_on(proof.message.clone())).await?;
    if !proof.is_answered_by(&said(&answer)?) {
        return Err(Fault::new(
            FaultKind::Unauthorised,
            format!("{SERVICE} does not prove that it knows the password; it may be another server"),
        ));
    }
    if !answer.get_bool("done").unwrap_or(false) {
        answer = session.ask(source, go_on(String::new())).await?;
    }
    if answer.get_bool("done").unwrap_or(false) {
        return Ok(());
    }
    Err(Fault::new(FaultKind::Unavailable, format!("{SERVICE} does not end the sign-in")))
}

/// A word that nobody guesses.
fn nonce() -> Result<String, Fault> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)
        .map_err(|error| Fault::bug(format!("no random numbers are at hand: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Away from the runtime: the rounds take a while.
async fn prove(scram: Scram, user: &str, password: &Secret, answer: String) -> Result<Proof, Fault> {
    let (user, password) = (user.to_owned(), password.clone());
    let work = tokio::task::spawn_blocking(move || scram.prove(&user, &password, &answer));
    work.await.map_err(|_| Fault::bug("the proof of a password was not worked out"))?
}

fn payload(text: String) -> Binary {
    Binary { subtype: BinarySubtype::Generic, bytes: text.into_bytes() }
}

fn said(answer: &Document) -> Result<String, Fault> {
    let bytes = answer.get_binary_generic("payload").cloned().unwrap_or_default();
    String::from_utf8(bytes).map_err(|_| scram::wrong("is no text"))
}
