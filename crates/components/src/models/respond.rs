//! One answer of a model as a message.

use futures::StreamExt as _;
use langflow_core::capability::{ChatDelta, ChatModel, ChatRequest, ChatTurn};
use langflow_core::run::Cx;
use langflow_core::value::{MessageState, Source};
use langflow_core::{Fault, Message};

/// Asks the model. With `stream` the answer grows in the chat, where there is one to grow in; `name` is what the
/// node calls its model, if it names one.
pub async fn respond(
    model: &dyn ChatModel,
    name: &str,
    turns: Vec<ChatTurn>,
    stream: bool,
    cx: &Cx,
) -> Result<Message, Fault> {
    let request = ChatRequest::new(turns);
    if (stream || cx.scope().stream) && model.info().streaming && cx.streams_to_chat() {
        return grow(model, name, request, cx).await;
    }
    let answer = model.complete(request).await?;
    let mut message = cx.new_message(answer.text);
    if let Some(usage) = answer.usage {
        message.properties.usage = Some(usage);
        cx.add_usage(usage)?;
    }
    Ok(message)
}

/// The order of events is that of engine.md 4.3: the message appears with the first piece, every piece
/// follows as a token, the whole message is stored and shown at the end.
async fn grow(model: &dyn ChatModel, name: &str, request: ChatRequest, cx: &Cx) -> Result<Message, Fault> {
    let mut pieces = model.stream(request).await?;
    let mut growing: Option<Message> = None;
    while let Some(piece) = pieces.next().await {
        match piece? {
            ChatDelta::Text(text) => match &mut growing {
                Some(message) => {
                    message.text.push_str(&text);
                    cx.token(message, &text).await;
                }
                // Vendors open with an empty frame; the message appears with its first word.
                None if text.is_empty() => {}
                None => {
                    let message = cx.begin_message(blank(&text, name, cx)).await;
                    cx.token(&message, &text).await;
                    growing = Some(message);
                }
            },
            ChatDelta::Usage(usage) => {
                cx.add_usage(usage)?;
                growing.get_or_insert_with(|| blank("", name, cx)).properties.usage = Some(usage);
            }
            ChatDelta::ToolCall(_) | ChatDelta::Finish(_) => {}
        }
    }
    let mut message = growing.unwrap_or_else(|| blank("", name, cx));
    message.properties.state = MessageState::Complete;
    cx.send_message(message).await.map(|message| Message::clone(&message))
}

/// A message of the machine in this node's name.
fn blank(text: &str, model: &str, cx: &Cx) -> Message {
    let node = cx.node();
    let mut message = cx.new_message(text);
    message.sender = Some("Machine".into());
    message.sender_name = Some("AI".into());
    message.properties.icon.clone_from(&node.icon);
    message.properties.source = Source {
        id: Some(node.id.clone()),
        display_name: Some(node.display_name.clone()),
        source: Some(model.to_owned()),
    };
    message
}
