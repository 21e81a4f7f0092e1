//! RSA keys that sign tokens in place of the secret key: `LANGFLOW_ALGORITHM=RS256` or `RS512`.
//!
//! The private key comes from `LANGFLOW_PRIVATE_KEY`, else from the file `private_key.pem` of the data folder,
//! which is made when absent, as Langflow does. Other programs can verify tokens with `public_key.pem`.

use super::secret_key::{self, SecretKeyError};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use langflow_core::Secret;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding,
};
use rsa::traits::PublicKeyParts as _;
use rsa::{RsaPrivateKey, RsaPublicKey};
use std::path::Path;
use thiserror::Error;

pub const PRIVATE_FILE: &str = "private_key.pem";
pub const PUBLIC_FILE: &str = "public_key.pem";
/// Bits of a key that is made here, and the fewest a given one may have.
const BITS: usize = 2048;

/// Why tokens cannot be signed with RSA. Each says what to set.
#[derive(Debug, Error)]
pub enum SigningError {
    #[error("{origin} is no RSA private key in PEM form (PKCS#8 or PKCS#1)")]
    BadPrivateKey { origin: String },
    #[error("LANGFLOW_PUBLIC_KEY is no RSA public key in PEM form")]
    BadPublicKey,
    #[error("{origin} has {bits} bits; a key that signs tokens has {BITS} at least")]
    Short { origin: String, bits: usize },
    #[error("LANGFLOW_PUBLIC_KEY does not belong to the private key")]
    Unrelated,
    #[error(transparent)]
    File(#[from] SecretKeyError),
    #[error("no RSA key could be made: {0}")]
    Making(String),
}

/// The keys of one server. `Debug` shows the algorithm only.
pub struct TokenKeys {
    pub(crate) algorithm: Algorithm,
    pub(crate) signing: EncodingKey,
    pub(crate) verifying: DecodingKey,
}

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenKeys {{ {:?} }}", self.algorithm)
    }
}

/// Which digest signatures are made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaDigest {
    Sha256,
    Sha512,
}

/// Loads the keys; the public one is checked against the private one where it is given.
pub fn load(
    config_dir: &Path,
    digest: RsaDigest,
    private: &Secret,
    public: Option<&str>,
) -> Result<TokenKeys, SigningError> {
    let file = config_dir.join(PRIVATE_FILE);
    let (pem, origin) = if private.is_empty() {
        match secret_key::read(&file)? {
            Some(pem) => (pem, file.display().to_string()),
            None => (generate(config_dir)?, file.display().to_string()),
        }
    } else {
        (Secret::new(unescaped(private.expose())), "LANGFLOW_PRIVATE_KEY".to_owned())
    };
    let key = RsaPrivateKey::from_pkcs8_pem(pem.expose())
        .or_else(|_| RsaPrivateKey::from_pkcs1_pem(pem.expose()).map_err(rsa::pkcs8::Error::from))
        .map_err(|_| SigningError::BadPrivateKey { origin: origin.clone() })?;
    let bits = key.n().bits();
    if bits < BITS {
        return Err(SigningError::Short { origin, bits });
    }
    let derived = RsaPublicKey::from(&key);
    if let Some(public) = public {
        let given =
            RsaPublicKey::from_public_key_pem(&unescaped(public)).map_err(|_| SigningError::BadPublicKey)?;
        if given != derived {
            return Err(SigningError::Unrelated);
        }
    }
    let bad = |_| SigningError::BadPrivateKey { origin: origin.clone() };
    let public =
        derived.to_public_key_pem(LineEnding::LF).map_err(|e| SigningError::Making(e.to_string()))?;
    Ok(TokenKeys {
        algorithm: match digest {
            RsaDigest::Sha256 => Algorithm::RS256,
            RsaDigest::Sha512 => Algorithm::RS512,
        },
        signing: EncodingKey::from_rsa_pem(pem.expose().as_bytes()).map_err(bad)?,
        verifying: DecodingKey::from_rsa_pem(public.as_bytes()).map_err(bad)?,
    })
}

/// In an environment file the lines of a key are often joined by `\n`, written as two characters.
fn unescaped(pem: &str) -> String {
    pem.replace("\\n", "\n")
}

/// Makes a key pair and keeps it in the data folder.
fn generate(config_dir: &Path) -> Result<Secret, SigningError> {
    let making = |error: String| SigningError::Making(error);
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS).map_err(|e| making(e.to_string()))?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|e| making(e.to_string()))?;
    let pem = Secret::new(pem.as_str());
    let public =
        RsaPublicKey::from(&key).to_public_key_pem(LineEnding::LF).map_err(|e| making(e.to_string()))?;
    secret_key::write_new(&config_dir.join(PRIVATE_FILE), &pem)?;
    secret_key::replace(&config_dir.join(PUBLIC_FILE), &public)?;
    Ok(pem)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const PRIVATE: &str = include_str!("test_rsa_key.pem");

    #[test]
    fn a_given_key_is_read_in_every_form() {
        let folder = tempfile::tempdir().unwrap();
        let key = RsaPrivateKey::from_pkcs8_pem(PRIVATE).unwrap();
        let public = RsaPublicKey::from(&key).to_public_key_pem(LineEnding::LF).unwrap();
        for private in [PRIVATE.to_owned(), PRIVATE.replace('\n', "\\n")] {
            let keys = load(folder.path(), RsaDigest::Sha512, &Secret::new(private), Some(&public)).unwrap();
            assert_eq!(keys.algorithm, Algorithm::RS512);
        }
        std::fs::write(folder.path().join(PRIVATE_FILE), PRIVATE).unwrap();
        assert!(load(folder.path(), RsaDigest::Sha256, &Secret::default(), None).is_ok());
    }

    #[test]
    fn what_is_no_key_is_refused_by_the_name_of_its_setting() {
        let folder = tempfile::tempdir().unwrap();
        let load = |private: &str, public: Option<&str>| {
            load(folder.path(), RsaDigest::Sha256, &Secret::new(private), public).unwrap_err().to_string()
        };
        assert!(load("nonsense", None).starts_with("LANGFLOW_PRIVATE_KEY"));
        assert!(load(PRIVATE, Some("nonsense")).starts_with("LANGFLOW_PUBLIC_KEY"));
        std::fs::write(folder.path().join(PRIVATE_FILE), "nonsense").unwrap();
        assert!(load("", None).contains(PRIVATE_FILE));
    }
}
