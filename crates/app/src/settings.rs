//! Settings that use cases need. The server reads them from flags and environment and hands them in.

use langflow_core::Secret;
use langflow_core::flow::tweaks::TweakPolicy;
use langflow_engine::Limits;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use langflow_store::foreign::ForeignPolicy;

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub auth: AuthSettings,
    pub paths: PathSettings,
    pub variables: VariableSettings,
    pub http: HttpSettings,
    pub editor: EditorSettings,
    pub flows: FlowSettings,
    pub runs: RunSettings,
    pub mcp: McpSettings,
}

/// Authentication (contract-auth 7.1; defaults of `decisions.md`).
#[derive(Clone, Debug)]
pub struct AuthSettings {
    /// `LANGFLOW_AUTO_LOGIN`
    pub auto_login: bool,
    /// `LANGFLOW_SKIP_AUTH_AUTO_LOGIN`
    pub skip_auth_auto_login: bool,
    /// `LANGFLOW_SUPERUSER`; empty when it is not set: see [`AuthSettings::superuser_name`].
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
    /// `LANGFLOW_SECRET_KEY`: signs tokens, encrypts stored secrets; empty: the file `secret_key` of the data
    /// folder, made when absent.
    pub secret_key: Secret,
    /// `LANGFLOW_SECRET_KEY_PREVIOUS` (ours), a comma list: secrets that were current before; they read, never
    /// write.
    pub previous_secret_keys: Vec<Secret>,
    /// `LANGFLOW_SECURITY_PROFILE` (ours): `compat`, `standard` or `strict`.
    pub profile: SecurityProfile,
    /// `LANGFLOW_REFRESH_SAME_SITE`, `_SECURE`, `_HTTPONLY`
    pub refresh_cookie: CookieSettings,
    /// `LANGFLOW_ACCESS_SAME_SITE`, `_SECURE`, `_HTTPONLY`; also of the cookie `apikey_tkn_lflw`.
    pub access_cookie: CookieSettings,
    /// `LANGFLOW_COOKIE_DOMAIN`
    pub cookie_domain: Option<String>,
    /// `LANGFLOW_ROOT_PATH`: the prefix a proxy strips; part of cookie names and paths.
    pub root_path: String,
    /// `LANGFLOW_API_KEY`, when `LANGFLOW_API_KEY_SOURCE=env`: one more key, which acts as the superuser.
    pub environment_api_key: Secret,
    /// `LANGFLOW_DISABLE_TRACK_APIKEY_USAGE`: neither uses nor the last use of a key are kept.
    pub disable_track_apikey_usage: bool,
    /// `LANGFLOW_RATE_LIMIT_ENABLED`
    pub rate_limit_enabled: bool,
    /// `LANGFLOW_RATE_LIMIT_PER_MINUTE`: attempts to sign in, per minute and client address.
    pub rate_limit_per_minute: u32,
    /// `LANGFLOW_RATE_LIMIT_TRUST_PROXY`: the last address of `X-Forwarded-For` is the client.
    pub rate_limit_trust_proxy: bool,
    /// Auto login is given to browsers on other machines too: the server listens beyond loopback and
    /// `LANGFLOW_AUTO_LOGIN=true` was written by hand.
    pub auto_login_beyond_loopback: bool,
    /// `LANGFLOW_MCP_REQUIRE_AUTH` (ours): MCP endpoints want a key even under auto login.
    pub mcp_require_auth: bool,
    /// TLS ends in this process (`LANGFLOW_SSL_CERT_FILE`): answers carry `Strict-Transport-Security`.
    pub serves_tls: bool,
    /// `LANGFLOW_AUDIT_RETENTION_DAYS`: how long audit records are kept; 0: for ever.
    pub audit_retention_days: u32,
    /// `LANGFLOW_MAX_SESSION_DAYS` (ours): a session ends after so many days, refreshed or not.
    pub max_session_days: u32,
}

impl AuthSettings {
    /// The name of the superuser: as set, else `langflow`.
    pub fn superuser_name(&self) -> &str {
        if self.superuser.is_empty() { "langflow" } else { &self.superuser }
    }
}

/// How strict the rules are that Langflow does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecurityProfile {
    /// As Langflow: any password goes.
    Compat,
    /// Passwords of eight characters.
    #[default]
    Standard,
    /// Passwords of fifteen characters, no key in a URL.
    Strict,
}

impl SecurityProfile {
    /// The fewest characters of a new password.
    pub fn shortest_password(self) -> usize {
        match self {
            Self::Compat => 0,
            Self::Standard => 8,
            Self::Strict => 15,
        }
    }
}

/// `SameSite`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameSite {
    #[default]
    Lax,
    Strict,
    None,
}

/// Attributes of a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieSettings {
    pub same_site: SameSite,
    pub secure: bool,
    pub http_only: bool,
}

impl Default for CookieSettings {
    fn default() -> Self {
        Self { same_site: SameSite::Lax, secure: false, http_only: true }
    }
}

/// Global variables (contract-auth 5).
#[derive(Clone, Debug)]
pub struct VariableSettings {
    /// `LANGFLOW_FALLBACK_TO_ENV_VAR`: a variable that the user lacks may come from the environment.
    pub fallback_to_env_var: bool,
    /// `LANGFLOW_STORE_ENVIRONMENT_VARIABLES`: the listed variables of the environment become Credentials.
    pub store_environment_variables: bool,
    /// `LANGFLOW_VARIABLES_TO_GET_FROM_ENVIRONMENT`: added to the built-in list.
    pub variables_to_get_from_environment: Vec<String>,
    /// The process environment as the server found it at its start.
    pub environment: Arc<BTreeMap<String, Secret>>,
}

impl Default for VariableSettings {
    fn default() -> Self {
        Self {
            fallback_to_env_var: true,
            store_environment_variables: true,
            variables_to_get_from_environment: Vec::new(),
            environment: Arc::default(),
        }
    }
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            auto_login: true,
            skip_auth_auto_login: false,
            superuser: String::new(),
            superuser_password: Secret::default(),
            new_user_is_active: false,
            enable_signup: true,
            enable_superuser_cli: true,
            access_token_seconds: 3600,
            refresh_token_seconds: 604_800,
            webhook_auth_enable: true,
            secret_key: Secret::default(),
            previous_secret_keys: Vec::new(),
            profile: SecurityProfile::default(),
            refresh_cookie: CookieSettings::default(),
            access_cookie: CookieSettings::default(),
            cookie_domain: None,
            root_path: String::new(),
            environment_api_key: Secret::default(),
            disable_track_apikey_usage: false,
            rate_limit_enabled: true,
            rate_limit_per_minute: 5,
            rate_limit_trust_proxy: false,
            auto_login_beyond_loopback: false,
            mcp_require_auth: false,
            serves_tls: false,
            audit_retention_days: 90,
            max_session_days: 30,
        }
    }
}

/// Folders.
#[derive(Clone, Debug, Default)]
pub struct PathSettings {
    /// `LANGFLOW_CONFIG_DIR`
    pub config_dir: PathBuf,
    /// `LANGFLOW_FRONTEND_PATH`: the editor's files come from here instead of the binary.
    pub frontend: Option<PathBuf>,
}

/// The HTTP surface.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// `LANGFLOW_MAX_FILE_SIZE_UPLOAD`, megabytes: the limit of every request body.
    pub max_file_size_upload_mb: u64,
    /// `LANGFLOW_CORS_ORIGINS`: exact origins that may read answers; `*` allows all, without credentials.
    pub cors_origins: Vec<String>,
    /// `LANGFLOW_CORS_ALLOW_CREDENTIALS`: listed origins may send cookies.
    pub cors_allow_credentials: bool,
    /// `LANGFLOW_CORS_ALLOW_METHODS`; `*`: those the server has.
    pub cors_allow_methods: Vec<String>,
    /// `LANGFLOW_CORS_ALLOW_HEADERS`; `*`: any.
    pub cors_allow_headers: Vec<String>,
    /// `LANGFLOW_BACKEND_ONLY`: no pages, only the API.
    pub backend_only: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            max_file_size_upload_mb: 1024,
            cors_origins: Vec::new(),
            cors_allow_credentials: true,
            cors_allow_methods: vec!["*".into()],
            cors_allow_headers: vec!["*".into()],
            backend_only: false,
        }
    }
}

/// The MCP server, and the servers of others that flows call.
#[derive(Clone, Debug)]
pub struct McpSettings {
    /// `LANGFLOW_MCP_SERVER_ENABLED`: flows are served as tools.
    pub server_enabled: bool,
    /// `LANGFLOW_MCP_SSE_ENABLED`: the older SSE transport is served too.
    pub sse_enabled: bool,
    /// `LANGFLOW_MCP_BASE_URL`: the public origin in URLs for clients; empty: the one of the request.
    pub base_url: String,
    /// `LANGFLOW_MCP_SERVERS_LOCKED`: users cannot change their lists of servers.
    pub servers_locked: bool,
    /// `LANGFLOW_MCP_STDIO_ENABLED` (ours): servers may be programs of this machine.
    pub stdio_enabled: bool,
    /// The home folder whose programs the install helper sets up; none: it sets up nothing.
    pub home: Option<PathBuf>,
}

impl Default for McpSettings {
    fn default() -> Self {
        Self {
            server_enabled: true,
            sse_enabled: true,
            base_url: String::new(),
            servers_locked: false,
            stdio_enabled: false,
            home: None,
        }
    }
}

/// Hints that the editor asks for.
#[derive(Clone, Debug)]
pub struct EditorSettings {
    /// `LANGFLOW_EVENT_DELIVERY`: `streaming`, `polling` or `direct`.
    pub event_delivery: String,
    /// `LANGFLOW_AUTO_SAVING`
    pub auto_saving: bool,
    /// `LANGFLOW_AUTO_SAVING_INTERVAL`
    pub auto_saving_interval_ms: u64,
    /// `LANGFLOW_HEALTH_CHECK_MAX_RETRIES`
    pub health_check_max_retries: u32,
    /// `LANGFLOW_WEBHOOK_POLLING_INTERVAL`
    pub webhook_polling_interval_ms: u64,
    /// `LANGFLOW_FRONTEND_TIMEOUT`; 0: none.
    pub frontend_timeout_seconds: u64,
    /// `LANGFLOW_HIDE_GETTING_STARTED_PROGRESS`
    pub hide_getting_started_progress: bool,
    /// `LANGFLOW_HIDE_LOGOUT_BUTTON`
    pub hide_logout_button: bool,
    /// `LANGFLOW_HIDE_NEW_PROJECT_BUTTON`
    pub hide_new_project_button: bool,
    /// `LANGFLOW_HIDE_NEW_FLOW_BUTTON`
    pub hide_new_flow_button: bool,
    /// `LANGFLOW_HIDE_STARTER_PROJECTS`
    pub hide_starter_projects: bool,
    /// `LANGFLOW_EMBEDDED_MODE`
    pub embedded_mode: bool,
}

impl Default for EditorSettings {
    fn default() -> Self {
        Self {
            event_delivery: "streaming".into(),
            auto_saving: true,
            auto_saving_interval_ms: 5000,
            health_check_max_retries: 5,
            webhook_polling_interval_ms: 0,
            frontend_timeout_seconds: 0,
            hide_getting_started_progress: false,
            hide_logout_button: false,
            hide_new_project_button: false,
            hide_new_flow_button: false,
            hide_starter_projects: false,
            embedded_mode: false,
        }
    }
}

/// What flows may do and how long their traces are kept.
#[derive(Clone, Debug)]
pub struct FlowSettings {
    /// `DEFAULT_FOLDER_NAME`: the project that a new user gets.
    pub default_folder_name: String,
    /// `LANGFLOW_LOAD_FLOWS_PATH`: a folder of flows that are stored at start.
    pub load_path: Option<PathBuf>,
    /// `LANGFLOW_LOAD_FLOWS_OVERWRITE_ON_NAME_MATCH`: such a flow replaces the one of its name.
    pub load_overwrites_by_name: bool,
    /// `LANGFLOW_CREATE_STARTER_PROJECTS`
    pub create_starter_projects: bool,
    /// `LANGFLOW_REMOVE_API_KEYS`: values of secret fields go when a flow is saved.
    pub remove_api_keys: bool,
    /// `LANGFLOW_ALLOW_CUSTOM_COMPONENTS`
    pub allow_custom_components: bool,
    /// `LANGFLOW_CUSTOM_COMPONENTS`: who may run Python code of their own.
    pub custom_components: CustomComponents,
    /// `LANGFLOW_MAX_FLOW_VERSION_ENTRIES_PER_FLOW`
    pub max_versions: u64,
    /// `LANGFLOW_MAX_TEXT_LENGTH`: characters of a text in results of a build.
    pub max_text_length: u64,
    /// `LANGFLOW_MAX_ITEMS_LENGTH`: items of a list in results of a build.
    pub max_items_length: u64,
    /// `LANGFLOW_PUBLIC_FLOW_CLEANUP_INTERVAL`
    pub public_cleanup_interval_seconds: u64,
    /// `LANGFLOW_PUBLIC_FLOW_EXPIRATION`
    pub public_expiration_seconds: u64,
}

impl Default for FlowSettings {
    fn default() -> Self {
        Self {
            default_folder_name: "Starter Project".into(),
            load_path: None,
            load_overwrites_by_name: false,
            create_starter_projects: true,
            remove_api_keys: false,
            allow_custom_components: true,
            custom_components: CustomComponents::Off,
            max_versions: 50,
            max_text_length: 6000,
            max_items_length: 1000,
            public_cleanup_interval_seconds: 3600,
            public_expiration_seconds: 86_400,
        }
    }
}

/// Who may run Python code of their own. Approved code runs for everybody unless it is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomComponents {
    #[default]
    Off,
    Admins,
    Users,
}

/// Running flows.
#[derive(Clone, Copy, Debug)]
pub struct RunSettings {
    /// `LANGFLOW_TWEAKS_POLICY`
    pub tweaks_policy: TweakPolicy,
    /// Budgets of one run; the wall time is `LANGFLOW_WORKER_TIMEOUT`.
    pub limits: Limits,
    /// `LANGFLOW_TRANSACTIONS_STORAGE_ENABLED`
    pub store_transactions: bool,
    /// `LANGFLOW_VERTEX_BUILDS_STORAGE_ENABLED`
    pub store_vertex_builds: bool,
    /// `LANGFLOW_MAX_TRANSACTIONS_TO_KEEP`
    pub max_transactions: u64,
    /// `LANGFLOW_MAX_VERTEX_BUILDS_TO_KEEP`
    pub max_vertex_builds: u64,
    /// `LANGFLOW_MAX_VERTEX_BUILDS_PER_VERTEX`
    pub max_builds_per_vertex: u64,
    /// Bytes of flow JSON whose compiled plans are kept.
    pub plan_cache_bytes: u64,
    /// Bytes of results of frozen nodes that are kept.
    pub frozen_bytes: u64,
    /// `LANGFLOW_ALL_RUNS_MEMORY_MB` (ours): bytes that the results of all runs may take together.
    pub all_held_bytes: u64,
    /// Runs in the background, those included that wait.
    pub max_jobs: u64,
    /// `LANGFLOW_BACKGROUND_MAX_CONCURRENCY`: workflows in the background that run at the same time.
    pub background_concurrency: usize,
    /// `LANGFLOW_PUBLIC_FLOW_RATE_LIMIT_PER_MINUTE`: runs of public flows by visitors from one address.
    pub public_runs_per_minute: u32,
    /// `LANGFLOW_PUBLIC_FLOW_UPLOAD_MB` (ours): bytes of a file that a visitor attaches; 0 lets them attach none.
    pub public_upload_bytes: u64,
    /// `LANGFLOW_PUBLIC_FLOW_EXPIRATION`: how long files of visitors are kept.
    pub public_file_age: Duration,
    /// `LANGFLOW_RUN_EVENTS_RETENTION_HOURS` (ours): how long the events of runs in the background are kept.
    pub event_retention_hours: u32,
    /// `LANGFLOW_SUSPENDED_RUN_DAYS` (ours), `LANGFLOW_BACKGROUND_INPUT_DEADLINE_S`: how long a run waits for a human at
    /// most; 0: for ever.
    pub suspended_age: Duration,
    /// `LANGFLOW_MAX_SUSPENDED_RUNS` (ours): runs of one user that wait for a human.
    pub max_suspended: u64,
    /// Bytes of what one run that waits is continued from.
    pub suspended_bytes: usize,
    /// `LANGFLOW_RESTRICT_LOCAL_FILE_ACCESS`, `LANGFLOW_SQL_WRITES`: what SQL components may do.
    pub databases: ForeignPolicy,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            tweaks_policy: TweakPolicy::Permissive,
            limits: Limits::default(),
            store_transactions: true,
            store_vertex_builds: true,
            max_transactions: 3000,
            max_vertex_builds: 3000,
            max_builds_per_vertex: 50,
            plan_cache_bytes: 64 << 20,
            frozen_bytes: 64 << 20,
            all_held_bytes: 2 << 30,
            max_jobs: 1000,
            background_concurrency: 5,
            public_runs_per_minute: 20,
            public_upload_bytes: 0,
            public_file_age: Duration::from_hours(24),
            event_retention_hours: 24,
            suspended_age: Duration::from_hours(30 * 24),
            max_suspended: 1000,
            suspended_bytes: 64 << 20,
            databases: ForeignPolicy::default(),
        }
    }
}
