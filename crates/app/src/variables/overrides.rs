//! Values that a request gives to variables for its own run.

use langflow_core::Secret;
use std::collections::HashMap;

/// The header of an override is this and the name, in any case.
pub const HEADER_PREFIX: &str = "x-langflow-global-var-";
/// A request gives so many at most.
const MOST: usize = 256;

/// Values by variable name. Headers win over the map of the body.
#[derive(Clone, Debug, Default)]
pub struct Overrides(HashMap<String, Secret>);

impl Overrides {
    /// Those of the headers. Header names carry no case, so the name is upper-cased: variables whose names have
    /// lower-case letters cannot be given this way, as in the reference.
    pub fn from_headers<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let found = headers.filter_map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            let name = name.strip_prefix(HEADER_PREFIX).filter(|name| !name.is_empty())?;
            Some((name.to_ascii_uppercase(), Secret::new(String::from_utf8_lossy(value))))
        });
        Self(found.take(MOST).collect())
    }

    /// Adds those of the body (`context.request_variables`), under their exact names.
    pub fn or_body(mut self, body: impl Iterator<Item = (String, String)>) -> Self {
        for (name, value) in body.take(MOST) {
            self.0.entry(name).or_insert_with(|| Secret::new(value));
        }
        self
    }

    /// Adds those of a body whose values win over the headers' (`globals` of a workflow), under their exact names.
    pub fn over_body(mut self, body: impl Iterator<Item = (String, String)>) -> Self {
        self.0.extend(body.take(MOST).map(|(name, value)| (name, Secret::new(value))));
        self
    }

    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.0.get(name)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_upper_cased_and_win() {
        let headers: [(&str, &[u8]); 3] =
            [("X-LANGFLOW-GLOBAL-VAR-Token", b"h"), ("x-langflow-global-var-", b"x"), ("x-api-key", b"sk-1")];
        let body = [("TOKEN".to_owned(), "b".to_owned()), ("lower".to_owned(), "b".to_owned())];
        let overrides = Overrides::from_headers(headers.into_iter()).or_body(body.into_iter());
        let got = |name| overrides.get(name).map(|value| value.expose().to_owned());
        assert_eq!(got("TOKEN").as_deref(), Some("h"));
        assert_eq!(got("lower").as_deref(), Some("b"));
        assert_eq!(got("Token"), None);
        assert_eq!(got(""), None);
    }
}
