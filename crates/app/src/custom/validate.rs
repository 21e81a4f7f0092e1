//! What is wrong with a piece of Python, without running it.
//!
//! The text is parsed here, by a parser in Rust: nothing of it is compiled or executed. Imports are tried only
//! where workers run people's code, in one of them, and only for those who may run code.

use super::policy::allow_code;
use crate::{App, Principal};
use rustpython_ruff_python_parser as parser;

/// Longest code that is looked at, bytes.
const MAX_CODE: usize = 1 << 20;
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
    let function = syntax_problems(code);
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

/// Sentences such as `invalid syntax (<unknown>, line 2)`.
pub(crate) fn syntax_problems(code: &str) -> Vec<String> {
    if code.len() > MAX_CODE {
        return vec![format!("the code is longer than {MAX_CODE} bytes")];
    }
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
        let deep = "(".repeat(100_000);
        assert!(!syntax_problems(&deep).is_empty());
    }
}
