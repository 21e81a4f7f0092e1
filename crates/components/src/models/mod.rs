//! Chat models: the Language Model with its picker, and a component per vendor.
//!
//! * [`pick`]: what stands in a model field.
//! * [`resolve`]: from there to a model: vendor, key, address.
//! * [`refresh`]: the list of models for the editor.
//! * [`vendor`]: what the components of single vendors share.
//! * [`turns`]: messages as turns of a conversation, files included.
//! * [`respond`]: one answer, streamed into the chat where that is wanted.

mod language_model;
mod openai;
pub mod pick;
pub mod refresh;
pub mod resolve;
pub mod respond;
pub mod schema;
pub mod texts;
pub mod turns;
mod vendor;
pub mod watsonx;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![Entry::<language_model::LanguageModelComponent>::of(), Entry::<openai::OpenAiModel>::of()]
}
