//! The ring of secrets: the first writes, all read.

use super::fernet::{self, FernetKey};
use super::mt19937::key_from_short_secret;
use super::random;
use super::signing::TokenKeys;
use crate::{AppError, AppResult};
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit as _, Mac as _};
use langflow_core::Secret;
use langflow_core::clock::Clock;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::fmt::Write as _;

/// Why a text cannot be the secret key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// No secret at all.
    Missing,
    /// A long secret must be url-safe base64 of exactly 32 bytes; this one is not.
    Unusable { length: usize, bytes: Option<usize> },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the secret key is empty")?,
            Self::Unusable { length, bytes: Some(bytes) } => write!(
                f,
                "the secret key cannot encrypt: its {length} characters decode to {bytes} bytes, and must to 32"
            )?,
            Self::Unusable { length, bytes: None } => write!(
                f,
                "the secret key cannot encrypt: a key of 32 characters or more must be url-safe base64, and these \
                 {length} characters are not"
            )?,
        }
        f.write_str(". Make one with `langflow secret-key generate` and set it as LANGFLOW_SECRET_KEY")
    }
}

impl std::error::Error for KeyError {}

/// One secret and what is derived from it.
struct RingKey {
    /// The first eight hex digits of a digest of the secret: names the key, tells nothing of it.
    id: String,
    signing: Secret,
    fernet: FernetKey,
    /// How releases before 1.10.1 would have derived it; reads only.
    old_fernet: Option<FernetKey>,
    digest: Hmac<Sha256>,
}

/// The secrets of this server. `Debug` shows their names only.
pub struct KeyRing {
    first: RingKey,
    others: Vec<RingKey>,
    /// RSA keys that sign tokens instead.
    tokens: Option<TokenKeys>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys().map(|key| &key.id)).finish()
    }
}

impl KeyRing {
    /// A ring whose first secret is `current`; `previous` are read only, newest first.
    pub fn new(current: &Secret, previous: &[Secret]) -> Result<Self, KeyError> {
        let first = RingKey::new(current)?;
        let mut others: Vec<RingKey> = Vec::new();
        for secret in previous.iter().filter(|secret| !secret.is_empty()) {
            let key = RingKey::new(secret)?;
            if key.id != first.id && others.iter().all(|known| known.id != key.id) {
                others.push(key);
            }
        }
        Ok(Self { first, others, tokens: None })
    }

    /// Lets RSA keys sign tokens; those the secrets have signed are refused from then on.
    pub fn with_token_keys(mut self, tokens: TokenKeys) -> Self {
        self.tokens = Some(tokens);
        self
    }

    pub(crate) fn token_keys(&self) -> Option<&TokenKeys> {
        self.tokens.as_ref()
    }

    fn keys(&self) -> impl Iterator<Item = &RingKey> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Encrypts with the first key.
    pub fn encrypt(&self, clear: &Secret, clock: &dyn Clock) -> AppResult<String> {
        let seconds = u64::try_from(clock.now().timestamp()).unwrap_or_default();
        Ok(self.first.fernet.encrypt(clear.expose().as_bytes(), seconds, random::bytes()?))
    }

    /// Decrypts with whichever key fits. `None`: none of them does.
    pub fn decrypt(&self, token: &str) -> Option<Secret> {
        self.keys()
            .find_map(|key| {
                key.fernet
                    .decrypt(token)
                    .or_else(|| key.old_fernet.as_ref().and_then(|old| old.decrypt(token)))
            })
            .and_then(|clear| String::from_utf8(clear).ok())
            .map(Secret::new)
    }

    /// The stored text of a variable in clear: a token is decrypted, anything else is clear already.
    pub fn reveal(&self, stored: &str) -> AppResult<Secret> {
        if !is_token(stored) {
            return Ok(Secret::new(stored));
        }
        self.decrypt(stored).ok_or_else(|| {
            AppError::bug("a stored secret was encrypted with a key that is not in the key ring")
        })
    }

    /// Whether the first key wrote this token, in today's derivation.
    pub fn is_current(&self, token: &str) -> bool {
        self.first.fernet.decrypt(token).is_some()
    }

    /// The secret that signs new tokens, then those that are accepted besides.
    pub fn signing_secrets(&self) -> impl Iterator<Item = &Secret> {
        self.keys().map(|key| &key.signing)
    }

    /// The form an API key is stored and looked up in: `<id of the ring's key>$<HMAC-SHA-256 as hex>`.
    pub fn digest(&self, api_key: &str) -> String {
        self.first.digest_of(api_key)
    }

    /// The forms an API key may have been stored in, the current one first.
    pub fn digests(&self, api_key: &str) -> Vec<String> {
        self.keys().map(|key| key.digest_of(api_key)).collect()
    }

    /// The form a key taken over from Langflow is stored in: such keys have no check sum, and are looked up
    /// only while there are any.
    pub fn foreign_digest(&self, api_key: &str) -> String {
        format!("{FOREIGN}{}", self.digest(api_key))
    }

    /// As [`KeyRing::digests`], of keys taken over from Langflow.
    pub fn foreign_digests(&self, api_key: &str) -> Vec<String> {
        let hashed = self.hashed_digest(&hex(&Sha256::digest(api_key.as_bytes())));
        self.keys().map(|key| format!("{FOREIGN}{}", key.digest_of(api_key))).chain([hashed]).collect()
    }

    /// The form of a key of Langflow's of which only the SHA-256 is known, as hex. It is replaced by the digest
    /// proper when the key is used the first time.
    pub fn hashed_digest(&self, sha256: &str) -> String {
        format!("{FOREIGN}{HASHED}{sha256}")
    }

    /// What digests of the first key start with.
    pub fn digest_prefix(&self) -> String {
        format!("{}$", self.first.id)
    }
}

/// What the stored form of keys taken over from Langflow starts with.
pub const FOREIGN: &str = "langflow:";
/// What follows where no secret of ours is in the stored form.
pub const HASHED: &str = "sha256$";

/// Whether a stored text is encrypted.
pub fn is_token(text: &str) -> bool {
    text.starts_with(fernet::PREFIX)
}

impl RingKey {
    fn new(secret: &Secret) -> Result<Self, KeyError> {
        let (key, old) = derive(secret.expose())?;
        Ok(Self {
            id: hex(labelled(secret, "key id").get(..4).unwrap_or_default()),
            signing: secret.clone(),
            fernet: FernetKey::new(&key),
            old_fernet: old.map(|key| FernetKey::new(&key)),
            digest: hmac(&labelled(secret, "api key digest")),
        })
    }

    fn digest_of(&self, api_key: &str) -> String {
        let mut mac = self.digest.clone();
        mac.update(api_key.as_bytes());
        format!("{}${}", self.id, hex(&mac.finalize().into_bytes()))
    }
}

/// A separate key per use, so that one use tells nothing about another.
fn labelled(secret: &Secret, label: &str) -> [u8; 32] {
    let mut mac = hmac(secret.expose().as_bytes());
    mac.update(b"langflow-rs ");
    mac.update(label.as_bytes());
    mac.finalize().into_bytes().into()
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The encryption key of a secret, and the one an old release would have made.
///
/// From 32 characters on the secret itself is url-safe base64 of the key; a shorter one is hashed.
fn derive(secret: &str) -> Result<([u8; 32], Option<[u8; 32]>), KeyError> {
    let secret = secret.trim();
    let length = secret.chars().count();
    if length == 0 {
        return Err(KeyError::Missing);
    }
    if length < 32 {
        return Ok((Sha256::digest(secret.as_bytes()).into(), Some(key_from_short_secret(secret))));
    }
    let bytes = decode_lenient(secret).ok_or(KeyError::Unusable { length, bytes: None })?;
    let count = bytes.len();
    let key = bytes.try_into().map_err(|_| KeyError::Unusable { length, bytes: Some(count) })?;
    Ok((key, None))
}

/// Base64 as Python decodes it: both alphabets, foreign characters dropped, spare bits and padding ignored.
fn decode_lenient(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let letters: String = text
        .chars()
        .map(|c| match c {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    GeneralPurpose::new(&URL_SAFE, config).decode(letters).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_core::clock::SystemClock;

    fn ring(secret: &str) -> KeyRing {
        KeyRing::new(&Secret::new(secret), &[]).unwrap()
    }

    const LONG: &str = "IIR9FgdGYEQ3Yomghlgki9pEgR9B55SQffNn8Tm-fao";

    /// `hello`, made at 1700000000 with the vector 00 01 … 0f.
    const TOKENS: [(&str, &str); 3] = [
        (
            LONG,
            "gAAAAABlU_EAAAECAwQFBgcICQoLDA0ODxWqD8I2aiAiiHLlNmdqBscvHWxx4CdDcT0Z4ucb1P7MGNt78I1VpHTcpvdSkFbDtw==",
        ),
        (
            "mysecret",
            "gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD3O1zj_uIVmcHpIeOfCPJKEEuqq67JB2daz8z70h3jhN_Cu5WyOCJtfEBEzUw7bGIA==",
        ),
        (
            "mysecret",
            "gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD8xdUbQEnMBH4PUwNYwwKiAmYu9xRqRRrBvj9u0M_x1K0tSFkA0VA-16-rFFrRJ5rw==",
        ),
    ];

    #[test]
    fn reads_tokens_of_every_derivation() {
        for (secret, token) in TOKENS {
            assert_eq!(
                ring(secret).decrypt(token).map(|s| s.expose().to_owned()),
                Some("hello".into()),
                "{token}"
            );
        }
    }

    #[test]
    fn writes_the_token_the_reference_writes() {
        let iv = std::array::from_fn(|i| i as u8);
        for (secret, token) in [TOKENS[0], TOKENS[2]] {
            assert_eq!(ring(secret).first.fernet.encrypt(b"hello", 1_700_000_000, iv), token);
        }
        let old = FernetKey::new(&key_from_short_secret("mysecret"));
        assert_eq!(old.encrypt(b"hello", 1_700_000_000, iv), TOKENS[1].1);
    }

    #[test]
    fn a_changed_token_is_refused() {
        let ring = ring(LONG);
        let good = TOKENS[0].1;
        for bad in [
            good.replace("ABlU", "ABlV"),
            good.replace("Dtw==", "Duw=="),
            good.chars().take(40).collect(),
            String::new(),
            "gAAAAA".into(),
            "gAAAAA\u{0}".into(),
        ] {
            assert!(ring.decrypt(&bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn derives_as_the_reference() {
        let odd = derive(&"a".repeat(43)).unwrap().0;
        assert_eq!(hex(&odd), "69a69a69a69a69a69a69a69a69a69a69a69a69a69a69a69a69a69a69a69a69a6");
        for (secret, sha) in [
            ("mysecret", "652c7dc687d98c9889304ed2e408c74b611e86a40caa51c4b43f1dd5913c5cd0"),
            ("éééééééééé", "c229567bca77bffd7430b04f4fc976905e19de0c152274229e9540c2ac0b01c3"),
        ] {
            assert_eq!(hex(&derive(secret).unwrap().0), sha);
        }
        assert_eq!(derive(&format!("{LONG}\n")).unwrap().0, derive(LONG).unwrap().0);
        assert_eq!(derive(&format!("{LONG}=")).unwrap().0, derive(LONG).unwrap().0);
    }

    #[test]
    fn a_key_that_cannot_encrypt_says_how_to_make_one() {
        for bad in ["", "  ", &"a".repeat(32), &"0123456789abcdef".repeat(4), &"!".repeat(50)] {
            let error = KeyRing::new(&Secret::new(bad), &[]).unwrap_err().to_string();
            assert!(error.contains("langflow secret-key generate"), "{error}");
        }
    }

    #[test]
    fn the_first_key_writes_and_all_read() {
        let old = ring("mysecret");
        let token = old.encrypt(&Secret::new("value"), &SystemClock).unwrap();
        let both = KeyRing::new(&Secret::new(LONG), &[Secret::new("mysecret")]).unwrap();
        assert_eq!(both.decrypt(&token).unwrap().expose(), "value");
        assert!(!both.is_current(&token));
        assert!(ring(LONG).decrypt(&token).is_none());
        assert!(both.digests("sk-x").contains(&old.digest("sk-x")));
        assert_ne!(both.digest("sk-x"), old.digest("sk-x"));
        let new = both.encrypt(&Secret::new("value"), &SystemClock).unwrap();
        assert!(both.is_current(&new) && old.decrypt(&new).is_none());
    }

    proptest::proptest! {
        #[test]
        fn what_is_encrypted_comes_back(text in ".{0,200}") {
            let ring = ring(LONG);
            let token = ring.encrypt(&Secret::new(text.clone()), &SystemClock).unwrap();
            assert!(is_token(&token));
            let back = ring.decrypt(&token).unwrap();
            assert_eq!(back.expose(), text.as_str());
        }

        #[test]
        fn no_text_makes_decryption_panic(text in ".{0,200}") {
            let _ = ring(LONG).decrypt(&text);
            let _ = KeyRing::new(&Secret::new(text), &[]);
        }
    }
}
