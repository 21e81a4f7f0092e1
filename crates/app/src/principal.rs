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
    /// An API key. No scopes: the rights of its user. Runs beyond the limit of a day are refused.
    ApiKey { key_id: Uuid, scopes: Option<Vec<String>>, runs_per_day: Option<i64> },
    /// The key of the environment (`LANGFLOW_API_KEY_SOURCE=env`).
    EnvironmentKey,
    /// No credential: auto login with `LANGFLOW_SKIP_AUTH_AUTO_LOGIN`.
    AutoLogin,
    /// No credential: a project whose MCP settings ask for none. Acts as the owner of the project, within what
    /// strangers may.
    Anonymous,
    /// The command line, or the server itself.
    Local,
}

impl Credential {
    /// Kind and id, for the audit log.
    pub fn describe(&self) -> String {
        match self {
            Self::Session { session_id } => format!("session {session_id}"),
            Self::ApiKey { key_id, .. } => format!("key {key_id}"),
            Self::EnvironmentKey => "key of the environment".into(),
            Self::AutoLogin => "auto login".into(),
            Self::Anonymous => "none".into(),
            Self::Local => "local".into(),
        }
    }

    /// Whether somebody signed in, as against a program with a key.
    pub fn is_interactive(&self) -> bool {
        matches!(self, Self::Session { .. })
    }
}
