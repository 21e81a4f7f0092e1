//! The text of an API key.
//!
//! `sk-`, 37 random characters and 6 characters of check sum: 46 in all, as Langflow's keys. The alphabet
//! is that of url-safe base64, so 222 bits are random and the check sum has 36. The check sum is public: it
//! lets a mistyped or cut key be refused before the database is asked, and a scanner find leaked keys
//! without it (`sk-[A-Za-z0-9_-]{43}`, the last six characters checked). Keys taken over from Langflow have
//! none; the server accepts them only while such keys are stored.

use crate::AppResult;
use crate::crypto::random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use langflow_core::Secret;
use sha2::{Digest as _, Sha256};

pub const PREFIX: &str = "sk-";
pub const LENGTH: usize = 46;
const CHECK: usize = 6;
/// No key of any kind is longer; longer texts are refused unread.
const LONGEST: usize = 256;

/// A new key.
pub fn generate() -> AppResult<Secret> {
    let mut text = format!("{PREFIX}{}", random::token()?);
    text.truncate(LENGTH - CHECK);
    let sum = check_sum(&text);
    text.push_str(&sum);
    Ok(Secret::new(text))
}

/// What a presented text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One of ours: the check sum fits.
    Ours,
    /// It may be a key of Langflow's.
    Foreign,
    /// Certainly no key.
    Nonsense,
}

/// Reads the form of a presented key without a database.
pub fn form_of(text: &str) -> Form {
    if text.is_empty() || text.len() > LONGEST || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Form::Nonsense;
    }
    match text.split_at_checked(LENGTH - CHECK) {
        Some((body, sum)) if body.starts_with(PREFIX) && sum == check_sum(body) => Form::Ours,
        _ => Form::Foreign,
    }
}

/// Six characters over all that stand before them.
fn check_sum(body: &str) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(Sha256::digest(body.as_bytes()));
    text.truncate(CHECK);
    text
}

/// How a key is shown in lists: its first eight and last four characters, a star for each between.
pub fn masked(head: &str, tail: &str, length: usize) -> String {
    let hidden = length.saturating_sub(head.chars().count() + tail.chars().count());
    format!("{head}{}{tail}", "*".repeat(hidden))
}

/// The parts of a key that lists show.
pub fn shown_parts(key: &str) -> (String, String) {
    let count = key.chars().count();
    let tail = if count > 16 { key.chars().skip(count - 4).collect() } else { String::new() };
    (key.chars().take(8).collect(), tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_has_the_form_clients_expect() {
        let key = generate().unwrap();
        let text = key.expose();
        assert_eq!(text.len(), 46);
        assert!(text.starts_with("sk-"));
        assert!(text.bytes().skip(3).all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_eq!(form_of(text), Form::Ours);
        assert_ne!(generate().unwrap(), key);
    }

    #[test]
    fn every_single_wrong_character_is_noticed() {
        let key = generate().unwrap();
        let text = key.expose();
        for at in 0..text.len() {
            let mut wrong: Vec<u8> = text.bytes().collect();
            wrong[at] = if wrong[at] == b'A' { b'B' } else { b'A' };
            assert_ne!(form_of(std::str::from_utf8(&wrong).unwrap()), Form::Ours, "at {at}");
        }
        for cut in 1..text.len() {
            assert_ne!(form_of(&text[..cut]), Form::Ours);
        }
        assert_ne!(form_of(&format!("{text}A")), Form::Ours);
    }

    #[test]
    fn nonsense_is_told_from_foreign_keys() {
        assert_eq!(form_of("sk-VK5O5xI3lcJo8k6tKyUGYhueTqBRpNGhns2HdJ6P7Ko"), Form::Foreign);
        for text in ["", "sk-\u{0}", "sk- x", "é", &"a".repeat(300)] {
            assert_eq!(form_of(text), Form::Nonsense, "{text:?}");
        }
    }

    #[test]
    fn the_mask_keeps_the_length() {
        let key = generate().unwrap();
        let (head, tail) = shown_parts(key.expose());
        let mask = masked(&head, &tail, 46);
        assert_eq!(mask.len(), 46);
        assert_eq!(
            (&mask[..8], &mask[8..42], &mask[42..]),
            (&key.expose()[..8], "*".repeat(34).as_str(), &key.expose()[42..])
        );
    }
}
