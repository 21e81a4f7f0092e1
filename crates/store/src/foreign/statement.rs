//! One statement, and whether it reads.
//!
//! What the database itself refuses (a transaction that reads only, a file opened for reading) is the lock; this
//! is the sentence a user understands, and the bound to one statement.

use langflow_core::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
    MySql,
}

/// Longest statement, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// First words of statements that read.
const READS: [&str; 9] =
    ["select", "with", "values", "table", "show", "describe", "desc", "explain", "pragma"];

/// The statement without the semicolon behind it.
pub(super) fn check(text: &str, dialect: Dialect, writes: bool) -> Result<&str, Fault> {
    let wrong = |why: String| Fault::invalid(why).at_field("query");
    if text.len() > MAX_BYTES {
        return Err(wrong(format!("the query is longer than {MAX_BYTES} bytes")));
    }
    let scan =
        scan(text, dialect).ok_or_else(|| wrong("the query has a text or comment without end".into()))?;
    if scan.more {
        return Err(wrong("the query holds several statements; send one at a time".into()));
    }
    let Some(first) = scan.words.first() else { return Err(wrong("the query is empty".into())) };
    let has = |word: &str| scan.words.iter().any(|other| other == word);
    let reaches_files = match dialect {
        Dialect::Sqlite => first == "attach" || (first == "vacuum" && has("into")),
        Dialect::MySql => has("outfile") || has("dumpfile") || first == "load",
        Dialect::Postgres => first == "copy",
    };
    if reaches_files {
        return Err(Fault::refused("statements that read or write files are not run").at_field("query"));
    }
    let reads = READS.contains(&first.as_str()) && (first != "pragma" || dialect == Dialect::Sqlite);
    if !reads && !writes {
        return Err(Fault::refused(format!(
            "the query would change something ({}): only statements that read are run; an operator can allow more with \
             LANGFLOW_SQL_WRITES=true",
            first.to_uppercase()
        ))
        .at_field("query"));
    }
    Ok(text.get(..scan.end).unwrap_or(text).trim())
}

struct Scan {
    /// Words outside of texts, in lower case.
    words: Vec<String>,
    /// Where the statement ends.
    end: usize,
    /// Something follows behind a semicolon.
    more: bool,
}

/// Reads words; `None` for a text or comment without end.
fn scan(text: &str, dialect: Dialect) -> Option<Scan> {
    let mut found = Scan { words: Vec::new(), end: text.len(), more: false };
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let c = rest.chars().next()?;
        let behind = |open: usize, close: &str| Some(open + rest.get(open..)?.find(close)? + close.len());
        let skipped = match c {
            '\'' | '"' => behind(1, if c == '"' { "\"" } else { "'" })?,
            '`' if dialect != Dialect::Postgres => behind(1, "`")?,
            '[' if dialect == Dialect::Sqlite => behind(1, "]")?,
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '#' if dialect == Dialect::MySql => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => behind(2, "*/")?,
            '$' if dialect == Dialect::Postgres => match dollar_quote(rest) {
                Some(quote) => behind(quote.len(), quote)?,
                None => 1,
            },
            ';' => {
                if found.end == text.len() {
                    found.end = at;
                }
                1
            }
            c if c.is_alphabetic() || c == '_' => {
                let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let length = word.len();
                found.more |= found.end != text.len();
                found.words.push(word.to_lowercase());
                length
            }
            c => {
                found.more |= found.end != text.len() && !c.is_whitespace();
                c.len_utf8()
            }
        };
        at += skipped;
    }
    Some(found)
}

/// `$$` or `$name$`.
fn dollar_quote(rest: &str) -> Option<&str> {
    let end = rest.get(1..)?.find('$')? + 2;
    let quote = rest.get(..end)?;
    let name = quote.trim_matches('$');
    let is_name =
        name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_numeric());
    is_name.then_some(quote)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_one_statement_that_reads() {
        use Dialect::{MySql, Postgres, Sqlite};
        for (text, dialect, writes, expect) in [
            ("SELECT 1", Sqlite, false, "SELECT 1"),
            (" select ';' ; -- done\n", Postgres, false, "select ';'"),
            (
                "/* why */ WITH a AS (SELECT 1) SELECT * FROM a;",
                Postgres,
                false,
                "/* why */ WITH a AS (SELECT 1) SELECT * FROM a",
            ),
            ("SELECT $a$;$a$", Postgres, false, "SELECT $a$;$a$"),
            ("SELECT 1; DROP TABLE a", Postgres, false, "several"),
            ("SELECT '\\''; DROP TABLE a; -- '", MySql, false, "SELECT '\\''; DROP TABLE a; -- '"),
            ("SELECT [it's]; ATTACH 'x' AS [y's]", Sqlite, false, "several"),
            ("DELETE FROM a", Sqlite, false, "LANGFLOW_SQL_WRITES"),
            ("DELETE FROM a", Sqlite, true, "DELETE FROM a"),
            ("INSERT INTO a VALUES (1)", MySql, false, "INSERT"),
            ("PRAGMA table_info(a)", Sqlite, false, "PRAGMA table_info(a)"),
            ("PRAGMA x", Postgres, false, "PRAGMA"),
            ("ATTACH 'x' AS y", Sqlite, true, "files"),
            ("SELECT 1 INTO OUTFILE 'x'", MySql, true, "files"),
            ("COPY a TO '/tmp/x'", Postgres, true, "files"),
            ("SELECT 'a", Sqlite, false, "without end"),
            ("", Sqlite, false, "empty"),
            (" ; ", Sqlite, true, "empty"),
        ] {
            let got =
                check(text, dialect, writes).map_or_else(|fault| fault.message().to_owned(), str::to_owned);
            assert!(got.contains(expect), "{text}: {got}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_scanned(text in r#"[a-z;'"`\[\]$/*\-# é\n]{0,40}"#) {
            for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
                let _ = check(&text, dialect, false);
            }
        }
    }
}
