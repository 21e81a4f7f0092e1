//! Text Input.

use langflow_core::prelude::*;

/// Gives a text to the flow.
#[derive(Component)]
#[component(
    id = "TextInput",
    class = "TextInputComponent",
    title = "Text Input",
    icon = "type",
    category = "input_output",
    module = "lfx.components.input_output.text.TextInputComponent",
    documentation = "https://docs.langflow.org/text-input-and-output",
    legacy,
    replacement = ["input_output.ChatInput"],
    examples = EXAMPLES
)]
pub struct TextInputComponent {
    /// The text.
    #[input(title = "Text", kind = Multiline)]
    input_value: String,
    /// Let the field name a global variable instead of holding the text.
    #[input(title = "Use Global Variable", advanced, real_time_refresh)]
    #[expect(dead_code, reason = "only the editor reads it")]
    use_global_variable: bool,
}

#[outputs]
impl TextInputComponent {
    /// The text as a message.
    #[output(name = "text", title = "Output Text")]
    async fn text_response(&self, cx: &Cx) -> Result<Message, Fault> {
        Ok(super::unbound_message(&self.input_value, cx))
    }
}

examples! {
    "A text": {"input_value": "Summer"} => text: "Summer";
}
