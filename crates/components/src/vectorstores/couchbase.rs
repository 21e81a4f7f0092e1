//! Couchbase.

use super::store::{Ask, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::prelude::*;
use langflow_providers::vector::couchbase::{Cluster, CouchbaseCollection};

/// Stores texts in Couchbase and finds them again by meaning.
///
/// The search index has to be there, in the scope, with a vector field `embedding`; it follows the documents after a
/// moment. The services are called over HTTP: the connection string names a node of the cluster, not a name that is
/// known by SRV records alone. Hosts that are not public have to be allowed (`LANGFLOW_SSRF_ALLOWED_HOSTS`).
#[derive(Component)]
#[component(
    id = "Couchbase",
    aliases = ["CouchbaseVectorStoreComponent"],
    class = "CouchbaseVectorStoreComponent",
    title = "Couchbase",
    icon = "Couchbase",
    category = "couchbase",
    module = "lfx.components.couchbase.couchbase.CouchbaseVectorStoreComponent"
)]
pub struct CouchbaseComponent {
    /// Where the cluster is, like `couchbases://host`.
    #[input(title = "Couchbase Cluster connection string", required)]
    couchbase_connection_string: Secret,
    /// Name of the user.
    #[input(title = "Couchbase username", kind = Str, required)]
    couchbase_username: String,
    /// The password of the user.
    #[input(title = "Couchbase password", required)]
    couchbase_password: Secret,
    /// The bucket.
    #[input(title = "Bucket Name", kind = Str, required)]
    bucket_name: String,
    /// The scope in the bucket.
    #[input(title = "Scope Name", kind = Str, required)]
    scope_name: String,
    /// The collection in the scope.
    #[input(title = "Collection Name", kind = Str, required)]
    collection_name: String,
    /// The search index of the scope.
    #[input(title = "Index Name", kind = Str, required)]
    index_name: String,
    #[input(group)]
    texts: EmbeddedTexts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl CouchbaseComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let ask = Ask { limit: self.number_of_results, ..self.texts.ask() };
        serve(ask, &self.collection(cx)?).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl CouchbaseComponent {
    fn collection(&self, cx: &Cx) -> Result<CouchbaseCollection, Fault> {
        let cluster = Cluster::parse(self.couchbase_connection_string.expose())
            .map_err(|fault| fault.at_field("couchbase_connection_string"))?;
        Ok(CouchbaseCollection {
            cluster,
            username: self.couchbase_username.trim().to_owned(),
            password: self.couchbase_password.clone(),
            bucket: self.bucket_name.clone(),
            scope: self.scope_name.clone(),
            collection: self.collection_name.clone(),
            index: self.index_name.clone(),
            egress: cx.egress(),
        })
    }
}
