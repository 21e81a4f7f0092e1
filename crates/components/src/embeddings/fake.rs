//! Fake Embeddings.

use langflow_core::prelude::*;
use sha2::{Digest as _, Sha256};

/// Longest vector.
const MOST_DIMENSIONS: usize = 8_192;

/// Makes vectors that mean nothing, to try a flow without a provider.
///
/// Equal texts have equal vectors.
#[derive(Component)]
#[component(
    id = "LangChainFakeEmbeddings",
    aliases = ["FakeEmbeddingsComponent"],
    class = "FakeEmbeddingsComponent",
    title = "Fake Embeddings",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.fake_embeddings.FakeEmbeddingsComponent"
)]
pub struct FakeEmbeddings {
    /// Length of the vectors.
    #[input(title = "Dimensions", default = 5)]
    dimensions: usize,
}

#[outputs]
impl FakeEmbeddings {
    /// The model, for components that need vectors.
    #[output(name = "embeddings", title = "Embedding Model")]
    async fn build_embeddings(&self, _cx: &Cx) -> Result<Arc<dyn Embedder>, Fault> {
        if self.dimensions == 0 || self.dimensions > MOST_DIMENSIONS {
            let why = format!("vectors have 1 to {MOST_DIMENSIONS} dimensions");
            return Err(Fault::invalid(why).at_field("dimensions"));
        }
        Ok(Arc::new(Fake { dimensions: self.dimensions }))
    }
}

#[derive(Debug)]
struct Fake {
    dimensions: usize,
}

#[async_trait]
impl Embedder for Fake {
    fn model(&self) -> &'static str {
        "fake"
    }

    async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        Ok(texts.iter().map(|text| vector(text, self.dimensions)).collect())
    }
}

/// Numbers between -1 and 1 that depend on the text alone.
fn vector(text: &str, dimensions: usize) -> Vec<f32> {
    let mut numbers = Vec::with_capacity(dimensions);
    let mut round = 0_u32;
    while numbers.len() < dimensions {
        let digest = Sha256::new().chain_update(round.to_le_bytes()).chain_update(text).finalize();
        numbers.extend(digest.iter().map(|byte| f32::from(*byte) / 127.5 - 1.0));
        round += 1;
    }
    numbers.truncate(dimensions);
    numbers
}

#[cfg(test)]
mod tests {
    use super::vector;

    #[test]
    fn equal_texts_have_equal_vectors() {
        assert_eq!(vector("a", 100), vector("a", 100));
        assert_ne!(vector("a", 5), vector("b", 5));
        assert!(vector("a", 100).iter().all(|x| x.abs() <= 1.0));
    }
}
