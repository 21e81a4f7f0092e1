//! Language Recursive Text Splitter.

use super::documents::split;
use super::languages;
use crate::text::splitter::{Keep, Sizes, split_recursively};
use langflow_core::prelude::*;

/// Cuts programs and marked-up texts where their language begins something new.
#[derive(Component)]
#[component(
    id = "LanguageRecursiveTextSplitter",
    class = "LanguageRecursiveTextSplitterComponent",
    title = "Language Recursive Text Splitter",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.language_recursive.LanguageRecursiveTextSplitterComponent",
    documentation = "https://docs.langflow.org/bundles-langchain",
    examples = EXAMPLES
)]
pub struct LanguageRecursiveTextSplitterComponent {
    /// The most characters of a chunk.
    #[input(title = "Chunk Size", default = 1000)]
    chunk_size: i64,
    /// Characters that a chunk repeats of the one before.
    #[input(title = "Chunk Overlap", default = 200)]
    chunk_overlap: i64,
    /// The data with the texts to cut.
    #[input(title = "Input", kind = Data, handles = ["Document", "Data", "JSON"], required, extra = serde_json::json!({"list": false}))]
    data_input: Vec<Data>,
    /// The language of the texts.
    #[input(title = "Code Language", kind = Dropdown, options = languages::NAMES, default = "python")]
    code_language: String,
}

#[outputs]
impl LanguageRecursiveTextSplitterComponent {
    /// One data for each chunk, with the other keys of the data it comes from.
    #[output(name = "data", title = "JSON", method = "transform_data")]
    async fn data(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        let sizes = Sizes::new(self.chunk_size, self.chunk_overlap)
            .map_err(|why| Fault::invalid(why).at_field("chunk_size"))?;
        let separators = languages::separators(&self.code_language).ok_or_else(|| {
            Fault::invalid(format!("it is not known where to cut '{}'", self.code_language))
                .at_field("code_language")
        })?;
        split(&self.data_input, |text| split_recursively(text, &separators, Keep::Start, sizes))
    }
}

examples! {
    "Python": {"data_input": {"$data": {"text": "import a\ndef f():\n  pass\ndef g():\n  pass"}}, "chunk_size": 20, "chunk_overlap": 0}
        => data: [{"text": "import a"}, {"text": "def f():\n  pass"}, {"text": "def g():\n  pass"}];
    "A language without separators": {"data_input": {"$data": {"text": "a"}}, "code_language": "perl"} => fails "perl";
}
