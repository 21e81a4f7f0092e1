//! Functions of the library that have to know the values they work on.
//!
//! The others come from `jaq_core` and `jaq_std`, which work on any value that counts. What would tell about the
//! server, end it or write to its log is not there at all.

use super::meter::{Exceeded, exceed, step};
use super::value::{Bounded, Error, List, Object, Result};
use jaq_core::data::HasLut;
use jaq_core::native::{Filter, Fun, bome, run, unary, v};
use jaq_core::{DataT, Exn, Lut, RunPtr};
use jaq_json::Val;
use langflow_core::Json;
use regex::{Regex, RegexBuilder};

/// What programs work on.
pub struct Data;

impl DataT for Data {
    type V<'a> = Bounded;
    type Data<'a> = Functions<'a>;
}

/// The functions of a program. The interpreter hands them on with every call, and each time is a step: a program that
/// does nothing but call itself makes no values that could be counted.
pub struct Functions<'a>(pub &'a Lut<Data>);

impl Clone for Functions<'_> {
    fn clone(&self) -> Self {
        step(1);
        Self(self.0)
    }
}

impl<'a> HasLut<'a, Data> for Functions<'a> {
    fn lut(&self) -> &'a Lut<Data> {
        self.0
    }
}

/// Functions that are replaced, or left out.
const NOT_TAKEN: [&str; 7] =
    ["matches", "split_matches", "split_", "env", "halt", "debug_empty", "stderr_empty"];
/// Longest pattern of a regular expression, in bytes.
const MAX_PATTERN: usize = 4096;
/// Memory of a compiled pattern.
const MAX_COMPILED: usize = 1 << 20;
/// Steps that compiling a pattern counts as.
const COMPILE_STEPS: usize = 5_000;

/// All functions that are not written in jq itself.
pub fn all() -> impl Iterator<Item = Fun<Data>> {
    let library = jaq_core::funs().chain(jaq_std::funs());
    library.filter(|fun: &Fun<Data>| !NOT_TAKEN.contains(&fun.0)).chain(ours())
}

fn ours<D: for<'a> DataT<V<'a> = Bounded>>() -> impl Iterator<Item = Fun<D>> {
    filters().into_vec().into_iter().map(run)
}

fn filters<D: for<'a> DataT<V<'a> = Bounded>>() -> Box<[Filter<RunPtr<D>>]> {
    Box::new([
        ("fromjson", v(0), |cv| read_json(&cv.1)),
        ("tojson", v(0), |cv| bome(Ok(Bounded::text(cv.1.json_text())))),
        ("length", v(0), |cv| bome(length(&cv.1))),
        ("contains", v(1), |cv| {
            unary(cv, |whole: Bounded, part: Bounded| {
                step(whole.weight().steps().saturating_mul(part.weight().steps()));
                Ok(Bounded::from(contains(&whole.val, &part.val)))
            })
        }),
        ("has", v(1), |cv| unary(cv, |value, key| has(&value, &key))),
        ("indices", v(1), |cv| unary(cv, |value, part| indices(&value, &part))),
        ("bsearch", v(1), |cv| unary(cv, |list, item| search(&list, &item))),
        ("matches", v(2), |mut cv| {
            let (flags, pattern) = (cv.0.pop_var(), cv.0.pop_var());
            bome(find(&cv.1, &pattern, &flags, false, true))
        }),
        ("split_matches", v(2), |mut cv| {
            let (flags, pattern) = (cv.0.pop_var(), cv.0.pop_var());
            bome(find(&cv.1, &pattern, &flags, true, true))
        }),
        ("split_", v(2), |mut cv| {
            let (flags, pattern) = (cv.0.pop_var(), cv.0.pop_var());
            bome(find(&cv.1, &pattern, &flags, true, false))
        }),
        // The library's definitions name these; programs that do are refused before they run.
        ("env", v(0), |_| refused("env")),
        ("halt", v(1), |_| refused("halt")),
        ("debug_empty", v(0), |_| refused("debug")),
        ("stderr_empty", v(0), |_| refused("stderr")),
    ])
}

fn refused<'a>(name: &str) -> jaq_core::ValXs<'a, Bounded> {
    Box::new(std::iter::once(Err(Exn::from(Error::str(format_args!("'{name}' is not allowed"))))))
}

/// The values of a JSON text, one behind the other.
fn read_json<'a>(text: &Bounded) -> jaq_core::ValXs<'a, Bounded> {
    let text = match text.str() {
        Ok(text) => text.into_owned(),
        Err(error) => return bome(Err(error)),
    };
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(&text).into_iter::<Json>() {
        values.push(match value {
            Ok(value) => Ok(Bounded::from_json(&value)),
            Err(error) => Err(Exn::from(Error::str(format_args!("cannot parse this text as JSON: {error}")))),
        });
    }
    Box::new(values.into_iter())
}

fn length(value: &Bounded) -> Result {
    Ok(match &value.val {
        Val::Null => Bounded::from(0_usize),
        Val::Num(_) if *value < Bounded::from(0_isize) => return -value.clone(),
        Val::Num(_) => value.clone(),
        Val::TStr(_) => Bounded::from(value.str()?.chars().count()),
        Val::BStr(bytes) => Bounded::from(bytes.len()),
        Val::Arr(items) => Bounded::from(items.len()),
        Val::Obj(map) => Bounded::from(map.len()),
        Val::Bool(_) => return Err(Error::str(format_args!("{value} has no length"))),
    })
}

fn contains(whole: &Val, part: &Val) -> bool {
    match (whole, part) {
        (Val::TStr(l), Val::TStr(r)) | (Val::BStr(l), Val::BStr(r)) => {
            String::from_utf8_lossy(l).contains(&*String::from_utf8_lossy(r))
        }
        (Val::Arr(l), Val::Arr(r)) => r.iter().all(|r| l.iter().any(|l| contains(l, r))),
        (Val::Obj(l), Val::Obj(r)) => r.iter().all(|(key, r)| l.get(key).is_some_and(|l| contains(l, r))),
        _ => whole == part,
    }
}

fn has(value: &Bounded, key: &Bounded) -> Result {
    match (&value.val, &key.val) {
        (Val::Obj(map), key) => Ok(map.contains_key(key).into()),
        (Val::Arr(items), Val::Num(_)) => {
            let at = jaq_std::ValT::as_isize(&key.val).and_then(|at| usize::try_from(at).ok());
            Ok(at.is_some_and(|at| at < items.len()).into())
        }
        _ => Err(Error::index(value.clone(), key.clone())),
    }
}

/// Where a text or a list stands in another.
pub fn indices(value: &Bounded, part: &Bounded) -> Result {
    match (&value.val, &part.val) {
        (Val::TStr(_), Val::TStr(_)) => {
            let (text, part) = (value.str()?, part.str()?);
            step(text.len().saturating_mul(part.len()) / 64);
            if part.is_empty() {
                return Ok(std::iter::empty().collect());
            }
            let starts = text.char_indices().enumerate();
            let found = starts.filter(|(_, (at, _))| text.get(*at..).is_some_and(|t| t.starts_with(&*part)));
            Ok(found.map(|(number, _)| Bounded::from(number)).collect())
        }
        (Val::Arr(items), Val::Arr(part_items)) => {
            step(items.len().saturating_mul(part.weight().steps()));
            if part_items.is_empty() {
                return Ok(std::iter::empty().collect());
            }
            let windows = items.windows(part_items.len()).enumerate();
            let found = windows.filter(|(_, window)| *window == part_items.as_slice());
            Ok(found.map(|(at, _)| Bounded::from(at)).collect())
        }
        (Val::Arr(items), item) => {
            step(value.weight().steps());
            let found = items.iter().enumerate().filter(|(_, known)| *known == item);
            Ok(found.map(|(at, _)| Bounded::from(at)).collect())
        }
        _ => Err(Error::index(value.clone(), part.clone())),
    }
}

fn search(list: &Bounded, item: &Bounded) -> Result {
    let Val::Arr(items) = &list.val else { return Err(Error::typ(list.clone(), "array")) };
    step(item.weight().steps().saturating_mul(64));
    let signed = |at: usize| isize::try_from(at).unwrap_or(isize::MAX);
    Ok(match items.binary_search(&item.val) {
        Ok(at) => Bounded::from(signed(at)),
        Err(at) => Bounded::from(-1 - signed(at)),
    })
}

/// How a regular expression is meant.
struct Flags {
    regex: Regex,
    global: bool,
    skip_empty: bool,
}

fn compile(pattern: &Bounded, flags: &Bounded) -> Result<Flags> {
    let pattern = pattern.str()?;
    step(COMPILE_STEPS + pattern.len() * 16);
    if pattern.len() > MAX_PATTERN {
        exceed(Exceeded::Text);
    }
    let mut builder = RegexBuilder::new(&pattern);
    builder.size_limit(MAX_COMPILED).dfa_size_limit(MAX_COMPILED);
    let (mut global, mut skip_empty) = (false, false);
    for flag in flags.str()?.chars() {
        match flag {
            'g' => global = true,
            'n' => skip_empty = true,
            'i' => {
                builder.case_insensitive(true);
            }
            'm' => {
                builder.multi_line(true);
            }
            's' => {
                builder.dot_matches_new_line(true);
            }
            'p' => {
                builder.multi_line(true).dot_matches_new_line(true);
            }
            'l' => {
                builder.swap_greed(true);
            }
            'x' => {
                builder.ignore_whitespace(true);
            }
            other => return Err(Error::str(format_args!("invalid regex flag: {other}"))),
        }
    }
    let regex = builder.build().map_err(|error| Error::str(format_args!("invalid regex: {error}")))?;
    Ok(Flags { regex, global, skip_empty })
}

/// The parts of a text that do not match, and those that do, each with its groups.
fn find(text: &Bounded, pattern: &Bounded, flags: &Bounded, between: bool, matching: bool) -> Result {
    let Flags { regex, global, skip_empty } = compile(pattern, flags)?;
    let text = text.str()?;
    step(text.len() / 4);
    let piece = |from: usize, to: usize| Bounded::text(text.get(from..to).unwrap_or_default().to_owned());
    let mut parts = List::default();
    let (mut last, mut counted) = (0, (0, 0));
    for found in regex.captures_iter(&text) {
        let Some(whole) = found.get(0).filter(|whole| !(skip_empty && whole.is_empty())) else { continue };
        if between {
            parts.push(piece(last, whole.start()));
            last = whole.end();
        }
        if matching {
            // Matches follow each other, so characters are counted once.
            let chars = |upto: usize| text.get(counted.0..upto).map_or(0, |part| part.chars().count());
            counted = (whole.start(), counted.1 + chars(whole.start()));
            let groups = found.iter().zip(regex.capture_names()).filter_map(|(group, name)| {
                let group = group?;
                let before = text.get(counted.0..group.start()).map_or(0, |part| part.chars().count());
                let mut object = Object::default();
                let mut put = |name: &str, value| object.insert(Bounded::text(name.to_owned()), value);
                put("offset", Bounded::from(counted.1 + before));
                put("length", Bounded::from(group.as_str().chars().count()));
                put("string", Bounded::text(group.as_str().to_owned()));
                if let Some(name) = name {
                    put("name", Bounded::text(name.to_owned()));
                }
                Some(object.finish())
            });
            parts.push(groups.collect());
        }
        if !global {
            break;
        }
    }
    if between {
        parts.push(piece(last, text.len()));
    }
    Ok(parts.finish())
}
