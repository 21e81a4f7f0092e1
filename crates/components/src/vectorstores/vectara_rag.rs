//! Vectara RAG.

use super::vectara::Account;
use langflow_core::prelude::*;
use langflow_providers::vector::vectara::{Question, Rerank};

choice! {
    /// How found texts are ordered anew.
    pub enum Reranker { Diverse = "mmr", Multilingual = "rerank_multilingual_v1", None = "none" }
}

const PRESETS: [&str; 5] = [
    "vectara-summary-ext-24-05-sml",
    "vectara-summary-ext-24-05-med-omni",
    "vectara-summary-ext-24-05-large",
    "vectara-summary-ext-24-05-med",
    "vectara-summary-ext-v1.3.0",
];
const LANGUAGES: [&str; 29] = [
    "auto", "eng", "spa", "fra", "zho", "deu", "hin", "ara", "por", "ita", "jpn", "kor", "rus", "tur", "fas",
    "vie", "tha", "heb", "nld", "ind", "pol", "ukr", "ron", "swe", "ces", "ell", "ben", "msa", "urd",
];
/// Texts that are found where nothing orders them anew.
const FOUND: usize = 10;
/// The most that are found, and that an answer may use.
const MOST: usize = 100;

/// Answers a question from the texts of a Vectara corpus.
///
/// Vectara finds the texts and writes the answer.
#[derive(Component)]
#[component(
    id = "VectaraRAG",
    aliases = ["VectaraRagComponent"],
    class = "VectaraRagComponent",
    title = "Vectara RAG",
    icon = "Vectara",
    category = "vectara",
    module = "lfx.components.vectara.vectara_rag.VectaraRagComponent",
    documentation = "https://docs.vectara.com/docs"
)]
pub struct VectaraRagComponent {
    #[input(group)]
    account: Account,
    /// The question.
    #[input(title = "Search Query", tool_mode)]
    search_query: String,
    /// Weight of words against meaning: 0 looks for meaning alone, 1 for words alone.
    #[input(title = "Hybrid Search Factor", advanced, default = 0.005, range = (0.005, 0.1, 0.005))]
    lexical_interpolation: f64,
    /// A condition on the metadata, in the language of Vectara.
    #[input(title = "Metadata Filters", advanced)]
    filter: String,
    /// How found texts are ordered anew.
    #[input(title = "Reranker Type", default = Reranker::Diverse)]
    reranker: Reranker,
    /// Texts that are found and ordered anew.
    #[input(title = "Number of Results to Rerank", advanced, default = 50, range = (1.0, 100.0, 1.0))]
    reranker_k: usize,
    /// From 0 to 1: how unlike each other the texts shall be; for the reranker mmr.
    #[input(title = "Diversity Bias", advanced, default = 0.2, range = (0.0, 1.0, 0.01))]
    diversity_bias: f64,
    /// The most texts the answer is made from.
    #[input(title = "Max Results to Summarize", advanced, default = 7, range = (1.0, 100.0, 1.0))]
    max_results: usize,
    /// Language of the answer; *auto* takes that of the question.
    #[input(title = "Response Language", kind = Dropdown, advanced, options = LANGUAGES, default = "eng")]
    response_lang: String,
    /// Name of a preset of Vectara: which model writes, and how. Plans differ in what they offer.
    #[input(
        title = "Prompt Name", kind = Dropdown, advanced, options = PRESETS,
        default = "vectara-summary-ext-24-05-sml"
    )]
    prompt: String,
}

#[outputs]
impl VectaraRagComponent {
    /// The answer.
    #[output(name = "answer", title = "Answer", method = "generate_response")]
    async fn generate_response(&self, cx: &Cx) -> Result<Message, Fault> {
        if self.search_query.trim().is_empty() {
            return Err(Fault::missing("there is no question").at_field("search_query"));
        }
        let rerank = match self.reranker {
            Reranker::Diverse => Rerank::Diverse { bias: self.diversity_bias },
            Reranker::Multilingual => Rerank::Multilingual,
            Reranker::None => Rerank::None,
        };
        let question = Question {
            text: self.search_query.clone(),
            lexical: self.lexical_interpolation,
            filter: self.filter.clone(),
            found: if rerank == Rerank::None { FOUND } else { self.reranker_k.clamp(1, MOST) },
            rerank,
            used: self.max_results.clamp(1, MOST),
            language: self.response_lang.clone(),
            preset: self.prompt.clone(),
        };
        Ok(cx.new_message(self.account.corpus(cx)?.answer(&question).await?))
    }
}
