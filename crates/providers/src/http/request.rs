//! Building calls, and turning refusals of a service into faults.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use langflow_core::fault::RemoteReply;
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Egress, Reply};
use langflow_core::{Fault, FaultKind, Json, Secret};
use std::time::Duration;

/// Error bodies are read up to this size, and shown up to [`SHOWN_BYTES`].
const ERROR_BODY_BYTES: usize = 64 * 1024;
const SHOWN_BYTES: usize = 2_000;

/// A call in the making. Faults of single parts wait until it is sent.
#[derive(Debug)]
pub struct Call {
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Bytes,
    options: CallOptions,
    fault: Option<Fault>,
}

impl Call {
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            options: CallOptions::default(),
            fault: None,
        }
    }

    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    pub fn post(url: impl Into<String>) -> Self {
        Self::new(Method::POST, url)
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn content(&self) -> &[u8] {
        &self.body
    }

    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.put(name, value, false);
        self
    }

    /// A header that holds a secret: it never prints and never crosses to another origin.
    pub fn secret_header(mut self, name: &str, value: &str) -> Self {
        self.put(name, value, true);
        self
    }

    /// `Authorization: Bearer …`; nothing for an empty secret.
    pub fn bearer(self, secret: &Secret) -> Self {
        if secret.is_empty() {
            return self;
        }
        self.secret_header("authorization", &format!("Bearer {}", secret.expose()))
    }

    /// `Authorization: Basic …`; nothing without a name.
    pub fn basic(self, username: &str, password: &Secret) -> Self {
        use base64::Engine as _;
        if username.is_empty() {
            return self;
        }
        let pair = format!("{username}:{}", password.expose());
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
        self.secret_header("authorization", &format!("Basic {encoded}"))
    }

    /// Adds to the query; values are encoded.
    pub fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        if pairs.is_empty() {
            return self;
        }
        match url::Url::parse(&self.url) {
            Ok(mut url) => {
                url.query_pairs_mut().extend_pairs(pairs);
                self.url = url.into();
            }
            Err(e) => self.fail(Fault::invalid(format!("'{}' is not a URL: {e}", self.url))),
        }
        self
    }

    pub fn json(mut self, body: &Json) -> Self {
        self.put("content-type", "application/json", false);
        self.body = body.to_string().into();
        self
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.put("content-type", content_type, false);
        self.body = body.into();
        self
    }

    fn put(&mut self, name: &str, value: &str, secret: bool) {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(secret);
                self.headers.insert(name, value);
            }
            // The value may be a secret: it is not shown.
            _ => self.fail(Fault::invalid(format!(
                "the header '{name}' holds characters that a header cannot carry"
            ))),
        }
    }

    fn fail(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Sends the call. Statuses of 400 and above are replies.
    pub async fn send(self, egress: &dyn Egress) -> Result<Reply, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let mut request = http::Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self
            .url
            .trim()
            .parse()
            .map_err(|e| Fault::invalid(format!("'{}' is not a URL: {e}", self.url)))?;
        *request.headers_mut() = self.headers;
        egress.send(request, self.options).await
    }

    /// Sends the call; statuses of 400 and above become faults that name `service`.
    pub async fn send_ok(self, egress: &dyn Egress, service: &str) -> Result<Reply, Fault> {
        let reply = self.send(egress).await?;
        if reply.status.is_success() { Ok(reply) } else { Err(remote_fault(service, reply).await) }
    }

    /// Sends the call and reads JSON of at most `limit` bytes.
    pub async fn send_json(self, egress: &dyn Egress, service: &str, limit: usize) -> Result<Json, Fault> {
        let body = self.send_ok(egress, service).await?.bytes(limit).await?;
        serde_json::from_slice(&body).map_err(|e| {
            Fault::new(
                FaultKind::Unavailable,
                format!("{service} answered with something that is not JSON: {e}"),
            )
        })
    }
}

/// The fault for a refusing reply; reads its body.
pub async fn remote_fault(service: &str, reply: Reply) -> Fault {
    let status = reply.status;
    let request_id = ["x-request-id", "request-id", "apim-request-id"]
        .iter()
        .find_map(|name| reply.headers.get(*name)?.to_str().ok().map(str::to_owned));
    let wait = reply
        .headers
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok())
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let body = reply.bytes(ERROR_BODY_BYTES).await.unwrap_or_default();
    let body = shorten(String::from_utf8_lossy(&body).trim());
    let said = explanation(&body);
    let (kind, what) = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            (FaultKind::Unauthorised, "does not accept the credential")
        }
        StatusCode::NOT_FOUND => (FaultKind::Missing, "does not know what was asked for"),
        StatusCode::TOO_MANY_REQUESTS => (FaultKind::RateLimited, "asks to slow down"),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => (FaultKind::Timeout, "gave up waiting"),
        s if s.is_server_error() => (FaultKind::Unavailable, "failed on its side"),
        _ => (FaultKind::Invalid, "refused the request"),
    };
    let colon = if said.is_empty() { "" } else { ": " };
    let mut fault = Fault::new(kind, format!("{service} {what} ({}){colon}{said}", status.as_u16()))
        .with_reply(RemoteReply { status: status.as_u16(), request_id, body });
    if let Some(wait) = wait {
        fault = fault.retry_after(wait);
    }
    fault
}

/// The sentence inside an error body, in the shapes the services use; else the body itself.
fn explanation(body: &str) -> String {
    let Ok(json) = serde_json::from_str::<Json>(body) else {
        return if body.starts_with('<') { String::new() } else { body.to_owned() };
    };
    let json = json.get(0).cloned().unwrap_or(json);
    for pointer in [
        "/error/message",
        "/message",
        "/error",
        "/detail",
        "/detail/0/msg",
        "/errors/0/message",
        "/errors/0/msg",
        "/messages/0",
        "/title",
    ] {
        if let Some(text) = json.pointer(pointer).and_then(Json::as_str) {
            return text.to_owned();
        }
    }
    body.to_owned()
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN_BYTES) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
