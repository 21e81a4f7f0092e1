//! Needle Retriever.

use super::remote::{ask, objects, row, text_of};
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

const API: &str = "https://search.needle.app/api/v1/collections";

/// Searches a collection of Needle.
#[derive(Component)]
#[component(
    id = "needle",
    class = "NeedleComponent",
    aliases = ["NeedleComponent"],
    title = "Needle Retriever",
    icon = "Needle",
    category = "needle",
    documentation = "https://docs.needle-ai.com",
    examples = EXAMPLES
)]
pub struct NeedleComponent {
    /// The key of Needle.
    #[input(title = "Needle API Key", required)]
    needle_api_key: Secret,
    /// The id of the collection.
    #[input(title = "Collection ID", required)]
    collection_id: String,
    /// What to search for.
    #[input(title = "User Query", required, tool_mode)]
    query: String,
    /// How many results, from 20 on.
    #[input(title = "Top K Results", default = 20, required)]
    top_k: u64,
}

#[outputs]
impl NeedleComponent {
    /// The texts that were found, with what the collection knows about them.
    #[output(name = "result", title = "Result", method = "run")]
    async fn result(&self, cx: &Cx) -> Result<Message, Fault> {
        let id = self.collection_id.trim();
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            return Err(Fault::invalid("that is no id of a collection").at_field("collection_id"));
        }
        if self.query.trim().is_empty() {
            return Err(Fault::missing("nothing to search for").at_field("query"));
        }
        let call = Call::post(format!("{API}/{id}/search"))
            .secret_header("x-api-key", self.needle_api_key.expose().trim())
            .json(&json!({"text": self.query, "top_k": self.top_k}));
        let found = objects(&ask(call, "Needle", cx).await?, "/result");
        let texts: Vec<&str> = found.iter().map(|found| text_of(found, "content")).collect();
        let text = format!("Question: {}\n\nContext:\n{}", self.query, texts.join("\n\n"));
        cx.set_status(Data::new(row(json!({"results": found}))));
        Ok(cx.new_message(text))
    }
}

examples! {
    "No such collection": {"needle_api_key": "k", "collection_id": "../x", "query": "q"} => fails "collection";
    "Nothing to search for": {"needle_api_key": "k", "collection_id": "clt_1"} => fails "search";
}
