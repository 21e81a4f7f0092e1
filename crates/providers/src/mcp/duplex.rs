//! Transports where answers come back on a way of their own.

use super::wire;
use super::wire::unavailable;
use langflow_core::{Fault, Json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Requests that wait for their answer.
#[derive(Clone, Debug, Default)]
pub struct Waiting(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    requests: HashMap<u64, oneshot::Sender<Json>>,
    /// Nothing comes any more; why.
    over: Option<String>,
}

/// A request that waits; forgotten when dropped.
pub struct Wait {
    waiting: Waiting,
    id: u64,
    answer: oneshot::Receiver<Json>,
}

impl Waiting {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before the request is sent.
    pub fn begin(&self, id: u64) -> Result<Wait, Fault> {
        let (sender, answer) = oneshot::channel();
        let mut state = self.state();
        if let Some(why) = &state.over {
            return Err(unavailable(why));
        }
        state.requests.insert(id, sender);
        Ok(Wait { waiting: self.clone(), id, answer })
    }

    /// Takes a message of the server; what to answer, if it asks something.
    pub fn take(&self, message: Json) -> Option<Json> {
        if let Some(id) = wire::answered(&message) {
            if let Some(sender) = self.state().requests.remove(&id) {
                let _ = sender.send(message);
            }
            return None;
        }
        wire::reply_to(&message)
    }

    /// Nothing comes any more: all who wait are told.
    pub fn end(&self, why: impl Into<String>) {
        let mut state = self.state();
        state.over.get_or_insert_with(|| why.into());
        state.requests.clear();
    }
}

impl Wait {
    pub async fn answer(mut self) -> Result<Json, Fault> {
        let answer = (&mut self.answer).await;
        answer.map_err(|_| {
            let why = self.waiting.state().over.clone();
            unavailable(why.unwrap_or_else(|| "is gone".into()))
        })
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.waiting.state().requests.remove(&self.id);
    }
}
