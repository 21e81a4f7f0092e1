//! Vectara, by version 2 of its interface. It makes the vectors itself.

use super::{json_of, text_of, url_of};
use crate::http::Call;
use futures::future::try_join_all;
use http::Method;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const SERVICE: &str = "Vectara";
/// Where the service is.
pub const ROOT: &str = "https://api.vectara.io/v2";
/// Generated answers take their time.
const TIMEOUT: Duration = Duration::from_mins(2);
/// Documents that are sent at the same time.
const AT_ONCE: usize = 8;
/// Sentences around a found one that are given with it.
const CONTEXT_SENTENCES: u32 = 2;
/// Corpora of one page, and pages that are looked through for a number.
const PAGE: &str = "100";
const MOST_PAGES: usize = 50;

/// A corpus.
#[derive(Clone, Debug)]
pub struct VectaraCorpus {
    /// [`ROOT`], or another address with the same interface.
    pub base_url: String,
    pub customer: String,
    /// Its key, or the number by which version 1 of the interface named it.
    pub corpus: String,
    pub key: Secret,
    pub egress: Arc<dyn Egress>,
}

/// How found texts are ordered anew.
#[derive(Clone, Debug, PartialEq)]
pub enum Rerank {
    None,
    /// Texts unlike each other; the bias is between 0 and 1.
    Diverse {
        bias: f64,
    },
    /// By a model of Vectara for many languages.
    Multilingual,
}

/// A question that Vectara answers from the texts of a corpus.
#[derive(Clone, Debug)]
pub struct Question {
    pub text: String,
    /// Weight of words against meaning, between 0 and 1.
    pub lexical: f64,
    /// A condition in the language of the service.
    pub filter: String,
    pub rerank: Rerank,
    /// Texts that are found before they are ordered anew.
    pub found: usize,
    /// Texts that the answer may use.
    pub used: usize,
    pub language: String,
    pub preset: String,
}

impl VectaraCorpus {
    fn call(&self, method: Method, path: &[&str]) -> Result<Call, Fault> {
        let call = Call::new(method, url_of(&self.base_url, path)?)
            .secret_header("x-api-key", self.key.expose())
            .timeout(TIMEOUT);
        Ok(if self.customer.is_empty() { call } else { call.header("customer-id", &self.customer) })
    }

    async fn send(&self, call: Call) -> Result<Json, Fault> {
        json_of(call, &*self.egress, SERVICE).await
    }

    /// The key of the corpus. Flows of older days hold its number, which only the list of corpora still tells.
    async fn corpus_key(&self) -> Result<String, Fault> {
        if self.corpus.is_empty() || !self.corpus.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(self.corpus.clone());
        }
        let id = format!("crp_{}", self.corpus);
        let mut page = String::new();
        for _ in 0..MOST_PAGES {
            let mut call = self.call(Method::GET, &["corpora"])?.query(&[("limit", PAGE)]);
            if !page.is_empty() {
                call = call.query(&[("page_key", &page)]);
            }
            let list = self.send(call).await?;
            let corpora = list.get("corpora").and_then(Json::as_array);
            let found = corpora.into_iter().flatten().find(|corpus| text_of(corpus.get("id")) == id);
            if let Some(corpus) = found {
                return Ok(text_of(corpus.get("key")));
            }
            page = text_of(list.pointer("/metadata/page_key"));
            if page.is_empty() {
                break;
            }
        }
        Ok(self.corpus.clone())
    }

    async fn query(&self, body: &Json) -> Result<Json, Fault> {
        let corpus = self.corpus_key().await?;
        self.send(self.call(Method::POST, &["corpora", &corpus, "query"])?.json(body)).await
    }

    async fn remove(&self, corpus: &str, id: &str) -> Result<(), Fault> {
        match self.send(self.call(Method::DELETE, &["corpora", corpus, "documents", id])?).await {
            Err(fault) if fault.kind() != FaultKind::Missing => Err(fault),
            _ => Ok(()),
        }
    }

    /// Stores a document; one with the same id is replaced.
    async fn put(&self, corpus: &str, record: &VectorRecord) -> Result<(), Fault> {
        let path = ["corpora", corpus, "documents"];
        let document = json!({
            "id": record.id,
            "type": "core",
            "document_parts": [{ "text": record.text, "metadata": record.metadata }],
        });
        match self.send(self.call(Method::POST, &path)?.json(&document)).await {
            Err(fault) if fault.reply().is_some_and(|reply| reply.status == 409) => {}
            made => return made.map(drop),
        }
        self.remove(corpus, &record.id).await?;
        self.send(self.call(Method::POST, &path)?.json(&document)).await.map(drop)
    }

    /// The answer to a question, made from what is found.
    ///
    /// # Errors
    /// What the service refuses; `Unavailable` where it gave no answer.
    pub async fn answer(&self, question: &Question) -> Result<String, Fault> {
        let reranker = match question.rerank {
            Rerank::None => json!({ "type": "none" }),
            Rerank::Diverse { bias } => json!({ "type": "mmr", "diversity_bias": bias.clamp(0.0, 1.0) }),
            Rerank::Multilingual => {
                json!({ "type": "customer_reranker", "reranker_name": "Rerank_Multilingual_v1" })
            }
        };
        let mut search = json!({
            "limit": question.found,
            "lexical_interpolation": question.lexical.clamp(0.0, 1.0),
            "context_configuration": context(),
            "reranker": reranker,
        });
        if let (Some(search), false) = (search.as_object_mut(), question.filter.trim().is_empty()) {
            search.insert("metadata_filter".into(), json!(question.filter));
        }
        let body = json!({
            "query": question.text,
            "stream_response": false,
            "search": search,
            "generation": {
                "generation_preset_name": question.preset,
                "max_used_search_results": question.used,
                "response_language": question.language,
            },
        });
        let answer = self.query(&body).await?;
        match answer.get("summary").and_then(Json::as_str) {
            Some(summary) => Ok(summary.to_owned()),
            None => Err(super::unreadable(SERVICE, "there is no answer in it")),
        }
    }
}

fn context() -> Json {
    json!({ "sentences_before": CONTEXT_SENTENCES, "sentences_after": CONTEXT_SENTENCES })
}

fn hit(result: &Json) -> Hit {
    let map = |key: &str| result.get(key).and_then(Json::as_object).cloned().unwrap_or_default();
    let mut metadata: JsonMap = map("part_metadata");
    metadata.extend(map("document_metadata"));
    Hit {
        id: text_of(result.get("document_id")),
        text: text_of(result.get("text")),
        metadata,
        score: result.get("score").and_then(Json::as_f64).unwrap_or_default() as f32,
        vector: None,
    }
}

#[async_trait]
impl VectorIndex for VectaraCorpus {
    /// One document for each text, so that each can be replaced by itself; the service takes one at a time.
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        if records.is_empty() {
            return Ok(());
        }
        let corpus = self.corpus_key().await?;
        for few in records.chunks(AT_ONCE) {
            try_join_all(few.iter().map(|record| self.put(&corpus, record))).await?;
        }
        Ok(())
    }

    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let search = json!({ "limit": query.limit, "context_configuration": context() });
        let body = json!({ "query": query.text.unwrap_or_default(), "search": search });
        let found = self.query(&body).await?;
        Ok(found.get("search_results").and_then(Json::as_array).into_iter().flatten().map(hit).collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        let corpus = self.corpus_key().await?;
        for id in ids {
            self.remove(&corpus, &id).await?;
        }
        Ok(())
    }
}
