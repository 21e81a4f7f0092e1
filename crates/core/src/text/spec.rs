//! The mini-language after the colon of a replacement field: `[[fill]align][sign][#][0][width][,][.n][type]`.

use super::format::type_name;
use crate::value::{Json, python_float, python_repr};

/// Widest field and highest precision a pattern may ask for.
const MAX_WIDTH: usize = 100_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormatSpec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

impl FormatSpec {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut spec = Self::default();
        let mut chars: Vec<char> = text.chars().collect();
        let is_align = |c: Option<&char>| c.is_some_and(|c| "<>=^".contains(*c));
        if is_align(chars.get(1)) {
            spec.fill = chars.first().copied();
            spec.align = chars.get(1).copied();
            chars.drain(..2);
        } else if is_align(chars.first()) {
            spec.align = chars.first().copied();
            chars.drain(..1);
        }
        let mut rest = chars.into_iter().peekable();
        spec.sign = rest.next_if(|c| "+- ".contains(*c));
        spec.alternate = rest.next_if_eq(&'#').is_some();
        if rest.next_if_eq(&'0').is_some() && spec.align.is_none() {
            spec.fill = Some('0');
            spec.align = Some('=');
        }
        let digits = |rest: &mut std::iter::Peekable<std::vec::IntoIter<char>>| {
            let mut number: Option<usize> = None;
            while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                let digit = digit.to_digit(10).unwrap_or(0) as usize;
                number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
            }
            number
        };
        spec.width = digits(&mut rest).unwrap_or(0);
        spec.grouping = rest.next_if(|c| ",_".contains(*c));
        if rest.next_if_eq(&'.').is_some() {
            spec.precision = Some(digits(&mut rest).ok_or("Format specifier missing precision")?);
        }
        spec.kind = rest.next();
        if rest.next().is_some() {
            return Err("Invalid format specifier".into());
        }
        if spec.width > MAX_WIDTH || spec.precision.is_some_and(|p| p > MAX_WIDTH) {
            return Err("Too many decimal digits in format string".into());
        }
        Ok(spec)
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn pad(&self, sign: &str, body: &str, default_align: char) -> String {
        let length = sign.chars().count() + body.chars().count();
        let missing = self.width.saturating_sub(length);
        let fill = |n: usize| self.fill.unwrap_or(' ').to_string().repeat(n);
        match self.align.unwrap_or(default_align) {
            '<' => format!("{sign}{body}{}", fill(missing)),
            '^' => format!("{}{sign}{body}{}", fill(missing / 2), fill(missing - missing / 2)),
            '=' => format!("{sign}{}{body}", fill(missing)),
            _ => format!("{}{sign}{body}", fill(missing)),
        }
    }

    fn sign_of(&self, negative: bool) -> &'static str {
        match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        }
    }

    fn unknown(&self, value: &Json) -> String {
        format!(
            "Unknown format code '{}' for object of type '{}'",
            self.kind.unwrap_or_default(),
            type_name(value)
        )
    }
}

/// `format(value, spec)`.
pub fn apply(value: &Json, spec: &FormatSpec) -> Result<String, String> {
    if spec.is_empty() {
        return Ok(python_repr(value));
    }
    match value {
        Json::String(text) => string(text, value, spec),
        Json::Bool(b) if matches!(spec.kind, None | Some('s')) => {
            string(if *b { "True" } else { "False" }, value, spec)
        }
        Json::Bool(b) => integer(i128::from(*b), value, spec),
        Json::Number(n) => match (n.as_i64(), n.as_u64(), n.as_f64()) {
            (Some(i), ..) => integer(i128::from(i), value, spec),
            (_, Some(u), _) => integer(i128::from(u), value, spec),
            (.., x) => float(x.unwrap_or(f64::NAN), value, spec),
        },
        other => Err(format!("unsupported format string passed to {}.__format__", type_name(other))),
    }
}

fn string(text: &str, value: &Json, spec: &FormatSpec) -> Result<String, String> {
    if !matches!(spec.kind, None | Some('s')) {
        return Err(spec.unknown(value));
    }
    if spec.sign.is_some() {
        return Err("Sign not allowed in string format specifier".into());
    }
    if spec.align == Some('=') && spec.fill != Some('0') {
        return Err("'=' alignment not allowed in string format specifier".into());
    }
    if let Some(grouping) = spec.grouping {
        return Err(format!("Cannot specify '{grouping}' with 's'."));
    }
    let cut: String = match spec.precision {
        Some(n) => text.chars().take(n).collect(),
        None => text.to_owned(),
    };
    let spec = FormatSpec { align: spec.align.filter(|a| *a != '=').or(Some('<')), ..spec.clone() };
    Ok(spec.pad("", &cut, '<'))
}

fn integer(n: i128, value: &Json, spec: &FormatSpec) -> Result<String, String> {
    let kind = match spec.kind {
        None | Some('d' | 'n') => 'd',
        Some(c @ ('b' | 'o' | 'x' | 'X' | 'c')) => c,
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => return float(n as f64, value, spec),
        Some(_) => return Err(spec.unknown(value)),
    };
    if spec.precision.is_some() {
        return Err("Precision not allowed in integer format specifier".into());
    }
    let magnitude = n.unsigned_abs();
    let (prefix, digits) = match kind {
        'b' => ("0b", format!("{magnitude:b}")),
        'o' => ("0o", format!("{magnitude:o}")),
        'x' => ("0x", format!("{magnitude:x}")),
        'X' => ("0X", format!("{magnitude:X}")),
        'c' => {
            let c = u32::try_from(n).ok().and_then(char::from_u32).ok_or("%c arg not in range(0x110000)")?;
            return Ok(spec.pad("", &c.to_string(), '<'));
        }
        _ => ("", magnitude.to_string()),
    };
    let digits = group(&digits, spec.grouping, if kind == 'd' { 3 } else { 4 });
    let prefix = if spec.alternate { prefix } else { "" };
    Ok(spec.pad(&format!("{}{prefix}", spec.sign_of(n < 0)), &digits, '>'))
}

/// A float under a format; `value` is what an error names.
pub(super) fn float(x: f64, value: &Json, spec: &FormatSpec) -> Result<String, String> {
    let precision = spec.precision.unwrap_or(6);
    let magnitude = x.abs();
    let body = match spec.kind {
        _ if !x.is_finite() => {
            if x.is_nan() {
                "nan".into()
            } else {
                "inf".into()
            }
        }
        None if spec.precision.is_none() => python_float(magnitude),
        None => general(magnitude, precision.max(1), true),
        Some('e') => exponential(magnitude, precision),
        Some('E') => exponential(magnitude, precision).to_uppercase(),
        Some('f' | 'F') => format!("{magnitude:.precision$}"),
        Some('g' | 'n') => general(magnitude, precision.max(1), false),
        Some('G') => general(magnitude, precision.max(1), false).to_uppercase(),
        Some('%') => format!("{:.precision$}%", magnitude * 100.0),
        Some(_) => return Err(spec.unknown(value)),
    };
    let body = match body.find(|c: char| !c.is_ascii_digit()) {
        Some(at) => {
            let (whole, rest) = body.split_at(at);
            format!("{}{rest}", group(whole, spec.grouping, 3))
        }
        None => group(&body, spec.grouping, 3),
    };
    Ok(spec.pad(spec.sign_of(x.is_sign_negative() && !x.is_nan()), &body, '>'))
}

fn exponential(x: f64, precision: usize) -> String {
    let text = format!("{x:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// A positive number in the format `%g`: `precision` significant digits, trailing zeros dropped;
/// `keep_point` keeps `.0` where Python's default format does.
pub fn general(x: f64, precision: usize, keep_point: bool) -> String {
    let scientific = format!("{x:.*e}", precision - 1);
    let exponent: i64 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let trim = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if (-4..precision as i64).contains(&exponent) {
        let decimals = usize::try_from(precision as i64 - 1 - exponent).unwrap_or(0);
        let text = trim(&format!("{x:.decimals$}"));
        return if keep_point && !text.contains('.') && decimals > 0 { text + ".0" } else { text };
    }
    let text = exponential(x, precision - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
    format!("{}e{exponent}", trim(mantissa))
}

fn group(digits: &str, separator: Option<char>, size: usize) -> String {
    let Some(separator) = separator else { return digits.to_owned() };
    let length = digits.chars().count();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (length - i).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}
