//! Format strings with the rules of Python's `str.format`: `{name}`, `{name!r}`, `{name:>8.2f}`,
//! `{a[b]}`, `{{` and `}}`.

use super::growing::{Growing, TooLong};
use super::spec::{FormatSpec, apply, float};
use crate::value::{Json, JsonMap, python_repr};
use std::fmt;

/// Deepest `{x:{y:{z}}}` nesting; Python allows two levels.
const MAX_NESTING: u8 = 2;

/// Why a pattern could not be filled. The text is what Python's exception says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// A name that has no value.
    Key(String),
    /// The pattern itself, or a format that does not suit the value.
    Value(String),
    /// What it makes is longer than texts may be.
    TooLong(TooLong),
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(name) => write!(f, "'{name}'"),
            Self::Value(why) => f.write_str(why),
            Self::TooLong(too_long) => f.write_str(&too_long.message()),
        }
    }
}

impl std::error::Error for FormatError {}

impl From<FormatError> for crate::Fault {
    fn from(error: FormatError) -> Self {
        match error {
            FormatError::TooLong(too_long) => too_long.into(),
            other => Self::invalid(other.to_string()),
        }
    }
}

/// A value to fill in.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Json(Json),
    /// Python's `nan`, the empty cell of a column of numbers. JSON has no word for it.
    Nan,
}

impl From<Json> for Cell {
    fn from(json: Json) -> Self {
        Self::Json(json)
    }
}

impl From<TooLong> for FormatError {
    fn from(too_long: TooLong) -> Self {
        Self::TooLong(too_long)
    }
}

fn wrong(why: impl Into<String>) -> FormatError {
    FormatError::Value(why.into())
}

/// Fills `pattern` from `values`; an unknown name is an error.
pub fn format(pattern: &str, values: &JsonMap) -> Result<String, FormatError> {
    format_with(pattern, &|name| values.get(name).cloned().map(Cell::Json))
}

/// Fills `pattern`; an unknown name becomes `default`.
pub fn format_or(pattern: &str, values: &JsonMap, default: &str) -> Result<String, FormatError> {
    format_with(pattern, &|name| {
        Some(values.get(name).cloned().unwrap_or_else(|| Json::String(default.to_owned())).into())
    })
}

/// Fills `pattern` with what `look_up` knows.
pub fn format_with(pattern: &str, look_up: &dyn Fn(&str) -> Option<Cell>) -> Result<String, FormatError> {
    fill(pattern, look_up, 0)
}

fn fill(pattern: &str, look_up: &dyn Fn(&str) -> Option<Cell>, depth: u8) -> Result<String, FormatError> {
    let mut out = Growing::with_capacity(pattern.len());
    for piece in parse(pattern)? {
        match piece {
            Piece::Literal(text) => out.push(text)?,
            Piece::Brace(brace) => out.push(brace.encode_utf8(&mut [0; 4]))?,
            Piece::Field { name, conversion, spec } => {
                let value = match resolve(name, look_up)? {
                    Cell::Json(value) => value,
                    Cell::Nan => {
                        out.push(&nan(conversion, spec)?)?;
                        continue;
                    }
                };
                let value = match conversion {
                    None => value,
                    Some('s') => Json::String(python_repr(&value)),
                    Some('r') => Json::String(repr(&value)),
                    Some('a') => Json::String(ascii(&repr(&value))),
                    Some(other) => {
                        return Err(wrong(format!("Unknown conversion specifier '{other}'")));
                    }
                };
                let spec = if spec.contains(['{', '}']) {
                    if depth + 1 >= MAX_NESTING {
                        return Err(wrong("Max string recursion exceeded"));
                    }
                    fill(spec, look_up, depth + 1)?
                } else {
                    spec.to_owned()
                };
                let spec = FormatSpec::parse(&spec).map_err(wrong)?;
                out.push(&apply(&value, &spec).map_err(wrong)?)?;
            }
        }
    }
    Ok(out.finish())
}

/// `nan` under a conversion and a format.
fn nan(conversion: Option<char>, spec: &str) -> Result<String, FormatError> {
    let spec = FormatSpec::parse(spec).map_err(wrong)?;
    match conversion {
        None => float(f64::NAN, &Json::from(0.0), &spec).map_err(wrong),
        Some(_) => apply(&Json::String("nan".into()), &spec).map_err(wrong),
    }
}

/// The names a pattern asks for, in order of appearance, each once.
pub fn variables(pattern: &str) -> Result<Vec<String>, FormatError> {
    let mut names = Vec::new();
    collect(pattern, &mut names)?;
    Ok(names)
}

fn collect(pattern: &str, names: &mut Vec<String>) -> Result<(), FormatError> {
    for piece in parse(pattern)? {
        if let Piece::Field { name, spec, .. } = piece {
            let first = name.split(['.', '[']).next().unwrap_or_default();
            if !names.iter().any(|known| known == first) {
                names.push(first.to_owned());
            }
            collect(spec, names)?;
        }
    }
    Ok(())
}

enum Piece<'a> {
    Literal(&'a str),
    Brace(char),
    Field { name: &'a str, conversion: Option<char>, spec: &'a str },
}

fn parse(pattern: &str) -> Result<Vec<Piece<'_>>, FormatError> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, tail) = rest.split_at(at);
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        if let Some(tail) = tail.strip_prefix("{{") {
            pieces.push(Piece::Brace('{'));
            rest = tail;
        } else if let Some(tail) = tail.strip_prefix("}}") {
            pieces.push(Piece::Brace('}'));
            rest = tail;
        } else if let Some(tail) = tail.strip_prefix('{') {
            let (field, tail) = field_body(tail)?;
            pieces.push(split_field(field)?);
            rest = tail;
        } else {
            return Err(wrong("Single '}' encountered in format string"));
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    Ok(pieces)
}

/// The text up to the brace that closes a field, and what follows it.
fn field_body(text: &str) -> Result<(&str, &str), FormatError> {
    if text.is_empty() {
        return Err(wrong("Single '{' encountered in format string"));
    }
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let (field, tail) = text.split_at(at);
            return Ok((field, tail.get(1..).unwrap_or_default()));
        }
    }
    Err(wrong("expected '}' before end of string"))
}

fn split_field(field: &str) -> Result<Piece<'_>, FormatError> {
    // A bracket may hold ':' and '!'.
    let mut in_bracket = false;
    let mut end = field.len();
    for (at, c) in field.char_indices() {
        match c {
            '[' => in_bracket = true,
            ']' => in_bracket = false,
            '!' | ':' if !in_bracket => {
                end = at;
                break;
            }
            '{' if !in_bracket => return Err(wrong("unexpected '{' in field name")),
            _ => {}
        }
    }
    let (name, tail) = field.split_at(end);
    let Some(tail) = tail.strip_prefix('!') else {
        return Ok(Piece::Field { name, conversion: None, spec: tail.strip_prefix(':').unwrap_or(tail) });
    };
    let mut chars = tail.chars();
    let Some(conversion) = chars.next().filter(|c| *c != ':') else {
        return Err(wrong("unmatched '{' in format spec"));
    };
    match chars.as_str() {
        "" => Ok(Piece::Field { name, conversion: Some(conversion), spec: "" }),
        tail => match tail.strip_prefix(':') {
            Some(spec) => Ok(Piece::Field { name, conversion: Some(conversion), spec }),
            None => Err(wrong("expected ':' after conversion specifier")),
        },
    }
}

/// The value of `name`, `name.attribute` or `name[index]`.
fn resolve(field: &str, look_up: &dyn Fn(&str) -> Option<Cell>) -> Result<Cell, FormatError> {
    let end = field.find(['.', '[']).unwrap_or(field.len());
    let (name, mut path) = field.split_at(end);
    if name.is_empty() {
        return Err(wrong("Replacement index 0 out of range for positional args tuple"));
    }
    if name.chars().all(|c| c.is_ascii_digit()) {
        return Err(wrong(format!("Replacement index {name} out of range for positional args tuple")));
    }
    let mut value = match look_up(name).ok_or_else(|| FormatError::Key(name.to_owned()))? {
        Cell::Json(value) => value,
        Cell::Nan if path.is_empty() => return Ok(Cell::Nan),
        Cell::Nan => return Err(wrong("'float' object is not subscriptable")),
    };
    while !path.is_empty() {
        if let Some(tail) = path.strip_prefix('[') {
            let (index, tail) = tail.split_once(']').ok_or_else(|| wrong("Missing ']' in format string"))?;
            value = index_value(&value, index)?;
            path = tail;
        } else {
            let tail = path.strip_prefix('.').unwrap_or(path);
            let end = tail.find(['.', '[']).unwrap_or(tail.len());
            let (attribute, tail) = tail.split_at(end);
            if attribute.is_empty() {
                return Err(wrong("Empty attribute in format string"));
            }
            value = value.get(attribute).cloned().ok_or_else(|| {
                wrong(format!("'{}' object has no attribute '{attribute}'", type_name(&value)))
            })?;
            path = tail;
        }
    }
    Ok(Cell::Json(value))
}

fn index_value(value: &Json, index: &str) -> Result<Json, FormatError> {
    match value {
        Json::Object(map) => map.get(index).cloned().ok_or_else(|| FormatError::Key(index.to_owned())),
        Json::Array(items) => index
            .parse::<usize>()
            .map_err(|_| wrong("list indices must be integers or slices, not str"))
            .and_then(|i| items.get(i).cloned().ok_or_else(|| wrong("list index out of range"))),
        Json::String(text) => index
            .parse::<usize>()
            .map_err(|_| wrong("string indices must be integers, not 'str'"))
            .and_then(|i| text.chars().nth(i).ok_or_else(|| wrong("string index out of range")))
            .map(|c| Json::String(c.to_string())),
        other => Err(wrong(format!("'{}' object is not subscriptable", type_name(other)))),
    }
}

/// Python's name of the type.
pub(super) fn type_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Number(n) if n.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "list",
        Json::Object(_) => "dict",
    }
}

/// `repr()`: as [`python_repr`], but a text is quoted too.
pub fn repr(value: &Json) -> String {
    let wrapped = python_repr(&Json::Array(vec![value.clone()]));
    wrapped.get(1..wrapped.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            0..=0x7f => out.push(c),
            n @ 0x80..=0xff => out.push_str(&format!("\\x{n:02x}")),
            n @ 0x100..=0xffff => out.push_str(&format!("\\u{n:04x}")),
            n => out.push_str(&format!("\\U{n:08x}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values() -> JsonMap {
        let json = json!({
            "name": "Ann", "n": 42, "x": 3.24159, "neg": -7, "none": null, "yes": true,
            "list": [1, "two"], "dict": {"a": {"b": "deep"}, "w:x": 1}, "width": 6, "big": 1_234_567,
            "umlaut": "ä",
        });
        json.as_object().cloned().unwrap()
    }

    #[test]
    fn fills_as_python_does() {
        for (pattern, expected) in [
            ("plain", "plain"),
            ("Hello {name}!", "Hello Ann!"),
            ("{{name}} {name}", "{name} Ann"),
            ("{name!r} {n!r} {list}", "'Ann' 42 [1, 'two']"),
            ("{umlaut!a}", "'\\xe4'"),
            ("{name:>6}|{name:<6}|{name:^7}|{name:*^7}", "   Ann|Ann   |  Ann  |**Ann**"),
            ("{name:.2}", "An"),
            ("{n:05d} {n:+} {n:x} {n:#b} {n:08.2f}", "00042 +42 2a 0b101010 00042.00"),
            ("{x:.2f} {x:8.3f} {x:e} {x:g} {x:%}", "3.24    3.242 3.241590e+00 3.24159 324.159000%"),
            ("{big:,} {big:_} {big:.1e}", "1,234,567 1_234_567 1.2e+06"),
            ("{neg:=5}|{neg: d}|{n: d}", "-   7|-7| 42"),
            ("{none} {yes} {yes:d}", "None True 1"),
            ("{list[1]} {dict[a][b]} {dict[w:x]}", "two deep 1"),
            ("{name:{width}}|", "Ann   |"),
        ] {
            assert_eq!(format(pattern, &values()).as_deref(), Ok(expected), "{pattern}");
        }
    }

    #[test]
    fn says_what_python_says() {
        for (pattern, expected) in [
            ("{missing}", "'missing'"),
            ("{dict[nope]}", "'nope'"),
            ("{", "Single '{' encountered in format string"),
            ("a } b", "Single '}' encountered in format string"),
            ("{name", "expected '}' before end of string"),
            ("{}", "Replacement index 0 out of range for positional args tuple"),
            ("{3}", "Replacement index 3 out of range for positional args tuple"),
            ("{name:d}", "Unknown format code 'd' for object of type 'str'"),
            ("{none:>5}", "unsupported format string passed to NoneType.__format__"),
            ("{list:5}", "unsupported format string passed to list.__format__"),
            ("{n.real_x}", "'int' object has no attribute 'real_x'"),
            ("{name!z}", "Unknown conversion specifier 'z'"),
        ] {
            assert_eq!(format(pattern, &values()).unwrap_err().to_string(), expected, "{pattern}");
        }
    }

    #[test]
    fn names_variables_once() {
        assert_eq!(variables("{a} {b.c} {a} {{x}} {d[0]:{e}}").unwrap(), ["a", "b", "d", "e"]);
    }
}
