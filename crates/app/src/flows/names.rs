//! What a flow is called when its name is taken.

/// `wanted`, or `wanted (n)` with n one above the highest in use.
pub fn free_name(wanted: &str, taken: &[String]) -> String {
    free(wanted, taken, |rest| rest.strip_prefix(" (")?.strip_suffix(')'), |n| format!("{wanted} ({n})"))
}

/// `wanted`, or `wanted-n` with n one above the highest in use.
pub fn free_endpoint(wanted: &str, taken: &[String]) -> String {
    free(wanted, taken, |rest| rest.strip_prefix('-'), |n| format!("{wanted}-{n}"))
}

fn free(
    wanted: &str,
    taken: &[String],
    number: impl Fn(&str) -> Option<&str>,
    numbered: impl Fn(u64) -> String,
) -> String {
    if !taken.iter().any(|name| name == wanted) {
        return wanted.to_owned();
    }
    let rests = taken.iter().filter_map(|name| name.strip_prefix(wanted));
    let highest = rests.filter_map(|rest| number(rest)?.parse::<u64>().ok()).max().unwrap_or(0);
    numbered(highest.saturating_add(1))
}

/// Letters, digits, `_` and `-`: what may stand in the path of a run.
pub fn is_endpoint_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A name as part of a file name: path separators and control characters become `_`.
pub fn file_stem(name: &str) -> String {
    const MAX_CHARS: usize = 120;
    let clean: String = name
        .chars()
        .take(MAX_CHARS)
        .map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c })
        .collect();
    let clean = clean.trim_matches(['.', ' ']).to_owned();
    if clean.is_empty() { "flow".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_taken_name_gets_the_next_number() {
        let cases: [(&str, &[&str], &str); 6] = [
            ("A", &[], "A"),
            ("A", &["B"], "A"),
            ("A", &["A"], "A (1)"),
            ("A", &["A", "A (1)", "A (7)", "A (x)", "A (2) (9)"], "A (8)"),
            ("A", &["A (4)"], "A"),
            ("A (1)", &["A", "A (1)"], "A (1) (1)"),
        ];
        for (wanted, names, expected) in cases {
            assert_eq!(free_name(wanted, &taken(names)), expected, "{names:?}");
        }
        assert_eq!(free_endpoint("e", &taken(&["e", "e-1", "e-x", "e-10"])), "e-11");
    }

    #[test]
    fn a_file_name_cannot_leave_its_folder() {
        assert_eq!(file_stem("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(file_stem(".."), "flow");
        assert_eq!(file_stem("a\0b\n"), "a_b_");
    }
}
