//! A web in memory: URLs and what they answer.

use bytes::Bytes;
use futures::StreamExt as _;
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Egress, Reply};
use langflow_core::{Fault, FaultKind, async_trait};
use std::sync::{Mutex, PoisonError};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub url: String,
    pub headers: http::HeaderMap,
    pub body: String,
}

/// Answers by the longest known prefix of the URL. Unknown places cannot be reached.
#[derive(Debug, Default)]
pub struct Pages {
    known: Vec<(String, u16, &'static str, String)>,
    asked: Mutex<Vec<Asked>>,
}

impl Pages {
    pub fn new() -> Self {
        Self::default()
    }

    /// A page of HTML at every URL that begins so.
    pub fn page(self, prefix: &str, html: impl Into<String>) -> Self {
        self.answer(prefix, 200, "text/html; charset=utf-8", html)
    }

    pub fn json(self, prefix: &str, json: &serde_json::Value) -> Self {
        self.answer(prefix, 200, "application/json", json.to_string())
    }

    pub fn answer(
        mut self,
        prefix: &str,
        status: u16,
        content_type: &'static str,
        body: impl Into<String>,
    ) -> Self {
        self.known.push((prefix.to_owned(), status, content_type, body.into()));
        self
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Egress for Pages {
    async fn send(&self, request: http::Request<Bytes>, _options: CallOptions) -> Result<Reply, Fault> {
        let url = request.uri().to_string();
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(Asked {
            method: request.method().to_string(),
            url: url.clone(),
            headers: request.headers().clone(),
            body: String::from_utf8_lossy(request.body()).into_owned(),
        });
        let found = self
            .known
            .iter()
            .filter(|(prefix, ..)| url.starts_with(prefix))
            .max_by_key(|(prefix, ..)| prefix.len());
        let Some((_, status, content_type, body)) = found else {
            return Err(Fault::new(FaultKind::Unavailable, format!("{url} cannot be reached")));
        };
        let mut headers = http::HeaderMap::new();
        headers.insert("content-type", http::HeaderValue::from_static(content_type));
        let body = Bytes::from(body.clone());
        Ok(Reply {
            status: http::StatusCode::from_u16(*status).unwrap_or_default(),
            headers,
            url,
            body: futures::stream::iter([Ok(body)]).boxed(),
        })
    }
}
