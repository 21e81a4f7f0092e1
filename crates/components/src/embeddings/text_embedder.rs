//! Text Embedder.

use langflow_core::component::Handle;
use langflow_core::prelude::*;
use serde_json::json;

/// Gives the vector of a message.
#[derive(Component)]
#[component(
    id = "TextEmbedderComponent",
    class = "TextEmbedderComponent",
    title = "Text Embedder",
    icon = "binary",
    category = "embeddings",
    module = "lfx.components.embeddings.text_embedder.TextEmbedderComponent",
    legacy,
    replacement = ["models_and_agents.EmbeddingModel"]
)]
pub struct TextEmbedder {
    /// The model that makes the vector.
    #[input(title = "Embedding Model", required)]
    embedding_model: Handle<dyn Embedder>,
    /// The message.
    #[input(title = "Message", required)]
    message: Message,
}

#[outputs]
impl TextEmbedder {
    /// The text and its vector.
    #[output(name = "embeddings", title = "Embedding Data", method = "generate_embeddings")]
    async fn generate_embeddings(&self, _cx: &Cx) -> Result<Data, Fault> {
        let text = self.message.text.clone();
        let made = if text.trim().is_empty() {
            Err(Fault::missing("No text content found in message").at_field("message"))
        } else {
            self.embedding_model.0.embed(vec![text.clone()]).await
        };
        // What goes wrong is told in the data, so that a flow over many texts goes on.
        Ok(Data::from_json(match made {
            Ok(vectors) => {
                json!({ "text": text, "embeddings": vectors.into_iter().next().unwrap_or_default() })
            }
            Err(fault) => json!({ "text": text, "embeddings": [], "error": fault.message() }),
        }))
    }
}
