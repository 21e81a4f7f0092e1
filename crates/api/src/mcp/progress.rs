//! Progress of a call, for clients that ask for it.

use super::methods::Outlet;
use super::rpc;
use langflow_app::runs::Frame;
use langflow_core::run::RunEvent;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// So often at least, so that clients do not take a long run for a dead one.
const BEAT: Duration = Duration::from_secs(1);

/// Frames that the teller may be behind.
pub const QUEUE: usize = 64;

/// Tells how long the run has taken, in seconds, and what happened last. Ends with the frames.
pub async fn tell(token: Value, mut frames: mpsc::Receiver<Frame>, outlet: Outlet) {
    let started = Instant::now();
    let mut beat = tokio::time::interval(BEAT);
    let mut message = String::from("started");
    let mut last = -1.0_f64;
    loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                None => return,
                Some(frame) => match text(&frame) {
                    Some(text) if text != message => message = text,
                    _ => continue,
                },
            },
            _ = beat.tick() => {}
        }
        // Progress must grow, also when two things happen in one millisecond.
        let seconds = started.elapsed().as_secs_f64().max(last + 0.001);
        last = seconds;
        let params = json!({"progressToken": token, "progress": (seconds * 1000.0).round() / 1000.0, "message": message});
        outlet.tell(rpc::notification("notifications/progress", params));
    }
}

fn text(frame: &Frame) -> Option<String> {
    match frame {
        Frame::Event(RunEvent::AddMessage(message)) => {
            Some(format!("message of {}", message.sender_name.as_deref().unwrap_or("the flow")))
        }
        Frame::Event(RunEvent::Token { .. }) => Some("the model answers".into()),
        Frame::Event(RunEvent::BuildStart { id: Some(id) }) => Some(format!("{id} started")),
        Frame::Event(RunEvent::EndVertex(build)) => Some(format!("{} done", build.display_name)),
        _ => None,
    }
}
