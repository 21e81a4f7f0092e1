//! Frames of runs on the wire: one JSON object on a line, then an empty line (contract-flows 7.6, 9.4).

use axum::body::Bytes;
use futures::Stream;
use futures::stream::poll_fn;
use langflow_app::runs::Frame;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::Poll;
use tokio::sync::mpsc;

pub use langflow_app::runs::wire::{Surface, build_result, event, line, render};

/// Lines of a run that the stream itself drives: when the reader goes, the stream is dropped and the run
/// with it.
///
/// A frame that becomes no text is passed over.
pub fn driven(
    run: impl Future<Output = ()> + Send + 'static,
    mut frames: mpsc::Receiver<Frame>,
    mut to_line: impl FnMut(Frame) -> String + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    let mut run: Option<Pin<Box<dyn Future<Output = ()> + Send>>> = Some(Box::pin(run));
    poll_fn(move |cx| {
        loop {
            match frames.poll_recv(cx) {
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(frame)) => match to_line(frame) {
                    text if text.is_empty() => {}
                    text => return Poll::Ready(Some(Ok(Bytes::from(text)))),
                },
                Poll::Pending => match &mut run {
                    Some(future) => match future.as_mut().poll(cx) {
                        // Its sender goes with it, so that the queue ends.
                        Poll::Ready(()) => run = None,
                        // What it has sent meanwhile is taken in the next round.
                        Poll::Pending if !frames.is_empty() => {}
                        Poll::Pending => return Poll::Pending,
                    },
                    None => return Poll::Pending,
                },
            }
        }
    })
}
