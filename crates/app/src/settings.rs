//! Settings that use cases need. The server reads them from flags and environment and hands them in.

use langflow_core::Secret;
use std::path::PathBuf;

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub auth: AuthSettings,
    pub paths: PathSettings,
}

/// Authentication (contract-auth 7.1; defaults of `decisions.md`).
#[derive(Clone, Debug)]
pub struct AuthSettings {
    /// `LANGFLOW_AUTO_LOGIN`
    pub auto_login: bool,
    /// `LANGFLOW_SKIP_AUTH_AUTO_LOGIN`
    pub skip_auth_auto_login: bool,
    /// `LANGFLOW_SUPERUSER`
    pub superuser: String,
    /// `LANGFLOW_SUPERUSER_PASSWORD`
    pub superuser_password: Secret,
    /// `LANGFLOW_NEW_USER_IS_ACTIVE`
    pub new_user_is_active: bool,
    /// `LANGFLOW_ENABLE_SIGNUP`
    pub enable_signup: bool,
    /// `LANGFLOW_ENABLE_SUPERUSER_CLI`
    pub enable_superuser_cli: bool,
    /// `LANGFLOW_ACCESS_TOKEN_EXPIRE_SECONDS`
    pub access_token_seconds: u64,
    /// `LANGFLOW_REFRESH_TOKEN_EXPIRE_SECONDS`
    pub refresh_token_seconds: u64,
    /// `LANGFLOW_WEBHOOK_AUTH_ENABLE`
    pub webhook_auth_enable: bool,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            auto_login: true,
            skip_auth_auto_login: false,
            superuser: "langflow".into(),
            superuser_password: Secret::default(),
            new_user_is_active: false,
            enable_signup: true,
            enable_superuser_cli: true,
            access_token_seconds: 3600,
            refresh_token_seconds: 604_800,
            webhook_auth_enable: true,
        }
    }
}

/// Folders.
#[derive(Clone, Debug, Default)]
pub struct PathSettings {
    /// `LANGFLOW_CONFIG_DIR`
    pub config_dir: PathBuf,
}
