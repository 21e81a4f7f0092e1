//! Names of keyspaces and tables.

use super::SERVICE;
use langflow_core::Fault;

/// What Cassandra takes.
const MOST_CHARS: usize = 48;

/// The name of a keyspace or a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Reads a name as CQL does: in small letters, and as it stands where it is in double quotes.
    ///
    /// # Errors
    /// It is empty, longer than 48 characters, or holds others than letters, digits and underscores.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let name = quoted.map_or_else(|| text.to_ascii_lowercase(), str::to_owned);
        if name.is_empty() {
            return Err(Fault::missing("no name is given"));
        }
        let is_plain = name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
        if !is_plain || name.len() > MOST_CHARS {
            return Err(Fault::invalid(format!(
                "'{text}' is no name that {SERVICE} takes: up to {MOST_CHARS} letters, digits and underscores"
            )));
        }
        Ok(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For statements.
    pub(super) fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_cql_does() {
        for (text, expect) in [
            ("docs", Some("docs")),
            (" MyDocs_2 ", Some("mydocs_2")),
            ("\"MyDocs\"", Some("MyDocs")),
            ("2024", Some("2024")),
            ("", None),
            ("\"\"", None),
            ("a b", None),
            ("a\"; DROP TABLE b; --", None),
            ("\"a\"b\"", None),
            ("ks.docs", None),
            ("größe", None),
        ] {
            let name = Name::parse(text).ok();
            assert_eq!(name.as_ref().map(Name::as_str), expect, "{text}");
        }
        assert!(Name::parse(&"a".repeat(48)).is_ok());
        assert!(Name::parse(&"a".repeat(49)).is_err());
    }
}
