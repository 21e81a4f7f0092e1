//! Messages of a run on their way to the store.

use langflow_core::run::{HistoryQuery, Messages};
use langflow_core::{Fault, FaultKind, Message, async_trait};
use langflow_store::Store;
use langflow_store::messages::{self, History, StoredMessage};
use parking_lot::Mutex;
use std::sync::Arc;
use uuid::Uuid;

/// Collects what a run says, to be written with the run's own row in one transaction. Reads of the run see
/// what was collected. The engine bounds the number of messages.
pub(super) struct RunMessages {
    store: Store,
    owner: Uuid,
    waiting: Mutex<Vec<StoredMessage>>,
}

impl RunMessages {
    pub(super) fn new(store: &Store, owner: Uuid) -> Arc<Self> {
        Arc::new(Self { store: store.clone(), owner, waiting: Mutex::default() })
    }

    /// Adds a message of the run that no node has sent.
    pub(super) fn keep(&self, message: &Message) {
        let is_output = message.sender.as_deref() == Some("Machine");
        if let Some(row) = StoredMessage::from_message(message, Some(self.owner), is_output) {
            replace(&mut self.waiting.lock(), row);
        }
    }

    /// Takes what waits to be written.
    pub(super) fn take(&self) -> Vec<StoredMessage> {
        std::mem::take(&mut *self.waiting.lock())
    }

    /// What was written can be forgotten, what could not waits again, older first.
    pub(super) fn put_back(&self, mut rows: Vec<StoredMessage>) {
        let mut waiting = self.waiting.lock();
        for row in waiting.drain(..) {
            replace(&mut rows, row);
        }
        *waiting = rows;
    }
}

fn replace(rows: &mut Vec<StoredMessage>, row: StoredMessage) {
    match rows.iter_mut().find(|known| known.id == row.id) {
        Some(known) => *known = row,
        None => rows.push(row),
    }
}

fn unavailable(error: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("The messages cannot be reached: {error}"))
}

#[async_trait]
impl Messages for RunMessages {
    async fn save(&self, message: &Message) -> Result<(), Fault> {
        let is_output = message.sender.as_deref() == Some("Machine");
        let row = StoredMessage::from_message(message, Some(self.owner), is_output)
            .ok_or_else(|| Fault::bug("a message without an id was stored"))?;
        replace(&mut self.waiting.lock(), row);
        Ok(())
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Message>, Fault> {
        let limit = query.limit;
        let wanted = History {
            flow_id: query.flow_id,
            session_id: query.session_id,
            context_id: query.context_id,
            sender: query.sender,
            sender_name: query.sender_name,
            limit: limit as u64,
        };
        let mut rows = messages::history(&self.store, self.owner, &wanted).await.map_err(unavailable)?;
        for row in self.waiting.lock().iter().filter(|row| fits(row, &wanted)) {
            replace(&mut rows, row.clone());
        }
        rows.sort_by_key(|row| (row.timestamp, row.id));
        let skip = rows.len().saturating_sub(limit);
        rows.iter().skip(skip).map(|row| row.to_message().map_err(unavailable)).collect()
    }
}

fn fits(row: &StoredMessage, wanted: &History) -> bool {
    wanted.flow_id.is_none_or(|id| row.flow_id == Some(id))
        && wanted.session_id.as_ref().is_none_or(|id| *id == row.session_id)
        && wanted.context_id.as_ref().is_none_or(|id| row.context_id.as_ref() == Some(id))
        && wanted.sender.as_ref().is_none_or(|sender| *sender == row.sender)
        && wanted.sender_name.as_ref().is_none_or(|name| *name == row.sender_name)
}
