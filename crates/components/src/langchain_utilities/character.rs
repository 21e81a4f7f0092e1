//! Character Text Splitter.

use super::documents::{split, unescape};
use crate::text::splitter::{Keep, Sizes, split_on};
use langflow_core::prelude::*;

/// Cuts texts at a separator and joins the pieces up to a size.
///
/// A piece longer than the chunk size stays whole.
#[derive(Component)]
#[component(
    id = "CharacterTextSplitter",
    class = "CharacterTextSplitterComponent",
    title = "Character Text Splitter",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.character.CharacterTextSplitterComponent",
    documentation = "https://docs.langflow.org/bundles-langchain",
    examples = EXAMPLES
)]
pub struct CharacterTextSplitterComponent {
    /// The most characters of a chunk.
    #[input(title = "Chunk Size", default = 1000)]
    chunk_size: i64,
    /// Characters that a chunk repeats of the one before.
    #[input(title = "Chunk Overlap", default = 200)]
    chunk_overlap: i64,
    /// The data with the texts to cut.
    #[input(title = "Input", kind = Data, handles = ["Document", "Data", "JSON"], required, extra = serde_json::json!({"list": false}))]
    data_input: Vec<Data>,
    /// Where to cut; a blank line if nothing is given. `\n` and `\t` stand for a new line and a tab.
    #[input(title = "Separator")]
    separator: String,
}

#[outputs]
impl CharacterTextSplitterComponent {
    /// One data for each chunk, with the other keys of the data it comes from.
    #[output(name = "data", title = "JSON", method = "transform_data")]
    async fn data(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        let sizes = Sizes::new(self.chunk_size, self.chunk_overlap)
            .map_err(|why| Fault::invalid(why).at_field("chunk_size"))?;
        let separator = if self.separator.is_empty() { "\n\n".to_owned() } else { unescape(&self.separator) };
        let separator = separator.as_str().into();
        split(&self.data_input, |text| split_on(text, &separator, Keep::Drop, sizes))
    }
}

examples! {
    "Blank lines": {"data_input": {"$data": {"text": "one\n\ntwo\n\nthree", "page": 1}}, "chunk_size": 8, "chunk_overlap": 0}
        => data: [{"page": 1, "text": "one\n\ntwo"}, {"page": 1, "text": "three"}];
    "An overlap larger than the chunk": {"data_input": {"$data": {"text": "a"}}, "chunk_size": 1, "chunk_overlap": 2}
        => fails "larger chunk overlap";
}
