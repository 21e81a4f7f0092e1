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

/// A message that belongs to no session yet: what a text field holds was not said in the chat.
fn unbound_message(text: &str, cx: &langflow_core::run::Cx) -> langflow_core::Message {
    let mut message = cx.new_message(text);
    message.session_id.clear();
    message.run_id = None;
    message.session_metadata = None;
    message
}
