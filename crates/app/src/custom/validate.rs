//! What is wrong with a piece of Python, without running it.
//!
//! The text is parsed here, by a parser in Rust: nothing of it is compiled or executed. Imports are tried only
//! where workers run people's code, in one of them, and only for those who may run code.

use super::policy::allow_code;
use crate::{App, Principal};
use rustpython_ruff_python_parser as parser;

/// Longest code that is looked at, bytes.
const MAX_CODE: usize = 1 << 20;
/// Brackets in each other, and signs and words in one line that may hold each other, at most: the parser goes
/// into itself for each. Python itself gives up at a few hundred.
const MAX_NESTING: usize = 10_000;
/// Stack of the parser, bytes: enough for [`MAX_NESTING`] in every build. Only what is used is taken.
const STACK: usize = 256 << 20;
/// Problems that are told at once.
const MAX_PROBLEMS: usize = 50;

/// What was found, in the words of Python.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeProblems {
    pub imports: Vec<String>,
    /// Problems of the syntax.
    pub function: Vec<String>,
}

/// Looks through code.
pub async fn validate_code(app: &App, who: &Principal, code: &str) -> CodeProblems {
    let text = code.to_owned();
    let function = tokio::task::spawn_blocking(move || syntax_problems(&text)).await.unwrap_or_default();
    let mut imports = Vec::new();
    if function.is_empty()
        && let Some(custom) = app.catalogue.custom()
        && allow_code(app, who, code).await.is_ok()
    {
        match custom.check_imports(who.user_id, code).await {
            Ok(found) => imports = found,
            Err(fault) => tracing::warn!(error = %fault, "imports could not be checked"),
        }
    }
    imports.truncate(MAX_PROBLEMS);
    CodeProblems { imports, function }
}

/// Whether the parser would go into itself too often. Brackets and signs in texts count too: a piece that has
/// so many of them in one line is refused with it.
fn is_too_deep(code: &str) -> bool {
    let (mut open, mut held, mut last) = (0_usize, 0_usize, b' ');
    for byte in code.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b'\n' if open == 0 => held = 0,
            b' ' | b'\t' | b'\n' => held += usize::from(!last.is_ascii_whitespace()),
            _ if byte.is_ascii_punctuation() && !matches!(byte, b'_' | b',' | b'"' | b'\'' | b'#') => {
                held += 1;
            }
            _ => {}
        }
        last = byte;
        if open > MAX_NESTING || held > 4 * MAX_NESTING {
            return true;
        }
    }
    false
}

/// Sentences such as `invalid syntax (<unknown>, line 2)`. Not for the async runtime: a long piece takes a while.
pub(crate) fn syntax_problems(code: &str) -> Vec<String> {
    if code.len() > MAX_CODE {
        return vec![format!("the code is longer than {MAX_CODE} bytes")];
    }
    if is_too_deep(code) {
        return vec!["the code is nested too deeply".to_owned()];
    }
    std::thread::scope(|scope| {
        let parsing = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || parse(code));
        parsing.ok().and_then(|thread| thread.join().ok())
    })
    .unwrap_or_else(|| vec!["the code could not be parsed".to_owned()])
}

fn parse(code: &str) -> Vec<String> {
    match parser::parse_module(code) {
        Ok(_) => Vec::new(),
        Err(error) => {
            let at = error.location.start().to_usize();
            let line = code.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            vec![format!("invalid syntax: {} (<unknown>, line {line})", error.error)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_parsed_and_never_run() {
        let marker = std::env::temp_dir().join("langflow-validate-marker");
        let run = format!("def f(a=open({:?}, 'w')): pass", marker.display().to_string());
        for good in ["", "x = 1", "async def f():\n    match x:\n        case 1: pass", &run] {
            assert_eq!(syntax_problems(good), Vec::<String>::new(), "{good}");
        }
        for (bad, line) in [("def f(:", 1), ("import a\ndef f(:\n  return 1", 2), ("if x:\npass", 2)] {
            let problems = syntax_problems(bad);
            assert!(problems[0].starts_with("invalid syntax"), "{problems:?}");
            assert!(problems[0].ends_with(&format!("(<unknown>, line {line})")), "{problems:?}");
        }
        assert!(!marker.exists());
        // Deep nesting is an answer, not the end of the server.
        assert!(!syntax_problems(&"(".repeat(100_000)).is_empty());
        assert!(!syntax_problems(&"[".repeat(MAX_NESTING)).is_empty());
        for chain in ["-", "not ", "lambda:", "1+", "a.b(", "x if y else ", "2**", "await "] {
            let _ = syntax_problems(&chain.repeat(MAX_NESTING));
            let _ = syntax_problems(&chain.repeat(MAX_CODE / chain.len()));
        }
    }
}
