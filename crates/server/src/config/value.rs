//! How the text of a variable becomes a value, as the reference reads it.

use langflow_core::Secret;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// A type a setting may have.
pub trait Setting: Sized {
    /// What to write, for the reference page.
    const KIND: &'static str;
    /// Whether the value must never be shown.
    const SECRET: bool = false;

    /// Reads a text that is not empty. The error says what would be right.
    fn parse(text: &str) -> Result<Self, String>;

    /// The value as one would write it; never called for secrets.
    fn show(&self) -> String;
}

impl Setting for bool {
    const KIND: &'static str = "true or false";

    fn parse(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
            "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
            _ => Err("expected true or false (also 1/0, yes/no, on/off)".into()),
        }
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

macro_rules! number {
    ($($ty:ty => $kind:literal),*) => {$(
        impl Setting for $ty {
            const KIND: &'static str = $kind;

            fn parse(text: &str) -> Result<Self, String> {
                text.trim().parse().map_err(|_| format!("expected {} of at most {}", $kind, <$ty>::MAX))
            }

            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

number!(u16 => "a whole number", u32 => "a whole number", u64 => "a whole number");

impl Setting for f64 {
    const KIND: &'static str = "a number";

    fn parse(text: &str) -> Result<Self, String> {
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err("expected a number".into()),
        }
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for String {
    const KIND: &'static str = "a text";

    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }
}

impl Setting for Secret {
    const KIND: &'static str = "a secret text";
    const SECRET: bool = true;

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::new(text))
    }

    fn show(&self) -> String {
        String::new()
    }
}

impl Setting for PathBuf {
    const KIND: &'static str = "a path";

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl<T: Setting> Setting for Option<T> {
    const KIND: &'static str = T::KIND;
    const SECRET: bool = T::SECRET;

    fn parse(text: &str) -> Result<Self, String> {
        T::parse(text).map(Some)
    }

    fn show(&self) -> String {
        self.as_ref().map(Setting::show).unwrap_or_default()
    }
}

/// A list is separated by commas; a JSON array of texts is read too.
impl Setting for Vec<String> {
    const KIND: &'static str = "a list separated by commas";

    fn parse(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with('[') {
            return serde_json::from_str(text).map_err(|e| format!("expected a JSON array of texts: {e}"));
        }
        Ok(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
    }

    fn show(&self) -> String {
        self.join(",")
    }
}

impl Setting for Map<String, Value> {
    const KIND: &'static str = "a JSON object";

    fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|e| format!("expected a JSON object: {e}"))
    }

    fn show(&self) -> String {
        if self.is_empty() { String::new() } else { Value::Object(self.clone()).to_string() }
    }
}

/// A setting with a closed set of words.
///
/// Words are compared without regard to case; the first word of a variant is the one shown.
macro_rules! words {
    ($(#[doc = $about:literal])* pub enum $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $word:literal $(| $also:literal)*,)* }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[doc = $doc])* $variant,)* }

        impl $crate::config::value::Setting for $name {
            const KIND: &'static str = concat!("one of", $(" ", $word,)*);

            fn parse(text: &str) -> Result<Self, String> {
                match text.trim().to_ascii_lowercase().as_str() {
                    $($word $(| $also)* => Ok(Self::$variant),)*
                    _ => Err(format!("expected {}", Self::KIND)),
                }
            }

            fn show(&self) -> String {
                match self { $(Self::$variant => $word.to_owned(),)* }
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_are_read_as_the_reference_reads_them() {
        for word in ["true", "True", "1", "yes", "ON", "t", "Y", " true "] {
            assert_eq!(bool::parse(word), Ok(true), "{word}");
        }
        for word in ["false", "FALSE", "0", "no", "off", "f", "N"] {
            assert_eq!(bool::parse(word), Ok(false), "{word}");
        }
        for word in ["maybe", "2", "tru", "-"] {
            assert!(bool::parse(word).is_err(), "{word}");
        }
    }

    #[test]
    fn lists_and_objects() {
        assert_eq!(Vec::parse(" a, b ,,c"), Ok(vec!["a".to_owned(), "b".into(), "c".into()]));
        assert_eq!(Vec::parse(r#"["a,b","c"]"#), Ok(vec!["a,b".to_owned(), "c".into()]));
        assert!(<Vec<String>>::parse("[1]").is_err());
        assert_eq!(Map::parse(r#"{"busy_timeout": 5}"#).map(|m| m.len()), Ok(1));
        assert!(<Map<String, Value>>::parse("{'a': 1}").is_err());
    }

    #[test]
    fn numbers_have_bounds() {
        assert_eq!(u16::parse("7860"), Ok(7860));
        assert!(u16::parse("70000").is_err());
        assert!(u64::parse("-1").is_err());
        assert!(f64::parse("nan").is_err());
    }
}
