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
pub fn driven(
    run: impl Future<Output = ()> + Send + 'static,
    mut frames: mpsc::Receiver<Frame>,
    to_line: impl Fn(Frame) -> String + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    let mut run: Option<Pin<Box<dyn Future<Output = ()> + Send>>> = Some(Box::pin(run));
    poll_fn(move |cx| {
        loop {
            match frames.poll_recv(cx) {
                Poll::Ready(frame) => return Poll::Ready(frame.map(|f| Ok(Bytes::from(to_line(f))))),
                Poll::Pending => match &mut run {
                    Some(future) => match future.as_mut().poll(cx) {
                        // Its sender goes with it, so that the queue ends.
                        Poll::Ready(()) => run = None,
                        Poll::Pending => {
                            // What it has sent meanwhile has woken this task.
                            return match frames.try_recv() {
                                Ok(frame) => Poll::Ready(Some(Ok(Bytes::from(to_line(frame))))),
                                Err(_) => Poll::Pending,
                            };
                        }
                    },
                    None => return Poll::Pending,
                },
            }
        }
    })
}
