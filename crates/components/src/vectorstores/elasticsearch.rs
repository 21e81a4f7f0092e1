//! Elasticsearch.

use super::store::{Ask, Choose, serve};
use super::texts::{EmbeddedTexts, as_table};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;
use langflow_providers::vector::search_engine::{Engine, Login, SearchIndex};
use std::time::Duration;

choice! {
    /// Which of the nearest to give.
    pub enum SearchType { Similarity = "similarity", Diverse = "mmr" }
}

/// Stores texts in Elasticsearch and finds them again by meaning.
///
/// The index is made with the first texts. Without a query it gives some of the stored texts.
#[derive(Component)]
#[component(
    id = "Elasticsearch",
    aliases = ["ElasticsearchVectorStoreComponent"],
    class = "ElasticsearchVectorStoreComponent",
    title = "Elasticsearch",
    icon = "ElasticsearchStore",
    category = "elastic",
    module = "lfx.components.elastic.elasticsearch.ElasticsearchVectorStoreComponent"
)]
pub struct ElasticsearchComponent {
    /// Address of the server.
    #[input(title = "Elasticsearch URL", kind = Str, default = "http://localhost:9200")]
    elasticsearch_url: String,
    /// Identifier of a deployment at Elastic Cloud, in place of an address.
    #[input(title = "Elastic Cloud ID")]
    cloud_id: Secret,
    /// The index.
    #[input(title = "Index Name", kind = Str, default = "langflow")]
    index_name: String,
    /// Name of the user.
    #[input(title = "Username", kind = Str)]
    username: String,
    /// The password of the user.
    #[input(title = "Password")]
    password: Secret,
    /// A key, in place of name and password.
    #[input(title = "Elastic API Key", advanced)]
    api_key: Secret,
    /// Checks the certificate of the server.
    #[input(title = "Verify SSL Certificates", advanced, default = true)]
    verify_certs: bool,
    /// The least score a result has.
    #[input(title = "Search Score Threshold", advanced)]
    search_score_threshold: f64,
    #[input(group)]
    texts: EmbeddedTexts,
    /// Which of the nearest to give.
    #[input(title = "Search Type", advanced, default = SearchType::Similarity)]
    search_type: SearchType,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl ElasticsearchComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
        let ask = Ask {
            limit: self.number_of_results,
            choose: match self.search_type {
                SearchType::Diverse => Choose::Diverse,
                SearchType::Similarity if self.search_score_threshold > 0.0 => {
                    Choose::AtLeast(self.search_score_threshold as f32)
                }
                SearchType::Similarity => Choose::Nearest,
            },
            blank_gives_some: true,
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

impl ElasticsearchComponent {
    fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let login = if !self.api_key.is_empty() {
            let value = Secret::new(format!("ApiKey {}", self.api_key.expose()));
            Login::Header { name: "authorization".into(), value }
        } else if self.username.trim().is_empty() {
            Login::Nobody
        } else {
            Login::Basic { username: self.username.trim().to_owned(), password: self.password.clone() }
        };
        let base_url = if self.cloud_id.is_empty() {
            self.elasticsearch_url.trim().to_owned()
        } else {
            cloud_url(self.cloud_id.expose())?
        };
        Ok(Arc::new(SearchIndex {
            engine: Engine::Elasticsearch,
            base_url,
            login,
            index: self.index_name.trim().to_owned(),
            text_field: "text".into(),
            vector_field: "vector".into(),
            verify_certs: self.verify_certs,
            timeout: Duration::from_mins(1),
            egress: cx.egress(),
        }))
    }
}

/// The address in a cloud id: `name:base64(host$id…)`.
fn cloud_url(cloud_id: &str) -> Result<String, Fault> {
    let wrong = || Fault::invalid("this is no Elastic Cloud ID").at_field("cloud_id");
    let encoded = cloud_id.rsplit(':').next().unwrap_or_default().trim();
    let decoded =
        STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(wrong)?;
    let mut parts = decoded.split('$');
    match (parts.next(), parts.next()) {
        (Some(host), Some(id)) if !host.is_empty() && !id.is_empty() => {
            let (host, port) = host.split_once(':').unwrap_or((host, "443"));
            Ok(format!("https://{id}.{host}:{port}"))
        }
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_id_is_an_address() {
        let id = format!("mine:{}", STANDARD.encode("eu.cloud.es.io$abc$def"));
        assert_eq!(cloud_url(&id).unwrap(), "https://abc.eu.cloud.es.io:443");
        assert!(cloud_url("mine:%%%").is_err());
    }
}
