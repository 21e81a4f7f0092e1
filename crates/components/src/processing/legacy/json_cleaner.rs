//! JSON Cleaner.

use crate::text::repair;
use crate::text::stringify::spaced;
use langflow_core::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

/// Makes right JSON of what a model wrote.
///
/// The text from the first `{` to the last `}` is read leniently: single quotes, bare keys, missing commas and
/// brackets, comments and trailing commas are mended.
#[derive(Component)]
#[component(
    id = "JSONCleaner",
    class = "JSONCleaner",
    title = "JSON Cleaner",
    icon = "braces",
    category = "processing",
    module = "lfx.components.processing.json_cleaner.JSONCleaner",
    legacy,
    replacement = ["processing.ParserComponent"],
    examples = EXAMPLES
)]
pub struct JsonCleaner {
    /// The text with the JSON.
    #[input(title = "JSON String", required)]
    json_str: String,
    /// Take control characters out first.
    #[input(title = "Remove Control Characters")]
    remove_control_chars: bool,
    /// Compose characters and their accents (Unicode NFC).
    #[input(title = "Normalize Unicode")]
    normalize_unicode: bool,
    /// Fail on JSON that is not right, instead of mending it.
    #[input(title = "Validate JSON")]
    validate_json: bool,
}

#[outputs]
impl JsonCleaner {
    /// The JSON as text.
    #[output(name = "output", title = "Cleaned JSON String")]
    async fn clean_json(&self, cx: &Cx) -> Result<Message, Fault> {
        let fail = |why: &str| Fault::invalid(format!("Invalid JSON string: {why}")).at_field("json_str");
        let inside = self.json_str.find('{').zip(self.json_str.rfind('}'));
        let inside = inside.and_then(|(start, end)| self.json_str.get(start..=end));
        let mut text = inside.ok_or_else(|| fail("Missing '{' or '}'"))?.to_owned();
        if self.remove_control_chars {
            text.retain(|c| !c.is_ascii_control());
        }
        if self.normalize_unicode {
            text = text.nfc().collect();
        }
        let json = if self.validate_json {
            serde_json::from_str(&text).map_err(|why| fail(&why.to_string()))?
        } else {
            repair::read(&text).ok_or_else(|| fail("there is no value in it"))?
        };
        let text = spaced(&json);
        cx.set_status(Value::text(text.clone()));
        Ok(cx.new_message(text))
    }
}

examples! {
    "Words around it": {"json_str": "Sure: {'a': 1,} Done."} => output: "{\"a\": 1}";
    "No braces": {"json_str": "nothing"} => fails "Missing";
    "Not right, and not to be mended": {"json_str": "{'a': 1}", "validate_json": true} => fails "Invalid JSON";
}
