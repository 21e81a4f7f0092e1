//! Passwords: hashing, verification, and the bound on both.
//!
//! New hashes are Argon2id with the parameters below. Hashes of Langflow (bcrypt, of which only the first
//! 72 bytes of a password count) are verified, and replaced when their owner signs in the next time.

use crate::crypto::random;
use crate::settings::SecurityProfile;
use crate::{AppError, AppResult, ErrorKind};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use langflow_core::Secret;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// OWASP's least: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Longer passwords are refused, as the reference does.
const LONGEST: usize = 4096;
/// How the hashes begin that Langflow made (bcrypt).
pub(crate) const FOREIGN_HASH: &str = "$2";
/// So many sign-ins wait for a free core at most; who comes then is asked to come later.
const MOST_WAITING: usize = 64;
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Hashes passwords beside the request threads, a bounded number at a time.
pub struct Hasher {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Verified against when there is no such user, so that the answer takes as long.
    dummy: Arc<OnceLock<String>>,
}

/// What a verification found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and the hash should be replaced by one of today's form.
    RightButOld,
}

impl Hasher {
    /// At most `parallel` hashes at a time.
    pub fn new(parallel: usize) -> Self {
        Self {
            running: Arc::new(Semaphore::new(parallel.max(1))),
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            dummy: Arc::default(),
        }
    }

    /// The hash to store.
    pub async fn hash(&self, password: &Secret) -> AppResult<String> {
        let password = password.clone();
        self.work(move || hash_now(&password)).await?
    }

    /// Compares a password with a stored hash; with `None` takes the same time and says [`Verdict::Wrong`].
    pub async fn verify(&self, password: &Secret, stored: Option<&str>) -> AppResult<Verdict> {
        let (password, stored) = (password.clone(), stored.map(str::to_owned));
        let dummy = Arc::clone(&self.dummy);
        self.work(move || {
            let readable = is_hashable(password.expose());
            let known = stored.as_deref().is_some_and(is_hash);
            let stored = match stored {
                // A hash that fits no password takes its time, too.
                Some(stored) if readable && is_hash(&stored) => stored,
                _ => {
                    let made = dummy.get().cloned().map_or_else(|| hash_now(&Secret::new("dummy")), Ok)?;
                    dummy.get_or_init(|| made).clone()
                }
            };
            let verdict = verify_now(if readable { password.expose() } else { "" }, &stored);
            Ok(if known && readable { verdict } else { Verdict::Wrong })
        })
        .await?
    }

    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> AppResult<T> {
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| too_busy())?;
        let running = Arc::clone(&self.running).acquire_owned();
        let permit = tokio::time::timeout(LONGEST_WAIT, running)
            .await
            .map_err(|_| too_busy())?
            .map_err(AppError::internal)?;
        drop(place);
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            job()
        })
        .await
        .map_err(AppError::internal)
    }
}

fn too_busy() -> AppError {
    AppError::new(ErrorKind::TooManyRequests, "Too many requests. Please try again later.")
        .with_retry_after(Duration::from_secs(1))
}

/// Refuses a new password that cannot be used, or not under the rules of the profile.
pub fn check_new(password: &str, profile: SecurityProfile) -> AppResult<()> {
    if password.contains('\0') {
        return Err(AppError::bad_request("Password contains a null byte"));
    }
    let length = password.chars().count();
    if length > LONGEST {
        return Err(AppError::bad_request("Password exceeds maximum allowed size"));
    }
    let least = profile.shortest_password();
    if length < least {
        return Err(AppError::bad_request(format!("The password needs at least {least} characters")));
    }
    Ok(())
}

fn is_hash(stored: &str) -> bool {
    stored.starts_with(FOREIGN_HASH) || PasswordHash::new(stored).is_ok()
}

fn is_hashable(password: &str) -> bool {
    !password.contains('\0') && password.chars().count() <= LONGEST
}

fn argon2() -> AppResult<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| AppError::bug(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &Secret) -> AppResult<String> {
    let salt: [u8; 16] = random::bytes()?;
    let hash = argon2()?
        .hash_password_with_salt(password.expose().as_bytes(), &salt)
        .map_err(|e| AppError::bug(format!("a password could not be hashed: {e}")))?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, stored: &str) -> Verdict {
    if stored.starts_with(FOREIGN_HASH) {
        let bytes = password.as_bytes();
        let counted = bytes.get(..72).unwrap_or(bytes);
        return match bcrypt::verify(counted, stored) {
            Ok(true) => Verdict::RightButOld,
            _ => Verdict::Wrong,
        };
    }
    let (Ok(hash), Ok(argon2)) = (PasswordHash::new(stored), argon2()) else { return Verdict::Wrong };
    if argon2.verify_password(password.as_bytes(), &hash).is_err() {
        return Verdict::Wrong;
    }
    let todays = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$");
    if stored.starts_with(&todays) { Verdict::Right } else { Verdict::RightButOld }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hash the reference made of the password `langflow`.
    const BCRYPT: &str = "$2b$12$WYz5/tgcUkdH2xmSWHUgwOpbNGgbEqK/on9T98omcehSL09ijROvq";

    async fn verify(password: &str, stored: Option<&str>) -> Verdict {
        Hasher::new(2).verify(&Secret::new(password), stored).await.unwrap()
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_only() {
        let hasher = Hasher::new(2);
        for password in ["", "correct horse", "пароль", &"x".repeat(4096)] {
            let hash = hasher.hash(&Secret::new(password)).await.unwrap();
            assert!(hash.starts_with("$argon2id$"), "{hash}");
            assert_eq!(verify(password, Some(&hash)).await, Verdict::Right);
            assert_eq!(verify(&format!("{password}x"), Some(&hash)).await, Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn hashes_of_langflow_are_verified_and_due_for_replacement() {
        assert_eq!(verify("langflow", Some(BCRYPT)).await, Verdict::RightButOld);
        assert_eq!(verify("langflow2", Some(BCRYPT)).await, Verdict::Wrong);
        for prefix in ["$2a$", "$2y$"] {
            assert_eq!(verify("langflow", Some(&BCRYPT.replace("$2b$", prefix))).await, Verdict::RightButOld);
        }
        let long = "p".repeat(72);
        let cut = bcrypt::hash(&long, 4).unwrap();
        assert_eq!(verify(&format!("{long}whatever"), Some(&cut)).await, Verdict::RightButOld);
    }

    #[tokio::test]
    async fn odd_passwords_and_broken_hashes_are_wrong_and_nothing_worse() {
        for (password, stored) in [
            ("langflow\0", Some(BCRYPT)),
            ("", Some("")),
            ("x", Some("$2b$")),
            ("x", Some("$argon2id$v=19$m=1")),
            ("x", Some("!")),
            ("dummy", None),
            (&"y".repeat(5000), Some(BCRYPT)),
        ] {
            assert_eq!(verify(password, stored).await, Verdict::Wrong, "{stored:?}");
        }
    }

    #[test]
    fn rules_for_new_passwords_follow_the_profile() {
        use SecurityProfile::{Compat, Standard, Strict};
        for (password, profile, ok) in [
            ("", Compat, true),
            ("1234567", Standard, false),
            ("12345678", Standard, true),
            ("12345678901234", Strict, false),
            ("123456789012345", Strict, true),
            ("null\0null", Compat, false),
            (&"z".repeat(4097), Compat, false),
            (&"z".repeat(4096), Compat, true),
        ] {
            assert_eq!(check_new(password, profile).is_ok(), ok, "{profile:?} {}", password.len());
        }
    }
}
