//! Redis.

use super::store::{Ask, serve};
use super::texts::{Texts, as_table};
use crate::langchain_utilities::documents;
use crate::text::splitter::{Keep, Sizes, split_on};
use langflow_core::prelude::*;
use langflow_providers::redis::{RedisIndex, RedisServer};

/// The most characters of a stored text that holds blank lines.
const CHUNK: Sizes = Sizes { chunk: 1000, overlap: 0 };

/// Stores texts in Redis and finds them again by meaning.
///
/// The server needs the search module, which Redis 8 and Redis Stack have. Texts are cut at blank lines into pieces of
/// 1,000 characters. The index is that of LangChain, so that one which Langflow filled is found and the other way
/// round; it is made with the first texts. The host has to be allowed (`LANGFLOW_SSRF_ALLOWED_HOSTS`) where it is not
/// public.
#[derive(Component)]
#[component(
    id = "Redis",
    aliases = ["RedisVectorStoreComponent"],
    class = "RedisVectorStoreComponent",
    title = "Redis",
    icon = "Redis",
    category = "redis",
    module = "lfx.components.redis.redis.RedisVectorStoreComponent"
)]
pub struct RedisComponent {
    /// Where the server is, like `redis://user:password@host:6379/0`; `rediss://` for TLS.
    #[input(title = "Redis Server Connection String", required)]
    redis_server_url: Secret,
    /// The index.
    #[input(title = "Redis Index", kind = Str)]
    redis_index_name: String,
    /// Not needed: the index knows its fields.
    #[input(title = "Schema", kind = Str)]
    #[expect(dead_code, reason = "flows of Langflow hold it")]
    schema: String,
    #[input(group)]
    texts: Texts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
    /// The model that makes the vectors.
    #[input(title = "Embedding", required)]
    embedding: Handle<dyn Embedder>,
}

#[outputs]
impl RedisComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx)?;
        let ask = Ask {
            ingest: &pieces(&self.texts.ingest_data.0)?,
            query: &self.texts.search_query,
            limit: self.number_of_results,
            embedder: Some(&*self.embedding.0),
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

impl RedisComponent {
    fn index(&self, cx: &Cx) -> Result<RedisIndex, Fault> {
        let index = self.redis_index_name.trim();
        if index.is_empty() {
            return Err(Fault::missing("no index is named").at_field("redis_index_name"));
        }
        let server = RedisServer::parse(self.redis_server_url.expose(), cx.egress())
            .map_err(|fault| fault.at_field("redis_server_url"))?;
        Ok(RedisIndex { server, index: index.to_owned() })
    }
}

/// What comes in, cut at blank lines.
fn pieces(items: &[DataLike]) -> Result<Vec<DataLike>, Fault> {
    let mut all = Vec::new();
    for record in super::records(items) {
        all.push(documents::data(record.text, record.metadata));
    }
    let blank_line = "\n\n".into();
    let cut = documents::split(&all, |text| split_on(text, &blank_line, Keep::Drop, CHUNK))?;
    Ok(cut.into_iter().map(|data| DataLike::Data(Arc::new(data))).collect())
}
