//! Server-sent events out of a reply's body.

use bytes::Bytes;
use eventsource_stream::{EventStreamError, Eventsource as _};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use langflow_core::{Fault, FaultKind};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent {
    pub event: String,
    pub data: String,
}

/// The events of a body, in order.
pub fn sse_events(
    body: BoxStream<'static, Result<Bytes, Fault>>,
) -> BoxStream<'static, Result<SseEvent, Fault>> {
    body.eventsource()
        .map(|event| match event {
            Ok(event) => Ok(SseEvent { event: event.event, data: event.data }),
            Err(EventStreamError::Transport(fault)) => Err(fault),
            Err(other) => {
                Err(Fault::new(FaultKind::Unavailable, format!("the stream is not readable: {other}")))
            }
        })
        .boxed()
}
