//! Cohere Rerank.

use super::remote::{ask, objects};
use super::rerank_work::RerankFields;
use langflow_core::prelude::*;
use langflow_providers::http::Call;
use serde_json::json;

const MODELS: [&str; 5] = [
    "rerank-v3.5",
    "rerank-english-v3.0",
    "rerank-multilingual-v3.0",
    "rerank-english-v2.0",
    "rerank-multilingual-v2.0",
];

/// Puts search results in order by how well they answer the query, with a model of Cohere.
#[derive(Component)]
#[component(
    id = "ext:cohere:CohereRerankComponent@official",
    aliases = ["CohereRerank"],
    class = "CohereRerankComponent",
    title = "Cohere Rerank",
    icon = "Cohere",
    category = "cohere",
    module = "lfx.components.cohere.cohere_rerank.CohereRerankComponent",
    examples = EXAMPLES
)]
pub struct CohereRerank {
    #[input(group)]
    fields: RerankFields,
    /// The key, or the name of a variable that holds it.
    #[input(title = "Cohere API Key")]
    api_key: Secret,
    /// The model that compares.
    #[input(title = "Model", kind = Dropdown, combobox, options = MODELS, default = "rerank-english-v3.0")]
    model: String,
}

#[outputs]
impl CohereRerank {
    /// The best results, the best first.
    #[output(name = "reranked_documents", title = "Reranked Documents", method = "compress_documents")]
    async fn reranked_documents(&self, cx: &Cx) -> Result<Vec<Data>, Fault> {
        let Some(texts) = self.fields.texts()? else { return Ok(Vec::new()) };
        let body = json!({
            "model": self.model, "query": self.fields.search_query, "documents": texts, "top_n": self.fields.top_n.max(1),
        });
        let call = Call::post("https://api.cohere.com/v2/rerank").bearer(&self.api_key).json(&body);
        let answer = ask(call, "Cohere", cx).await?;
        let ranks = objects(&answer, "/results").into_iter().map(|rank| {
            (rank.get("index").and_then(Json::as_u64), rank.get("relevance_score").and_then(Json::as_f64))
        });
        let ordered = self.fields.ordered(ranks);
        if ordered.is_empty() {
            return Err(Fault::new(FaultKind::Unavailable, "Cohere answered without an order"));
        }
        Ok(ordered)
    }
}

examples! {
    "Nothing to compare": {"search_query": "ants", "api_key": "k"} => reranked_documents: [];
    "No query": {"search_results": {"$data": {"text": "x"}}, "api_key": "k"} => reranked_documents: [];
}
