//! What can be done with texts.

use langflow_core::text::{Growing, Joined, MAX_TEXT, TooLong, join};
use langflow_core::value::python_repr;
use langflow_core::{Fault, Json, JsonMap, Table};
use regex::Regex;
use serde_json::json;
use std::collections::HashSet;

/// Counts of words, characters and lines, by what is asked for.
pub fn count(text: &str, words: bool, characters: bool, lines: bool) -> JsonMap {
    let counted = if text.trim().is_empty() { "" } else { text };
    let mut counts = JsonMap::new();
    if words {
        let all: Vec<&str> = counted.split_whitespace().collect();
        counts.insert("word_count".into(), json!(all.len()));
        counts.insert("unique_words".into(), json!(all.iter().collect::<HashSet<_>>().len()));
    }
    if characters {
        counts.insert("character_count".into(), json!(counted.chars().count()));
        let without = counted.chars().filter(|c| *c != ' ').count();
        counts.insert("character_count_no_spaces".into(), json!(without));
    }
    if lines {
        let all: Vec<&str> = if counted.is_empty() { Vec::new() } else { counted.split('\n').collect() };
        counts.insert("line_count".into(), json!(all.len()));
        let filled = all.iter().filter(|line| !line.trim().is_empty()).count();
        counts.insert("non_empty_lines".into(), json!(filled));
    }
    counts
}

/// `uppercase`, `lowercase`, `title`, `capitalize` or `swapcase`; any other leaves the text.
pub fn change_case(text: &str, case: &str) -> String {
    match case {
        "uppercase" => text.to_uppercase(),
        "lowercase" => text.to_lowercase(),
        "title" => title(text),
        "capitalize" => {
            let mut chars = text.chars();
            let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
            first + &chars.as_str().to_lowercase()
        }
        "swapcase" => text
            .chars()
            .flat_map(|c| -> Vec<char> {
                if c.is_lowercase() { c.to_uppercase().collect() } else { c.to_lowercase().collect() }
            })
            .collect(),
        _ => text.to_owned(),
    }
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    out
}

/// Replaces a text, or what a regular expression finds (`\1` stands for a group). A pattern that is no
/// regular expression changes nothing, as in the reference.
///
/// # Errors
/// The text would become too long.
pub fn replace(text: &str, pattern: &str, replacement: &str, is_regex: bool) -> Result<String, TooLong> {
    if pattern.is_empty() {
        return Ok(text.to_owned());
    }
    if !is_regex {
        return join(text.split(pattern), replacement);
    }
    let Ok(regex) = Regex::new(pattern) else { return Ok(text.to_owned()) };
    let replacement = group_references(replacement);
    let (mut out, mut from, mut new) = (Growing::with_capacity(text.len()), 0, String::new());
    // One place of the template for each group it names: what one match becomes is bounded before it is made.
    let places = replacement.matches("${").count().max(1);
    for found in regex.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        if replacement.len().saturating_add(places.saturating_mul(whole.len())) > MAX_TEXT {
            return Err(TooLong);
        }
        new.clear();
        found.expand(&replacement, &mut new);
        out.push(text.get(from..whole.start()).unwrap_or_default())?;
        out.push(&new)?;
        from = whole.end();
    }
    out.push(text.get(from..).unwrap_or_default())?;
    Ok(out.finish())
}

/// Python writes groups as `\1` and `\g<name>`; dollars are text.
fn group_references(replacement: &str) -> String {
    let mut out = String::with_capacity(replacement.len());
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '$' => out.push_str("$$"),
            '\\' => match chars.peek().copied() {
                Some(digit) if digit.is_ascii_digit() => {
                    let mut number = String::new();
                    while number.len() < 2
                        && let Some(digit) = chars.next_if(char::is_ascii_digit)
                    {
                        number.push(digit);
                    }
                    out.push_str(&format!("${{{number}}}"));
                }
                Some('g') => {
                    let rest: String = chars.clone().skip(1).collect();
                    match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
                        Some((name, _)) => {
                            out.push_str(&format!("${{{name}}}"));
                            for _ in 0..name.chars().count() + 3 {
                                chars.next();
                            }
                        }
                        None => out.push('\\'),
                    }
                }
                Some('n') => {
                    chars.next();
                    out.push('\n');
                }
                Some('t') => {
                    chars.next();
                    out.push('\t');
                }
                Some('\\') => {
                    chars.next();
                    out.push('\\');
                }
                _ => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}

/// What a regular expression finds, one match a line; at most `limit` matches, 0 for all.
pub fn extract(text: &str, pattern: &str, limit: i64) -> Result<String, Fault> {
    let regex = Regex::new(pattern).map_err(|error| {
        Fault::invalid(format!("Invalid regex pattern '{pattern}': {error}")).at_field("extract_pattern")
    })?;
    let limit = usize::try_from(limit).ok().filter(|n| *n > 0).unwrap_or(usize::MAX);
    let mut out = Joined::new("\n");
    for found in find_all(&regex, text).take(limit) {
        out.add(&found?)?;
    }
    Ok(out.finish())
}

/// Matches as Python's `findall` gives them: the match, its only group, or its groups as a tuple.
fn find_all<'a>(regex: &'a Regex, text: &'a str) -> impl Iterator<Item = Result<String, TooLong>> + 'a {
    regex.captures_iter(text).map(|captures| {
        let group = |i: usize| captures.get(i).map_or("", |group| group.as_str());
        match captures.len() {
            1 | 2 => Ok(group(captures.len() - 1).to_owned()),
            // Groups inside of groups repeat the match.
            n if n.saturating_mul(group(0).len()) > MAX_TEXT => Err(TooLong),
            n => {
                let groups: Vec<Json> = (1..n).map(|i| json!(group(i))).collect();
                let list = python_repr(&Json::Array(groups));
                Ok(format!("({})", list.trim_start_matches('[').trim_end_matches(']')))
            }
        }
    })
}

/// The first or last characters. A negative number is an error.
pub fn head(text: &str, characters: i64) -> Result<String, Fault> {
    Ok(text.chars().take(size(characters, "Characters from Start", "head_characters")?).collect())
}

pub fn tail(text: &str, characters: i64) -> Result<String, Fault> {
    let wanted = size(characters, "Characters from End", "tail_characters")?;
    let skip = text.chars().count().saturating_sub(wanted);
    Ok(text.chars().skip(skip).collect())
}

fn size(n: i64, title: &str, field: &str) -> Result<usize, Fault> {
    usize::try_from(n).map_err(|_| {
        Fault::invalid(format!("{title} must be a non-negative integer, got {n}")).at_field(field)
    })
}

/// Takes characters off the ends: those given, or white space.
pub fn strip(text: &str, mode: &str, characters: &str) -> String {
    let off = |c: char| if characters.is_empty() { c.is_whitespace() } else { characters.contains(c) };
    match mode {
        "left" => text.trim_start_matches(off),
        "right" => text.trim_end_matches(off),
        _ => text.trim_matches(off),
    }
    .to_owned()
}

/// Runs of white space become one blank, characters other than letters, digits and blanks go, blank lines
/// go; in this order, by what is asked for.
pub fn clean(text: &str, spaces: bool, special: bool, lines: bool) -> String {
    let mut out = text.to_owned();
    if spaces {
        let mut squeezed = String::with_capacity(out.len());
        for c in out.chars() {
            match (c.is_whitespace(), squeezed.ends_with(' ')) {
                (true, true) => {}
                (true, false) => squeezed.push(' '),
                (false, _) => squeezed.push(c),
            }
        }
        out = squeezed;
    }
    if special {
        out.retain(|c| c.is_alphanumeric() || c == '_' || c.is_whitespace());
    }
    if lines {
        out = out.split('\n').filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n");
    }
    out
}

/// A table written as text: one row a line, cells between separators.
pub fn to_table(text: &str, separator: &str, has_header: bool) -> Result<Table, Fault> {
    if separator.is_empty() {
        return Err(Fault::invalid("the separator is empty").at_field("table_separator"));
    }
    let mut lines: Vec<Vec<&str>> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !is_ruler(line))
        .map(|line| cells(line, separator))
        .collect();
    if lines.is_empty() {
        return Ok(Table::default());
    }
    let names: Vec<String> = if has_header {
        lines.remove(0).into_iter().map(str::to_owned).collect()
    } else {
        let most = lines.iter().map(Vec::len).max().unwrap_or(0);
        (0..most).map(|i| format!("col_{i}")).collect()
    };
    let mut columns: Vec<Vec<Json>> = vec![Vec::new(); names.len()];
    for (i, line) in lines.iter().enumerate() {
        if line.len() != names.len() {
            return Err(Fault::invalid(format!(
                "row {} has {} cells, the heading {}: give every row as many cells as the heading",
                i + 1,
                line.len(),
                names.len()
            ))
            .at_field("text_input"));
        }
        for (column, cell) in columns.iter_mut().zip(line) {
            column.push(json!(cell));
        }
    }
    let columns: Vec<Vec<Json>> = columns.into_iter().map(typed).collect();
    let mut table = Table::with_columns(names.clone());
    for i in 0..lines.len() {
        table.push(names.iter().cloned().zip(columns.iter().filter_map(|c| c.get(i).cloned())).collect());
    }
    Ok(table)
}

/// The line under the heading of a Markdown table.
fn is_ruler(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

fn cells<'a>(line: &'a str, separator: &str) -> Vec<&'a str> {
    let line = line.strip_prefix(separator).unwrap_or(line);
    let line = line.strip_suffix(separator).unwrap_or(line);
    line.split(separator).map(str::trim).collect()
}

/// A column of numbers as numbers, any other as it is.
pub fn typed(column: Vec<Json>) -> Vec<Json> {
    let as_int = |cell: &Json| cell.as_str().and_then(|text| text.parse::<i64>().ok()).map(|i| json!(i));
    let as_float = |cell: &Json| {
        let text = cell.as_str()?;
        let x = text.parse::<f64>().ok().filter(|x| x.is_finite())?;
        Some(json!(x))
    };
    let all = |read: &dyn Fn(&Json) -> Option<Json>| column.iter().map(read).collect::<Option<Vec<_>>>();
    all(&as_int).or_else(|| all(&as_float)).unwrap_or(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_as_python_does() {
        for (text, pattern, replacement, is_regex, expected) in [
            ("a-b-c", "-", "+", false, "a+b+c"),
            ("abc", "", "x", false, "abc"),
            ("abc", "z", "x", false, "abc"),
            ("-a-", "-", "", false, "a"),
            ("x1y22", r"(\d+)", r"<\1>", true, "x<1>y<22>"),
            ("ab", r"(?<first>a)(b)", r"\2\g<first>$1", true, "ba$1"),
            ("abc", "", "-", true, "abc"),
            ("abc", "x*", "-", true, "-a-b-c-"),
            ("abc", "(", "-", true, "abc"),
        ] {
            assert_eq!(replace(text, pattern, replacement, is_regex).unwrap(), expected, "{text} {pattern}");
        }
    }

    #[test]
    fn what_would_grow_without_bound_is_refused() {
        let (letters, long) = ("a".repeat(1 << 20), "b".repeat(1 << 20));
        for (text, pattern, replacement, is_regex) in [
            (&letters, "a", long.as_str(), false),
            (&letters, "a", long.as_str(), true),
            (&letters, "(a+)", &r"\1".repeat(20), true),
        ] {
            assert_eq!(replace(text, pattern, replacement, is_regex), Err(TooLong), "{pattern} {is_regex}");
        }
        let groups = format!("{}a+{}", "(".repeat(30), ")".repeat(30));
        assert!(extract(&letters, &groups, 0).is_err());
        assert_eq!(extract(&letters, "a+", 0).unwrap().len(), letters.len());
    }
}
