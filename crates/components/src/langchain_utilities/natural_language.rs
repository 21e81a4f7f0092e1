//! Natural Language Text Splitter.

use super::documents::{split, unescape};
use crate::text::splitter::{Sizes, join_pieces};
use langflow_core::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

/// Cuts texts between sentences.
///
/// Sentences end where Unicode says so (UAX #29), for all languages alike; Langflow uses a trained model for each
/// language there, so that abbreviations may be cut differently.
#[derive(Component)]
#[component(
    id = "NaturalLanguageTextSplitter",
    class = "NaturalLanguageTextSplitterComponent",
    title = "Natural Language Text Splitter",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.natural_language.NaturalLanguageTextSplitterComponent",
    documentation = "https://python.langchain.com/v0.1/docs/modules/data_connection/document_transformers/split_by_token/#nltk",
    examples = EXAMPLES
)]
pub struct NaturalLanguageTextSplitterComponent {
    /// The most characters of a chunk.
    #[input(title = "Chunk Size", default = 1000)]
    chunk_size: i64,
    /// Characters that a chunk repeats of the one before.
    #[input(title = "Chunk Overlap", default = 200)]
    chunk_overlap: i64,
    /// The data with the texts to cut.
    #[input(title = "Input", kind = Data, handles = ["Document", "Data", "JSON"], required, extra = serde_json::json!({"list": false}))]
    data_input: Vec<Data>,
    /// What stands between joined sentences; a blank line if nothing is given.
    #[input(title = "Separator")]
    separator: String,
    /// Kept for flows of Langflow: all languages are cut alike.
    #[input(title = "Language")]
    #[expect(dead_code, reason = "stored flows have it")]
    language: String,
}

#[outputs]
impl NaturalLanguageTextSplitterComponent {
    /// One data for each chunk, with the other keys of the data it comes from.
    #[output(name = "data", title = "JSON", method = "transform_data")]
    async fn data(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        let sizes = Sizes::new(self.chunk_size, self.chunk_overlap)
            .map_err(|why| Fault::invalid(why).at_field("chunk_size"))?;
        let glue = if self.separator.is_empty() { "\n\n".to_owned() } else { unescape(&self.separator) };
        split(&self.data_input, |text| {
            let sentences: Vec<String> = text
                .unicode_sentences()
                .map(|sentence| sentence.trim().to_owned())
                .filter(|s| !s.is_empty())
                .collect();
            join_pieces(&sentences, &glue, sizes)
        })
    }
}

examples! {
    "Sentences": {"data_input": {"$data": {"text": "Ants march. Bees fly! Do cats?"}}, "chunk_size": 12, "chunk_overlap": 0}
        => data: [{"text": "Ants march."}, {"text": "Bees fly!"}, {"text": "Do cats?"}];
    "Joined": {"data_input": {"$data": {"text": "One. Two."}}, "separator": " "} => data: [{"text": "One. Two."}];
    "No chunk size": {"data_input": {"$data": {"text": "a"}}, "chunk_size": 0} => fails "chunk_size";
}
