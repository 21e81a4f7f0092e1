//! The one error type of components, capabilities and providers.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What the caller can do about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// A value is of the wrong type or out of range; change it.
    Invalid,
    /// Something that is needed is not there: a field, a variable, a file.
    Missing,
    /// The remote service does not accept the credential.
    Unauthorised,
    /// Policy says no: SSRF protection, a refused tweak, a confined path.
    Refused,
    /// The remote service asks to slow down.
    RateLimited,
    /// Nothing came back in time.
    Timeout,
    /// The remote service cannot be reached or fails on its side.
    Unavailable,
    /// The run was cancelled.
    Cancelled,
    /// A bound of the run was reached: time, nodes, depth, tokens.
    Budget,
    /// There is no native implementation for this.
    Unsupported,
    /// Our own mistake.
    Bug,
}

/// Where in a flow a fault belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Id of the node on the canvas.
    pub node_id: String,
    /// Display name of the component.
    pub component: String,
    /// Name of the field at fault, if one is.
    pub field: Option<String>,
}

/// What a remote service said when it refused.
#[derive(Clone, Debug, Default)]
pub struct RemoteReply {
    /// HTTP status.
    pub status: u16,
    /// Request id the service gave, for its support.
    pub request_id: Option<String>,
    /// Body, cut to a few kilobytes.
    pub body: String,
}

/// A failure with a kind, a sentence for the user and, where known, the place it happened.
///
/// The message never carries secrets or paths of the server.
#[derive(Clone, Debug)]
pub struct Fault {
    kind: FaultKind,
    message: String,
    place: Option<Box<Place>>,
    retry_after: Option<Duration>,
    reply: Option<Box<RemoteReply>>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault of `kind`, explained by `message`.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: None, retry_after: None, reply: None, source: None }
    }

    /// A value is wrong; see [`FaultKind::Invalid`].
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Invalid, message)
    }

    /// Something is missing; see [`FaultKind::Missing`].
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Missing, message)
    }

    /// Policy refuses; see [`FaultKind::Refused`].
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Refused, message)
    }

    /// Not implemented natively; see [`FaultKind::Unsupported`].
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Unsupported, message)
    }

    /// Our own mistake; see [`FaultKind::Bug`].
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Bug, message)
    }

    /// The field at fault; keeps a node already set.
    pub fn at_field(mut self, field: impl Into<String>) -> Self {
        self.place.get_or_insert_with(Box::default).field = Some(field.into());
        self
    }

    /// The node at fault; keeps a field already set and never overwrites a node.
    pub fn at_node(mut self, node_id: &str, component: &str) -> Self {
        let place = self.place.get_or_insert_with(Box::default);
        if place.node_id.is_empty() {
            node_id.clone_into(&mut place.node_id);
            component.clone_into(&mut place.component);
        }
        self
    }

    /// As the node tells it that works with what `component` gave: whose fault it is, is in the words, and a field of
    /// the other is none of its own.
    pub fn told_of(mut self, component: &str) -> Self {
        self.message = format!("{component}: {}", self.message);
        if let Some(place) = &mut self.place {
            place.field = None;
        }
        self
    }

    /// How long the remote service asked to wait.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What the remote service answered.
    pub fn with_reply(mut self, reply: RemoteReply) -> Self {
        self.reply = Some(Box::new(reply));
        self
    }

    /// The error underneath, for the log.
    pub fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// The same fault with `prefix` put before its message.
    pub fn prefixed(mut self, prefix: &str) -> Self {
        self.message.insert_str(0, prefix);
        self
    }

    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The sentence for the user, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn place(&self) -> Option<&Place> {
        self.place.as_deref()
    }

    pub fn wait(&self) -> Option<Duration> {
        self.retry_after
    }

    pub fn reply(&self) -> Option<&RemoteReply> {
        self.reply.as_deref()
    }

    /// Whether the same call may succeed later without any change.
    pub fn is_temporary(&self) -> bool {
        matches!(self.kind, FaultKind::RateLimited | FaultKind::Timeout | FaultKind::Unavailable)
    }

    /// Joins the faults of one node into one message, a line each.
    pub fn join(mut faults: Vec<Self>) -> Self {
        if faults.len() == 1 {
            return faults.remove(0);
        }
        let Some(first) = faults.first() else {
            return Self::bug("a list of faults was empty");
        };
        let mut joined =
            Self::new(first.kind, faults.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join("\n"));
        joined.place.clone_from(&first.place);
        joined
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|s| s.as_ref() as &(dyn Error + 'static))
    }
}
