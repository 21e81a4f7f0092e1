//! Vector stores over HTTP.

pub mod astra;
pub mod chroma;
pub mod milvus;
pub mod pinecone;
pub mod qdrant;
pub mod search_engine;
pub mod supabase;
pub mod upstash;
pub mod weaviate;

use crate::http::Call;
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json};

/// The largest answer of a vector store.
const ANSWER_BYTES: usize = 64 * 1024 * 1024;

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
fn needs_vector(vector: Option<Vec<f32>>, service: &str) -> Result<Vec<f32>, Fault> {
    vector.ok_or_else(|| {
        Fault::missing(format!("{service} searches by vector: connect an embedding model"))
            .at_field("embedding")
    })
}
