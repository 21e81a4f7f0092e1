//! Who acts.

use uuid::Uuid;

/// Somebody who was let in, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub user_id: Uuid,
    pub username: String,
    pub is_superuser: bool,
    pub credential: Credential,
}

/// What a principal showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// An access token of this session (bearer or cookie).
    Session { session_id: Uuid },
    /// An API key. No scopes: the rights of its user.
    ApiKey { key_id: Uuid, scopes: Option<Vec<String>> },
    /// No credential: auto login with `LANGFLOW_SKIP_AUTH_AUTO_LOGIN`.
    AutoLogin,
    /// The command line, or the server itself.
    Local,
}
