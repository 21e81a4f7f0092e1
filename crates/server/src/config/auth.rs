//! Who may come in.

use super::section::section;
use super::value::words;
use langflow_core::Secret;

words! {
    /// How strict defaults are.
    pub enum Profile {
        /// As Langflow: no minimum for passwords.
        Compat = "compat",
        /// Passwords of at least 8 characters.
        Standard = "standard",
        /// Passwords of at least 15 characters.
        Strict = "strict",
    }
}

words! {
    /// How access tokens are signed.
    pub enum Algorithm {
        Hs256 = "hs256",
        Rs256 = "rs256",
        Rs512 = "rs512",
    }
}

words! {
    /// Where API keys are looked up.
    pub enum KeySource {
        /// In the database.
        Db = "db",
        /// Also the key in `LANGFLOW_API_KEY`, which acts as the superuser.
        Env = "env",
    }
}

section! {
    /// Who may come in.
    pub struct Auth {
        /// A single user opens the editor without signing in. API calls still need a key. Set it to `False`
        /// for several users or any address that others can reach.
        auto_login: bool = "LANGFLOW_AUTO_LOGIN", true;
        /// With automatic login: requests without a credential act as the superuser too.
        skip_auth_auto_login: bool = "LANGFLOW_SKIP_AUTH_AUTO_LOGIN", false;
        /// Name of the superuser made at the first start. Required with `LANGFLOW_AUTO_LOGIN=False`.
        superuser: Option<String> = "LANGFLOW_SUPERUSER", None;
        /// Its password. Required with `LANGFLOW_AUTO_LOGIN=False`; `langflow` is refused.
        superuser_password: Secret = "LANGFLOW_SUPERUSER_PASSWORD", Secret::default();
        /// New accounts may sign in at once, without a superuser activating them.
        new_user_is_active: bool = "LANGFLOW_NEW_USER_IS_ACTIVE", false;
        /// Anybody may create an account (never with automatic login).
        enable_signup: bool = "LANGFLOW_ENABLE_SIGNUP", true;
        /// The command `langflow superuser` works.
        enable_superuser_cli: bool = "LANGFLOW_ENABLE_SUPERUSER_CLI", true;
        /// Token or API key of a superuser, for the commands `superuser` and `api-key`.
        superuser_token: Secret = "LANGFLOW_SUPERUSER_TOKEN", Secret::default();
        /// Signs tokens and encrypts stored secrets: 32 random bytes in URL-safe base64
        /// (`langflow secret-key generate`). Made and kept in the file `secret_key` if not given.
        secret_key: Secret = "LANGFLOW_SECRET_KEY", Secret::default();
        /// Keys that were in use before, separated by commas: they read, never write. Not in Langflow.
        secret_key_previous: Secret = "LANGFLOW_SECRET_KEY_PREVIOUS", Secret::default();
        /// Signing algorithm of access tokens: HS256 with the secret key, RS256 or RS512 with RSA keys.
        algorithm: Algorithm = "LANGFLOW_ALGORITHM", Algorithm::Hs256;
        /// RSA private key in PEM form for RS256 and RS512; `private_key.pem` in the data folder otherwise, made
        /// when absent.
        private_key: Secret = "LANGFLOW_PRIVATE_KEY", Secret::default();
        /// The public key that belongs to it; it is derived where it is not given.
        public_key: Option<String> = "LANGFLOW_PUBLIC_KEY", None;
        /// Seconds an access token is good for.
        access_token_seconds: u64 = "LANGFLOW_ACCESS_TOKEN_EXPIRE_SECONDS", 3600;
        /// Seconds a session can be refreshed.
        refresh_token_seconds: u64 = "LANGFLOW_REFRESH_TOKEN_EXPIRE_SECONDS", 604_800;
        /// Days after which a session ends, refreshed or not. Not in Langflow.
        max_session_days: u32 = "LANGFLOW_MAX_SESSION_DAYS", 30;
        /// Where API keys are looked up: `db`, or `env` for the key of `LANGFLOW_API_KEY` too.
        api_key_source: KeySource = "LANGFLOW_API_KEY_SOURCE", KeySource::Db;
        /// The key that `LANGFLOW_API_KEY_SOURCE=env` accepts.
        api_key: Secret = "LANGFLOW_API_KEY", Secret::default();
        /// Do not count uses of API keys.
        disable_track_apikey_usage: bool = "LANGFLOW_DISABLE_TRACK_APIKEY_USAGE", false;
        /// Webhooks need an API key of the flow's owner.
        webhook_auth_enable: bool = "LANGFLOW_WEBHOOK_AUTH_ENABLE", true;
        /// How strict defaults are: `compat` as Langflow, `standard`, `strict`. Not in Langflow.
        security_profile: Profile = "LANGFLOW_SECURITY_PROFILE", Profile::Standard;
    }
}

impl Auth {
    /// The keys of `LANGFLOW_SECRET_KEY_PREVIOUS`, one by one.
    pub fn previous_secret_keys(&self) -> Vec<Secret> {
        let keys = self.secret_key_previous.expose().split(',').map(str::trim);
        keys.filter(|key| !key.is_empty()).map(Secret::new).collect()
    }
}
