//! Embedding models.

use crate::{Fault, async_trait};
use std::fmt::Debug;

/// Turns texts into vectors.
#[async_trait]
pub trait Embedder: Debug + Send + Sync {
    /// Name of the model, for records and messages.
    fn model(&self) -> &str;

    /// One vector per text, in order. All vectors of one embedder have the same length.
    async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault>;
}
