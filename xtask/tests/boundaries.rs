//! Who may import whom: the map of ARCHITECTURE.md as a test. A new arrow is a visible decision.

#![expect(clippy::unwrap_used, reason = "a failure of the test itself may panic")]

use std::collections::BTreeSet;
use std::process::Command;

/// What a package may import.
struct Room {
    package: &'static str,
    /// The rooms of ours it imports: these, all of them, and no others.
    arrows: &'static [&'static str],
    /// Crates that stand nowhere below it.
    never: &'static [&'static str],
    /// Crates it does not name itself, though a room below it may.
    not_itself: &'static [&'static str],
}

const HTTP_SERVER: &str = "axum";
const HTTP_CLIENT: &str = "reqwest";
const DATABASE: &[&str] = &["sea-orm", "sqlx"];

const ROOMS: &[Room] = &[
    Room {
        package: "langflow-macros",
        arrows: &[],
        never: &["tokio", HTTP_SERVER, HTTP_CLIENT, "sqlx"],
        not_itself: &[],
    },
    Room {
        package: "langflow-core",
        arrows: &["langflow-macros"],
        never: &["tokio", HTTP_SERVER, HTTP_CLIENT, "sqlx", "sea-orm"],
        not_itself: &[],
    },
    Room {
        package: "langflow-engine",
        arrows: &["langflow-core"],
        never: &[HTTP_SERVER, HTTP_CLIENT, "sqlx", "sea-orm"],
        not_itself: &[],
    },
    Room {
        package: "langflow-providers",
        arrows: &["langflow-core"],
        never: &[HTTP_SERVER, "sqlx", "sea-orm"],
        not_itself: &[],
    },
    Room {
        package: "langflow-components",
        arrows: &["langflow-core", "langflow-macros", "langflow-providers"],
        never: &[HTTP_SERVER, "sqlx", "sea-orm"],
        not_itself: &[HTTP_CLIENT],
    },
    Room {
        package: "langflow-worker",
        arrows: &["langflow-core"],
        never: &[HTTP_SERVER, HTTP_CLIENT, "sqlx", "sea-orm"],
        not_itself: &[],
    },
    Room {
        package: "langflow-store",
        arrows: &["langflow-core"],
        never: &[HTTP_SERVER, HTTP_CLIENT],
        not_itself: &[],
    },
    Room {
        package: "langflow-app",
        arrows: &["langflow-core", "langflow-engine", "langflow-store"],
        never: &[HTTP_SERVER, HTTP_CLIENT],
        not_itself: DATABASE,
    },
    Room {
        package: "langflow-api",
        arrows: &["langflow-app", "langflow-core"],
        never: &[HTTP_CLIENT],
        not_itself: DATABASE,
    },
    Room {
        package: "langflow-server",
        arrows: &[
            "langflow-api",
            "langflow-app",
            "langflow-components",
            "langflow-core",
            "langflow-engine",
            "langflow-providers",
            "langflow-store",
            "langflow-worker",
        ],
        never: &["openssl", "aws-lc-rs", "native-tls", "langflow-testkit"],
        not_itself: &[HTTP_CLIENT, "sea-orm", "sqlx"],
    },
    Room { package: "xtask", arrows: &[], never: &["tokio"], not_itself: &[] },
];

/// Names of the packages `package` is built from, down to `depth`; itself left out.
fn dependencies(package: &str, depth: Option<u32>) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command.args([
        "tree",
        "--locked",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
    ]);
    if let Some(depth) = depth {
        command.args(["--depth", &depth.to_string()]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != package).map(str::to_owned).collect()
}

#[test]
fn rooms_import_only_what_the_map_allows() {
    let mut problems = Vec::new();
    for room in ROOMS {
        let direct = dependencies(room.package, Some(1));
        let arrows: BTreeSet<&str> =
            direct.iter().map(String::as_str).filter(|name| name.starts_with("langflow-")).collect();
        let allowed: BTreeSet<&str> = room.arrows.iter().copied().collect();
        if arrows != allowed {
            problems.push(format!("{}: imports {arrows:?}, the map says {allowed:?}", room.package));
        }
        for name in room.not_itself.iter().filter(|name| direct.contains(**name)) {
            problems.push(format!("{}: imports {name}", room.package));
        }
        let all = dependencies(room.package, None);
        for name in room.never.iter().filter(|name| all.contains(**name)) {
            problems.push(format!("{}: {name} stands below it", room.package));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A room that is not on the map would be free to import anything.
#[test]
fn every_package_is_on_the_map() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates");
    let mut missing: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| format!("langflow-{}", entry.unwrap().file_name().to_string_lossy()))
        .filter(|package| package != "langflow-testkit")
        .filter(|package| !ROOMS.iter().any(|room| room.package == package))
        .collect();
    missing.sort();
    assert!(missing.is_empty(), "not on the map: {missing:?}");
}
