//! jq programs over one JSON value.
//!
//! Nothing but the value is visible to a program: no environment, no files, no further inputs. Programs
//! that can run without end by themselves (`def`, `repeat`, `while`, `until`, `recurse(…)`) are refused,
//! because a program cannot be interrupted.

use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, data, unwrap_valr};
use jaq_json::{Val, read};
use langflow_core::Json;

/// Longest program, in bytes.
const MAX_PROGRAM: usize = 16_384;
/// Most results of a program.
const MAX_RESULTS: usize = 100_000;

/// Names that reach outside the value.
const OUTSIDE: [&str; 13] = [
    "env",
    "input",
    "inputs",
    "input_filename",
    "input_line_number",
    "debug",
    "debug_empty",
    "stderr",
    "stderr_empty",
    "halt",
    "halt_error",
    "import",
    "include",
];
/// Names that may never come to an end.
const ENDLESS: [&str; 6] = ["def", "repeat", "while", "until", "label", "infinite"];

/// Runs a program; the error is a sentence about the program or its run.
pub fn run(program: &str, input: &Json) -> Result<Vec<Json>, String> {
    check(program)?;
    let input = read::parse_single(input.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let arena = Arena::default();
    let loader = Loader::new(jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()));
    let modules = loader
        .load(&arena, File { code: program, path: () })
        .map_err(|errors| format!("the program cannot be read ({} errors)", errors.len()))?;
    let funs = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let filter = Compiler::default().with_funs(funs).compile(modules).map_err(|errors| {
        let names: Vec<String> = errors
            .iter()
            .flat_map(|(_, undefined)| undefined.iter().map(|(name, _)| (*name).to_owned()))
            .collect();
        format!("not defined: {}", names.join(", "))
    })?;
    let cx = Ctx::<data::JustLut<Val>>::new(&filter.lut, Vars::new([]));
    let mut results = Vec::new();
    for result in filter.id.run((cx, input)).map(unwrap_valr) {
        let value = result.map_err(|error| error.to_string())?;
        if results.len() == MAX_RESULTS {
            return Err(format!("the program gives more than {MAX_RESULTS} results"));
        }
        // Numbers that JSON does not have (NaN, infinity) are null.
        results.push(serde_json::from_str(&value.to_string()).unwrap_or(Json::Null));
    }
    Ok(results)
}

/// Refuses programs that reach outside or may never end.
fn check(program: &str) -> Result<(), String> {
    if program.len() > MAX_PROGRAM {
        return Err(format!("the program is longer than {MAX_PROGRAM} bytes"));
    }
    for word in words(program) {
        if word.starts_with('$') && matches!(word.as_str(), "$ENV" | "$__loc__" | "$__prog_args") {
            return Err(format!("the variable '{word}' is not allowed: it tells about the server"));
        }
        if OUTSIDE.contains(&word.as_str()) {
            return Err(format!("'{word}' is not allowed: it reads what is not part of the data"));
        }
        if ENDLESS.contains(&word.as_str()) || word == "recurse(" {
            return Err(format!("'{word}' is not allowed: it may run without end"));
        }
    }
    Ok(())
}

/// The names in the code of a program: not keys, not fields, not text; code inside of text counts.
fn words(program: &str) -> Vec<String> {
    let mut words = Vec::new();
    // One entry for each open bracket; `true` where a text is interrupted by it.
    let mut brackets: Vec<bool> = Vec::new();
    let mut in_text = false;
    let mut chars = program.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        if in_text {
            match c {
                '"' => in_text = false,
                '\\' if chars.next() == Some('(') => {
                    brackets.push(true);
                    in_text = false;
                }
                _ => {}
            }
        } else if c == '"' {
            in_text = true;
        } else if c == '(' {
            brackets.push(false);
        } else if c == ')' {
            in_text = brackets.pop() == Some(true);
        } else if c == '#' {
            while chars.next_if(|c| *c != '\n').is_some() {}
        } else if c.is_alphabetic() || c == '_' || c == '$' {
            let mut word = String::from(c);
            while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                word.push(c);
            }
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            let is_key = chars.peek() == Some(&':');
            if before != '.' && !is_key {
                if word == "recurse" && chars.peek() == Some(&'(') {
                    word.push('(');
                }
                words.push(word);
            }
            before = ' ';
            continue;
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn programs_that_reach_out_or_run_on_are_refused() {
        for program in [
            "env.HOME",
            "$ENV",
            "input",
            "[inputs]",
            "\"\\(env)\"",
            "def f: f; f",
            "[repeat(1)]",
            "recurse(.+1)",
            "last(range(0; infinite))",
            "halt",
            "import \"x\" as x; .",
            "\"a\" | debug",
        ] {
            assert!(run(program, &json!({})).is_err_and(|why| why.contains("not allowed")), "{program}");
        }
        for (program, expected) in [
            (".input", json!(1)),
            ("{env: 2}", json!({"env": 2})),
            ("\"env\"", json!("env")),
            ("[recurse] | length", json!(2)),
        ] {
            assert_eq!(run(program, &json!({"input": 1})).unwrap(), [expected], "{program}");
        }
    }
}
