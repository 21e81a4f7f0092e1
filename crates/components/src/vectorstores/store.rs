//! What the nodes of vector stores do: store, search, choose.

use super::{ingest, records};
use langflow_core::capability::{Embedder, Hit, VectorIndex, VectorQuery};
use langflow_core::component::DataLike;
use langflow_core::{Data, Fault, Json, JsonMap};
use serde_json::json;
use std::collections::HashSet;

/// Candidates that a diverse search chooses from, for each result.
const CANDIDATES: usize = 5;
/// Weight of likeness to the query against unlikeness to what is chosen already.
const LIKENESS: f32 = 0.5;
/// Results of a node.
const MOST_RESULTS: usize = 1_000;

/// Which of the nearest to give.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Choose {
    #[default]
    Nearest,
    /// The nearest with at least this score.
    AtLeast(f32),
    /// Near to the query, and unlike each other (maximal marginal relevance).
    Diverse,
}

/// What a node asks of its store.
#[derive(Default)]
pub struct Ask<'a> {
    pub ingest: &'a [DataLike],
    /// Leaves out texts that are there.
    pub new_only: bool,
    pub query: &'a str,
    pub limit: usize,
    pub filter: Option<Json>,
    /// Without one the store makes the vectors.
    pub embedder: Option<&'a dyn Embedder>,
    pub choose: Choose,
    /// Looks for words too, where the store can.
    pub hybrid: bool,
    /// A blank query gives some records instead of none.
    pub blank_gives_some: bool,
}

/// Stores, then searches.
pub async fn serve(ask: Ask<'_>, index: &dyn VectorIndex) -> Result<Vec<Data>, Fault> {
    if ask.new_only {
        ingest_new(ask.ingest, ask.embedder, index).await?;
    } else {
        ingest(ask.ingest, ask.embedder, index).await?;
    }
    let limit = ask.limit.clamp(1, MOST_RESULTS);
    let text = ask.query.trim();
    if text.is_empty() {
        let some = if ask.blank_gives_some { index.some(limit).await? } else { Vec::new() };
        return Ok(some.into_iter().map(data).collect());
    }
    let vector = match ask.embedder {
        Some(embedder) => embedder.embed(vec![text.to_owned()]).await?.into_iter().next(),
        None => None,
    };
    let is_diverse = ask.choose == Choose::Diverse;
    let asked = if is_diverse { (limit * CANDIDATES).clamp(20, MOST_RESULTS) } else { limit };
    let query = VectorQuery {
        vector: vector.clone(),
        text: Some(text.to_owned()),
        limit: asked,
        filter: ask.filter,
        hybrid: ask.hybrid,
        with_vectors: is_diverse,
    };
    let mut hits = index.search(query).await?;
    match (ask.choose, vector) {
        (Choose::Nearest, _) => {}
        (Choose::AtLeast(least), _) => hits.retain(|hit| hit.score >= least),
        (Choose::Diverse, Some(vector)) => hits = diverse(hits, &vector, limit, ask.embedder).await?,
        (Choose::Diverse, None) => {
            return Err(Fault::missing("the search type MMR needs an embedding model").at_field("embedding"));
        }
    }
    hits.truncate(limit);
    Ok(hits.into_iter().map(data).collect())
}

/// What a filter of a node asks of the metadata; keys and values that are empty do not count. `None`: nothing.
pub fn conditions(filter: &JsonMap) -> Option<JsonMap> {
    let is_empty = |value: &Json| matches!(value, Json::Null | Json::Bool(false)) || *value == json!("");
    let conditions = filter.iter().filter(|(key, value)| !key.is_empty() && !is_empty(value));
    let conditions: JsonMap = conditions.map(|(key, value)| (key.clone(), value.clone())).collect();
    (!conditions.is_empty()).then_some(conditions)
}

async fn ingest_new(
    items: &[DataLike],
    embedder: Option<&dyn Embedder>,
    index: &dyn VectorIndex,
) -> Result<(), Fault> {
    let ids: Vec<String> = records(items).into_iter().map(|record| record.id).collect();
    let known: HashSet<String> = index.known(ids).await?.into_iter().collect();
    super::ingest_records(
        records(items).into_iter().filter(|r| !known.contains(&r.id)).collect(),
        embedder,
        index,
    )
    .await
}

fn data(hit: Hit) -> Data {
    let mut data = JsonMap::new();
    data.insert("text".into(), json!(hit.text));
    data.extend(hit.metadata);
    Data::new(data)
}

/// Chooses among hits. Those of a store that gives no vectors are embedded once more.
async fn diverse(
    hits: Vec<Hit>,
    query: &[f32],
    limit: usize,
    embedder: Option<&dyn Embedder>,
) -> Result<Vec<Hit>, Fault> {
    let fits = |hit: &Hit| hit.vector.as_ref().is_some_and(|vector| vector.len() == query.len());
    let vectors = if hits.iter().all(fits) {
        hits.iter().filter_map(|hit| hit.vector.clone()).collect()
    } else {
        match embedder {
            Some(embedder) => embedder.embed(hits.iter().map(|hit| hit.text.clone()).collect()).await?,
            None => return Ok(hits),
        }
    };
    let order = choose_diverse(query, &vectors, limit);
    let mut hits: Vec<Option<Hit>> = hits.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|at| hits.get_mut(at).and_then(Option::take)).collect())
}

/// Maximal marginal relevance: one after the other, the candidate that is near to the query and far from those
/// chosen before it.
fn choose_diverse(query: &[f32], vectors: &[Vec<f32>], limit: usize) -> Vec<usize> {
    let near: Vec<f32> = vectors.iter().map(|vector| cosine(query, vector)).collect();
    let mut nearest_chosen = vec![f32::NEG_INFINITY; vectors.len()];
    let mut left: Vec<usize> = (0..vectors.len()).collect();
    let mut chosen = Vec::with_capacity(limit);
    while chosen.len() < limit && !left.is_empty() {
        let worth = |at: &usize| {
            let near = near.get(*at).copied().unwrap_or_default();
            let twin = nearest_chosen.get(*at).copied().unwrap_or_default();
            if chosen.is_empty() { near } else { LIKENESS * near - (1.0 - LIKENESS) * twin }
        };
        let best =
            left.iter().enumerate().max_by(|a, b| worth(a.1).total_cmp(&worth(b.1)).then(b.0.cmp(&a.0)));
        let Some((place, _)) = best else { break };
        let at = left.remove(place);
        if let Some(vector) = vectors.get(at) {
            for (twin, other) in nearest_chosen.iter_mut().zip(vectors) {
                *twin = twin.max(cosine(vector, other));
            }
        }
        chosen.push(at);
    }
    chosen
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    let length = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
    let lengths = length(a) * length(b);
    if lengths > 0.0 { dot / lengths } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_chosen_last() {
        let vectors = vec![vec![0.9, 0.436], vec![0.9, 0.43], vec![0.9, -0.436], vec![-1.0, 0.0]];
        assert_eq!(choose_diverse(&[1.0, 0.0], &vectors, 2), [1, 2]);
        assert_eq!(choose_diverse(&[1.0, 0.0], &vectors, 9).len(), 4);
        assert_eq!(choose_diverse(&[1.0, 0.0], &[], 3), Vec::<usize>::new());
    }
}
