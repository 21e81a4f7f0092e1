//! Embedding Similarity.

use langflow_core::prelude::*;
use serde_json::json;

choice! {
    /// How two vectors are compared.
    pub enum Metric {
        Cosine = "Cosine Similarity", Euclidean = "Euclidean Distance", Manhattan = "Manhattan Distance",
    }
}

/// Tells how alike two vectors are.
#[derive(Component)]
#[component(
    id = "EmbeddingSimilarityComponent",
    class = "EmbeddingSimilarityComponent",
    title = "Embedding Similarity",
    icon = "equal",
    category = "embeddings",
    module = "lfx.components.embeddings.similarity.EmbeddingSimilarityComponent",
    legacy,
    replacement = ["datastax.AstraDB"],
    examples = EXAMPLES
)]
pub struct EmbeddingSimilarity {
    /// Two pieces of data with a vector in each.
    #[input(title = "Embedding Vectors", required)]
    embedding_vectors: Vec<Data>,
    /// How they are compared.
    #[input(title = "Similarity Metric", default = Metric::Cosine)]
    similarity_metric: Metric,
}

#[outputs]
impl EmbeddingSimilarity {
    /// Both vectors and what the comparison gave.
    #[output(name = "similarity_data", title = "Similarity Data", method = "compute_similarity")]
    async fn compute_similarity(&self, _cx: &Cx) -> Result<Data, Fault> {
        let [first, second] = self.embedding_vectors.as_slice() else {
            return Err(Fault::invalid("exactly two vectors are compared").at_field("embedding_vectors"));
        };
        let (a, b) = (vector(first)?, vector(second)?);
        let score = if a.len() == b.len() {
            self.score(&a, &b)
        } else {
            json!({ "error": "Embeddings must have the same dimensions." })
        };
        Ok(Data::from_json(json!({ "embedding_1": a, "embedding_2": b, "similarity_score": score })))
    }
}

impl EmbeddingSimilarity {
    fn score(&self, a: &[f64], b: &[f64]) -> Json {
        let pairs = || a.iter().zip(b);
        let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        match self.similarity_metric {
            Metric::Cosine => {
                let lengths = length(a) * length(b);
                let dot: f64 = pairs().map(|(x, y)| x * y).sum();
                json!({ "cosine_similarity": if lengths > 0.0 { dot / lengths } else { 0.0 } })
            }
            Metric::Euclidean => {
                json!({ "euclidean_distance": pairs().map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt() })
            }
            Metric::Manhattan => {
                json!({ "manhattan_distance": pairs().map(|(x, y)| (x - y).abs()).sum::<f64>() })
            }
        }
    }
}

fn vector(data: &Data) -> Result<Vec<f64>, Fault> {
    let numbers = data.data.get("embeddings").and_then(Json::as_array);
    numbers
        .and_then(|numbers| numbers.iter().map(Json::as_f64).collect::<Option<Vec<_>>>())
        .filter(|numbers| !numbers.is_empty())
        .ok_or_else(|| {
            Fault::invalid("the data has no vector under 'embeddings'").at_field("embedding_vectors")
        })
}

examples! {
    "Alike": {"embedding_vectors": {"$list": [{"$data": {"embeddings": [3, 4]}}, {"$data": {"embeddings": [6, 8]}}]}}
        => similarity_data: {"embedding_1": [3.0, 4.0], "embedding_2": [6.0, 8.0], "similarity_score": {"cosine_similarity": 1.0}};
    "Far": {"similarity_metric": "Euclidean Distance", "embedding_vectors": {"$list": [{"$data": {"embeddings": [0, 0]}}, {"$data": {"embeddings": [3, 4]}}]}}
        => similarity_data: {"embedding_1": [0.0, 0.0], "embedding_2": [3.0, 4.0], "similarity_score": {"euclidean_distance": 5.0}};
    "One alone": {"embedding_vectors": {"$data": {"embeddings": [1]}}} => fails "exactly two";
}
