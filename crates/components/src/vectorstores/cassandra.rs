//! Cassandra.

use super::astra_db::SearchType;
use super::cassandra_server::Place;
use super::hcd::Setup;
use super::store::{Ask, conditions, serve};
use super::texts::{Texts, as_table};
use langflow_core::prelude::*;
use langflow_providers::cassandra::{self, CassandraTable};
use std::sync::atomic::AtomicBool;

/// Rows sent at the same time where the field names no number.
const BATCH: usize = 16;
/// The longest time to live that Cassandra takes, in seconds: twenty years.
const LONGEST_TTL: i64 = 630_720_000;

/// Stores texts in Cassandra and finds them again by meaning.
///
/// Needs Cassandra 5.0 or newer. The tables are those of LangChain (cassio), so that one which Langflow filled is found
/// and the other way round; a table is made with the first texts. Hosts that are not public have to be allowed
/// (`LANGFLOW_SSRF_ALLOWED_HOSTS`).
#[derive(Component)]
#[component(
    id = "Cassandra",
    aliases = ["CassandraVectorStoreComponent"],
    class = "CassandraVectorStoreComponent",
    title = "Cassandra",
    icon = "Cassandra",
    category = "cassandra",
    module = "lfx.components.cassandra.cassandra.CassandraVectorStoreComponent"
)]
pub struct CassandraComponent {
    #[input(group)]
    place: Place,
    /// Seconds after which the stored texts are gone. 0: never.
    #[input(title = "TTL Seconds", advanced)]
    ttl_seconds: i64,
    /// Texts that are sent at the same time, at most 64. 0 is 16.
    #[input(title = "Batch Size", advanced, default = 16)]
    batch_size: i64,
    /// *Off*: the table has to be there. Else it is made with the first texts.
    #[input(title = "Setup Mode", advanced, default = Setup::Sync)]
    setup_mode: Setup,
    /// Arguments for the connection: `port`, `connect_timeout` in seconds, `ssl` (true: by TLS). Others of the driver
    /// of Python are refused, or change nothing.
    #[input(title = "Cluster arguments", advanced, list)]
    cluster_kwargs: JsonMap,
    #[input(group)]
    texts: Texts,
    /// The model that makes the vectors.
    #[input(title = "Embedding")]
    embedding: Option<Handle<dyn Embedder>>,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
    /// Which of the nearest to give.
    #[input(title = "Search Type", advanced, default = SearchType::Similarity)]
    search_type: SearchType,
    /// The least similarity a result has, from 0 to 1; for the search type with a threshold.
    #[input(title = "Search Score Threshold", advanced)]
    search_score_threshold: f64,
    /// Values that the metadata of a result have.
    #[input(title = "Search Metadata Filter", advanced, list)]
    search_filter: JsonMap,
    /// Words that the text of a result has; *Enable Body Search* has to be on.
    #[input(title = "Search Body", advanced)]
    body_search: String,
    /// Makes an index of the words of the texts with a new table. The server has to know such indexes, as those of
    /// DataStax do.
    #[input(title = "Enable Body Search", advanced)]
    enable_body_search: bool,
}

#[outputs]
impl CassandraComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let table = self.table(cx)?;
        let missing = || Fault::missing("connect the model that makes the vectors").at_field("embedding");
        let embedding = self.embedding.as_ref().ok_or_else(missing)?;
        let ask = Ask {
            ingest: &self.texts.ingest_data.0,
            query: &self.texts.search_query,
            limit: self.number_of_results,
            filter: conditions(&self.search_filter).map(Json::Object),
            embedder: Some(&*embedding.0),
            choose: self.search_type.choose(self.search_score_threshold),
            ..Ask::default()
        };
        serve(ask, &table).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl CassandraComponent {
    fn table(&self, cx: &Cx) -> Result<CassandraTable, Fault> {
        let ttl = match self.ttl_seconds {
            0 => None,
            seconds @ 1..=LONGEST_TTL => i32::try_from(seconds).ok(),
            _ => {
                let wrong = format!("this is no time to live: from 1 to {LONGEST_TTL} seconds, or 0");
                return Err(Fault::invalid(wrong).at_field("ttl_seconds"));
            }
        };
        let words = self.body_search.trim();
        if !words.is_empty() && !self.enable_body_search {
            let off = "turn Enable Body Search on to look for words; the table gets an index of them";
            return Err(Fault::invalid(off).at_field("body_search"));
        }
        Ok(CassandraTable {
            table: self.place.table()?,
            server: self.place.server(&self.cluster_kwargs, cx)?,
            setup: match self.setup_mode {
                Setup::Off => cassandra::Setup::Off,
                Setup::Sync | Setup::Async => cassandra::Setup::Make { words: self.enable_body_search },
            },
            ttl_seconds: ttl,
            // As in Langflow, one that is less than 1 sends the texts one by one.
            batch: if self.batch_size == 0 { BATCH } else { usize::try_from(self.batch_size).unwrap_or(1) },
            words: (!words.is_empty()).then(|| words.to_owned()),
            is_checked: AtomicBool::new(false),
        })
    }
}
