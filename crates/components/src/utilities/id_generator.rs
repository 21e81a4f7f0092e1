//! ID Generator.

use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;

/// Gives an id.
#[derive(Component)]
#[component(
    id = "IDGenerator",
    class = "IDGeneratorComponent",
    title = "ID Generator",
    icon = "fingerprint",
    category = "utilities",
    module = "lfx.components.utilities.id_generator.IDGeneratorComponent",
    legacy,
    examples = EXAMPLES
)]
pub struct IDGeneratorComponent {
    /// The id. Empty: a new one each time.
    #[input(title = "Value", tool_mode, refresh_button)]
    unique_id: String,
}

#[outputs]
impl IDGeneratorComponent {
    /// The id as a message.
    #[output(name = "id", title = "ID", method = "generate_id")]
    async fn id(&self, cx: &Cx) -> Result<Message, Fault> {
        let id = if self.unique_id.is_empty() {
            cx.scope().ids.random().to_string()
        } else {
            self.unique_id.clone()
        };
        cx.set_status(Value::text(format!("Generated ID: {id}")));
        Ok(cx.new_message(id))
    }

    /// The refresh button empties the field: the next run makes a new id.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if let (true, Some(Json::Object(field))) =
            (request.field == "unique_id", request.template.get("unique_id"))
        {
            let mut field = field.clone();
            field.insert("value".into(), Json::String(String::new()));
            patch.template.insert("unique_id".into(), Json::Object(field));
        }
        Ok(patch)
    }
}

examples! {
    "An id of your own": {"unique_id": "order-7"} => id: "order-7";
    "A new one": {} => id: "00000000-0000-0000-0000-000000000064";
}
