//! Data to Message.

use langflow_core::prelude::*;
use langflow_core::text::format;

/// Fills a template for every data and joins the texts.
///
/// A key that data does not have is left empty; `{data}` stands for the whole object.
#[derive(Component)]
#[component(
    id = "ParseData",
    class = "ParseDataComponent",
    title = "Data to Message",
    icon = "message-square",
    category = "processing",
    module = "lfx.components.processing.parse_data.ParseDataComponent",
    legacy,
    replacement = ["processing.Operations", "processing.TypeConverterComponent"],
    examples = EXAMPLES
)]
pub struct ParseDataComponent {
    /// The data to show as text.
    #[input(title = "JSON", required)]
    data: Vec<Data>,
    /// The text of one data; `{key}` stands for the value under that key.
    #[input(title = "Template", kind = Multiline, default = "{text}", required)]
    template: String,
    /// What stands between two texts.
    #[input(title = "Separator", kind = Str, default = "\n", advanced)]
    sep: String,
}

#[outputs]
impl ParseDataComponent {
    /// All texts as one message.
    #[output(name = "text", title = "Message")]
    async fn parse_data(&self, cx: &Cx) -> Result<Message, Fault> {
        let text = self.texts()?.join(&self.sep);
        cx.set_status(Value::text(text.clone()));
        Ok(cx.new_message(text))
    }

    /// Every data with its text under its text key.
    #[output(name = "data_list", title = "JSON List")]
    async fn parse_data_as_list(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        let with_text = |(data, text): (&Data, String)| {
            let mut data = data.clone();
            data.data.insert(data.text_key.clone(), Json::String(text));
            data
        };
        Ok(self.data.iter().zip(self.texts()?).map(with_text).collect())
    }
}

impl ParseDataComponent {
    fn texts(&self) -> Result<Vec<String>, Fault> {
        self.data.iter().map(|data| self.text(&data.data)).collect()
    }

    /// Keys of an inner `data` count too; an error stands for the text that is not there.
    fn text(&self, data: &JsonMap) -> Result<String, Fault> {
        let mut keys = data.clone();
        if let Some(Json::Object(inner)) = data.get("data") {
            keys.extend(inner.clone());
        } else if let Some(error) =
            data.get("error").filter(|error| !langflow_core::value::json_is_falsy(error))
        {
            keys.insert("text".into(), error.clone());
        }
        keys.insert("data".into(), Json::Object(data.clone()));
        let filled = format::format_or(&self.template, &keys, "");
        filled.map_err(|why| Fault::invalid(format!("Error formatting template: {why}")).at_field("template"))
    }
}

examples! {
    "Two data": {"data": {"$list": [{"$data": {"name": "Ann"}}, {"$data": {"name": "Bo"}}]}, "template": "Hi {name}"}
        => text: "Hi Ann\nHi Bo";
    "As a list": {"data": {"$data": {"n": 1}}, "template": "{n}{missing}"} => data_list: [{"n": 1, "text": "1"}];
    "A template that is none": {"data": {"$data": {"n": 1}}, "template": "{n"} => fails "template";
}
