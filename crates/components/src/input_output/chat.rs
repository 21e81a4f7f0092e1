//! What Chat Input and Chat Output share.

use langflow_core::component::text_of;
use langflow_core::prelude::*;

/// Options of `sender`.
pub const SENDERS: [&str; 2] = ["Machine", "User"];

/// The session of the field, else that of the run.
pub fn session_or_run(field: &str, cx: &Cx) -> String {
    if field.is_empty() { cx.session_id().to_owned() } else { field.to_owned() }
}

/// Colours and icon that nodes saved by Langflow 1.0 to 1.4 carry as fields.
#[derive(Debug, Default)]
pub struct Looks {
    pub background_color: Option<String>,
    pub text_color: Option<String>,
    pub icon: Option<String>,
}

impl Looks {
    pub fn read(rest: &Params) -> Self {
        let text =
            |name: &str| rest.get(name).and_then(|value| text_of(value).ok()).filter(|text| !text.is_empty());
        Self {
            background_color: text("background_color"),
            text_color: text("text_color"),
            icon: text("chat_icon"),
        }
    }

    pub fn put_on(self, message: &mut Message) {
        message.properties.background_color = self.background_color;
        message.properties.text_color = self.text_color;
        // A model or an agent has put its own icon on a message that grew in the chat.
        if self.icon.is_some() {
            message.properties.icon = self.icon;
        }
    }
}
