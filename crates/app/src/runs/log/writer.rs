//! Appending to the log of a run.

use super::END;
use super::live::{LoggedEvent, OpenLog};
use crate::App;
use crate::runs::start::Frame;
use crate::runs::truncate::truncate;
use crate::runs::wire::{self, Surface};
use langflow_core::Json;
use langflow_core::run::RunEvent as Event;
use langflow_store::run_events::{self, RunEvent};
use langflow_store::{RawJson, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Frames written together.
const BATCH: usize = 256;
/// How long tokens wait for more of them.
const GATHER: Duration = Duration::from_millis(25);
/// Tokens grow to this size together.
const MAX_TOKEN_BYTES: usize = 8 << 10;
/// A larger event is shortened.
const MAX_EVENT_BYTES: usize = 1 << 20;
/// A log that is larger takes no more tokens, and everything else shortened.
const MAX_LOG_BYTES: usize = 64 << 20;
/// How often a batch is tried while the database is busy.
const TRIES: u32 = 5;

/// Writes frames until the last sender is gone, then ends the log; that of a run that waits for a human stays open.
pub(in crate::runs) async fn append(app: &App, log: &OpenLog, mut frames: mpsc::Receiver<Frame>) {
    let last = log.live.last();
    let mut writer = Writer { app, log, last, bytes: 0, is_broken: false, waits: false };
    let mut batch = Vec::new();
    while frames.recv_many(&mut batch, BATCH).await > 0 {
        if batch.iter().all(is_token) {
            let more = async {
                while batch.len() < BATCH
                    && let Some(frame) = frames.recv().await
                {
                    let is_last = !is_token(&frame);
                    batch.push(frame);
                    if is_last {
                        return;
                    }
                }
            };
            let _ = tokio::time::timeout(GATHER, more).await;
        }
        writer.write(std::mem::take(&mut batch)).await;
    }
    if !writer.waits {
        writer.end().await;
    }
}

fn is_token(frame: &Frame) -> bool {
    matches!(frame, Frame::Event(Event::Token { .. }))
}

/// Tokens of one message that follow each other become one.
fn coalesce(frames: Vec<Frame>) -> Vec<Frame> {
    let mut out: Vec<Frame> = Vec::with_capacity(frames.len());
    for frame in frames {
        if let Frame::Event(Event::Token { id, chunk }) = &frame
            && let Some(Frame::Event(Event::Token { id: last_id, chunk: last })) = out.last_mut()
            && id == last_id
            && last.len() + chunk.len() <= MAX_TOKEN_BYTES
        {
            last.push_str(chunk);
            continue;
        }
        out.push(frame);
    }
    out
}

struct Writer<'a> {
    app: &'a App,
    log: &'a OpenLog,
    last: i64,
    bytes: usize,
    /// The store takes no more: the run goes on without its log.
    is_broken: bool,
    /// The run goes on later.
    waits: bool,
}

impl Writer<'_> {
    async fn write(&mut self, frames: Vec<Frame>) {
        let mut events = Vec::new();
        for frame in coalesce(frames) {
            self.waits = matches!(frame, Frame::Waiting(_));
            if self.bytes > MAX_LOG_BYTES && is_token(&frame) {
                continue;
            }
            let (kind, data) = wire::event(frame, Surface::Build, self.app.clock.now());
            events.push(self.number(kind, data));
        }
        self.store(events).await;
    }

    async fn end(&mut self) {
        let end = self.number(END, Json::Null);
        self.is_broken = false;
        self.store(vec![end]).await;
    }

    fn number(&mut self, kind: &str, mut data: Json) -> LoggedEvent {
        let mut text = data.to_string();
        let limits = &self.app.settings.flows;
        if text.len() > MAX_EVENT_BYTES || self.bytes > MAX_LOG_BYTES {
            truncate(&mut data, limits.max_text_length as usize, limits.max_items_length as usize);
            text = data.to_string();
        }
        if text.len() > MAX_EVENT_BYTES {
            truncate(&mut data, 200, 20);
            text = data.to_string();
        }
        self.bytes += text.len();
        self.last += 1;
        LoggedEvent { seq: self.last, kind: kind.to_owned(), data: text }
    }

    async fn store(&mut self, events: Vec<LoggedEvent>) {
        if self.is_broken || events.is_empty() {
            return;
        }
        let (run_id, now) = (self.log.live.run_id, self.app.clock.now());
        let rows: Option<Vec<RunEvent>> = events
            .iter()
            .map(|event| {
                let payload = RawJson::parse(event.data.clone()).ok()?;
                Some(RunEvent { run_id, seq: event.seq, kind: event.kind.clone(), payload, created_at: now })
            })
            .collect();
        let Some(rows) = rows else { return };
        match self.insert(rows).await {
            Ok(()) => self.log.live.publish(events.into_iter().map(Arc::new).collect()),
            Err(error) => {
                self.is_broken = true;
                tracing::error!(%run_id, %error, "the events of a run could not be written: {error}");
            }
        }
    }

    async fn insert(&self, rows: Vec<RunEvent>) -> Result<(), StoreError> {
        let mut tries = 1;
        loop {
            let rows = rows.clone();
            let written = self
                .app
                .store
                .write(move |tx| Box::pin(async move { run_events::append(tx, rows).await }))
                .await;
            match written {
                Err(error) if error.is_temporary() && tries < TRIES => {
                    tokio::time::sleep(Duration::from_millis(50) * tries).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: u8, chunk: &str) -> Frame {
        Frame::Event(Event::Token { id: id.to_string(), chunk: chunk.into() })
    }

    #[test]
    fn only_neighbours_of_one_message_become_one() {
        let frames = vec![
            token(1, "a"),
            token(1, "b"),
            token(2, "c"),
            token(1, "d"),
            Frame::Failed("x".into()),
            token(1, "e"),
        ];
        let texts: Vec<String> = coalesce(frames)
            .into_iter()
            .map(|frame| match frame {
                Frame::Event(Event::Token { chunk, .. }) => chunk,
                _ => "-".into(),
            })
            .collect();
        assert_eq!(texts, ["ab", "c", "d", "-", "e"]);
    }
}
