//! ClickHouse.

use super::store::{Ask, Choose, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::clickhouse::{self, ClickhouseTable};

choice! {
    /// Kind of the index of a new table.
    pub enum IndexType { Annoy = "annoy", VectorSimilarity = "vector_similarity" }
}

choice! {
    /// How far apart two vectors are.
    pub enum Metric {
        Angular = "angular",
        Euclidean = "euclidean",
        Manhattan = "manhattan",
        Hamming = "hamming",
        Dot = "dot",
    }
}

/// Stores texts in ClickHouse and finds them again by meaning.
///
/// The table is that of LangChain, so that one which Langflow filled is found and the other way round; it is made with
/// the first texts. ClickHouse has dropped the index *annoy*: a table is made without one then, and searched exactly.
/// The server that runs the flow has to be allowed to call the host (`LANGFLOW_SSRF_ALLOWED_HOSTS`) where it is not
/// public.
#[derive(Component)]
#[component(
    id = "Clickhouse",
    aliases = ["ClickhouseVectorStoreComponent"],
    class = "ClickhouseVectorStoreComponent",
    title = "ClickHouse",
    icon = "Clickhouse",
    category = "clickhouse",
    module = "lfx.components.clickhouse.clickhouse.ClickhouseVectorStoreComponent"
)]
pub struct ClickhouseComponent {
    /// Name of the server.
    #[input(title = "hostname", kind = Str, required, default = "localhost")]
    host: String,
    /// Port of its HTTP interface.
    #[input(title = "port", required, default = 8123)]
    port: u32,
    /// The database.
    #[input(title = "database", kind = Str, required)]
    database: String,
    /// The table.
    #[input(title = "Table name", kind = Str, required)]
    table: String,
    /// Name of the user.
    #[input(title = "The ClickHouse user name.", kind = Str, required)]
    username: String,
    /// The password of the user.
    #[input(title = "Clickhouse Password", required)]
    password: Secret,
    /// Kind of the index of a new table.
    #[input(title = "index_type", advanced, default = IndexType::Annoy)]
    index_type: IndexType,
    /// How far apart two vectors are.
    #[input(title = "metric", advanced, default = Metric::Angular)]
    metric: Metric,
    /// Calls the server over HTTPS.
    #[input(
        title = "Use https/TLS. This overrides inferred values from the interface or port arguments.",
        advanced
    )]
    secure: bool,
    /// Arguments of the index *vector_similarity*, which begin with its method: `'hnsw','cosineDistance',1536`. Other
    /// ones give way to those that fit the metric.
    #[input(title = "Param of the index", kind = Str, advanced, default = "100,'L2Distance'")]
    index_param: String,
    /// Settings of ClickHouse that go with every search.
    #[input(title = "index query params", advanced)]
    index_query_params: JsonMap,
    #[input(group)]
    texts: EmbeddedTexts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
    /// The least score a result has; 0 takes all.
    #[input(title = "Score threshold", advanced)]
    score_threshold: f64,
}

#[outputs]
impl ClickhouseComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
        let least = self.score_threshold as f32;
        let ask = Ask {
            limit: self.number_of_results,
            choose: if least > 0.0 { Choose::AtLeast(least) } else { Choose::Nearest },
            ..self.texts.ask()
        };
        serve(ask, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl ClickhouseComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let scheme = if self.secure { "https" } else { "http" };
        let mut settings = Vec::new();
        for (name, value) in &self.index_query_params {
            clickhouse::check_setting(name).map_err(|fault| fault.at_field("index_query_params"))?;
            settings.push((name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
        Ok(Arc::new(ClickhouseTable {
            base_url: format!("{scheme}://{}:{}/", self.host.trim(), self.port),
            username: self.username.trim().to_owned(),
            password: self.password.clone(),
            database: self.database.clone(),
            table: self.table.clone(),
            metric: match self.metric {
                Metric::Angular => clickhouse::Metric::Angular,
                Metric::Euclidean => clickhouse::Metric::Euclidean,
                Metric::Manhattan => clickhouse::Metric::Manhattan,
                Metric::Hamming => clickhouse::Metric::Hamming,
                Metric::Dot => clickhouse::Metric::Dot,
            },
            index: self.index_arguments()?,
            search_settings: settings,
            egress: cx.egress(),
        }))
    }

    fn index_arguments(&self) -> Result<Option<String>, Fault> {
        if self.index_type == IndexType::Annoy {
            return Ok(None);
        }
        let given = self.index_param.trim();
        if !given.is_empty() {
            clickhouse::check_index_arguments(given).map_err(|fault| fault.at_field("index_param"))?;
        }
        // The field holds arguments of annoy as long as nobody writes others.
        Ok(Some(if given.starts_with("'hnsw'") { given.to_owned() } else { String::new() }))
    }
}
