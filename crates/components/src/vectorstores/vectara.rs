//! Vectara.

use super::store::{Ask, serve};
use super::texts::{Texts, as_table};
use langflow_core::prelude::*;
use langflow_providers::vector::vectara::{ROOT, VectaraCorpus};

/// Where the texts are, and the key to them.
#[derive(Inputs)]
#[expect(clippy::struct_field_names, reason = "stored flows name them so")]
pub struct Account {
    /// Number of the customer.
    #[input(title = "Vectara Customer ID", kind = Str, required)]
    pub vectara_customer_id: String,
    /// Key of the corpus, or its number.
    #[input(title = "Vectara Corpus ID", kind = Str, required)]
    pub vectara_corpus_id: String,
    /// A key that may use the corpus.
    #[input(title = "Vectara API Key", required)]
    pub vectara_api_key: Secret,
}

impl Account {
    /// The corpus.
    ///
    /// # Errors
    /// None is named.
    pub fn corpus(&self, cx: &Cx) -> Result<VectaraCorpus, Fault> {
        let corpus = self.vectara_corpus_id.trim();
        if corpus.is_empty() {
            return Err(Fault::missing("no corpus is named").at_field("vectara_corpus_id"));
        }
        Ok(VectaraCorpus {
            base_url: ROOT.to_owned(),
            customer: self.vectara_customer_id.trim().to_owned(),
            corpus: corpus.to_owned(),
            key: self.vectara_api_key.clone(),
            egress: cx.egress(),
        })
    }
}

/// Stores texts in Vectara and finds them again by meaning.
///
/// Vectara makes the vectors itself; a connected embedding model is not asked.
#[derive(Component)]
#[component(
    id = "Vectara",
    aliases = ["VectaraVectorStoreComponent"],
    class = "VectaraVectorStoreComponent",
    title = "Vectara",
    icon = "Vectara",
    category = "vectara",
    module = "lfx.components.vectara.vectara.VectaraVectorStoreComponent"
)]
pub struct VectaraComponent {
    #[input(group)]
    account: Account,
    /// Not needed: Vectara makes the vectors.
    #[input(title = "Embedding")]
    #[expect(dead_code, reason = "flows of Langflow connect it")]
    embedding: Option<Handle<dyn Embedder>>,
    #[input(group)]
    texts: Texts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl VectaraComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let ask = Ask {
            ingest: &self.texts.ingest_data.0,
            query: &self.texts.search_query,
            limit: self.number_of_results,
            ..Ask::default()
        };
        serve(ask, &self.account.corpus(cx)?).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}
