//! Fetching documents as text.

use encoding_rs::Encoding;
use langflow_core::run::Cx;
use langflow_core::run::ports::{CallOptions, PageLimits};
use langflow_core::{Fault, FaultKind};
use langflow_providers::http::Call;
use std::time::Duration;

/// How browsers of old name themselves; many servers send nothing to unknown names.
pub const USER_AGENT: &str = concat!("Mozilla/5.0 (compatible; langflow-rs/", env!("CARGO_PKG_VERSION"), ")");

/// A fetched document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub status: u16,
    /// The URL that answered, after redirects.
    pub url: String,
    /// Without parameters, in lower case.
    pub content_type: String,
    pub text: String,
    pub size_bytes: usize,
}

/// How to fetch.
#[derive(Clone, Debug)]
pub struct Fetch {
    pub timeout: Duration,
    pub follow_redirects: bool,
    pub headers: Vec<(String, String)>,
    /// A larger document is refused.
    pub max_bytes: usize,
}

impl Fetch {
    /// Within `seconds` (at least one), following redirects.
    pub fn within(seconds: i64) -> Self {
        Self {
            timeout: Duration::from_secs(u64::try_from(seconds).unwrap_or_default().max(1)),
            follow_redirects: true,
            headers: Vec::new(),
            max_bytes: PageLimits::default().page_bytes,
        }
    }

    /// Gets a document.
    pub async fn get(&self, url: &str, cx: &Cx) -> Result<Document, Fault> {
        let mut call = Call::get(url).options(CallOptions {
            timeout: self.timeout,
            retries: 1,
            follow_redirects: self.follow_redirects,
            accept_invalid_certs: false,
        });
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("user-agent")) {
            call = call.header("user-agent", USER_AGENT);
        }
        for (name, value) in &self.headers {
            call = call.header(name, value);
        }
        let reply = call.send(&*cx.egress()).await?;
        let (status, answered) = (reply.status.as_u16(), reply.url.clone());
        let content_type = reply
            .headers
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let body = reply.bytes(self.max_bytes).await?;
        if is_binary(&body, &content_type) {
            return Err(no_text(&answered, &content_type));
        }
        Ok(Document {
            status,
            url: answered,
            text: decode(&body, &content_type),
            size_bytes: body.len(),
            content_type: content_type.split(';').next().unwrap_or_default().trim().to_owned(),
        })
    }
}

/// Text of a body: by its byte order mark, its header, its own meta element, else UTF-8.
pub fn decode(body: &[u8], content_type: &str) -> String {
    let declared = parameter(content_type, "charset").or_else(|| {
        let head = String::from_utf8_lossy(body.get(..body.len().min(2048)).unwrap_or_default())
            .to_ascii_lowercase();
        head.find("charset=").map(|at| {
            let rest = head.get(at + 8..).unwrap_or_default().trim_start_matches(['"', '\'']);
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
        })
    });
    let encoding =
        declared.and_then(|label| Encoding::for_label(label.as_bytes())).unwrap_or(encoding_rs::UTF_8);
    encoding.decode(body).0.into_owned()
}

/// Whether a body is a picture, an archive or the like: it holds bytes that no text has.
pub fn is_binary(body: &[u8], content_type: &str) -> bool {
    let is_wide = || parameter(content_type, "charset").is_some_and(|label| label.starts_with("utf-16"));
    body.contains(&0) && Encoding::for_bom(body).is_none() && !is_wide()
}

/// The fault of a binary body where a text was wanted.
pub fn no_text(url: &str, content_type: &str) -> Fault {
    let kind = if content_type.is_empty() { "binary data" } else { content_type };
    Fault::invalid(format!("{url} answered with {kind}, which is not a text"))
}

fn parameter(content_type: &str, name: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Runs work that keeps a processor busy away from the tasks that wait for the network.
pub async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Fault::new(FaultKind::Bug, "reading a document failed").with_source(e))
}

/// A URL with its scheme; `https` where none is written.
pub fn normalise(text: &str) -> Result<url::Url, Fault> {
    let text = text.trim();
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    match url::Url::parse(&full) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(plausible) => {
            Ok(url)
        }
        _ => Err(Fault::invalid(format!("'{text}' is not a valid URL"))),
    }
}

fn plausible(host: &str) -> bool {
    !host.is_empty() && !host.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_as_declared() {
        for (body, content_type, expect) in [
            ("grün".as_bytes(), "text/html", "grün"),
            (b"gr\xfcn", "text/html; charset=ISO-8859-1", "grün"),
            (b"<meta charset=\"latin1\">gr\xfcn", "text/html", "<meta charset=\"latin1\">grün"),
            (b"\xef\xbb\xbfx", "text/plain; charset=latin1", "x"),
            (b"gr\xfcn", "text/html; charset=nonsense", "gr\u{fffd}n"),
        ] {
            assert_eq!(decode(body, content_type), expect, "{content_type}");
        }
    }

    #[test]
    fn binary_bodies_are_told_from_texts() {
        for (body, content_type, expect) in [
            (&b"\x89PNG\r\n\0\0"[..], "image/png", true),
            (b"a\0b", "text/html", true),
            (b"gr\xfcn", "text/html", false),
            (b"\xff\xfea\0", "text/plain", false),
            (b"a\0", "text/plain; charset=utf-16le", false),
            (b"", "", false),
        ] {
            assert_eq!(is_binary(body, content_type), expect, "{body:?} {content_type}");
        }
    }

    #[test]
    fn urls_get_a_scheme() {
        for (text, expect) in [
            ("example.com", Some("https://example.com/")),
            (" http://example.com/a ", Some("http://example.com/a")),
            ("example.com:8080/a?b", Some("https://example.com:8080/a?b")),
            ("ftp://example.com", None),
            ("not a url", None),
            ("", None),
            ("https://", None),
        ] {
            assert_eq!(normalise(text).ok().map(String::from).as_deref(), expect, "{text}");
        }
    }
}
