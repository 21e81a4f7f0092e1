//! Supabase.

use super::store::{Ask, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::supabase::SupabaseTable;

/// Stores texts in a table of Supabase and finds them again by meaning.
///
/// The table has the columns `id`, `content`, `metadata` and `embedding`; a function of the database searches it.
#[derive(Component)]
#[component(
    id = "SupabaseVectorStore",
    class = "SupabaseVectorStoreComponent",
    title = "Supabase",
    icon = "Supabase",
    category = "supabase",
    module = "lfx.components.supabase.supabase.SupabaseVectorStoreComponent"
)]
pub struct SupabaseComponent {
    /// Address of the project.
    #[input(title = "Supabase URL", kind = Str, required)]
    supabase_url: String,
    /// The service key of the project.
    #[input(title = "Supabase Service Key", required)]
    supabase_service_key: Secret,
    /// The table.
    #[input(title = "Table Name", kind = Str, advanced)]
    table_name: String,
    /// The function that searches.
    #[input(title = "Query Name", kind = Str)]
    query_name: String,
    #[input(group)]
    texts: EmbeddedTexts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl SupabaseComponent {
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

impl SupabaseComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let or =
            |text: &str, default: &str| if text.trim().is_empty() { default } else { text.trim() }.to_owned();
        let (table, function) = (or(&self.table_name, "documents"), or(&self.query_name, "match_documents"));
        for (name, field) in [(&table, "table_name"), (&function, "query_name")] {
            if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(Fault::invalid(format!("'{name}' is no plain name")).at_field(field));
            }
        }
        Ok(Arc::new(SupabaseTable {
            base_url: self.supabase_url.trim().to_owned(),
            key: self.supabase_service_key.clone(),
            table,
            function,
            egress: cx.egress(),
        }))
    }
}
