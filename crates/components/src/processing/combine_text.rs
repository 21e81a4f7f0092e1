//! Combine Text.

use langflow_core::prelude::*;

/// Joins two texts with a delimiter.
#[derive(Component)]
#[component(
    id = "CombineText",
    class = "CombineTextComponent",
    title = "Combine Text",
    icon = "merge",
    category = "processing",
    module = "lfx.components.processing.combine_text.CombineTextComponent",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct CombineTextComponent {
    /// The text in front.
    #[input(title = "First Text")]
    text1: String,
    /// The text behind.
    #[input(title = "Second Text")]
    text2: String,
    /// What stands between them; a blank if nothing is given.
    #[input(title = "Delimiter", default = " ")]
    delimiter: String,
}

#[outputs]
impl CombineTextComponent {
    /// Both texts as one message.
    #[output(name = "combined_text", title = "Combined Text")]
    async fn combine_texts(&self, cx: &Cx) -> Result<Message, Fault> {
        Ok(cx.new_message(format!("{}{}{}", self.text1, self.delimiter, self.text2)))
    }
}

examples! {
    "With the usual blank": {"text1": "good", "text2": "morning"} => combined_text: "good morning";
    "With a comma": {"text1": {"$message": "a"}, "text2": "b", "delimiter": ", "} => combined_text: "a, b";
}
