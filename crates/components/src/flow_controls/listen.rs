//! Listen.

use langflow_core::prelude::*;

/// Waits for what a Notify component says under a key.
#[derive(Component)]
#[component(
    id = "Listen",
    class = "ListenComponent",
    title = "Listen",
    icon = "Radio",
    category = "flow_controls",
    module = "lfx.components.flow_controls.listen.ListenComponent",
    beta,
    examples = EXAMPLES
)]
pub struct ListenComponent {
    /// The key to listen for.
    #[input(title = "Context Key", kind = Str, handles = ["Message"], required)]
    context_key: String,
}

#[outputs]
impl ListenComponent {
    /// What was said under the key; empty data as long as nothing was.
    #[output(name = "data", title = "JSON", method = "listen_for_data", types = ["JSON"], no_cache)]
    async fn data(&self, cx: &Cx) -> Result<Value, Fault> {
        Ok(cx.graph().shared(&self.context_key).unwrap_or_else(|| Data::default().into()))
    }
}

examples! {
    "Nothing was said": {"context_key": "news"} => data: {};
}
