//! PGVector.

use super::store::{Ask, serve};
use super::texts::{EmbeddedTexts, as_table};
use langflow_core::capability::VectorIndex;
use langflow_core::prelude::*;

/// Stores texts in a PostgreSQL database with the extension pgvector and finds them again by meaning.
///
/// The tables are those of LangChain, so that a collection which Langflow filled is found and the other way round. The
/// host has to be allowed (`LANGFLOW_SSRF_ALLOWED_HOSTS`) where it is not public.
#[derive(Component)]
#[component(
    id = "pgvector",
    aliases = ["PGVectorStoreComponent"],
    class = "PGVectorStoreComponent",
    title = "PGVector",
    icon = "cpu",
    category = "pgvector",
    module = "lfx.components.pgvector.pgvector.PGVectorStoreComponent"
)]
pub struct PgVectorComponent {
    /// Where the database is, like `postgresql://user:password@host:5432/name`.
    #[input(title = "PostgreSQL Server Connection String", required)]
    pg_server_url: Secret,
    /// The collection.
    #[input(title = "Table", kind = Str, required)]
    collection_name: String,
    #[input(group)]
    texts: EmbeddedTexts,
    /// How many results.
    #[input(title = "Number of Results", advanced, default = 4)]
    number_of_results: usize,
}

#[outputs]
impl PgVectorComponent {
    /// Stores what comes in, then searches: the found texts with their metadata.
    #[output(name = "search_results", title = "Search Results", method = "search_documents")]
    async fn search_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let index = self.index(cx).await?;
        serve(Ask { limit: self.number_of_results, ..self.texts.ask() }, &*index).await
    }

    /// The same as a table.
    #[output(name = "dataframe", title = "Table", method = "as_dataframe")]
    async fn as_dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        Ok(as_table(self.search_documents(cx).await?))
    }
}

impl PgVectorComponent {
    async fn index(&self, cx: &Cx) -> Result<Arc<dyn VectorIndex>, Fault> {
        let url = Secret::new(with_encoded_password(self.pg_server_url.expose().trim()));
        let index = cx.databases()?.vectors(&url, self.collection_name.trim()).await;
        index.map_err(|fault| fault.at_field("pg_server_url"))
    }
}

/// Characters in a password that have a meaning in a URL are written as `%XX`, as Langflow does: the password ends at
/// the last `@`.
fn with_encoded_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((login, place)) = rest.rsplit_once('@') else { return url.to_owned() };
    let Some((user, password)) = login.split_once(':') else { return url.to_owned() };
    let is_code = |at: usize| {
        let code = password.get(at + 1..at + 3);
        code.is_some_and(|code| code.chars().all(|c| c.is_ascii_hexdigit()))
    };
    let mut encoded = String::with_capacity(password.len());
    for (at, c) in password.char_indices() {
        match c {
            '%' if is_code(at) => encoded.push('%'),
            '/' | '?' | '#' | '[' | ']' | '@' | ':' | '%' | ' ' => {
                encoded.push_str(&format!("%{:02X}", c as u32));
            }
            other => encoded.push(other),
        }
    }
    format!("{scheme}://{user}:{encoded}@{place}")
}

#[cfg(test)]
mod tests {
    use super::with_encoded_password;

    #[test]
    fn passwords_may_hold_anything() {
        for (url, expect) in [
            ("postgresql://u:p@h/d", "postgresql://u:p@h/d"),
            ("postgresql://u:p@ss/w:rd#1@h:5432/d", "postgresql://u:p%40ss%2Fw%3Ard%231@h:5432/d"),
            ("postgresql://u:p%40ss@h/d", "postgresql://u:p%40ss@h/d"),
            ("postgresql://u:100%@h/d", "postgresql://u:100%25@h/d"),
            ("postgresql://u@h/d", "postgresql://u@h/d"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(with_encoded_password(url), expect);
        }
    }
}
