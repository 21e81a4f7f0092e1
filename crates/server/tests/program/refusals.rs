//! What refuses to start, and with which words.

use crate::server::{perform, text};

struct Case {
    environment: &'static [(&'static str, &'static str)],
    flags: &'static [&'static str],
    /// All of it stands in what is said.
    said: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        environment: &[
            ("LANGFLOW_AUTO_LOGIN", "maybe"),
            ("LANGFLOW_REFRESH_SECURE", "si"),
            ("LANGFLOW_PORT", "x"),
        ],
        flags: &[],
        said: &[
            "LANGFLOW_AUTO_LOGIN=maybe",
            "LANGFLOW_REFRESH_SECURE=si",
            "LANGFLOW_PORT=x",
            "true or false",
        ],
    },
    Case {
        environment: &[("LANGFLOW_AUTO_LOGIN", "False")],
        flags: &[],
        said: &["LANGFLOW_SUPERUSER", "LANGFLOW_SUPERUSER_PASSWORD"],
    },
    Case {
        environment: &[
            ("LANGFLOW_AUTO_LOGIN", "False"),
            ("LANGFLOW_SUPERUSER", "admin"),
            ("LANGFLOW_SUPERUSER_PASSWORD", "langflow"),
        ],
        flags: &[],
        said: &["LANGFLOW_SUPERUSER_PASSWORD"],
    },
    Case { environment: &[], flags: &["--host", "0.0.0.0"], said: &["LANGFLOW_AUTO_LOGIN", "0.0.0.0"] },
    Case { environment: &[], flags: &["--ssl-cert-file-path", "cert.pem"], said: &["LANGFLOW_SSL_KEY_FILE"] },
    Case {
        environment: &[],
        flags: &["--ssl-cert-file-path", "no.pem", "--ssl-key-file-path", "no.key"],
        said: &["no.pem"],
    },
    Case {
        environment: &[("LANGFLOW_SECRET_KEY", "0123456789abcdef0123456789abcdef")],
        flags: &[],
        said: &["SECRET_KEY"],
    },
    Case {
        environment: &[("LANGFLOW_DATABASE_URL", "mysql://u:hidden@h/d")],
        flags: &[],
        said: &["DATABASE_URL"],
    },
    Case { environment: &[("LANGFLOW_CONFIG_DIR", "/dev/null/x")], flags: &[], said: &["/dev/null/x"] },
    Case { environment: &[("LANGFLOW_LOG_FILE", "/dev/null/x")], flags: &[], said: &["LANGFLOW_LOG_FILE"] },
    Case { environment: &[], flags: &["--env-file", "missing.env"], said: &["missing.env"] },
    Case {
        environment: &[("LANGFLOW_HOST", "no.such.host.invalid")],
        flags: &[],
        said: &["no.such.host.invalid"],
    },
    Case {
        environment: &[("LANGFLOW_ACCESS_SAME_SITE", "none")],
        flags: &[],
        said: &["LANGFLOW_ACCESS_SECURE"],
    },
];

#[test]
fn unsafe_and_unreadable_settings_refuse_to_start() {
    for Case { environment, flags, said } in CASES {
        let folder = tempfile::tempdir().unwrap();
        let arguments: Vec<&str> = ["run", "--port", "0"].iter().chain(*flags).copied().collect();
        // A port that cannot be read is one of the cases, so the flag must not hide it.
        let arguments = if environment.iter().any(|(name, _)| *name == "LANGFLOW_PORT") {
            vec!["run"]
        } else {
            arguments
        };
        let output = perform(folder.path(), environment, &arguments);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{environment:?} {flags:?}: {errors}");
        for part in *said {
            assert!(errors.contains(part), "{environment:?} {flags:?}: {part} is missing in {errors}");
        }
        assert!(!errors.contains("hidden"), "a password is shown: {errors}");
        assert!(!errors.contains("panicked"), "{errors}");
    }
}

#[test]
fn a_broken_env_file_names_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.env"), "LANGFLOW_PORT=1\n=2\nA=\"open\n").unwrap();
    let output = perform(folder.path(), &[], &["run", "--env-file", "bad.env"]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("line 2") && errors.contains("line 3"), "{errors}");
}
