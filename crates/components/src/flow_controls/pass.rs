//! Pass.

use langflow_core::prelude::*;

/// Hands a message on unchanged.
///
/// The second field only makes the node wait for another one.
#[derive(Component)]
#[component(
    id = "Pass",
    class = "PassMessageComponent",
    title = "Pass",
    icon = "arrow-right",
    category = "flow_controls",
    module = "lfx.components.flow_controls.pass_message.PassMessageComponent",
    legacy,
    replacement = ["flow_controls.ConditionalRouter"],
    examples = EXAMPLES
)]
pub struct PassMessageComponent {
    /// The message to hand on.
    #[input(title = "Input Message", required)]
    input_message: Message,
    /// A message that is waited for and then dropped.
    #[input(title = "Ignored Message", advanced)]
    #[expect(dead_code, reason = "it only creates a dependency")]
    ignored_message: Message,
}

#[outputs]
impl PassMessageComponent {
    /// The message as it came.
    #[output(name = "output_message", title = "Output Message")]
    async fn pass_message(&self, _cx: &Cx) -> Result<Message, Fault> {
        Ok(self.input_message.clone())
    }
}

examples! {
    "A message": {"input_message": {"$message": "hello"}, "ignored_message": "x"} => output_message: "hello";
    "Nothing to hand on": {"ignored_message": "x"} => output_message: "";
}
