//! Pages written from the settings types: the example file and the reference.

use super::{DescribedSection, accepted, describe};
use std::fmt::Write as _;

/// `.env.example`: every setting commented out with its default.
pub fn env_example() -> String {
    let mut out = String::from(
        "# Settings of langflow-rs with their defaults. Copy to .env and take away the # of what you change.\n\
         # Written by `cargo xtask gen` from the settings types.\n",
    );
    for section in describe() {
        let _ = writeln!(out, "\n# ---- {}", heading(&section));
        for setting in section.settings {
            out.push('\n');
            for line in &setting.docs {
                let _ = writeln!(out, "# {line}");
            }
            let _ = writeln!(out, "#{}={}", setting.name, setting.default);
        }
    }
    out
}

/// `docs/reference/settings.md`.
pub fn reference() -> String {
    let mut out = String::from(
        "# Settings\n\n\
         Written by `cargo xtask gen` from the settings types; do not edit.\n\n\
         Precedence: flag, the file of `--env-file`, process environment, `.env` in the working directory, default.\n\
         Names do not care about case, and an empty value counts as not given. Booleans are true/false, 1/0, yes/no\n\
         or on/off; lists are separated by commas; objects are JSON. A value that cannot be read refuses to start.\n\
         `langflow config` prints the settings in force and where each came from.\n",
    );
    for section in describe() {
        let _ = writeln!(out, "\n## {}\n", heading(&section));
        out.push_str("| variable | default | value | meaning |\n|---|---|---|---|\n");
        for setting in section.settings {
            let default =
                if setting.default.is_empty() { "–".to_owned() } else { format!("`{}`", setting.default) };
            let meaning = setting.docs.join(" ").replace('|', "\\|");
            let _ = writeln!(out, "| `{}` | {default} | {} | {meaning} |", setting.name, setting.kind);
        }
    }
    out.push_str(
        "\n## Accepted without effect\n\n\
         Settings of Langflow that this server reads without complaint and does not need. They are named in one line\n\
         at start, so that nobody relies on them.\n\n",
    );
    let names: Vec<String> = accepted::without_effect().map(|name| format!("`{name}`")).collect();
    let _ = writeln!(out, "{}", names.join(", "));
    out
}

fn heading(section: &DescribedSection) -> String {
    section.about.join(" ").trim_end_matches('.').to_owned()
}
