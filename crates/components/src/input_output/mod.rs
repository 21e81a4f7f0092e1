//! Where a conversation enters and leaves a flow.

mod chat;
mod chat_input;
mod chat_output;
mod text_input;
mod text_output;
mod webhook;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<chat_input::ChatInput>::of(),
        Entry::<chat_output::ChatOutput>::of(),
        Entry::<text_input::TextInputComponent>::of(),
        Entry::<text_output::TextOutputComponent>::of(),
        Entry::<webhook::WebhookComponent>::of(),
    ]
}
