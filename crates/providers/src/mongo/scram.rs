//! The messages of SCRAM (RFC 5802 and 7677), with the passwords of MongoDB.

use super::SERVICE;
use super::login::Mechanism;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use langflow_core::{Fault, FaultKind, Secret};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// Rounds that a server may ask for: fewer give the password away, more are there to keep this program busy.
const ROUNDS: RangeInclusive<u32> = 4_096..=200_000;
/// No binding to a channel.
const HEADER: &str = "n,,";
/// The same in base64.
const BOUND: &str = "biws";

/// A conversation that has begun.
pub(super) struct Scram {
    mechanism: Mechanism,
    nonce: String,
    /// The first message without its header.
    first: String,
}

/// What answers the server's first message, and what its last has to hold.
pub(super) struct Proof {
    pub message: String,
    pub signature: Vec<u8>,
}

impl Scram {
    /// The conversation and its first message. The nonce holds no comma.
    pub fn begin(mechanism: Mechanism, user: &str, nonce: String) -> (Self, String) {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let first = format!("n={user},r={nonce}");
        let message = format!("{HEADER}{first}");
        (Self { mechanism, nonce, first }, message)
    }

    /// Proves that the password is known, without telling it. This takes a while.
    pub fn prove(&self, user: &str, password: &Secret, answer: &str) -> Result<Proof, Fault> {
        let (nonce, salt, rounds) = challenge(answer).ok_or_else(|| wrong("is no challenge"))?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err(wrong("is not for this conversation"));
        }
        if !ROUNDS.contains(&rounds) {
            return Err(wrong("asks for a number of rounds that is not in order"));
        }
        let password = self.mechanism.password(user, password)?;
        let salted = self.salted(password.expose().as_bytes(), &salt, rounds);
        let client = self.mac(&salted, &[b"Client Key"]);
        let unproven = format!("c={BOUND},r={nonce}");
        let all = format!("{},{answer},{unproven}", self.first);
        let stored = self.digest(&client);
        let shown = xor(client, &self.mac(&stored, &[all.as_bytes()]));
        let server = self.mac(&salted, &[b"Server Key"]);
        Ok(Proof {
            message: format!("{unproven},p={}", STANDARD.encode(shown)),
            signature: self.mac(&server, &[all.as_bytes()]),
        })
    }

    fn salted(&self, password: &[u8], salt: &[u8], rounds: u32) -> Vec<u8> {
        let mut last = self.mac(password, &[salt, &1_u32.to_be_bytes()]);
        let mut all = last.clone();
        for _ in 1..rounds {
            last = self.mac(password, &[&last]);
            all = xor(all, &last);
        }
        all
    }

    fn digest(&self, bytes: &[u8]) -> Vec<u8> {
        match self.mechanism {
            Mechanism::Sha1 => Sha1::digest(bytes).to_vec(),
            Mechanism::Sha256 => Sha256::digest(bytes).to_vec(),
        }
    }

    fn mac(&self, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        match self.mechanism {
            Mechanism::Sha1 => {
                let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("a key of any length will do");
                for part in parts {
                    mac.update(part);
                }
                mac.finalize().into_bytes().to_vec()
            }
            Mechanism::Sha256 => {
                let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
                for part in parts {
                    mac.update(part);
                }
                mac.finalize().into_bytes().to_vec()
            }
        }
    }
}

impl Proof {
    /// Whether the server knows the password too.
    pub fn is_answered_by(&self, last: &str) -> bool {
        let shown = field(last, "v").and_then(|text| STANDARD.decode(text).ok());
        shown.is_some_and(|shown| shown == self.signature)
    }
}

impl Mechanism {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SCRAM-SHA-1",
            Self::Sha256 => "SCRAM-SHA-256",
        }
    }

    /// The password as this mechanism takes it.
    fn password(self, user: &str, password: &Secret) -> Result<Secret, Fault> {
        match self {
            Self::Sha1 => {
                let digest = Md5::digest(format!("{user}:mongo:{}", password.expose()));
                let mut hex = String::new();
                for byte in digest {
                    // Writing to a string does not fail.
                    let _ = write!(hex, "{byte:02x}");
                }
                Ok(Secret::new(hex))
            }
            Self::Sha256 => {
                let prepared = stringprep::saslprep(password.expose());
                let prepared =
                    prepared.map_err(|_| Fault::invalid("the password holds forbidden characters"))?;
                Ok(Secret::new(prepared))
            }
        }
    }
}

pub(super) fn wrong(why: &str) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("what {SERVICE} answers at the sign-in {why}"))
}

fn field<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

fn challenge(message: &str) -> Option<(&str, Vec<u8>, u32)> {
    let salt = STANDARD.decode(field(message, "s")?).ok()?;
    Some((field(message, "r")?, salt, field(message, "i")?.parse().ok()?))
}

fn xor(mut a: Vec<u8>, b: &[u8]) -> Vec<u8> {
    a.iter_mut().zip(b).for_each(|(a, b)| *a ^= b);
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exchanges of RFC 7677 and of MongoDB's own description of its drivers.
    #[test]
    fn known_conversations() {
        for (mechanism, nonce, challenge, proof, last) in [
            (
                Mechanism::Sha256,
                "rOprNGfwEbeRWgbNEkqO",
                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
            ),
            (
                Mechanism::Sha1,
                "fyko+d2lbbFgONRv9qkxdawL",
                "r=fyko+d2lbbFgONRv9qkxdawLHo+Vgk7qvUOKUwuWLIWg4l/9SraGMHEE,s=rQ9ZY3MntBeuP3E1TDVC4w==,i=10000",
                "MC2T8BvbmWRckDw8oWl5IVghwCY=",
                "v=UMWeI25JD1yNYZRMpZ4VHvhZ9e0=",
            ),
        ] {
            let (scram, first) = Scram::begin(mechanism, "user", nonce.to_owned());
            assert_eq!(first, format!("n,,n=user,r={nonce}"));
            let answer = scram.prove("user", &Secret::new("pencil"), challenge).unwrap();
            assert_eq!(answer.message.rsplit_once(",p=").unwrap().1, proof, "{mechanism:?}");
            assert!(answer.is_answered_by(last), "{mechanism:?}");
            assert!(!answer.is_answered_by("v=AAAA") && !answer.is_answered_by("e=other-error"));
        }
    }

    #[test]
    fn a_server_may_not_ask_for_anything() {
        let (scram, _) = Scram::begin(Mechanism::Sha256, "u", "mine".into());
        for challenge in [
            "",
            "r=mine1,s=AAAA",
            "r=other,s=AAAA,i=4096",
            "r=mine,s=AAAA,i=4096",
            "r=mine1,s=AAAA,i=1",
            "r=mine1,s=AAAA,i=4000000000",
            "r=mine1,s=!,i=4096",
        ] {
            let fault = scram.prove("u", &Secret::new("p"), challenge).map(drop).unwrap_err();
            assert_eq!(fault.kind(), FaultKind::Unavailable, "{challenge}");
        }
    }
}
