//! Knowledge Ingestion.

use super::fields::{Mode, NO_OPTIONS, columns, dialog, refresh, usual_columns};
use super::work::{Ingest, Retrieve, ingest, open, retrieve};
use langflow_core::component::{DataLike, RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Puts texts into a knowledge base.
#[derive(Component)]
#[component(
    id = "KnowledgeIngestion",
    class = "KnowledgeIngestionComponent",
    title = "Knowledge Ingestion",
    icon = "upload",
    category = "files_and_knowledge",
    module = "lfx.components.files_and_knowledge.ingestion.KnowledgeIngestionComponent",
    legacy,
    replacement = ["files_and_knowledge.Knowledge"]
)]
pub struct KnowledgeIngestionComponent {
    /// The knowledge base.
    #[input(
        title = "Knowledge", kind = Dropdown, real_time_refresh, refresh_button, dynamic, options = NO_OPTIONS,
        extra = json!({ "required": true, "dialog_inputs": dialog() })
    )]
    knowledge_base: String,
    /// Whether the node puts rows in or finds them.
    #[input(title = "Mode", kind = Tab, default = Mode::Ingest, tool_mode, real_time_refresh)]
    mode: Mode,
    /// The rows that go in; texts become rows with one column `text`.
    #[input(title = "Input", handles = ["Message", "Data", "JSON", "DataFrame", "Table"], dynamic, extra = json!({ "required": true }))]
    input_df: Many<DataLike>,
    /// Which columns are searched, and which say that two rows are one.
    #[input(
        title = "Column Configuration", kind = Table, handles = ["DataFrame", "Table"], dynamic,
        default = usual_columns(), extra = json!({ "required": true, "is_list": true, "table_schema": columns() })
    )]
    column_config: Json,
    /// Kept for stored flows: rows are stored whole. Split long texts before.
    #[input(title = "Chunk Size", advanced, dynamic, default = 1000)]
    #[expect(dead_code, reason = "stored flows carry it")]
    chunk_size: i64,
    /// A key of the embedding provider, in place of the stored one.
    #[input(title = "Embedding Provider API Key", advanced, dynamic)]
    api_key: Secret,
    /// Stores rows that are there already once more.
    #[input(title = "Allow Duplicates", advanced, dynamic)]
    allow_duplicates: bool,
    /// A JSON object that stands on every row.
    #[input(title = "Metadata", kind = Str, advanced, dynamic)]
    metadata_json: String,
    /// What to look for. Empty: some rows, without scores.
    #[input(title = "Search Query", tool_mode, dynamic, hidden)]
    search_query: String,
    /// How many rows.
    #[input(title = "Top K Results", advanced, dynamic, hidden, default = 5)]
    top_k: i64,
    /// Adds the other columns of each row.
    #[input(title = "Include Metadata", dynamic, hidden, default = true)]
    include_metadata: bool,
    /// Adds the vector of each row.
    #[input(title = "Include Embeddings", advanced, dynamic, hidden)]
    include_embeddings: bool,
    /// A JSON object: only rows whose metadata has these values.
    #[input(title = "Metadata Filter", advanced, dynamic, hidden)]
    metadata_filter: String,
}

#[outputs]
impl KnowledgeIngestionComponent {
    /// What went in, in mode *Ingest*; what was found, in mode *Retrieve*.
    #[output(name = "dataframe_output", title = "Results")]
    async fn build_kb_info(&self, cx: &Cx) -> Result<Data, Fault> {
        match self.mode {
            Mode::Ingest => self.ingest(cx).await.map(Data::new),
            Mode::Retrieve => Ok(Data::from_json(json!({ "results": self.retrieve(cx).await?.to_json() }))),
        }
    }

    /// The list of bases, the dialog that makes one, and the fields of the mode.
    #[refresh]
    async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        refresh(request, cx).await
    }
}

impl KnowledgeIngestionComponent {
    async fn ingest(&self, cx: &Cx) -> Result<JsonMap, Fault> {
        let base = open(&self.knowledge_base, &self.api_key, cx).await?;
        let ask = Ingest {
            input: &self.input_df.0,
            columns: &self.column_config,
            allow_duplicates: self.allow_duplicates,
            metadata: &self.metadata_json,
        };
        ingest(&base, ask, cx).await
    }

    async fn retrieve(&self, cx: &Cx) -> Result<Table, Fault> {
        let base = open(&self.knowledge_base, &self.api_key, cx).await?;
        let ask = Retrieve {
            query: &self.search_query,
            top_k: self.top_k,
            include_metadata: self.include_metadata,
            include_embeddings: self.include_embeddings,
            filter: &self.metadata_filter,
        };
        retrieve(&base, ask).await
    }
}
