//! Text Output.

use langflow_core::prelude::*;

/// Ends a flow with a text, without adding to the chat.
#[derive(Component)]
#[component(
    id = "TextOutput",
    class = "TextOutputComponent",
    title = "Text Output",
    icon = "type",
    category = "input_output",
    module = "lfx.components.input_output.text_output.TextOutputComponent",
    documentation = "https://docs.langflow.org/text-input-and-output",
    legacy,
    replacement = ["input_output.ChatOutput"],
    examples = EXAMPLES
)]
pub struct TextOutputComponent {
    /// The text to give back.
    #[input(title = "Inputs", kind = Multiline)]
    input_value: String,
}

#[outputs]
impl TextOutputComponent {
    /// The text as a message.
    #[output(name = "text", title = "Output Text")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        let message = super::unbound_message(&self.input_value, cx);
        cx.set_status(Value::text(self.input_value.clone()));
        Ok(message)
    }
}

examples! {
    "A text": {"input_value": "done"} => text: "done";
}
