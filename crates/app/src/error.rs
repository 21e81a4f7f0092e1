//! The one error of use cases.

use langflow_core::Json;
use langflow_store::StoreError;
use serde_json::json;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub type AppResult<T> = Result<T, AppError>;

/// What the caller can do about it. Surfaces map kinds to statuses in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400
    BadRequest,
    /// 401: the credential is no longer good, or the account is inactive.
    Unauthorised,
    /// 403: no credential, a wrong key, or not allowed.
    Forbidden,
    /// 404: not there, or somebody else's.
    NotFound,
    /// 408: a run took too long.
    TimedOut,
    /// 409
    Conflict,
    /// 413
    TooLarge,
    /// 422
    Unprocessable,
    /// 423
    Locked,
    /// 428
    PreconditionRequired,
    /// 429
    TooManyRequests,
    /// 500 that a flow caused: a component failed. Not logged as our error.
    RunFailed,
    /// 500: our mistake. The cause is logged, never shown.
    Internal,
    /// 501
    NotImplemented,
    /// 503: try again later.
    Unavailable,
}

/// A refusal or failure with the `detail` that clients see.
#[derive(Clone, Debug)]
pub struct AppError {
    pub kind: ErrorKind,
    /// What stands under `detail` on the wire: a text, an object, or a list of field problems.
    pub detail: Json,
    pub retry_after: Option<Duration>,
    /// `WWW-Authenticate: Bearer` goes with it.
    pub challenge: bool,
    /// Machine-readable code for the header `X-Langflow-Error-Code`.
    pub code: Option<&'static str>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl AppError {
    pub fn new(kind: ErrorKind, detail: impl Into<Json>) -> Self {
        Self { kind, detail: detail.into(), retry_after: None, challenge: false, code: None, source: None }
    }

    pub fn bad_request(detail: impl Into<Json>) -> Self {
        Self::new(ErrorKind::BadRequest, detail)
    }

    pub fn unauthorised(detail: impl Into<Json>) -> Self {
        Self::new(ErrorKind::Unauthorised, detail)
    }

    pub fn forbidden(detail: impl Into<Json>) -> Self {
        Self::new(ErrorKind::Forbidden, detail)
    }

    pub fn not_found(detail: impl Into<Json>) -> Self {
        Self::new(ErrorKind::NotFound, detail)
    }

    pub fn conflict(detail: impl Into<Json>) -> Self {
        Self::new(ErrorKind::Conflict, detail)
    }

    /// One field problem in the form of the reference: `[{type, loc, msg}]`.
    pub fn field(kind: &str, loc: &[&str], msg: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unprocessable, json!([{"type": kind, "loc": loc, "msg": msg.into()}]))
    }

    pub fn internal(source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Arc::new(source)),
            ..Self::new(ErrorKind::Internal, "An internal error occurred; the server log has the cause.")
        }
    }

    /// Our mistake, explained for the log.
    pub fn bug(why: impl Into<String>) -> Self {
        Self::internal(std::io::Error::other(why.into()))
    }

    pub fn with_challenge(mut self) -> Self {
        self.challenge = true;
        self
    }

    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.source, &self.detail) {
            (Some(source), _) => write!(f, "{source}"),
            (None, Json::String(text)) => f.write_str(text),
            (None, other) => write!(f, "{other}"),
        }
    }
}

impl Error for AppError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|s| s.as_ref() as &(dyn Error + 'static))
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        if error.is_temporary() {
            Self::new(ErrorKind::Unavailable, "The database is busy; try again.")
                .with_retry_after(Duration::from_secs(1))
        } else if let StoreError::Unstorable(why) = &error {
            Self::new(ErrorKind::Unprocessable, format!("A text cannot be stored: {why}."))
        } else {
            Self::internal(error)
        }
    }
}
