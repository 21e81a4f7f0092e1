//! Reading and cutting documents, for what fills knowledge bases.

use super::document;
use crate::heavy;
use crate::text::splitter::{Keep, Separator, Sizes, split_recursively};
use bytes::Bytes;
use langflow_core::capability::{Documents, SplitRule};
use langflow_core::{Fault, async_trait};
use std::sync::Arc;

/// Where to cut, the best place first.
const SEPARATORS: [&str; 4] = ["\n\n", "\n", " ", ""];

/// Reads the formats that Read File reads.
pub fn documents() -> Arc<dyn Documents> {
    Arc::new(Reader)
}

#[derive(Debug)]
struct Reader;

#[async_trait]
impl Documents for Reader {
    async fn text(&self, name: &str, bytes: Bytes) -> Result<String, Fault> {
        let name = name.to_owned();
        if bytes.len() > document::MAX_FILE {
            return Err(Fault::invalid(format!("'{name}' is larger than {} bytes", document::MAX_FILE)));
        }
        heavy::run(move || {
            let extension = document::extension(&name);
            // An unknown ending is read as text, if it is one.
            if !document::is_supported(&extension) && bytes.contains(&0) {
                return Err(Fault::invalid(format!("'{name}' is no document that can be read")));
            }
            let content = document::read(&bytes, &extension, "");
            content.map(|content| content.text).map_err(|why| Fault::invalid(format!("'{name}': {why}")))
        })
        .await
    }

    async fn split(&self, text: String, rule: SplitRule) -> Result<Vec<String>, Fault> {
        let sizes = Sizes::new(rule.chunk_size, rule.chunk_overlap).map_err(Fault::invalid)?;
        heavy::run(move || {
            let own = rule.separator.replace("\\n", "\n").replace("\\t", "\t");
            let mut separators: Vec<Separator> = Vec::with_capacity(SEPARATORS.len() + 1);
            if !own.is_empty() {
                separators.push(own.as_str().into());
            }
            separators.extend(SEPARATORS.map(Separator::from));
            split_recursively(&text, &separators, Keep::Start, sizes)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(separator: &str) -> SplitRule {
        SplitRule { chunk_size: 12, chunk_overlap: 0, separator: separator.into() }
    }

    #[tokio::test]
    async fn a_separator_of_ones_own_goes_first() {
        let text = "one two three|four five".to_owned();
        let chunks = documents().split(text.clone(), rule("|")).await.unwrap();
        assert_eq!(chunks, ["one two", "three", "|four five"]);
        let chunks = documents().split(text, rule("")).await.unwrap();
        assert_eq!(chunks, ["one two", "three|four", "five"]);
        assert!(documents().split(String::new(), SplitRule { chunk_size: 0, ..rule("") }).await.is_err());
    }

    #[tokio::test]
    async fn bytes_that_are_no_text_are_refused() {
        assert_eq!(documents().text("a.md", Bytes::from("# A")).await.unwrap(), "# A");
        assert!(documents().text("a.bin", Bytes::from_static(&[1, 0, 2])).await.is_err());
        assert!(documents().text("a.pdf", Bytes::from("no pdf")).await.is_err());
    }
}
