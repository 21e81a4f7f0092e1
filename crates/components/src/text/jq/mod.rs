//! jq programs over one JSON value.
//!
//! Nothing but the value is visible to a program: no environment, no files, no further inputs. A program may call
//! itself and repeat things; how long it runs, how much memory and how much stack it takes are bounded ([`meter`]).

mod meter;
mod natives;
mod ops;
mod value;

use crate::heavy;
use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars};
use langflow_core::{Fault, Json};
use meter::Bounds;
use natives::{Data, Functions};
use value::Bounded;

/// Longest program, in bytes.
const MAX_PROGRAM: usize = 16_384;
/// Brackets inside of each other.
const MAX_BRACKETS: usize = 200;

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
/// Runs a program, away from the threads that serve requests; the fault is a sentence about the program or its
/// run.
pub async fn run(program: impl Into<String>, input: Json) -> Result<Vec<Json>, Fault> {
    let program = program.into();
    heavy::run(move || evaluate(&program, &input, &Bounds::OF_FLOWS).map_err(Fault::invalid)).await
}

fn evaluate(program: &str, input: &Json, bounds: &Bounds) -> Result<Vec<Json>, String> {
    check(program)?;
    match meter::metered(bounds, || interpret(program, input, bounds.results)) {
        Ok(results) => results,
        Err(Some(bound)) => Err(bound.sentence(bounds)),
        Err(None) => Err("the program cannot be run".to_owned()),
    }
}

fn interpret(program: &str, input: &Json, most: usize) -> Result<Vec<Json>, String> {
    let input = Bounded::from_json(input);
    let arena = Arena::default();
    let loader = Loader::new(jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()));
    let modules = loader
        .load(&arena, File { code: program, path: () })
        .map_err(|errors| format!("the program cannot be read ({} errors)", errors.len()))?;
    let filter = Compiler::default().with_funs(natives::all()).compile(modules).map_err(|errors| {
        let names: Vec<String> = errors
            .iter()
            .flat_map(|(_, undefined)| undefined.iter().map(|(name, _)| (*name).to_owned()))
            .collect();
        format!("not defined: {}", names.join(", "))
    })?;
    let cx = Ctx::<Data>::new(Functions(&filter.lut), Vars::new([]));
    let mut results = Vec::new();
    for result in filter.id.run((cx, input)) {
        let value = result.map_err(|thrown| match thrown.get_err() {
            Ok(error) => error.to_string(),
            Err(_) => "the program stopped itself".to_owned(),
        })?;
        if results.len() == most {
            return Err(format!("the program gives more than {most} results"));
        }
        // What is given stays in memory until the end.
        results.push(value);
    }
    Ok(results.iter().map(Bounded::to_json).collect())
}

/// Refuses programs that reach outside, or nest more deeply than anybody writes.
fn check(program: &str) -> Result<(), String> {
    if program.len() > MAX_PROGRAM {
        return Err(format!("the program is longer than {MAX_PROGRAM} bytes"));
    }
    let Scan { words, nesting } = scan(program);
    if nesting > MAX_BRACKETS {
        return Err(format!("the program has more than {MAX_BRACKETS} brackets inside of each other"));
    }
    for word in words {
        if word.starts_with('$') && matches!(word.as_str(), "$ENV" | "$__loc__" | "$__prog_args") {
            return Err(format!("the variable '{word}' is not allowed: it tells about the server"));
        }
        if OUTSIDE.contains(&word.as_str()) {
            return Err(format!("'{word}' is not allowed: it reads what is not part of the data"));
        }
    }
    Ok(())
}

/// What a program is made of.
#[derive(Default)]
struct Scan {
    /// The names in its code: not keys, not fields, not text; code inside of text counts.
    words: Vec<String>,
    /// How many brackets stand inside of each other.
    nesting: usize,
}

fn scan(program: &str) -> Scan {
    let mut scan = Scan::default();
    let mut open = 0_usize;
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
        } else if matches!(c, '[' | '{') {
            open += 1;
        } else if matches!(c, ']' | '}') {
            open = open.saturating_sub(1);
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
                scan.words.push(word);
            }
            before = ' ';
            continue;
        }
        scan.nesting = scan.nesting.max(open + brackets.len());
        before = c;
    }
    scan
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;
    use std::time::Duration;

    async fn results(program: &str, input: Json) -> Result<Vec<Json>, String> {
        run(program, input).await.map_err(|fault| fault.message().to_owned())
    }

    #[tokio::test]
    async fn programs_that_reach_out_are_refused() {
        for program in [
            "env.HOME",
            "$ENV",
            "input",
            "[inputs]",
            "\"\\(env)\"",
            "halt",
            "import \"x\" as x; .",
            "\"a\" | debug",
        ] {
            assert!(
                results(program, json!({})).await.is_err_and(|why| why.contains("not allowed")),
                "{program}"
            );
        }
    }

    #[tokio::test]
    async fn programs_give_what_jq_gives() {
        let input = json!({
            "input": 1, "text": "a,b", "list": [3, 1, 2], "deep": {"x": {"y": [true, null]}},
            "rows": [{"k": "p", "n": 1.5}, {"k": "q", "n": 2}, {"k": "p", "n": 3}],
        });
        for (program, expected) in [
            (".input", json!(1)),
            ("{env: 2}", json!({"env": 2})),
            ("\"env\"", json!("env")),
            ("[.deep | recurse] | length", json!(5)),
            (".text / \",\"", json!(["a", "b"])),
            (".text | split(\",\") | join(\"-\")", json!("a-b")),
            (".list | sort", json!([1, 2, 3])),
            (".list - [1]", json!([3, 2])),
            (".list[1:]", json!([1, 2])),
            (".list[-1]", json!(2)),
            (".list | map(. * 2) | add", json!(12)),
            (".list | index(2), contains([1])", json!(2)),
            (".deep.x.y[0]", json!(true)),
            (".deep | has(\"x\")", json!(true)),
            (".deep.x.y |= length | .deep.x.y", json!(2)),
            (".list[1:] = [9] | .list", json!([3, 9])),
            ("del(.list[0]) | .list", json!([1, 2])),
            (
                "[.rows | group_by(.k)[] | {k: .[0].k, n: map(.n) | add}]",
                json!([{"k": "p", "n": 4.5}, {"k": "q", "n": 2}]),
            ),
            (".rows | map(select(.n > 1.7).k)", json!(["q", "p"])),
            ("[.rows[] | to_entries[].key] | unique", json!(["k", "n"])),
            (".text | test(\"A\"; \"i\")", json!(true)),
            (".text | gsub(\"[ab]\"; \"x\")", json!("x,x")),
            ("\"äbc\" | [match(\"(?<n>b)\").captures[0] | .offset, .name]", json!([1, "n"])),
            (".text[1:] | ascii_upcase", json!(",B")),
            ("{a: 1} * {a: {b: 2}}", json!({"a": {"b": 2}})),
            (".deep | tojson", json!("{\"x\":{\"y\":[true,null]}}")),
            ("\"[1,2]\" | fromjson", json!([1, 2])),
            ("9007199254740993 + 0", json!(9_007_199_254_740_993_i64)),
            ("[limit(3; repeat(1))]", json!([1, 1, 1])),
            ("[recurse(if . < 3 then . + 1 else empty end)?] | length", json!(1)),
            ("def f: if . < 5 then . + 1 | f else . end; .input | f", json!(5)),
            ("[.list[] as $x | $x | until(. > 10; . * 2)]", json!([12, 16, 16])),
            ("try error(\"no\") catch .", json!("no")),
            ("nan", json!(null)),
            ("[paths] | length", json!(21)),
            ("\"\\(.list)\"", json!("[3,1,2]")),
        ] {
            assert_eq!(
                results(program, input.clone()).await.map(|r| r.first().cloned()),
                Ok(Some(expected)),
                "{program}"
            );
        }
    }

    /// Short programs that would fill any memory, never end, or overflow the stack: each ends at a bound that does
    /// not depend on the clock. The bounds are smaller than those of flows, so that all machines are fast enough.
    #[tokio::test]
    async fn programs_are_bounded() {
        const BOUNDS: [&str; 6] =
            ["steps", "of memory", "too deeply", "a text of more", "results", "brackets"];
        let small = Bounds {
            steps: 100_000,
            bytes: 4 << 20,
            time: Duration::from_hours(1),
            stack_bytes: 16 << 20,
            results: 1_000,
            text_bytes: 1 << 20,
        };
        // The parser takes more stack where it is not optimised.
        let many = if cfg!(debug_assertions) { 1_000 } else { 8_000 };
        let deep = |open: &str, close: &str| open.repeat(5_000) + "1" + &close.repeat(5_000);
        let nested = [
            deep("(", ")"),
            deep("[", "]"),
            "-".repeat(many) + "1",
            ".|".repeat(many) + ".",
            "1+".repeat(many) + "1",
        ];
        let programs = [
            "[repeat(1)]",
            "last(range(0; infinite))",
            "last(repeat(1))",
            "reduce range(40) as $i (\"xx\"; . + .)",
            "reduce range(40) as $i ([1]; . + .)",
            "reduce range(40) as $i ([1]; [., .]) | tojson",
            "reduce range(40) as $i ([1]; [., .]) | . == .",
            "reduce range(40) as $i ({}; {a: ., b: .}) | [..] | length",
            "\"x\" * 1000000000000",
            "reduce range(60) as $i (10; . * .)",
            "reduce range(1000000) as $i (.; [.])",
            "def f: f; f",
            "def f: empty, f; f",
            "def f: def g: f; g; f",
            "def f: [f]; f",
            "def f: 1 + f; f",
            "recurse(. + 1; true)",
            "[range(30000)] | . - .",
            "[range(3000)] as $a | $a | indices($a[1500:])",
            "[range(3000)] as $a | $a | contains($a)",
            "last(range(100000) as $i | [range(1000)] | sort_by(-.))",
            "(\"a\" * 10000) as $t | last(range(1000000) | $t | test(\"(a|b)*c\"))",
            "[(\"ab\" * 100000) | match(\"\"; \"g\")]",
            "(\"\\u0001\" * 1000000) | tojson",
            "[range(5000)] as $a | $a[] as $b | $a[] as $c | $a[] as $d | $b + $c + $d",
            "[limit(300; repeat(\"x\" * 100000))] | add",
        ];
        let (mut wrong, mut reached) = (Vec::new(), BTreeSet::<&str>::new());
        for program in programs.into_iter().chain(nested.iter().map(String::as_str)) {
            let short = program.get(..60.min(program.len())).unwrap();
            let program = program.to_owned();
            let began = std::time::Instant::now();
            let ended = heavy::run(move || Ok(evaluate(&program, &json!(1), &small).map(|all| all.len())));
            let ended = ended.await.unwrap_or_else(|fault| panic!("{short}: {fault}"));
            println!("{:>6} ms  {short:<60}  {ended:?}", began.elapsed().as_millis());
            let bound =
                ended.as_ref().err().and_then(|said| BOUNDS.iter().find(|bound| said.contains(**bound)));
            // Sums and pipes of many parts are no loops: they may also come to their end.
            if bound.is_none() && !(ended.is_ok() && nested.iter().any(|program| program.starts_with(short)))
            {
                wrong.push(format!("{short}: {ended:?}"));
            }
            reached.extend(bound.copied());
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(reached.len(), BOUNDS.len(), "bounds that were reached: {reached:?}");
        // Tests that run beside count too; a program without bounds would take gigabytes.
        let peak = peak_mb();
        assert!(peak.is_none_or(|mb| mb < 500), "{peak:?} MB");
    }

    /// The clock is the last bound: here it has run out before the first step.
    #[test]
    fn programs_end_with_their_time() {
        let bounds = Bounds { time: Duration::ZERO, ..Bounds::OF_FLOWS };
        let ended = evaluate("last(range(0; infinite))", &json!(1), &bounds);
        assert_eq!(ended, Err("the program takes longer than 0 s".to_owned()));
    }

    /// Most memory this process has had, where the system tells.
    fn peak_mb() -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb >> 10)
    }
}
