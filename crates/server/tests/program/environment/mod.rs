//! Every variable of Langflow's core list (contract-auth 7.1): set as an operator sets it, and its effect seen from
//! outside, over HTTP or on the command line.
//!
//! A variable without a case here needs a reason, and is named at start.

mod effects;
mod world;

use std::collections::BTreeSet;
use std::path::Path;
use world::World;

/// The names of section 7.1, without the prefix.
const CORE: [&str; 75] = [
    "CONFIG_DIR",
    "HOST",
    "PORT",
    "WORKERS",
    "LOG_LEVEL",
    "LOG_FILE",
    "FRONTEND_PATH",
    "BACKEND_ONLY",
    "SSL_CERT_FILE",
    "SSL_KEY_FILE",
    "ROOT_PATH",
    "EVENT_DELIVERY",
    "WORKER_TIMEOUT",
    "PUBLIC_FLOW_CLEANUP_INTERVAL",
    "PUBLIC_FLOW_EXPIRATION",
    "WEBHOOK_POLLING_INTERVAL",
    "HEALTH_CHECK_MAX_RETRIES",
    "MAX_FILE_SIZE_UPLOAD",
    "SAVE_DB_IN_CONFIG_DIR",
    "DATABASE_URL",
    "POOL_SIZE",
    "MAX_OVERFLOW",
    "DB_CONNECT_TIMEOUT",
    "SQLITE_PRAGMAS",
    "MCP_SERVER_TIMEOUT",
    "MCP_SERVER_ENABLED",
    "CACHE_TYPE",
    "CACHE_EXPIRE",
    "STORAGE_TYPE",
    "DO_NOT_TRACK",
    "TRANSACTIONS_STORAGE_ENABLED",
    "VERTEX_BUILDS_STORAGE_ENABLED",
    "MAX_TRANSACTIONS_TO_KEEP",
    "MAX_VERTEX_BUILDS_TO_KEEP",
    "MAX_VERTEX_BUILDS_PER_VERTEX",
    "CORS_ORIGINS",
    "CORS_ALLOW_CREDENTIALS",
    "CORS_ALLOW_METHODS",
    "CORS_ALLOW_HEADERS",
    "DISABLE_TRACK_APIKEY_USAGE",
    "RATE_LIMIT_ENABLED",
    "RATE_LIMIT_PER_MINUTE",
    "RATE_LIMIT_TRUST_PROXY",
    "PUBLIC_FLOW_RATE_LIMIT_PER_MINUTE",
    "LOAD_FLOWS_PATH",
    "CREATE_STARTER_PROJECTS",
    "UPDATE_STARTER_PROJECTS",
    "AUTO_SAVING",
    "AUTO_SAVING_INTERVAL",
    "MAX_TEXT_LENGTH",
    "MAX_ITEMS_LENGTH",
    "FRONTEND_TIMEOUT",
    "FALLBACK_TO_ENV_VAR",
    "STORE_ENVIRONMENT_VARIABLES",
    "VARIABLES_TO_GET_FROM_ENVIRONMENT",
    "SECRET_KEY",
    "ALGORITHM",
    "ACCESS_TOKEN_EXPIRE_SECONDS",
    "REFRESH_TOKEN_EXPIRE_SECONDS",
    "API_KEY_SOURCE",
    "AUTO_LOGIN",
    "SKIP_AUTH_AUTO_LOGIN",
    "WEBHOOK_AUTH_ENABLE",
    "ENABLE_SUPERUSER_CLI",
    "NEW_USER_IS_ACTIVE",
    "ENABLE_SIGNUP",
    "SUPERUSER",
    "SUPERUSER_PASSWORD",
    "REFRESH_SAME_SITE",
    "REFRESH_SECURE",
    "REFRESH_HTTPONLY",
    "ACCESS_SAME_SITE",
    "ACCESS_SECURE",
    "ACCESS_HTTPONLY",
    "COOKIE_DOMAIN",
];

/// Names of section 7.2 that are tested in the same way.
const MORE: [&str; 3] = [
    "PROVIDER_CREDENTIAL_ALLOWED_HOSTS",
    "URL_COMPONENT_MAX_RESPONSE_BYTES",
    "URL_COMPONENT_MAX_TOTAL_BYTES",
];

/// Names of the section that do nothing here, and why. They are named at start.
const REASONS: [(&str, &str); 6] = [
    ("WORKERS", "one process serves everybody"),
    ("SAVE_DB_IN_CONFIG_DIR", "the database is always in the data folder"),
    ("CACHE_TYPE", "caches are this server's own and bounded by size"),
    ("CACHE_EXPIRE", "cached plans are dropped when their flow changes, not by time"),
    ("UPDATE_STARTER_PROJECTS", "templates are part of the program, always of its version"),
    ("DO_NOT_TRACK", "nothing is ever sent"),
];

/// Names under test, how they are set, and what is seen of it.
struct Case {
    names: &'static [&'static str],
    /// Values may hold `{folder}`, `{port}` (a free one) and `{silent}` (a port that takes calls and never answers).
    set: &'static [(&'static str, &'static str)],
    see: fn(&World),
}

const ADMIN: [(&str, &str); 3] = [
    ("LANGFLOW_AUTO_LOGIN", "False"),
    ("LANGFLOW_SUPERUSER", "chief"),
    ("LANGFLOW_SUPERUSER_PASSWORD", "owl-in-daylight"),
];

/// Where it listens and what it keeps where.
const PLACES: &[Case] = &[
    Case {
        names: &["CONFIG_DIR"],
        set: &[("LANGFLOW_CONFIG_DIR", "{folder}/elsewhere")],
        see: effects::the_data_is_elsewhere,
    },
    Case {
        names: &["HOST"],
        set: &[("LANGFLOW_HOST", "127.0.0.2")],
        see: effects::it_listens_on_the_second_address,
    },
    Case { names: &["PORT"], set: &[("LANGFLOW_PORT", "{port}")], see: effects::it_listens_on_the_port },
    Case {
        names: &["LOG_LEVEL", "LOG_FILE"],
        set: &[("LANGFLOW_LOG_LEVEL", "warning"), ("LANGFLOW_LOG_FILE", "{folder}/server.log")],
        see: effects::only_warnings_are_in_the_file,
    },
    Case {
        names: &["STORAGE_TYPE"],
        set: &[
            ("LANGFLOW_STORAGE_TYPE", "s3"),
            ("LANGFLOW_OBJECT_STORAGE_BUCKET_NAME", "of-the-team"),
            ("LANGFLOW_OBJECT_STORAGE_PREFIX", "langflow"),
            ("AWS_ACCESS_KEY_ID", "an-id"),
            ("AWS_SECRET_ACCESS_KEY", "a-secret"),
            ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:{silent}"),
        ],
        see: effects::files_are_looked_for_in_the_bucket,
    },
    Case {
        names: &["BACKEND_ONLY"],
        set: &[("LANGFLOW_BACKEND_ONLY", "true")],
        see: effects::there_is_no_editor,
    },
    Case {
        names: &["FRONTEND_PATH"],
        set: &[("LANGFLOW_FRONTEND_PATH", "{folder}/ui")],
        see: effects::the_editor_is_ours,
    },
    Case {
        names: &["SSL_CERT_FILE", "SSL_KEY_FILE"],
        set: &[
            ("LANGFLOW_SSL_CERT_FILE", "{folder}/cert.pem"),
            ("LANGFLOW_SSL_KEY_FILE", "{folder}/key.pem"),
        ],
        see: effects::it_speaks_tls,
    },
    Case {
        names: &["DATABASE_URL"],
        set: &[("LANGFLOW_DATABASE_URL", "sqlite:///{folder}/other.db")],
        see: effects::the_database_is_the_named_file,
    },
    Case {
        names: &["POOL_SIZE", "MAX_OVERFLOW"],
        set: &[("LANGFLOW_POOL_SIZE", "1"), ("LANGFLOW_MAX_OVERFLOW", "0")],
        see: effects::few_connections_are_open,
    },
    Case {
        names: &["DB_CONNECT_TIMEOUT"],
        set: &[("LANGFLOW_DB_CONNECT_TIMEOUT", "1")],
        see: effects::a_locked_database_is_not_waited_for,
    },
    Case {
        names: &["SQLITE_PRAGMAS"],
        set: &[("LANGFLOW_SQLITE_PRAGMAS", "{\"busy_timeout\": 1000}")],
        see: effects::a_locked_database_is_not_waited_for,
    },
];

/// Hints that the editor reads.
const HINTS: &[Case] = &[Case {
    names: &[
        "EVENT_DELIVERY",
        "WEBHOOK_POLLING_INTERVAL",
        "HEALTH_CHECK_MAX_RETRIES",
        "MAX_FILE_SIZE_UPLOAD",
        "AUTO_SAVING",
        "AUTO_SAVING_INTERVAL",
        "FRONTEND_TIMEOUT",
        "MAX_ITEMS_LENGTH",
    ],
    set: &[
        ("LANGFLOW_EVENT_DELIVERY", "polling"),
        ("LANGFLOW_WEBHOOK_POLLING_INTERVAL", "41"),
        ("LANGFLOW_HEALTH_CHECK_MAX_RETRIES", "42"),
        ("LANGFLOW_MAX_FILE_SIZE_UPLOAD", "1"),
        ("LANGFLOW_AUTO_SAVING", "False"),
        ("LANGFLOW_AUTO_SAVING_INTERVAL", "43"),
        ("LANGFLOW_FRONTEND_TIMEOUT", "44"),
        ("LANGFLOW_MAX_ITEMS_LENGTH", "45"),
    ],
    see: effects::the_editor_is_told,
}];

/// What runs may do and what they leave.
const RUNS: &[Case] = &[
    Case {
        names: &["TRANSACTIONS_STORAGE_ENABLED", "VERTEX_BUILDS_STORAGE_ENABLED"],
        set: &[
            ("LANGFLOW_TRANSACTIONS_STORAGE_ENABLED", "False"),
            ("LANGFLOW_VERTEX_BUILDS_STORAGE_ENABLED", "False"),
        ],
        see: effects::builds_leave_nothing,
    },
    Case {
        names: &["MAX_TRANSACTIONS_TO_KEEP", "MAX_VERTEX_BUILDS_TO_KEEP"],
        set: &[("LANGFLOW_MAX_TRANSACTIONS_TO_KEEP", "3"), ("LANGFLOW_MAX_VERTEX_BUILDS_TO_KEEP", "1")],
        see: effects::little_is_kept_of_builds,
    },
    Case {
        names: &["MAX_VERTEX_BUILDS_PER_VERTEX", "MAX_TEXT_LENGTH"],
        set: &[("LANGFLOW_MAX_VERTEX_BUILDS_PER_VERTEX", "1"), ("LANGFLOW_MAX_TEXT_LENGTH", "20")],
        see: effects::one_short_build_of_each_node_is_kept,
    },
    Case {
        names: &[
            "PUBLIC_FLOW_CLEANUP_INTERVAL",
            "PUBLIC_FLOW_EXPIRATION",
            "PUBLIC_FLOW_RATE_LIMIT_PER_MINUTE",
        ],
        set: &[
            ("LANGFLOW_PUBLIC_FLOW_CLEANUP_INTERVAL", "601"),
            ("LANGFLOW_PUBLIC_FLOW_EXPIRATION", "602"),
            ("LANGFLOW_PUBLIC_FLOW_RATE_LIMIT_PER_MINUTE", "1"),
        ],
        see: effects::visitors_are_counted_and_forgotten,
    },
    Case {
        names: &["WORKER_TIMEOUT"],
        set: &[("LANGFLOW_WORKER_TIMEOUT", "1"), ("LANGFLOW_SSRF_ALLOWED_HOSTS", "127.0.0.1")],
        see: effects::a_run_that_waits_ends,
    },
    Case {
        names: &["MCP_SERVER_TIMEOUT"],
        set: &[("LANGFLOW_MCP_SERVER_TIMEOUT", "1"), ("LANGFLOW_SSRF_ALLOWED_HOSTS", "127.0.0.1")],
        see: effects::a_silent_mcp_server_is_not_waited_for,
    },
    Case {
        names: &["MCP_SERVER_ENABLED"],
        set: &[("LANGFLOW_MCP_SERVER_ENABLED", "False")],
        see: effects::there_is_no_mcp_server,
    },
    Case {
        names: &["URL_COMPONENT_MAX_RESPONSE_BYTES"],
        set: &[
            ("LANGFLOW_FRONTEND_PATH", "{folder}/ui"),
            ("LANGFLOW_URL_COMPONENT_MAX_RESPONSE_BYTES", "40"),
            ("LANGFLOW_SSRF_ALLOWED_HOSTS", "127.0.0.1"),
        ],
        see: effects::a_page_is_too_large,
    },
    Case {
        names: &["URL_COMPONENT_MAX_TOTAL_BYTES"],
        set: &[
            ("LANGFLOW_FRONTEND_PATH", "{folder}/ui"),
            ("LANGFLOW_URL_COMPONENT_MAX_TOTAL_BYTES", "100"),
            ("LANGFLOW_SSRF_ALLOWED_HOSTS", "127.0.0.1"),
        ],
        see: effects::two_pages_are_too_large_together,
    },
    Case {
        names: &["PROVIDER_CREDENTIAL_ALLOWED_HOSTS"],
        set: &[
            ("LANGFLOW_PROVIDER_CREDENTIAL_ALLOWED_HOSTS", "trusted.invalid"),
            ("OPENAI_API_KEY", "sk-of-the-operator"),
        ],
        see: effects::the_operators_key_goes_to_allowed_hosts_only,
    },
    Case {
        names: &["LOAD_FLOWS_PATH", "CREATE_STARTER_PROJECTS"],
        set: &[("LANGFLOW_LOAD_FLOWS_PATH", "{folder}/flows"), ("LANGFLOW_CREATE_STARTER_PROJECTS", "False")],
        see: effects::only_the_flow_of_the_folder_is_there,
    },
    Case {
        names: &["VARIABLES_TO_GET_FROM_ENVIRONMENT"],
        set: &[
            ("LANGFLOW_VARIABLES_TO_GET_FROM_ENVIRONMENT", "MY_TOKEN"),
            ("MY_TOKEN", "mine"),
            ("MY_WORD", "hello"),
        ],
        see: effects::the_listed_variable_is_there_and_others_are_read,
    },
    Case {
        names: &["STORE_ENVIRONMENT_VARIABLES", "FALLBACK_TO_ENV_VAR"],
        set: &[
            ("LANGFLOW_STORE_ENVIRONMENT_VARIABLES", "False"),
            ("LANGFLOW_FALLBACK_TO_ENV_VAR", "False"),
            ("OPENAI_API_KEY", "sk-of-the-vendor"),
            ("MY_WORD", "hello"),
        ],
        see: effects::nothing_of_the_environment_reaches_a_flow,
    },
];

/// Who comes in, how long and how often.
const ACCOUNTS: &[Case] = &[
    Case {
        names: &["AUTO_LOGIN", "SUPERUSER", "SUPERUSER_PASSWORD"],
        set: &ADMIN,
        see: effects::the_named_superuser_signs_in,
    },
    Case {
        names: &["SKIP_AUTH_AUTO_LOGIN"],
        set: &[("LANGFLOW_SKIP_AUTH_AUTO_LOGIN", "True")],
        see: effects::no_credential_is_needed,
    },
    Case {
        names: &["ENABLE_SIGNUP", "ENABLE_SUPERUSER_CLI"],
        set: &[
            ADMIN[0],
            ADMIN[1],
            ADMIN[2],
            ("LANGFLOW_ENABLE_SIGNUP", "False"),
            ("LANGFLOW_ENABLE_SUPERUSER_CLI", "False"),
        ],
        see: effects::nobody_makes_accounts,
    },
    Case {
        names: &["NEW_USER_IS_ACTIVE", "DISABLE_TRACK_APIKEY_USAGE"],
        set: &[
            ADMIN[0],
            ADMIN[1],
            ADMIN[2],
            ("LANGFLOW_NEW_USER_IS_ACTIVE", "True"),
            ("LANGFLOW_DISABLE_TRACK_APIKEY_USAGE", "True"),
        ],
        see: effects::new_accounts_are_active_and_uses_are_not_counted,
    },
    Case {
        names: &["SECRET_KEY"],
        set: &[("LANGFLOW_SECRET_KEY", "RJ11S-X-FWzD8X1o4diPFhDAi1NOK4ZB9PkjT9kHnQM")],
        see: effects::no_secret_key_is_made,
    },
    Case {
        names: &["ALGORITHM"],
        set: &[ADMIN[0], ADMIN[1], ADMIN[2], ("LANGFLOW_ALGORITHM", "RS256")],
        see: effects::tokens_are_signed_with_rsa,
    },
    Case {
        names: &["ACCESS_TOKEN_EXPIRE_SECONDS", "REFRESH_TOKEN_EXPIRE_SECONDS"],
        set: &[
            ADMIN[0],
            ADMIN[1],
            ADMIN[2],
            ("LANGFLOW_ACCESS_TOKEN_EXPIRE_SECONDS", "1"),
            ("LANGFLOW_REFRESH_TOKEN_EXPIRE_SECONDS", "1"),
        ],
        see: effects::tokens_end_within_a_second,
    },
    Case {
        names: &["API_KEY_SOURCE", "WEBHOOK_AUTH_ENABLE"],
        set: &[
            ("LANGFLOW_API_KEY_SOURCE", "env"),
            ("LANGFLOW_API_KEY", "key-of-the-operator"),
            ("LANGFLOW_WEBHOOK_AUTH_ENABLE", "False"),
        ],
        see: effects::the_key_of_the_environment_works_and_webhooks_need_none,
    },
    Case {
        names: &["RATE_LIMIT_PER_MINUTE"],
        set: &[ADMIN[0], ADMIN[1], ADMIN[2], ("LANGFLOW_RATE_LIMIT_PER_MINUTE", "2")],
        see: effects::the_third_attempt_is_too_many_whatever_a_header_says,
    },
    Case {
        names: &["RATE_LIMIT_TRUST_PROXY"],
        set: &[
            ADMIN[0],
            ADMIN[1],
            ADMIN[2],
            ("LANGFLOW_RATE_LIMIT_PER_MINUTE", "2"),
            ("LANGFLOW_RATE_LIMIT_TRUST_PROXY", "True"),
        ],
        see: effects::attempts_are_counted_by_the_address_the_proxy_names,
    },
    Case {
        names: &["RATE_LIMIT_ENABLED"],
        set: &[ADMIN[0], ADMIN[1], ADMIN[2], ("LANGFLOW_RATE_LIMIT_ENABLED", "False")],
        see: effects::attempts_are_not_counted,
    },
];

/// What browsers are told.
const BROWSERS: &[Case] = &[
    Case {
        names: &["CORS_ORIGINS", "CORS_ALLOW_CREDENTIALS", "CORS_ALLOW_METHODS", "CORS_ALLOW_HEADERS"],
        set: &[
            ("LANGFLOW_CORS_ORIGINS", "https://app.example"),
            ("LANGFLOW_CORS_ALLOW_CREDENTIALS", "False"),
            ("LANGFLOW_CORS_ALLOW_METHODS", "GET"),
            ("LANGFLOW_CORS_ALLOW_HEADERS", "x-mine"),
        ],
        see: effects::one_other_origin_may_read,
    },
    Case {
        names: &[
            "REFRESH_SAME_SITE",
            "REFRESH_SECURE",
            "REFRESH_HTTPONLY",
            "ACCESS_SAME_SITE",
            "ACCESS_SECURE",
            "ACCESS_HTTPONLY",
            "COOKIE_DOMAIN",
        ],
        set: &[
            ADMIN[0],
            ADMIN[1],
            ADMIN[2],
            ("LANGFLOW_REFRESH_SAME_SITE", "none"),
            ("LANGFLOW_REFRESH_SECURE", "True"),
            ("LANGFLOW_REFRESH_HTTPONLY", "False"),
            ("LANGFLOW_ACCESS_SAME_SITE", "strict"),
            ("LANGFLOW_ACCESS_SECURE", "True"),
            ("LANGFLOW_ACCESS_HTTPONLY", "False"),
            ("LANGFLOW_COOKIE_DOMAIN", "flows.example"),
        ],
        see: effects::cookies_have_the_attributes,
    },
    Case {
        names: &["ROOT_PATH"],
        set: &[ADMIN[0], ADMIN[1], ADMIN[2], ("LANGFLOW_ROOT_PATH", "/lf")],
        see: effects::it_answers_below_the_prefix,
    },
];

const TABLES: [&[Case]; 5] = [PLACES, HINTS, RUNS, ACCOUNTS, BROWSERS];

fn check(cases: &[Case]) {
    for case in cases {
        println!("{}", case.names.join(", "));
        (case.see)(&World::start(case.set));
    }
}

#[test]
fn places_are_as_set() {
    check(PLACES);
}

#[test]
fn hints_are_as_set() {
    check(HINTS);
}

#[test]
fn runs_are_as_set() {
    check(RUNS);
}

#[test]
fn accounts_are_as_set() {
    check(ACCOUNTS);
}

#[test]
fn browsers_are_told_as_set() {
    check(BROWSERS);
}

#[test]
fn names_without_effect_are_named_at_start() {
    let given: Vec<(String, &str)> =
        REASONS.iter().map(|(name, _)| (format!("LANGFLOW_{name}"), "1")).collect();
    let set: Vec<(&str, &str)> = given.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let world = World::start(&set);
    let line = world.server.banner().lines().find(|line| line.contains("without effect")).unwrap().to_owned();
    for (name, why) in REASONS {
        let is_silent = name == "DO_NOT_TRACK";
        assert_eq!(line.contains(&format!("LANGFLOW_{name}")), !is_silent, "{name} ({why}): {line}");
    }
}

#[test]
fn every_variable_of_the_core_list_has_a_case_or_a_reason() {
    let listed: BTreeSet<&str> = CORE.into_iter().collect();
    let tested = TABLES.iter().flat_map(|cases| cases.iter()).flat_map(|case| case.names);
    let mut held: Vec<&str> = tested.copied().chain(REASONS.iter().map(|(name, _)| *name)).collect();
    held.sort_unstable();
    let distinct: BTreeSet<&str> = held.iter().copied().collect();
    assert_eq!(held.len(), distinct.len(), "a name has two cases, or a case and a reason: {held:?}");
    let all: BTreeSet<&str> = CORE.into_iter().chain(MORE).collect();
    assert_eq!(distinct, all);
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/contract-auth.md");
    let Ok(document) = std::fs::read_to_string(&document) else {
        println!(
            "skipped: the list is not compared with the reference, which is not at {}",
            document.display()
        );
        return;
    };
    let section = document.split("\n### 7.1 ").nth(1).unwrap().split("\n### ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split([' ', '|']).next());
    let rows: BTreeSet<&str> = rows.filter(|name| *name != "name").collect();
    assert_eq!(rows, listed, "the list is that of the reference");
}
