//! The editor's files: embedded in the binary, or from the folder of `--frontend-path`.
//!
//! A file is served with its precompressed twin where the browser takes it. Any other address is a page of the
//! editor, which routes by itself: the answer is `index.html`, never stored, so that an updated server is seen at
//! once. Files under `static/` carry a hash in their name and are kept for ever; a missing one is a 404, because a
//! page in its place would look like a broken script.

use crate::AppState;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

const INDEX: &str = "index.html";

/// Scripts, styles and data come from this server alone. Components of the editor set styles inline.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; \
    object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

/// As [`POLICY`], but other sites may frame it: the public playground, which has no session and shows nothing of
/// anybody's but what its owner published.
const FRAMED_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; \
    object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors *";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Langflow</title>\
    <p>The server runs, but the editor was not built into it. The API is at <code>/api/v1</code>.</p>\
    <p>To build the editor: <code>npm ci --ignore-scripts &amp;&amp; npm run build</code> in <code>web/</code>, \
    then build the server again.</p>";

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
struct Embedded;

/// Where the files are.
enum Source<'a> {
    Embedded,
    Folder(&'a Path),
}

impl Source<'_> {
    async fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Embedded => Embedded::get(path).map(|file| file.data),
            Self::Folder(folder) => {
                let file = inside(folder, path)?;
                tokio::fs::read(file).await.ok().map(Cow::Owned)
            }
        }
    }
}

/// The path below the folder; nothing that climbs out of it.
fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path);
    let is_plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    (is_plain && !path.is_empty()).then(|| folder.join(relative))
}

/// The answer to a GET that no endpoint took.
pub async fn serve_page(app: &AppState, path: &str, headers: &HeaderMap) -> Response {
    if app.settings.http.backend_only {
        return (StatusCode::NOT_FOUND, axum::Json(serde_json::json!({"detail": "Not Found"})))
            .into_response();
    }
    let source = match &app.settings.paths.frontend {
        Some(folder) => Source::Folder(folder),
        None => Source::Embedded,
    };
    answer(&source, path, headers).await
}

async fn answer(source: &Source<'_>, path: &str, headers: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    let is_file = !path.is_empty() && path != INDEX && !path.ends_with(".br") && !path.ends_with(".gz");
    if is_file && let Some(response) = file(source, path, headers).await {
        return response;
    }
    if path.starts_with("static/") {
        return (StatusCode::NOT_FOUND, "Not Found").into_response();
    }
    match file(source, INDEX, headers).await {
        Some(mut response) => {
            if path.starts_with("playground/") {
                let policy = HeaderValue::from_static(FRAMED_POLICY);
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        None => page(StatusCode::NOT_FOUND, Body::from(NOT_BUILT)),
    }
}

async fn file(source: &Source<'_>, path: &str, headers: &HeaderMap) -> Option<Response> {
    for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if !accepts(headers, encoding) {
            continue;
        }
        if let Some(bytes) = source.read(&format!("{path}{suffix}")).await {
            let mut response = plain(path, bytes);
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            return Some(response);
        }
    }
    source.read(path).await.map(|bytes| plain(path, bytes))
}

fn plain(path: &str, bytes: Cow<'static, [u8]>) -> Response {
    let body = match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    if path == INDEX {
        return page(StatusCode::OK, body);
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = HeaderValue::from_str(kind.as_ref())
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let keep = if path.starts_with("static/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=3600"
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn page(status: StatusCode, body: Body) -> Response {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::VARY, "accept-encoding"),
    ];
    let mut response = (status, body).into_response();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether `Accept-Encoding` names the coding without refusing it by `q=0`.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let listed = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|list| list.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        is_named && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("static")).unwrap();
        for (path, content) in [
            ("index.html", "page"),
            ("theme.js", "theme"),
            ("static/app-1a2b.js", "script"),
            ("static/app-1a2b.js.br", "brotli"),
            ("static/app-1a2b.js.gz", "gzip"),
        ] {
            std::fs::write(folder.path().join(path), content).unwrap();
        }
        folder
    }

    async fn get(folder: &Path, path: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(accept).unwrap());
        let response = answer(&Source::Folder(folder), path, &headers).await;
        let (parts, body) = response.into_parts();
        let mut stream = body.into_data_stream();
        let mut bytes = Vec::new();
        while let Some(chunk) = futures::StreamExt::next(&mut stream).await {
            bytes.extend_from_slice(&chunk.unwrap());
        }
        (parts.status, parts.headers, String::from_utf8(bytes).unwrap())
    }

    #[tokio::test]
    async fn every_address_gets_its_file_or_the_page() {
        let folder = folder();
        for (path, accept, status, content) in [
            ("/", "", 200, "page"),
            ("/flows", "gzip, br", 200, "page"),
            ("/flow/some-id", "", 200, "page"),
            ("/index.html", "", 200, "page"),
            ("/theme.js", "br", 200, "theme"),
            ("/static/app-1a2b.js", "", 200, "script"),
            ("/static/app-1a2b.js", "gzip, deflate, br", 200, "brotli"),
            ("/static/app-1a2b.js", "gzip", 200, "gzip"),
            ("/static/app-1a2b.js", "br;q=0, gzip", 200, "gzip"),
            ("/static/app-old.js", "br", 404, "Not Found"),
            ("/../secret", "", 200, "page"),
            ("/static/../../secret", "", 404, "Not Found"),
        ] {
            let (got, _, body) = get(folder.path(), path, accept).await;
            assert_eq!((got.as_u16(), body.as_str()), (status, content), "{path} with {accept:?}");
        }
    }

    #[tokio::test]
    async fn pages_are_never_stored_and_hashed_files_for_ever() {
        let folder = folder();
        let (_, page, _) = get(folder.path(), "/flows", "").await;
        assert_eq!(page["cache-control"], "no-store");
        assert!(page["content-security-policy"].to_str().unwrap().contains("script-src 'self';"));
        let (_, script, _) = get(folder.path(), "/static/app-1a2b.js", "br").await;
        assert_eq!(script["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(script["content-encoding"], "br");
        assert_eq!(script["content-type"], "text/javascript");
    }

    #[tokio::test]
    async fn other_sites_may_frame_the_public_playground_alone() {
        let folder = folder();
        for (path, ancestors) in [
            ("/playground/some-id", "*"),
            ("/playground", "'self'"),
            ("/flow/some-id", "'self'"),
            ("/flows/playground/", "'self'"),
        ] {
            let (_, headers, _) = get(folder.path(), path, "").await;
            let policy = headers["content-security-policy"].to_str().unwrap();
            assert!(policy.ends_with(&format!("frame-ancestors {ancestors}")), "{path}: {policy}");
        }
    }

    #[tokio::test]
    async fn an_editor_that_was_not_built_says_so() {
        let empty = tempfile::tempdir().unwrap();
        let (status, _, body) = get(empty.path(), "/", "").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(body.contains("npm run build"), "{body}");
    }
}
