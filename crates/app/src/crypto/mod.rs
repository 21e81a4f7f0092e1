//! Secrets at rest, tokens and key digests: everything that is derived from the secret key.
//!
//! One secret text (`LANGFLOW_SECRET_KEY` or the file `secret_key`) gives the Fernet key that encrypts
//! stored secrets, the key that signs tokens (unless RSA keys do: [`signing`]), and the key of the digests under which API keys are stored.
//! The [`KeyRing`] holds the current secret and those before it: the first writes, all read.

pub mod fernet;
pub mod keyring;
pub mod mt19937;
pub mod random;
pub mod rotate;
pub mod secret_key;
pub mod signing;

pub use keyring::{KeyError, KeyRing};
