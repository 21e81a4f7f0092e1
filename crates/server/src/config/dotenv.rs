//! Reads `.env` files as the reference does.
//!
//! `KEY=value`, `export KEY=value`, comments, single and double quotes (a quoted value may span lines),
//! and `${NAME}` or `${NAME:-default}` replaced from the file so far or from the environment.

use std::fmt;

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Counted from 1.
    pub line: usize,
    pub reason: &'static str,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Names and values in the order of the file; a later line wins over an earlier one of the same name.
///
/// `known` answers for names that the file does not set.
pub fn parse(
    text: &str,
    known: impl Fn(&str) -> Option<String>,
) -> Result<Vec<(String, String)>, Vec<BadLine>> {
    let mut read: Vec<(String, String)> = Vec::new();
    let mut problems = Vec::new();
    let mut cursor = Cursor { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    loop {
        cursor.skip_while(char::is_whitespace);
        if cursor.rest.is_empty() {
            break;
        }
        let line = cursor.line;
        match entry(&mut cursor) {
            Ok(None) => {}
            Ok(Some((name, value))) => {
                let value = expand(&value, |wanted| {
                    let here = read.iter().rev().find(|(name, _)| name == wanted);
                    here.map(|(_, value)| value.clone()).or_else(|| known(wanted))
                });
                read.push((name, value));
            }
            Err(reason) => {
                problems.push(BadLine { line, reason });
                cursor.skip_line();
            }
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

struct Cursor<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn skip_while(&mut self, skip: impl Fn(char) -> bool) {
        let bytes = self.rest.find(|c| !skip(c)).unwrap_or(self.rest.len());
        self.take(bytes);
    }

    fn skip_line(&mut self) {
        let bytes = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        self.take(bytes);
    }
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

fn entry(cursor: &mut Cursor<'_>) -> Result<Option<(String, String)>, &'static str> {
    if cursor.rest.starts_with('#') {
        cursor.skip_line();
        return Ok(None);
    }
    if let Some(after) = cursor.rest.strip_prefix("export")
        && after.starts_with(is_blank)
    {
        cursor.take("export".len());
        cursor.skip_while(is_blank);
    }
    let bytes = cursor.rest.find(['=', '\n', '#']).unwrap_or(cursor.rest.len());
    let name = cursor.take(bytes).trim().trim_matches('\'').to_owned();
    if name.is_empty() {
        return Err("a line starts with a name");
    }
    if name.contains(char::is_whitespace) {
        return Err("a name has no spaces");
    }
    if !cursor.rest.starts_with('=') {
        // A name alone sets nothing.
        cursor.skip_line();
        return Ok(None);
    }
    cursor.take(1);
    cursor.skip_while(is_blank);
    let value = match cursor.rest.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted(cursor, quote)?,
        _ => bare(cursor),
    };
    Ok(Some((name, value)))
}

/// Up to the end of the line or a `#` after a blank.
fn bare(cursor: &mut Cursor<'_>) -> String {
    let end = cursor.rest.find('\n').unwrap_or(cursor.rest.len());
    let line = cursor.take(end);
    let comment = line
        .char_indices()
        .zip(std::iter::once(' ').chain(line.chars()))
        .find(|((_, c), before)| *c == '#' && before.is_whitespace())
        .map_or(line.len(), |((at, _), _)| at);
    line.get(..comment).unwrap_or(line).trim_end().to_owned()
}

fn quoted(cursor: &mut Cursor<'_>, quote: char) -> Result<String, &'static str> {
    let mut value = String::new();
    let mut chars = cursor.rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, next)) => value.push_str(&unescape(next, quote)),
                None => break,
            },
            _ if c == quote => {
                cursor.take(at + 1);
                cursor.skip_while(is_blank);
                return match cursor.rest.chars().next() {
                    None | Some('#' | '\n' | '\r') => {
                        cursor.skip_line();
                        Ok(value)
                    }
                    Some(_) => Err("text after the closing quote"),
                };
            }
            _ => value.push(c),
        }
    }
    Err("the closing quote is missing")
}

fn unescape(c: char, quote: char) -> String {
    match (c, quote) {
        ('\\' | '\'', '\'') | ('\\' | '\'' | '"', '"') => c.to_string(),
        ('n', '"') => "\n".into(),
        ('r', '"') => "\r".into(),
        ('t', '"') => "\t".into(),
        _ => format!("\\{c}"),
    }
}

/// Replaces `${NAME}` and `${NAME:-default}`.
fn expand(value: &str, known: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((inside, tail)) = after.split_once('}') else {
            out.push_str("${");
            rest = after;
            continue;
        };
        let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
        out.push_str(&known(name).unwrap_or_else(|| default.to_owned()));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let read = parse(text, |name| (name == "HOME").then(|| "/root".to_owned())).unwrap();
        let read: Vec<_> = read.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn lines_are_read_as_the_reference_reads_them() {
        check("A=1\nB = two words # note\r\nC=a#b\n", &[("A", "1"), ("B", "two words"), ("C", "a#b")]);
        check("export A=1\n# B=2\n\nNAKED\nC=", &[("A", "1"), ("C", "")]);
        check("A=#none", &[("A", "")]);
        check(r#"A="x # y" # c"#, &[("A", "x # y")]);
        check("A='it\\'s $5'\nB=\"l1\\nl2\"\n", &[("A", "it's $5"), ("B", "l1\nl2")]);
        check("A=\"one\ntwo\"\nB=3", &[("A", "one\ntwo"), ("B", "3")]);
        check("A=x\nB=${A}/${HOME}/${NO:-d}/${NO}", &[("A", "x"), ("B", "x//root/d/")]);
        check("PASS=p$ss${\n", &[("PASS", "p$ss${")]);
    }

    #[test]
    fn bad_lines_are_named_all_at_once() {
        let problems = parse("A=1\n=2\nB=\"open\n", |_| None).unwrap_err();
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [2, 3]);
    }
}
