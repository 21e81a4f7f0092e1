//! Recursive Character Text Splitter.

use super::documents::{split, unescape};
use crate::text::splitter::{Keep, Separator, Sizes, split_recursively};
use langflow_core::prelude::*;

/// Most separators of one node.
const MAX_SEPARATORS: usize = 100;

/// Cuts texts at the coarsest separator that keeps chunks within a size.
///
/// The first separator that occurs cuts; what is still too long is cut at the ones after it. A separator stays
/// at the start of the piece behind it.
#[derive(Component)]
#[component(
    id = "RecursiveCharacterTextSplitter",
    class = "RecursiveCharacterTextSplitterComponent",
    title = "Recursive Character Text Splitter",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.recursive_character.RecursiveCharacterTextSplitterComponent",
    documentation = "https://docs.langflow.org/components-processing",
    examples = EXAMPLES
)]
pub struct RecursiveCharacterTextSplitterComponent {
    /// The most characters of a chunk.
    #[input(title = "Chunk Size", default = 1000)]
    chunk_size: i64,
    /// Characters that a chunk repeats of the one before.
    #[input(title = "Chunk Overlap", default = 200)]
    chunk_overlap: i64,
    /// The data with the texts to cut.
    #[input(title = "Input", kind = Data, handles = ["Document", "Data", "JSON"], required, extra = serde_json::json!({"list": false}))]
    data_input: Vec<Data>,
    /// Where to cut, coarsest first. Without any: blank lines, lines, words, characters.
    #[input(title = "Separators")]
    separators: Vec<String>,
}

#[outputs]
impl RecursiveCharacterTextSplitterComponent {
    /// One data for each chunk, with the other keys of the data it comes from.
    #[output(name = "data", title = "JSON", method = "transform_data")]
    async fn data(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        let sizes = Sizes::new(self.chunk_size, self.chunk_overlap)
            .map_err(|why| Fault::invalid(why).at_field("chunk_size"))?;
        if self.separators.len() > MAX_SEPARATORS {
            return Err(
                Fault::invalid(format!("more than {MAX_SEPARATORS} separators")).at_field("separators")
            );
        }
        let separators: Vec<Separator> = if self.separators.is_empty() {
            ["\n\n", "\n", " ", ""].map(Separator::from).into()
        } else {
            self.separators.iter().map(|typed| unescape(typed).as_str().into()).collect()
        };
        split(&self.data_input, |text| split_recursively(text, &separators, Keep::Start, sizes))
    }
}

examples! {
    "Words, where lines are too long": {"data_input": {"$data": {"text": "aa bb cc\ndd"}}, "chunk_size": 5, "chunk_overlap": 0}
        => data: [{"text": "aa bb"}, {"text": "cc"}, {"text": "dd"}];
    "A separator of your own": {"data_input": {"$data": {"text": "a|b"}}, "chunk_size": 2, "chunk_overlap": 0, "separators": ["|"]}
        => data: [{"text": "a"}, {"text": "|b"}];
    "No chunk size": {"data_input": {"$data": {"text": "a"}}, "chunk_size": 0} => fails "chunk_size";
}
