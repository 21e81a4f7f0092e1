//! Splitters and other helpers of LangChain.

mod chains;
mod character;
mod conversation;
pub mod documents;
mod html_link_extractor;
mod language_recursive;
mod languages;
mod llm_checker;
mod llm_math;
mod natural_language;
mod recursive_character;
mod semantic;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<character::CharacterTextSplitterComponent>::of(),
        Entry::<recursive_character::RecursiveCharacterTextSplitterComponent>::of(),
        Entry::<language_recursive::LanguageRecursiveTextSplitterComponent>::of(),
        Entry::<natural_language::NaturalLanguageTextSplitterComponent>::of(),
        Entry::<semantic::SemanticTextSplitterComponent>::of(),
        Entry::<html_link_extractor::HtmlLinkExtractorComponent>::of(),
        Entry::<conversation::ConversationChain>::of(),
        Entry::<llm_checker::LlmCheckerChain>::of(),
        Entry::<llm_math::LlmMathChain>::of(),
    ]
}
