//! NVIDIA Rerank.

use super::remote::{ask, objects};
use super::rerank_work::RerankFields;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

const MODELS: [&str; 3] =
    ["nv-rerank-qa-mistral-4b:1", "nvidia/llama-3.2-nv-rerankqa-1b-v2", "nvidia/nv-rerankqa-mistral-4b-v3"];
/// Where chat models are; rerankers of the hosted service are elsewhere.
const CHATS: &str = "https://integrate.api.nvidia.com";
const HOSTED: &str = "https://ai.api.nvidia.com/v1/retrieval/nvidia";

/// Puts search results in order by how well they answer the query, with a model of NVIDIA.
#[derive(Component)]
#[component(
    id = "NvidiaRerankComponent",
    class = "NvidiaRerankComponent",
    title = "NVIDIA Rerank",
    icon = "NVIDIA",
    category = "nvidia",
    module = "lfx.components.nvidia.nvidia_rerank.NvidiaRerankComponent",
    examples = EXAMPLES
)]
pub struct NvidiaRerank {
    #[input(group)]
    fields: RerankFields,
    /// The key, or the name of a variable that holds it.
    #[input(title = "NVIDIA API Key")]
    api_key: Secret,
    /// Address of the service, or of a server of your own.
    #[input(title = "Base URL", kind = Str, refresh_button, default = "https://integrate.api.nvidia.com/v1")]
    base_url: String,
    /// The model that compares.
    #[input(title = "Model", kind = Dropdown, combobox, options = MODELS, default = "nv-rerank-qa-mistral-4b:1")]
    model: String,
}

#[outputs]
impl NvidiaRerank {
    /// The best results, the best first.
    #[output(name = "reranked_documents", title = "Reranked Documents", method = "compress_documents")]
    async fn reranked_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let Some(texts) = self.fields.texts()? else { return Ok(Vec::new()) };
        let passages: Vec<Json> = texts.into_iter().map(|text| json!({ "text": text })).collect();
        let query = json!({ "text": self.fields.search_query });
        let body = json!({ "model": self.model, "query": query, "passages": passages });
        let call = Call::post(address(&self.base_url, &self.model)).bearer(&self.api_key).json(&body);
        let answer = ask(call, "NVIDIA", cx).await?;
        let ranks = objects(&answer, "/rankings")
            .into_iter()
            .map(|rank| (rank.get("index").and_then(Json::as_u64), rank.get("logit").and_then(Json::as_f64)));
        let ordered = self.fields.ordered(ranks);
        if ordered.is_empty() {
            return Err(Fault::new(FaultKind::Unavailable, "NVIDIA answered without an order"));
        }
        Ok(ordered)
    }
}

fn address(base_url: &str, model: &str) -> String {
    let base_url = base_url.trim().trim_end_matches('/');
    if !base_url.is_empty() && !base_url.starts_with(CHATS) {
        return format!("{base_url}/ranking");
    }
    // The oldest model has no place of its own; names become parts of the address.
    match model.strip_prefix("nvidia/") {
        Some(name) => format!("{HOSTED}/{}/reranking", name.replace('.', "_")),
        None => format!("{HOSTED}/reranking"),
    }
}

examples! {
    "Nothing to compare": {"search_query": "ants", "api_key": "k"} => reranked_documents: [];
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses() {
        for (base, model, url) in [
            ("", "nv-rerank-qa-mistral-4b:1", "https://ai.api.nvidia.com/v1/retrieval/nvidia/reranking"),
            (
                "https://integrate.api.nvidia.com/v1",
                "nvidia/llama-3.2-nv-rerankqa-1b-v2",
                "https://ai.api.nvidia.com/v1/retrieval/nvidia/llama-3_2-nv-rerankqa-1b-v2/reranking",
            ),
            ("http://localhost:8000/v1/", "m", "http://localhost:8000/v1/ranking"),
        ] {
            assert_eq!(address(base, model), url);
        }
    }
}
