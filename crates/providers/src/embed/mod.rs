//! Embedding models.

mod forms;

pub use forms::Form;

use crate::chat::Target;
use langflow_core::capability::Embedder;
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json, JsonMap, async_trait};
use std::sync::Arc;
use std::time::Duration;

const ANSWER_BYTES: usize = 256 * 1024 * 1024;

/// Settings of an embedding model. 0 leaves the vendor's default.
#[derive(Clone, Debug)]
pub struct EmbedSettings {
    pub dimensions: u32,
    /// Texts sent in one call.
    pub batch: usize,
    /// Merged into the request body.
    pub extra: JsonMap,
    pub timeout: Duration,
    pub retries: u32,
    /// In place of the form that the vendor speaks.
    pub form: Option<Form>,
}

impl Default for EmbedSettings {
    fn default() -> Self {
        Self {
            dimensions: 0,
            batch: 1000,
            extra: JsonMap::new(),
            timeout: Duration::from_mins(2),
            retries: 3,
            form: None,
        }
    }
}

/// The embedding model behind `target`. Nothing is called yet.
pub fn connect(
    target: Target,
    settings: EmbedSettings,
    egress: Arc<dyn Egress>,
) -> Result<Arc<dyn Embedder>, Fault> {
    let name = target.profile.name;
    if target.model.trim().is_empty() {
        return Err(Fault::missing(format!("choose an embedding model of {name}")).at_field("model"));
    }
    let form = settings
        .form
        .or_else(|| Form::of(&target))
        .ok_or_else(|| Fault::unsupported(format!("{name} has no embedding models")).at_field("model"))?;
    target.check_keys(&*egress)?;
    Ok(Arc::new(Remote { target, form, settings, egress }))
}

#[derive(Debug)]
struct Remote {
    target: Target,
    form: Form,
    settings: EmbedSettings,
    egress: Arc<dyn Egress>,
}

#[async_trait]
impl Embedder for Remote {
    fn model(&self) -> &str {
        &self.target.model
    }

    async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(self.settings.batch.clamp(1, self.form.most_texts())) {
            vectors.extend(self.batch(batch).await?);
        }
        let length = vectors.first().map_or(0, Vec::len);
        if vectors.iter().any(|vector| vector.is_empty() || vector.len() != length) {
            return Err(unreadable(self.target.profile.name, "its vectors differ in length"));
        }
        Ok(vectors)
    }
}

impl Remote {
    async fn batch(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Fault> {
        let service = self.target.profile.name;
        let mut target = self.target.ready(&*self.egress).await?.into_owned();
        if self.form == Form::Ollama
            && let Some(root) = target.base_url.strip_suffix("/v1")
        {
            target.base_url = root.to_owned();
        }
        let call = self.form.call(&target, &self.settings, texts)?;
        let answer = call.send_json(&*self.egress, service, ANSWER_BYTES).await?;
        let items = match self.form {
            Form::Titan => Some(std::slice::from_ref(&answer)),
            form => answer.pointer(form.place()).and_then(Json::as_array).map(Vec::as_slice),
        };
        let items = items.ok_or_else(|| unreadable(service, "it holds no vectors"))?;
        if items.len() != texts.len() {
            return Err(unreadable(
                service,
                &format!("{} texts came back as {} vectors", texts.len(), items.len()),
            ));
        }
        let mut numbered: Vec<(u64, Vec<f32>)> = Vec::with_capacity(items.len());
        for (position, item) in items.iter().enumerate() {
            let places = ["/embedding", "/values", "/embeddings/values"];
            let vector = places.iter().find_map(|place| item.pointer(place)).unwrap_or(item);
            let place = item.get("index").and_then(Json::as_u64).unwrap_or(position as u64);
            numbered.push((place, floats(vector).ok_or_else(|| unreadable(service, "a vector is none"))?));
        }
        numbered.sort_by_key(|(place, _)| *place);
        Ok(numbered.into_iter().map(|(_, vector)| vector).collect())
    }
}

fn floats(json: &Json) -> Option<Vec<f32>> {
    json.as_array()?.iter().map(|number| number.as_f64().map(|number| number as f32)).collect()
}

fn unreadable(service: &str, why: &str) -> Fault {
    Fault::new(
        FaultKind::Unavailable,
        format!("{service} answered with something that cannot be read: {why}"),
    )
}
