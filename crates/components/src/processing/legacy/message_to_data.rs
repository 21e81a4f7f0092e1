//! Message to Data.

use langflow_core::prelude::*;

/// Makes data of all fields of a message.
#[derive(Component)]
#[component(
    id = "MessagetoData",
    class = "MessageToDataComponent",
    title = "Message to Data",
    icon = "message-square-share",
    category = "processing",
    module = "lfx.components.processing.message_to_data.MessageToDataComponent",
    beta,
    legacy,
    replacement = ["processing.TypeConverterComponent"],
    examples = EXAMPLES
)]
pub struct MessageToDataComponent {
    /// The message.
    #[input(title = "Message", kind = Message)]
    message: AnyValue,
}

#[outputs]
impl MessageToDataComponent {
    /// The fields of the message; an `error` where no message came.
    #[output(name = "data", title = "JSON")]
    async fn convert_message_to_data(&self, cx: &Cx) -> Result<Data, Fault> {
        Ok(match &self.message.0 {
            Value::Message(message) => message.to_data(),
            Value::Json(Json::String(text)) => Message::from_text(text.clone()).to_data(),
            other => {
                let why = format!("A message was expected, not {}", other.type_name());
                cx.set_status(Value::text(why.clone()));
                let mut data = JsonMap::new();
                data.insert("error".into(), Json::String(why));
                Data::new(data)
            }
        })
    }
}

examples! {
    "What is no message": {"message": {"$table": []}} => data: {"error": "A message was expected, not DataFrame"};
}
