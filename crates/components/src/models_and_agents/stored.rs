//! Storing a message: for Message History and Message Store.

use langflow_core::capability::ChatMemory;
use langflow_core::component::{Handle, text_of};
use langflow_core::prelude::*;

/// What the fields say about the message.
pub struct Spoken<'a> {
    pub sender: &'a str,
    pub sender_name: &'a str,
    pub session_id: &'a str,
    pub context_id: &'a str,
}

/// The session of the field, else that of the run.
pub fn session(field: &str, cx: &Cx) -> String {
    if field.is_empty() { cx.session_id().to_owned() } else { field.to_owned() }
}

/// Stores a text or a message; what the fields do not say is the message's own, else machine and AI.
pub async fn store(
    value: &Value,
    fields: &Spoken<'_>,
    memory: Option<&Handle<dyn ChatMemory>>,
    cx: &Cx,
) -> Result<Message, Fault> {
    let mut message = match value {
        Value::Message(message) => Message { id: None, ..Message::clone(message) },
        other => cx.new_message(text_of(other).map_err(|why| Fault::invalid(why).at_field("message"))?),
    };
    let choose = |field: &str, own: Option<String>, default: &str| {
        let own = own.filter(|text| !text.is_empty()).unwrap_or_else(|| default.to_owned());
        Some(if field.is_empty() { own } else { field.to_owned() })
    };
    message.sender = choose(fields.sender, message.sender.take(), "Machine");
    message.sender_name = choose(fields.sender_name, message.sender_name.take(), "AI");
    message.session_id = session(fields.session_id, cx);
    if !fields.context_id.is_empty() {
        fields.context_id.clone_into(&mut message.context_id);
    }
    if message.session_id.is_empty() {
        return Err(Fault::missing(
            "No messages were stored: the session id, the sender and the sender's name \
             have to be set",
        )
        .at_field("session_id"));
    }
    message.timestamp = cx.clock().now();
    message.flow_id = Some(cx.scope().flow_id);
    message.run_id = Some(cx.scope().run_id);
    match memory {
        Some(memory) => memory.append(&message).await?,
        None => {
            message.id = Some(cx.scope().ids.ordered());
            cx.messages().save(&message).await?;
        }
    }
    cx.set_status(Value::from(message.clone()));
    Ok(message)
}
