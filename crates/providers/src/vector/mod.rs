//! Vector stores over HTTP.

pub mod astra;
pub mod chroma;
pub mod clickhouse;
pub mod couchbase;
pub mod milvus;
pub mod pinecone;
pub mod qdrant;
pub mod search_engine;
pub mod supabase;
pub mod upstash;
pub mod vectara;
pub mod weaviate;

use crate::http::Call;
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json};

/// The largest answer of a vector store.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The longest name of a table, a bucket and the like.
const MOST_NAME_BYTES: usize = 256;

/// A vector in an answer; some services write it as text.
fn floats(json: Option<&Json>) -> Option<Vec<f32>> {
    match json? {
        Json::Array(numbers) => {
            Some(numbers.iter().map(|number| number.as_f64().unwrap_or_default() as f32).collect())
        }
        Json::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// A text, or what else stands there as text.
fn text_of(json: Option<&Json>) -> String {
    match json {
        Some(Json::String(text)) => text.clone(),
        None | Some(Json::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// `root` with more segments of the path, each encoded.
fn url_of(root: &str, segments: &[&str]) -> Result<String, Fault> {
    let wrong = || Fault::invalid(format!("'{root}' is not a URL of a server"));
    let mut url = url::Url::parse(root.trim()).map_err(|error| wrong().with_source(error))?;
    url.path_segments_mut().map_err(|()| wrong())?.pop_if_empty().extend(segments);
    Ok(url.into())
}

/// A name that is going to stand quoted in a statement: not blank, not long, nothing that cannot be seen.
fn check_name<'a>(name: &'a str, field: &str) -> Result<&'a str, Fault> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Fault::missing("a name is needed here").at_field(field));
    }
    if name.len() > MOST_NAME_BYTES || name.chars().any(char::is_control) {
        return Err(
            Fault::invalid("this is no name: it is too long or holds control characters").at_field(field)
        );
    }
    Ok(name)
}

/// Sends a call and reads its answer; an empty one is null.
async fn json_of(call: Call, egress: &dyn Egress, service: &str) -> Result<Json, Fault> {
    let body = call.send_ok(egress, service).await?.bytes(ANSWER_BYTES).await?;
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Json::Null);
    }
    serde_json::from_slice(&body).map_err(|error| unreadable(service, &error.to_string()))
}

fn unreadable(service: &str, why: &str) -> Fault {
    Fault::new(
        FaultKind::Unavailable,
        format!("{service} answered with something that is not understood: {why}"),
    )
}

/// The vector of a query, for services that search by vector alone.
pub(crate) fn needs_vector(vector: Option<Vec<f32>>, service: &str) -> Result<Vec<f32>, Fault> {
    vector.ok_or_else(|| {
        Fault::missing(format!("{service} searches by vector: connect an embedding model"))
            .at_field("embedding")
    })
}
