use super::*;
use std::ffi::OsString;

fn sources(pairs: &[(&str, &str)]) -> Sources {
    let environment = pairs.iter().map(|(n, v)| (OsString::from(n), OsString::from(v)));
    Sources::collect(vec![], None, environment, None).unwrap()
}

fn read(pairs: &[(&str, &str)]) -> Config {
    Config::read(&sources(pairs)).unwrap()
}

#[test]
fn defaults_are_those_of_the_reference_page() {
    let config = read(&[]);
    assert_eq!((config.listen.host.as_str(), config.listen.port), ("127.0.0.1", 7860));
    assert!(config.auth.auto_login && !config.auth.skip_auth_auto_login);
    assert!(config.notes.is_empty());
    assert_eq!(config.check_for_serving(), Ok(()));
}

#[test]
fn unreadable_values_are_named_all_at_once() {
    let refusal = Config::read(&sources(&[
        ("LANGFLOW_AUTO_LOGIN", "maybe"),
        ("LANGFLOW_PORT", "99999"),
        ("LANGFLOW_SECURITY_PROFILE", "lax"),
    ]))
    .unwrap_err();
    let text = refusal.to_string();
    for name in ["LANGFLOW_AUTO_LOGIN=maybe", "LANGFLOW_PORT=99999", "LANGFLOW_SECURITY_PROFILE=lax"] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn mistyped_and_idle_names_are_said() {
    let config = read(&[("LANGFLOW_AUTOLOGIN", "1"), ("LANGFLOW_WORKERS", "4"), ("DO_NOT_TRACK", "1")]);
    assert_eq!(config.notes.len(), 2, "{:?}", config.notes);
    assert!(config.notes[0].contains("LANGFLOW_AUTOLOGIN"));
    assert!(config.notes[1].contains("LANGFLOW_WORKERS"));
}

#[test]
fn secrets_are_masked_and_origins_kept() {
    let config = read(&[("LANGFLOW_SECRET_KEY", "hush"), ("LANGFLOW_PORT", "tcp://10.0.0.1:7860")]);
    let effective = |name: &str| config.effective.iter().find(|e| e.name == name).unwrap().clone();
    assert_eq!(effective("LANGFLOW_SECRET_KEY").shown, "********");
    assert_eq!(effective("LANGFLOW_SECRET_KEY").origin, Origin::Environment);
    assert_eq!(effective("LANGFLOW_SUPERUSER_PASSWORD").shown, "");
    assert_eq!(effective("LANGFLOW_PORT").shown, "7860", "the form of Kubernetes is not a port");
    assert!(!format!("{config:?}").contains("hush"));
}

#[test]
fn what_does_not_go_together_refuses_to_serve() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("LANGFLOW_HOST", "0.0.0.0")], "LANGFLOW_AUTO_LOGIN"),
        (&[("LANGFLOW_AUTO_LOGIN", "False")], "LANGFLOW_SUPERUSER_PASSWORD"),
        (&[("LANGFLOW_AUTO_LOGIN", "False"), ("LANGFLOW_SUPERUSER", "a")], "LANGFLOW_SUPERUSER_PASSWORD"),
        (
            &[
                ("LANGFLOW_AUTO_LOGIN", "False"),
                ("LANGFLOW_SUPERUSER", "a"),
                ("LANGFLOW_SUPERUSER_PASSWORD", "langflow"),
            ],
            "everybody knows",
        ),
        (&[("LANGFLOW_SSL_CERT_FILE", "c.pem")], "LANGFLOW_SSL_KEY_FILE"),
        (&[("LANGFLOW_ACCESS_SAME_SITE", "None")], "LANGFLOW_ACCESS_SECURE"),
        (&[("LANGFLOW_API_KEY_SOURCE", "env")], "LANGFLOW_API_KEY"),
        (&[("LANGFLOW_FRONTEND_PATH", "/no/such")], "index.html"),
        (&[("LANGFLOW_PUBLIC_FLOW_EXPIRATION", "600")], "LANGFLOW_PUBLIC_FLOW_EXPIRATION"),
        (&[("LANGFLOW_PUBLIC_FLOW_CLEANUP_INTERVAL", "60")], "LANGFLOW_PUBLIC_FLOW_CLEANUP_INTERVAL"),
    ];
    for (pairs, said) in cases {
        let refusal = read(pairs).check_for_serving().unwrap_err();
        assert!(refusal.to_string().contains(said), "{pairs:?}: {refusal}");
    }
    let fine: &[&[(&str, &str)]] = &[
        &[("LANGFLOW_HOST", "0.0.0.0"), ("LANGFLOW_AUTO_LOGIN", "true")],
        &[("LANGFLOW_HOST", "::1")],
        &[("LANGFLOW_HOST", "localhost")],
        &[
            ("LANGFLOW_HOST", "0.0.0.0"),
            ("LANGFLOW_AUTO_LOGIN", "off"),
            ("LANGFLOW_SUPERUSER", "a"),
            ("LANGFLOW_SUPERUSER_PASSWORD", "owl-in-daylight"),
        ],
    ];
    for pairs in fine {
        assert_eq!(read(pairs).check_for_serving(), Ok(()), "{pairs:?}");
    }
}

#[test]
fn every_variable_is_described_once() {
    let mut names: Vec<&str> = describe().iter().flat_map(|s| &s.settings).map(|d| d.name).collect();
    let all = describe();
    for setting in all.iter().flat_map(|section| &section.settings) {
        assert!(!setting.docs.is_empty(), "{} has no documentation", setting.name);
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn the_strict_profile_deviates_in_nothing_and_each_laxer_setting_is_named() {
    const STRICT: &[(&str, &str)] = &[
        ("LANGFLOW_SECURITY_PROFILE", "strict"),
        ("LANGFLOW_AUTO_LOGIN", "False"),
        ("LANGFLOW_SUPERUSER", "a"),
        ("LANGFLOW_SUPERUSER_PASSWORD", "owl-in-daylight"),
        ("LANGFLOW_SECRET_KEY", "IIR9FgdGYEQ3Yomghlgki9pEgR9B55SQffNn8Tm-fao"),
        ("LANGFLOW_ENABLE_SIGNUP", "False"),
        ("LANGFLOW_ENABLE_SUPERUSER_CLI", "False"),
        ("LANGFLOW_ACCESS_SECURE", "True"),
        ("LANGFLOW_REFRESH_SECURE", "True"),
    ];
    assert_eq!(read(STRICT).deviations(), []);
    for (name, value) in [
        ("LANGFLOW_SECURITY_PROFILE", "standard"),
        ("LANGFLOW_SECURITY_PROFILE", "compat"),
        ("LANGFLOW_ENABLE_SIGNUP", "True"),
        ("LANGFLOW_NEW_USER_IS_ACTIVE", "True"),
        ("LANGFLOW_ENABLE_SUPERUSER_CLI", "True"),
        ("LANGFLOW_WEBHOOK_AUTH_ENABLE", "False"),
        ("LANGFLOW_RATE_LIMIT_ENABLED", "False"),
        ("LANGFLOW_SSRF_PROTECTION_ENABLED", "False"),
        ("LANGFLOW_CORS_ORIGINS", "*"),
        ("LANGFLOW_MCP_STDIO_ENABLED", "True"),
        ("LANGFLOW_ACCESS_SECURE", "False"),
        ("LANGFLOW_REFRESH_HTTPONLY", "False"),
        ("LANGFLOW_SECRET_KEY", ""),
    ] {
        let kept = STRICT.iter().filter(|(known, _)| *known != name).copied();
        let pairs: Vec<(&str, &str)> = kept.chain([(name, value)]).collect();
        let found = read(&pairs).deviations();
        assert_eq!(found.len(), 1, "{name}={value}: {found:?}");
        assert!(found[0].setting.contains(name), "{name}={value}: {found:?}");
    }
    let open = [("LANGFLOW_AUTO_LOGIN", "True"), ("LANGFLOW_SKIP_AUTH_AUTO_LOGIN", "True")];
    let named: Vec<String> = read(&open).deviations().into_iter().map(|one| one.setting).collect();
    for name in
        ["LANGFLOW_AUTO_LOGIN=True", "LANGFLOW_SKIP_AUTH_AUTO_LOGIN=True", "LANGFLOW_MCP_REQUIRE_AUTH=False"]
    {
        assert!(named.iter().any(|setting| setting == name), "{named:?}");
    }
}
