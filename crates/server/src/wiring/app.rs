//! Settings of the use cases.

use crate::config::value::Setting as _;

use crate::config::{Config, CustomCode, KeySource, Profile, SameSite, TweaksPolicy};
use langflow_app::settings::{
    AuthSettings, CookieSettings, CustomComponents, EditorSettings, FlowSettings, ForeignPolicy,
    HttpSettings, McpSettings, PathSettings, RunSettings, SameSite as CookieSameSite, SecurityProfile,
    Settings, VariableSettings,
};
use langflow_core::Secret;
use langflow_core::flow::tweaks::TweakPolicy;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub fn settings(config: &Config, data_dir: &Path) -> Settings {
    Settings {
        auth: auth(config),
        paths: PathSettings {
            config_dir: data_dir.to_owned(),
            frontend: config.listen.frontend_path.clone(),
        },
        variables: VariableSettings {
            fallback_to_env_var: config.flows.fallback_to_env_var,
            store_environment_variables: config.flows.store_environment_variables,
            variables_to_get_from_environment: config.flows.variables_to_get_from_environment.clone(),
            environment: Arc::new(config.environment.clone()),
        },
        http: HttpSettings {
            max_file_size_upload_mb: config.listen.max_file_size_upload_mb,
            cors_origins: config.browsers.cors_origins.clone(),
            cors_allow_credentials: config.browsers.cors_allow_credentials,
            cors_allow_methods: config.browsers.cors_allow_methods.clone(),
            cors_allow_headers: config.browsers.cors_allow_headers.clone(),
            backend_only: config.listen.backend_only,
        },
        editor: editor(config),
        flows: flows(config),
        runs: runs(config),
        mcp: mcp(config),
    }
}

fn mcp(config: &Config) -> McpSettings {
    let mcp = &config.mcp;
    McpSettings {
        server_enabled: mcp.server_enabled,
        sse_enabled: mcp.sse_enabled,
        base_url: mcp.base_url.trim_end_matches('/').to_owned(),
        servers_locked: mcp.servers_locked,
        stdio_enabled: mcp.stdio_enabled,
        home: dirs::home_dir(),
    }
}

fn runs(config: &Config) -> RunSettings {
    let limits = &config.limits;
    let mut runs = RunSettings {
        tweaks_policy: match config.flows.tweaks_policy {
            TweaksPolicy::Permissive => TweakPolicy::Permissive,
            TweaksPolicy::Declared => TweakPolicy::Declared,
            TweaksPolicy::Off => TweakPolicy::Off,
        },
        store_transactions: limits.transactions_storage_enabled,
        store_vertex_builds: limits.vertex_builds_storage_enabled,
        max_transactions: limits.max_transactions_to_keep,
        max_vertex_builds: limits.max_vertex_builds_to_keep,
        max_builds_per_vertex: limits.max_vertex_builds_per_vertex,
        background_concurrency: limits.background_max_concurrency as usize,
        public_runs_per_minute: limits.public_flow_rate_limit_per_minute,
        public_upload_bytes: limits.public_flow_upload_mb.saturating_mul(1 << 20),
        public_file_age: Duration::from_secs(limits.public_flow_expiration_seconds),
        event_retention_hours: limits.run_events_retention_hours,
        suspended_age: match limits.background_input_deadline_s {
            0 => Duration::from_hours(24 * u64::from(limits.suspended_run_days)),
            seconds => Duration::from_secs(seconds),
        },
        max_suspended: limits.max_suspended_runs,
        databases: ForeignPolicy {
            local_files: !config.flows.restrict_local_file_access,
            writes: config.flows.sql_writes,
        },
        ..RunSettings::default()
    };
    runs.limits.wall = Duration::from_secs(limits.worker_timeout_seconds.max(1));
    runs.limits.held_bytes = limits.run_memory_mb.max(1).saturating_mul(1 << 20);
    runs.all_held_bytes = limits.all_runs_memory_mb.saturating_mul(1 << 20);
    runs
}

fn editor(config: &Config) -> EditorSettings {
    let editor = &config.editor;
    EditorSettings {
        event_delivery: editor.event_delivery.show(),
        auto_saving: editor.auto_saving,
        auto_saving_interval_ms: editor.auto_saving_interval_ms,
        health_check_max_retries: editor.health_check_max_retries,
        webhook_polling_interval_ms: editor.webhook_polling_interval_ms,
        frontend_timeout_seconds: editor.frontend_timeout_seconds,
        hide_getting_started_progress: editor.hide_getting_started_progress,
        hide_logout_button: editor.hide_logout_button,
        hide_new_project_button: editor.hide_new_project_button,
        hide_new_flow_button: editor.hide_new_flow_button,
        hide_starter_projects: editor.hide_starter_projects,
        embedded_mode: editor.embedded_mode,
    }
}

fn flows(config: &Config) -> FlowSettings {
    let (flows, limits) = (&config.flows, &config.limits);
    FlowSettings {
        default_folder_name: flows.default_folder_name.clone(),
        load_path: flows.load_flows_path.clone(),
        load_overwrites_by_name: flows.load_flows_overwrite_on_name_match,
        create_starter_projects: flows.create_starter_projects,
        remove_api_keys: flows.remove_api_keys,
        allow_custom_components: flows.allow_custom_components,
        custom_components: match config.python.custom_components {
            _ if !flows.allow_custom_components => CustomComponents::Off,
            CustomCode::Off => CustomComponents::Off,
            CustomCode::Admins => CustomComponents::Admins,
            CustomCode::Users => CustomComponents::Users,
        },
        max_versions: limits.max_flow_versions,
        max_text_length: limits.max_text_length,
        max_items_length: limits.max_items_length,
        public_cleanup_interval_seconds: limits.public_flow_cleanup_interval_seconds,
        public_expiration_seconds: limits.public_flow_expiration_seconds,
    }
}

pub fn auth(config: &Config) -> AuthSettings {
    let (auth, limits) = (&config.auth, &config.limits);
    let serves_tls = config.listen.ssl_cert_file.is_some();
    AuthSettings {
        auto_login: auth.auto_login,
        skip_auth_auto_login: auth.skip_auth_auto_login,
        superuser: auth.superuser.clone().unwrap_or_default(),
        superuser_password: auth.superuser_password.clone(),
        new_user_is_active: auth.new_user_is_active,
        enable_signup: auth.enable_signup,
        enable_superuser_cli: auth.enable_superuser_cli,
        access_token_seconds: auth.access_token_seconds,
        refresh_token_seconds: auth.refresh_token_seconds,
        webhook_auth_enable: auth.webhook_auth_enable,
        secret_key: auth.secret_key.clone(),
        previous_secret_keys: auth.previous_secret_keys(),
        profile: match auth.security_profile {
            Profile::Compat => SecurityProfile::Compat,
            Profile::Standard => SecurityProfile::Standard,
            Profile::Strict => SecurityProfile::Strict,
        },
        refresh_cookie: CookieSettings {
            same_site: same_site(config.cookies.refresh_same_site),
            secure: config.cookies.refresh_secure || serves_tls,
            http_only: config.cookies.refresh_httponly,
        },
        access_cookie: CookieSettings {
            same_site: same_site(config.cookies.access_same_site),
            secure: config.cookies.access_secure || serves_tls,
            http_only: config.cookies.access_httponly,
        },
        cookie_domain: config.cookies.cookie_domain.clone(),
        root_path: config.listen.root_path.clone(),
        environment_api_key: match auth.api_key_source {
            KeySource::Env => auth.api_key.clone(),
            KeySource::Db => Secret::default(),
        },
        disable_track_apikey_usage: auth.disable_track_apikey_usage,
        rate_limit_enabled: limits.rate_limit_enabled,
        rate_limit_per_minute: limits.rate_limit_per_minute,
        rate_limit_trust_proxy: limits.rate_limit_trust_proxy,
        serves_tls,
        auto_login_beyond_loopback: auth.auto_login && !config.listens_on_loopback(),
        mcp_require_auth: config.mcp.require_auth,
        audit_retention_days: limits.audit_retention_days,
        max_session_days: auth.max_session_days,
    }
}

fn same_site(given: SameSite) -> CookieSameSite {
    match given {
        SameSite::Lax => CookieSameSite::Lax,
        SameSite::Strict => CookieSameSite::Strict,
        SameSite::None => CookieSameSite::None,
    }
}
