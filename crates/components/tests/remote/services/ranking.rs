//! Services that put texts in order.

use super::{Case, case};
use langflow_core::Json;
use serde_json::json;

pub fn cases() -> Vec<Case> {
    let texts = json!({"$list": [{"$data": {"text": "bees", "n": 1}}, {"$data": {"text": "ants", "n": 2}}]});
    let both = |fields: Json| {
        let mut fields = fields;
        fields["search_results"] = texts.clone();
        fields["search_query"] = json!("ants");
        fields
    };
    vec![
        case(
            "CohereRerank",
            "reranked_documents",
            both(json!({"api_key": "secret-key", "top_n": 1})),
            vec![(
                "https://api.cohere.com/v2/rerank",
                json!({"results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}]}),
            )],
            &[
                "authorization\": Sensitive",
                "\"query\":\"ants\"",
                "\"documents\":[\"bees\",\"ants\"]",
                "\"top_n\":1",
            ],
            json!([{"text": "ants", "n": 2, "relevance_score": 0.9}]),
        ),
        case(
            "NvidiaRerankComponent",
            "reranked_documents",
            both(json!({"api_key": "secret-key", "model": "nv-rerank-qa-mistral-4b:1"})),
            vec![(
                "https://ai.api.nvidia.com/v1/retrieval/nvidia/reranking",
                json!({"rankings": [{"index": 1, "logit": 3.5}, {"index": 0, "logit": -2.0}]}),
            )],
            &["\"query\":{\"text\":\"ants\"}", "\"passages\":[{\"text\":\"bees\"},{\"text\":\"ants\"}]"],
            json!([{"text": "ants", "relevance_score": 3.5}, {"text": "bees", "relevance_score": -2.0}]),
        ),
    ]
}
