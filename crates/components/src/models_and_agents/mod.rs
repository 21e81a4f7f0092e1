//! Prompts and chat history.

mod prompt;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![Entry::<prompt::PromptComponent>::of()]
}
