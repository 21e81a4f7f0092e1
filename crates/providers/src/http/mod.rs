//! The one door for outbound HTTP.
//!
//! A request passes [`gate`] (is this address allowed?), leaves through a client made here, is tried again
//! by [`retry`] and follows redirects by hand ([`redirect`]), each hop through the gate anew. Names are
//! resolved once, by the client's own resolver, and the connection goes to the very addresses that were
//! checked, so that a name cannot change its mind in between.

mod config;
mod door;
mod event_stream;
mod gate;
mod lines;
mod ndjson;
mod operator_keys;
mod redirect;
mod request;
mod resolver;
mod retry;
mod sse;
mod tls;
mod wire;

pub use config::{EgressConfig, OperatorKeysConfig, ProxyConfig, RetryConfig, SsrfConfig};
pub use door::Door;
pub use event_stream::{StreamEvent, stream_events};
pub use gate::{Gate, Refusal};
pub use ndjson::json_lines;
pub use request::{Call, remote_fault};
pub use resolver::{Lookup, SystemLookup};
pub use sse::{SseEvent, sse_events};
pub(crate) use wire::Bounded;
pub use wire::wire;
