//! Weaviate.

use super::store::{Ask, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::weaviate::WeaviateClass;

/// Stores texts in Weaviate and finds them again by meaning.
///
/// The class is made with the first texts.
#[derive(Component)]
#[component(
    id = "Weaviate",
    aliases = ["WeaviateVectorStoreComponent"],
    class = "WeaviateVectorStoreComponent",
    title = "Weaviate",
    icon = "Weaviate",
    category = "weaviate",
    module = "lfx.components.weaviate.weaviate.WeaviateVectorStoreComponent"
)]
pub struct WeaviateComponent {
    /// Address of the server.
    #[input(title = "Weaviate URL", kind = Str, required, default = "http://localhost:8080")]
    url: String,
    /// The key of the server.
    #[input(title = "API Key")]
    api_key: Secret,
    /// The class; it begins with a capital letter and has no other.
    #[input(title = "Index Name", kind = Str, required)]
    index_name: String,
    /// Property that holds the text.
    #[input(title = "Text Key", kind = Str, advanced, default = "text")]
    text_key: String,
    #[input(group)]
    texts: EmbeddedTexts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl WeaviateComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
        let ask = Ask { limit: self.number_of_results, ..self.texts.ask() };
        serve(ask, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl WeaviateComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let name = self.index_name.trim();
        let mut letters = name.chars();
        let capitalised: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(letters.as_str().to_lowercase().chars())
            .collect();
        if name.is_empty() || name != capitalised {
            return Err(Fault::invalid(format!(
                "Weaviate wants the name of a class capitalised: use '{capitalised}' instead of '{name}'"
            ))
            .at_field("index_name"));
        }
        Ok(Arc::new(WeaviateClass {
            base_url: self.url.trim().to_owned(),
            key: self.api_key.clone(),
            class: name.to_owned(),
            text_key: self.text_key.clone(),
            egress: cx.egress(),
        }))
    }
}
