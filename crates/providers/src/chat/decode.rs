//! Streams of vendor frames into streams of deltas.

use crate::http::SseEvent;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use langflow_core::capability::{ChatDelta, ChatStream, ToolCall};
use langflow_core::{Fault, FaultKind, Json, JsonMap};
use std::collections::VecDeque;

/// Answers larger than this are refused, with all that stands around their text.
pub(super) const ANSWER_BYTES: usize = 32 << 20;
/// Text of a streamed answer.
const STREAMED_BYTES: usize = 8 << 20;

/// Reads the frames of one wire.
pub(super) trait Decoder: Send + 'static {
    type Frame: Send + 'static;
    /// The deltas of one frame.
    fn push(&mut self, frame: Self::Frame) -> Result<Vec<ChatDelta>, Fault>;
    /// The body has ended: what was held back, or a fault if the answer is not whole.
    fn finish(&mut self) -> Result<Vec<ChatDelta>, Fault>;
}

/// The deltas of a stream of frames. The stream ends after the first fault; an answer that does not end is one.
pub(super) fn deltas<D: Decoder>(
    frames: BoxStream<'static, Result<D::Frame, Fault>>,
    decoder: D,
) -> ChatStream {
    struct State<D: Decoder> {
        frames: BoxStream<'static, Result<D::Frame, Fault>>,
        decoder: D,
        ready: VecDeque<ChatDelta>,
        bytes: usize,
        ended: bool,
    }
    let state = State { frames, decoder, ready: VecDeque::new(), bytes: 0, ended: false };
    futures::stream::unfold(state, |mut state| async move {
        loop {
            if let Some(delta) = state.ready.pop_front() {
                return Some((Ok(delta), state));
            }
            if state.ended {
                return None;
            }
            let deltas = match state.frames.next().await {
                Some(Ok(frame)) => state.decoder.push(frame),
                Some(Err(fault)) => Err(fault),
                None => {
                    state.ended = true;
                    state.decoder.finish()
                }
            };
            let deltas = deltas.and_then(|deltas| {
                state.bytes += deltas.iter().map(text_bytes).sum::<usize>();
                if state.bytes > STREAMED_BYTES { Err(too_large()) } else { Ok(deltas) }
            });
            match deltas {
                Ok(deltas) => state.ready.extend(deltas),
                Err(fault) => {
                    state.ended = true;
                    return Some((Err(fault), state));
                }
            }
        }
    })
    .boxed()
}

fn text_bytes(delta: &ChatDelta) -> usize {
    if let ChatDelta::Text(text) = delta { text.len() } else { 0 }
}

fn too_large() -> Fault {
    Fault::invalid(format!("the model's answer is larger than {STREAMED_BYTES} bytes"))
}

/// The JSON of an event, or a fault that says who sent it.
pub(super) fn event_json(service: &str, event: &SseEvent) -> Result<Json, Fault> {
    serde_json::from_str(&event.data).map_err(|e| not_readable(service, &e))
}

pub(super) fn not_readable(service: &str, why: &dyn std::fmt::Display) -> Fault {
    Fault::new(
        FaultKind::Unavailable,
        format!("{service} answered with something that cannot be read: {why}"),
    )
}

pub(super) fn broke_off(service: &str) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("{service} broke off in the middle of its answer"))
}

/// Arguments of a tool call as the model wrote them. Text that is not JSON stays text.
pub(super) fn parse_arguments(text: &str) -> Json {
    if text.trim().is_empty() {
        return Json::Object(JsonMap::new());
    }
    serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.to_owned()))
}

/// Arguments of a tool call as they go back to the model.
pub(super) fn arguments_text(call: &ToolCall) -> String {
    match &call.arguments {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
