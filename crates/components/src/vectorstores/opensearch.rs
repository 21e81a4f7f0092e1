//! OpenSearch.

use super::store::{Ask, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::search_engine::{Engine, Login, SearchIndex};
use std::time::Duration;

const ENGINES: [&str; 4] = ["nmslib", "faiss", "lucene", "jvector"];
const SPACES: [&str; 5] = ["l2", "l1", "cosinesimil", "linf", "innerproduct"];

choice! {
    /// How the server knows the caller.
    pub enum Auth { Basic = "basic", Jwt = "jwt" }
}

/// Stores texts in OpenSearch and finds them again by meaning and by words.
///
/// The index is made with the first texts.
#[derive(Component)]
#[component(
    id = "OpenSearchVectorStoreComponent",
    aliases = ["OpenSearch", "OpenSearchVectorStore"],
    class = "OpenSearchVectorStoreComponent",
    title = "OpenSearch",
    icon = "OpenSearch",
    category = "elastic",
    module = "lfx.components.elastic.opensearch.OpenSearchVectorStoreComponent"
)]
pub struct OpenSearchComponent {
    /// Address of the server.
    #[input(title = "OpenSearch URL", kind = Str, default = "http://localhost:9200")]
    opensearch_url: String,
    /// The index.
    #[input(title = "Index Name", kind = Str, default = "langflow")]
    index_name: String,
    /// The vector engine of a new index.
    #[input(title = "Vector Engine", kind = Dropdown, advanced, options = ENGINES, default = "jvector")]
    engine: String,
    /// How nearness is measured in a new index.
    #[input(title = "Distance Metric", kind = Dropdown, advanced, options = SPACES, default = "l2")]
    space_type: String,
    /// How carefully a new index is built.
    #[input(title = "EF Construction", advanced, default = 512)]
    ef_construction: u64,
    /// Neighbours of each vector in a new index.
    #[input(title = "M Parameter", advanced, default = 16)]
    m: u64,
    /// Field of the vector.
    #[input(title = "Vector Field Name", kind = Str, advanced, default = "chunk_embedding")]
    vector_field: String,
    /// A JSON object: values that the fields of a result have.
    #[input(title = "Search Filters (JSON)", kind = Multiline)]
    filter_expression: String,
    /// How the server knows you.
    #[input(title = "Authentication Mode", default = Auth::Basic)]
    auth_mode: Auth,
    /// Name of the user.
    #[input(title = "Username", kind = Str, default = "admin")]
    username: String,
    /// The password of the user.
    #[input(title = "OpenSearch Password")]
    password: Secret,
    /// A token, for the mode jwt.
    #[input(title = "JWT Token")]
    jwt_token: Secret,
    /// The header that carries the token.
    #[input(title = "JWT Header Name", kind = Str, advanced, default = "Authorization")]
    jwt_header: String,
    /// Writes `Bearer` before the token.
    #[input(title = "Prefix 'Bearer '", advanced, default = true)]
    bearer_prefix: bool,
    /// Checks the certificate of the server.
    #[input(title = "Verify SSL Certificates", advanced)]
    verify_certs: bool,
    /// Seconds to wait for an answer.
    #[input(title = "Request Timeout", advanced, default = 60)]
    request_timeout: u64,
    #[input(group)]
    texts: EmbeddedTexts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 10)]
    number_of_results: usize,
}

#[outputs]
impl OpenSearchComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
        let ask = Ask {
            limit: self.number_of_results,
            hybrid: true,
            filter: filter(&self.filter_expression)?,
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

impl OpenSearchComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let login = match self.auth_mode {
            Auth::Basic if self.username.trim().is_empty() => Login::Nobody,
            Auth::Basic => {
                Login::Basic { username: self.username.trim().to_owned(), password: self.password.clone() }
            }
            Auth::Jwt => {
                let prefix = if self.bearer_prefix { "Bearer " } else { "" };
                let value = Secret::new(format!("{prefix}{}", self.jwt_token.expose()));
                Login::Header { name: self.jwt_header.trim().to_owned(), value }
            }
        };
        Ok(Arc::new(SearchIndex {
            engine: Engine::OpenSearch {
                engine: self.engine.clone(),
                space: self.space_type.clone(),
                ef_construction: self.ef_construction,
                m: self.m,
            },
            base_url: self.opensearch_url.trim().to_owned(),
            login,
            index: self.index_name.trim().to_owned(),
            text_field: "text".into(),
            vector_field: self.vector_field.clone(),
            verify_certs: self.verify_certs,
            timeout: Duration::from_secs(self.request_timeout.clamp(1, 600)),
            egress: cx.egress(),
        }))
    }
}

fn filter(text: &str) -> Result<Option<Json>, Fault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let filter: JsonMap = serde_json::from_str(text).map_err(|error| {
        Fault::invalid(format!("the filter is no JSON object: {error}")).at_field("filter_expression")
    })?;
    Ok(Some(Json::Object(filter)))
}
