//! MongoDB Atlas.

use super::store::{Ask, serve};
use super::texts::{Texts, as_table};
use langflow_core::prelude::*;
use langflow_providers::mongo::{self, MongoCollection, MongoServer, SearchIndex};
use std::sync::atomic::AtomicBool;

choice! {
    /// What happens to the documents that are there.
    pub enum InsertMode { Append = "append", Overwrite = "overwrite" }
}

choice! {
    /// How near two vectors are.
    pub enum Similarity { Cosine = "cosine", Euclidean = "euclidean", DotProduct = "dotProduct" }
}

choice! {
    /// How a new index keeps its vectors smaller.
    pub enum Quantization { Scalar = "scalar", Binary = "binary" }
}

/// Stores texts in a collection of MongoDB Atlas and finds them again by meaning.
///
/// The documents are those of LangChain, so that a collection which Langflow filled is found and the other way round.
/// A search index that is not there is made with the first texts; a search waits up to a minute until Atlas has built
/// it. The hosts of the cluster have to be allowed (`LANGFLOW_SSRF_ALLOWED_HOSTS`) where they are not public.
#[derive(Component)]
#[component(
    id = "MongoDBAtlasVector",
    aliases = ["MongoVectorStoreComponent"],
    class = "MongoVectorStoreComponent",
    title = "MongoDB Atlas",
    icon = "MongoDB",
    category = "mongodb",
    module = "lfx.components.mongodb.mongodb_atlas.MongoVectorStoreComponent"
)]
pub struct MongoAtlasComponent {
    /// Where the cluster is, like `mongodb+srv://user:password@cluster.example.mongodb.net`.
    #[input(title = "MongoDB Atlas Cluster URI", required)]
    mongodb_atlas_cluster_uri: Secret,
    /// Shows the client certificate when connecting.
    #[input(title = "Enable mTLS", required, advanced)]
    enable_mtls: bool,
    /// The certificate and its key without a password, both in PEM, one after the other.
    #[input(title = "MongoDB Atlas Combined Client Certificate")]
    mongodb_atlas_client_cert: Secret,
    /// The database.
    #[input(title = "Database Name", kind = Str, required)]
    db_name: String,
    /// The collection.
    #[input(title = "Collection Name", kind = Str, required)]
    collection_name: String,
    /// The index of Atlas Vector Search.
    #[input(title = "Index Name", kind = Str, required)]
    index_name: String,
    #[input(group)]
    texts: Texts,
    /// Whether what is stored goes beside the documents that are there, or takes their place.
    #[input(title = "Insert Mode", advanced, default = InsertMode::Append)]
    insert_mode: InsertMode,
    /// The model that makes the vectors.
    #[input(title = "Embedding")]
    embedding: Option<Handle<dyn Embedder>>,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
    /// The field of the vectors.
    #[input(title = "Index Field", kind = Str, required, advanced, default = "embedding")]
    index_field: String,
    /// A field of the metadata that a new index can filter by.
    #[input(title = "Filter Field", kind = Str, advanced)]
    filter_field: String,
    /// How many numbers a vector of a new index has.
    #[input(title = "Number of Dimensions", required, advanced, default = 1536)]
    number_dimensions: usize,
    /// How a new index tells how near two vectors are.
    #[input(title = "Similarity", advanced, default = Similarity::Cosine)]
    similarity: Similarity,
    /// How a new index keeps its vectors smaller. Empty: not at all.
    #[input(title = "Quantization", advanced)]
    quantization: Option<Quantization>,
}

#[outputs]
impl MongoAtlasComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.collection(cx)?;
        let missing = || Fault::missing("connect the model that makes the vectors").at_field("embedding");
        let embedding = self.embedding.as_ref().ok_or_else(missing)?;
        let ask = Ask {
            ingest: &self.texts.ingest_data.0,
            query: &self.texts.search_query,
            limit: self.number_of_results,
            embedder: Some(&*embedding.0),
            ..Ask::default()
        };
        serve(ask, &index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl MongoAtlasComponent {
    fn collection(&self, cx: &Cx) -> Result<MongoCollection, Fault> {
        Ok(MongoCollection {
            server: self.server(cx)?,
            database: named(&self.db_name, "database", "db_name")?,
            collection: named(&self.collection_name, "collection", "collection_name")?,
            vector_field: plain(named(&self.index_field, "field of the vectors", "index_field")?)?,
            index: SearchIndex {
                name: named(&self.index_name, "index", "index_name")?,
                dimensions: self.number_dimensions,
                similarity: match self.similarity {
                    Similarity::Cosine => mongo::Similarity::Cosine,
                    Similarity::Euclidean => mongo::Similarity::Euclidean,
                    Similarity::DotProduct => mongo::Similarity::DotProduct,
                },
                quantization: self.quantization.map(|quantization| match quantization {
                    Quantization::Scalar => mongo::Quantization::Scalar,
                    Quantization::Binary => mongo::Quantization::Binary,
                }),
                filter_field: Some(self.filter_field.trim().to_owned()).filter(|field| !field.is_empty()),
            },
            overwrites: AtomicBool::new(self.insert_mode == InsertMode::Overwrite),
        })
    }

    fn server(&self, cx: &Cx) -> Result<MongoServer, Fault> {
        let server = MongoServer::parse(self.mongodb_atlas_cluster_uri.expose(), cx.egress())
            .map_err(|fault| fault.at_field("mongodb_atlas_cluster_uri"))?;
        if !self.enable_mtls {
            return Ok(server);
        }
        let server = server.with_certificate(&self.mongodb_atlas_client_cert);
        server.map_err(|fault| fault.at_field("mongodb_atlas_client_cert"))
    }
}

fn named(text: &str, what: &str, field: &str) -> Result<String, Fault> {
    match text.trim() {
        "" => Err(Fault::missing(format!("no {what} is named")).at_field(field)),
        name => Ok(name.to_owned()),
    }
}

/// A field of documents, not of documents within them.
fn plain(field: String) -> Result<String, Fault> {
    if field.contains('.') || field.starts_with('$') || ["_id", "text"].contains(&field.as_str()) {
        return Err(
            Fault::invalid(format!("'{field}' cannot be the field of the vectors")).at_field("index_field")
        );
    }
    Ok(field)
}
