//! Texts that are put together, up to a bound.
//!
//! A message may be 8 MiB long, and replacing each of its letters by another message would make more than any machine
//! has. What puts texts together does it here, and ends with an error in time.

use crate::{Fault, FaultKind};

/// Most bytes of a text that is put together. What leaves a node as a message is bounded lower.
pub const MAX_TEXT: usize = 16 << 20;

/// The text would be longer than [`MAX_TEXT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

impl TooLong {
    pub fn message(self) -> String {
        format!("the text would be longer than {} MiB", MAX_TEXT >> 20)
    }
}

impl From<TooLong> for Fault {
    fn from(too_long: TooLong) -> Self {
        Self::new(FaultKind::Budget, too_long.message())
    }
}

/// A text under construction.
#[derive(Debug, Default)]
pub struct Growing {
    text: String,
}

impl Growing {
    /// An empty text with room for `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes.min(MAX_TEXT)) }
    }

    /// Adds to the end.
    ///
    /// # Errors
    /// The text would be longer than [`MAX_TEXT`].
    pub fn push(&mut self, more: &str) -> Result<(), TooLong> {
        if self.text.len() + more.len() > MAX_TEXT {
            return Err(TooLong);
        }
        self.text.push_str(more);
        Ok(())
    }

    /// The text so far.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Texts with a separator between them, one after the other.
#[derive(Debug)]
pub struct Joined<'a> {
    text: Growing,
    separator: &'a str,
    is_empty: bool,
}

impl<'a> Joined<'a> {
    /// No text yet.
    pub fn new(separator: &'a str) -> Self {
        Self { text: Growing::default(), separator, is_empty: true }
    }

    /// Adds a text, with the separator before it unless it is the first.
    ///
    /// # Errors
    /// All of it would be longer than [`MAX_TEXT`].
    pub fn add(&mut self, text: &str) -> Result<(), TooLong> {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.text.push(self.separator)?;
        }
        self.text.push(text)
    }

    /// The text so far.
    pub fn finish(self) -> String {
        self.text.finish()
    }
}

/// Texts with a separator between them.
///
/// # Errors
/// Together they are longer than [`MAX_TEXT`].
pub fn join<T: AsRef<str>>(texts: impl IntoIterator<Item = T>, separator: &str) -> Result<String, TooLong> {
    let mut joined = Joined::new(separator);
    for text in texts {
        joined.add(text.as_ref())?;
    }
    Ok(joined.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_up_to_the_bound() {
        assert_eq!(join(["a", "b", ""], ", ").unwrap(), "a, b, ");
        assert_eq!(join(Vec::<String>::new(), ", ").unwrap(), "");
        let mib = "x".repeat(1 << 20);
        assert_eq!(join(vec![&mib; 16], "").unwrap().len(), MAX_TEXT);
        assert_eq!(join(vec![&mib; 16], ","), Err(TooLong));
        assert_eq!(join(std::iter::repeat(&mib), ""), Err(TooLong));
    }
}
