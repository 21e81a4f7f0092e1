//! A store that speaks the language of S3, in memory: the operations that files of servers need.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use chrono::{DateTime, Utc};
use langflow_core::Secret;
use langflow_core::clock::SystemClock;
use langflow_core::shared_files::SharedFiles;
use langflow_providers::aws::Account;
use langflow_providers::aws::s3::Bucket;
use langflow_providers::aws::shared::SharedBucket;
use langflow_providers::http::{Door, EgressConfig, SsrfConfig};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::task::JoinHandle;

/// Keys of one answer to a listing.
const PAGE: usize = 3;

#[derive(Default)]
struct Kept {
    files: BTreeMap<String, (Bytes, DateTime<Utc>)>,
    /// Uploads in parts, by id.
    uploads: HashMap<String, BTreeMap<u32, Bytes>>,
    tags: Vec<String>,
    is_away: bool,
}

type Shared = Arc<Mutex<Kept>>;

/// The store, until it is dropped.
pub struct FakeBucket {
    address: SocketAddr,
    kept: Shared,
    task: JoinHandle<()>,
}

impl Drop for FakeBucket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[expect(
    clippy::missing_panics_doc,
    clippy::expect_used,
    reason = "helpers of tests panic with what went wrong"
)]
impl FakeBucket {
    pub async fn start() -> Self {
        let kept = Shared::default();
        let routes = Router::new()
            .route("/bucket/", any(list))
            .route("/bucket/{*key}", any(file))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&kept));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, routes).await;
        });
        Self { address, kept, task }
    }

    /// A part of the bucket, as a server is given it: what its keys begin with is `files/`, and it sends a tag.
    pub fn shared_files(&self) -> Arc<dyn SharedFiles> {
        let account = Account {
            access_key_id: Secret::new("id"),
            secret_access_key: Secret::new("secret"),
            session_token: Secret::default(),
            region: "eu-west-1".into(),
            clock: Arc::new(SystemClock),
        };
        let bucket = Bucket { account, name: "bucket".into(), endpoint: format!("http://{}", self.address) };
        let ssrf = SsrfConfig { enabled: false, allowed_hosts: Vec::new() };
        let door = Door::new(EgressConfig { ssrf, ..EgressConfig::default() }).expect("a way out");
        let tags = BTreeMap::from([("team".to_owned(), "a&b".to_owned())]);
        Arc::new(SharedBucket::new(bucket, "files/", &tags, Arc::new(door)))
    }

    pub fn keys(&self) -> Vec<String> {
        lock(&self.kept).files.keys().cloned().collect()
    }

    /// Parts of uploads that were neither joined nor given up.
    pub fn parts_left(&self) -> usize {
        lock(&self.kept).uploads.len()
    }

    /// The tags of every file that was sent.
    pub fn tags(&self) -> Vec<String> {
        lock(&self.kept).tags.clone()
    }

    /// Puts a file there, as written at this time.
    pub fn put(&self, key: &str, at: DateTime<Utc>) {
        lock(&self.kept).files.insert(key.to_owned(), (Bytes::new(), at));
    }

    /// From now on every call fails, or none.
    pub fn set_away(&self, is_away: bool) {
        lock(&self.kept).is_away = is_away;
    }
}

fn lock(kept: &Shared) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn xml(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

fn refused(status: StatusCode, code: &str) -> Response {
    xml(status, format!("<Error><Code>{code}</Code><Message>{code} was said</Message></Error>"))
}

/// A call that is not signed, or comes while the store is away.
fn check(kept: &Kept, headers: &HeaderMap) -> Option<Response> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let authorization = text("authorization");
    let tags_are_signed = !headers.contains_key("x-amz-tagging") || authorization.contains("x-amz-tagging");
    if kept.is_away {
        Some(refused(StatusCode::BAD_REQUEST, "Away"))
    } else if !authorization.starts_with("AWS4-HMAC-SHA256 ")
        || text("x-amz-content-sha256").len() != 64
        || !tags_are_signed
    {
        Some(refused(StatusCode::FORBIDDEN, "AccessDenied"))
    } else {
        None
    }
}

async fn list(
    State(kept): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let kept = lock(&kept);
    if let Some(refusal) = check(&kept, &headers) {
        return refusal;
    }
    let text = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let mut body = String::from("<ListBucketResult>");
    let chosen = kept
        .files
        .iter()
        .filter(|(key, _)| key.starts_with(text("prefix")) && key.as_str() > text("start-after"));
    for (key, (bytes, at)) in chosen.take(PAGE) {
        let key = key.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace(' ', "+");
        let (at, size) = (at.to_rfc3339(), bytes.len());
        let _ = write!(
            body,
            "<Contents><Key>{key}</Key><LastModified>{at}</LastModified><Size>{size}</Size></Contents>"
        );
    }
    xml(StatusCode::OK, body + "</ListBucketResult>")
}

async fn file(
    State(kept): State<Shared>,
    method: Method,
    Path(key): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut kept = lock(&kept);
    if let Some(refusal) = check(&kept, &headers) {
        return refusal;
    }
    let upload = query.get("uploadId").cloned().unwrap_or_default();
    if let Some(tags) = headers.get("x-amz-tagging").and_then(|tags| tags.to_str().ok()) {
        kept.tags.push(tags.to_owned());
    }
    match method {
        Method::POST if query.contains_key("uploads") => {
            let id = format!("id&{}", kept.uploads.len());
            kept.uploads.insert(id.clone(), BTreeMap::new());
            xml(StatusCode::OK, format!("<R><UploadId>{}</UploadId></R>", id.replace('&', "&amp;")))
        }
        Method::POST => match kept.uploads.remove(&upload) {
            Some(parts) => {
                kept.files.insert(key, (parts.into_values().collect::<Vec<_>>().concat().into(), now()));
                xml(StatusCode::OK, "<R><ETag>x</ETag></R>".into())
            }
            None => refused(StatusCode::NOT_FOUND, "NoSuchUpload"),
        },
        Method::PUT if query.contains_key("partNumber") => {
            let number = query.get("partNumber").and_then(|n| n.parse().ok()).unwrap_or_default();
            match kept.uploads.get_mut(&upload) {
                Some(parts) => {
                    parts.insert(number, body);
                    (StatusCode::OK, [(header::ETAG, HeaderValue::from_static("\"tag\""))]).into_response()
                }
                None => refused(StatusCode::NOT_FOUND, "NoSuchUpload"),
            }
        }
        Method::PUT => {
            kept.files.insert(key, (body, now()));
            StatusCode::OK.into_response()
        }
        Method::DELETE if !upload.is_empty() => {
            kept.uploads.remove(&upload);
            StatusCode::NO_CONTENT.into_response()
        }
        Method::DELETE => {
            kept.files.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => match kept.files.get(&key) {
            Some((bytes, _)) => part(bytes, &headers),
            None => refused(StatusCode::NOT_FOUND, "NoSuchKey"),
        },
    }
}

/// The bytes that the range names.
fn part(bytes: &Bytes, headers: &HeaderMap) -> Response {
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let ends = range.and_then(|range| range.split_once('-'));
    let Some((Ok(first), Ok(last))) = ends.map(|(a, b)| (a.parse::<usize>(), b.parse::<usize>())) else {
        return bytes.clone().into_response();
    };
    if first >= bytes.len() {
        return refused(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange");
    }
    (StatusCode::PARTIAL_CONTENT, bytes.slice(first..bytes.len().min(last + 1))).into_response()
}

#[expect(clippy::disallowed_methods, reason = "the store has a clock of its own, as a remote one has")]
fn now() -> DateTime<Utc> {
    Utc::now()
}
