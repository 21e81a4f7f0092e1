//! A web in memory: URLs and what they answer.

use crate::fake_model::FakeModel;
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
    /// A real server on this machine that can be reached too: its root and a client for it.
    beside: Option<(String, reqwest::Client)>,
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

    /// Lets calls to `server` pass.
    ///
    /// # Panics
    /// No HTTP client can be made.
    #[expect(clippy::expect_used, reason = "a test without a client fails")]
    pub fn beside(mut self, server: &FakeModel) -> Self {
        // The client wants one, though it never speaks TLS. Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        #[expect(clippy::disallowed_methods, reason = "the client talks to a server of the test")]
        let client = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        self.beside = Some((server.root_url(), client));
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
        if let Some((root, client)) = &self.beside
            && url.starts_with(root)
        {
            return pass(client, request, url).await;
        }
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
            // As the real door, without the query: some services take their key there.
            let place = url.split('?').next().unwrap_or_default();
            return Err(Fault::new(FaultKind::Unavailable, format!("{place} cannot be reached")));
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

/// Sends the request to a real server.
async fn pass(client: &reqwest::Client, request: http::Request<Bytes>, url: String) -> Result<Reply, Fault> {
    let (parts, body) = request.into_parts();
    let sent = client.request(parts.method, &url).headers(parts.headers).body(body).send().await;
    let reply = sent.map_err(|e| Fault::new(FaultKind::Unavailable, e.to_string()))?;
    let broken = |e: reqwest::Error| Fault::new(FaultKind::Unavailable, e.to_string());
    Ok(Reply {
        status: reply.status(),
        headers: reply.headers().clone(),
        url,
        body: reply.bytes_stream().map(move |piece| piece.map_err(broken)).boxed(),
    })
}
