//! Arithmetic on numbers: `+ - * / // % **`, brackets, signs. Nothing else is understood, so nothing else
//! can happen.

/// Longest expression, in characters.
const MAX_LENGTH: usize = 10_000;
/// Deepest nesting of brackets and powers.
const MAX_DEPTH: usize = 200;

/// The value of an expression, or a sentence about what is wrong with it.
pub fn evaluate(expression: &str) -> Result<f64, String> {
    if expression.len() > MAX_LENGTH {
        return Err(format!("Invalid expression: longer than {MAX_LENGTH} characters"));
    }
    let mut reader = Reader { chars: expression.chars().collect(), at: 0, depth: 0 };
    let value = reader.sum()?;
    match reader.peek() {
        None => Ok(value),
        Some(c) => Err(format!("Invalid expression: unexpected '{c}'")),
    }
}

/// As people write it: at most six digits after the point, no zeros at the end.
pub fn show(value: f64) -> String {
    if !value.is_finite() {
        return langflow_core::value::python_float(value);
    }
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.to_owned() }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Reader {
    /// The next character that is not blank.
    fn peek(&mut self) -> Option<char> {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, token: &str) -> bool {
        self.peek();
        let hit = token.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c));
        self.at += if hit { token.chars().count() } else { 0 };
        hit
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut value = self.product()?;
        loop {
            if self.eat("+") {
                value += self.product()?;
            } else if self.eat("-") {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut value = self.sign()?;
        loop {
            if self.eat("//") {
                value = (value / nonzero(self.sign()?)?).floor();
            } else if self.eat("/") {
                value /= nonzero(self.sign()?)?;
            } else if self.eat("%") {
                let by = nonzero(self.sign()?)?;
                value -= by * (value / by).floor();
            } else if self.peek() == Some('*') && self.chars.get(self.at + 1) != Some(&'*') {
                self.at += 1;
                value *= self.sign()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn sign(&mut self) -> Result<f64, String> {
        self.deeper(|reader| {
            if reader.eat("-") {
                return Ok(-reader.sign()?);
            }
            if reader.eat("+") {
                return reader.sign();
            }
            reader.power()
        })
    }

    fn power(&mut self) -> Result<f64, String> {
        let base = self.atom()?;
        if self.eat("**") {
            let exponent = self.sign()?;
            if base == 0.0 && exponent < 0.0 {
                return Err("Error: Division by zero".into());
            }
            return Ok(base.powf(exponent));
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<f64, String> {
        match self.peek() {
            Some('(') => self.deeper(|reader| {
                reader.at += 1;
                let value = reader.sum()?;
                if reader.eat(")") {
                    Ok(value)
                } else {
                    Err("Invalid expression: '(' was never closed".into())
                }
            }),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() || c == '_' => {
                let word: String =
                    self.chars.iter().skip(self.at).take_while(|c| c.is_alphanumeric()).collect();
                match word.as_str() {
                    "True" | "False" => {
                        self.at += word.chars().count();
                        Ok(if word == "True" { 1.0 } else { 0.0 })
                    }
                    _ => Err(format!("Invalid expression: '{word}' is not a number")),
                }
            }
            Some(c) => Err(format!("Invalid expression: unexpected '{c}'")),
            None => Err("Invalid expression: a number is missing at the end".into()),
        }
    }

    fn number(&mut self) -> Result<f64, String> {
        let start = self.at;
        let mut last = ' ';
        while let Some(c) = self.chars.get(self.at).copied() {
            let goes_on = c.is_ascii_alphanumeric()
                || matches!(c, '.' | '_')
                || (matches!(c, '+' | '-') && matches!(last, 'e' | 'E'));
            if !goes_on {
                break;
            }
            last = c;
            self.at += 1;
        }
        let text: String =
            self.chars.get(start..self.at).unwrap_or_default().iter().filter(|c| **c != '_').collect();
        let whole = |digits: &str, base: u32| i64::from_str_radix(digits, base).ok().map(|i| i as f64);
        let value = match text.get(..2) {
            Some("0x" | "0X") => text.get(2..).and_then(|digits| whole(digits, 16)),
            Some("0b" | "0B") => text.get(2..).and_then(|digits| whole(digits, 2)),
            Some("0o" | "0O") => text.get(2..).and_then(|digits| whole(digits, 8)),
            _ => text.parse().ok(),
        };
        value.ok_or_else(|| format!("Invalid expression: '{text}' is not a number"))
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<f64, String>) -> Result<f64, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("Invalid expression: nested too deeply".into());
        }
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }
}

fn nonzero(value: f64) -> Result<f64, String> {
    if value == 0.0 { Err("Error: Division by zero".into()) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn signs_and_whole_division_work_too() {
        for (expression, expected) in [
            ("-5+2", "-3"),
            ("--5", "5"),
            ("2**-1", "0.5"),
            ("-2**2", "-4"),
            ("-7//2", "-4"),
            ("-7%3", "2"),
            ("7 % 4", "3"),
        ] {
            assert_eq!(evaluate(expression).map(show).as_deref(), Ok(expected), "{expression}");
        }
    }

    proptest! {
        #[test]
        fn any_text_ends(text in "[-0-9+*/%(). ae]{0,40}") {
            let _ = evaluate(&text);
        }

        #[test]
        fn deep_nesting_ends(n in 0_usize..5000) {
            let _ = evaluate(&"(".repeat(n));
            let _ = evaluate(&"-".repeat(n));
            let _ = evaluate(&"2**".repeat(n));
        }
    }
}
