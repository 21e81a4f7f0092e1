//! Names of tools and servers: what every client accepts.

use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters of a cleaned name.
const MAX_CLEAN: usize = 46;
/// Characters of a tool's name.
const MAX_TOOL: usize = 30;
/// Characters of a project's name in the name of its server.
const MAX_SERVER: usize = 26;

/// Letters, digits and underscores, in lower case, without marks; not empty and no digit first.
pub(super) fn clean(name: &str) -> String {
    let mut clean = String::with_capacity(name.len());
    for c in name.nfd().filter(|c| !is_combining_mark(*c)) {
        let c = if c == '-' || c.is_whitespace() { '_' } else { c };
        let fits = c == '_' || (c.is_alphanumeric() && u32::from(c) < 0x1_0000);
        if fits && !(c == '_' && clean.ends_with('_')) {
            clean.extend(c.to_lowercase());
        }
    }
    let clean = clean.trim_matches('_');
    if clean.is_empty() {
        return if name.trim().is_empty() { String::new() } else { "unnamed".into() };
    }
    let clean =
        if clean.starts_with(|c: char| c.is_ascii_digit()) { format!("_{clean}") } else { clean.to_owned() };
    cut(&clean, MAX_CLEAN).trim_end_matches('_').to_owned()
}

/// A tool's name that is not taken; it is taken then.
pub(super) fn unique(base: &str, taken: &mut HashSet<String>) -> String {
    let mut name = cut(base, MAX_TOOL).to_owned();
    let mut number = 0_u32;
    while taken.contains(&name) {
        number += 1;
        let suffix = format!("_{number}");
        name = format!("{}{suffix}", cut(base, MAX_TOOL.saturating_sub(suffix.len())));
    }
    taken.insert(name.clone());
    name
}

/// The name under which clients know the server of a project.
pub fn server_name(project: &str) -> String {
    format!("lf-{}", cut(&clean(project), MAX_SERVER))
}

fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned() {
        for (name, expected) in [
            ("Echo", "echo"),
            ("Blank (1)", "blank_1"),
            ("  My - flow  ", "my_flow"),
            ("Café für alle", "cafe_fur_alle"),
            ("3 steps", "_3_steps"),
            ("🚀 Rocket", "rocket"),
            ("🚀", "unnamed"),
            ("项目", "项目"),
            ("", ""),
            ("a__b--c", "a_b_c"),
            (&"x".repeat(60), &"x".repeat(46)),
        ] {
            assert_eq!(clean(name), expected, "{name}");
        }
        assert_eq!(server_name("Starter Project"), "lf-starter_project");
    }

    #[test]
    fn taken_names_get_a_number_and_stay_short() {
        let mut taken = HashSet::new();
        let long = "y".repeat(46);
        assert_eq!(unique("echo", &mut taken), "echo");
        assert_eq!(unique("echo", &mut taken), "echo_1");
        assert_eq!(unique(&long, &mut taken), "y".repeat(30));
        assert_eq!(unique(&long, &mut taken), format!("{}_1", "y".repeat(28)));
    }
}
