//! What a run leaves behind, gathered while it goes on.
//!
//! A short run costs one write instead of one per message: [`Journal::finish`] stores everything at once,
//! and answers when it is durable. Until then the run itself sees what it has gathered, and nobody else does.
//! Nothing was acknowledged before, so a crash in the middle loses nothing that was promised.

use crate::error::Result;
use crate::messages::{self, History, StoredMessage};
use crate::runs::{self, Run, RunEnd, RunRecord};
use crate::store::Store;
use crate::transactions::{self, Transaction};
use crate::vertex_builds::{self, VertexBuild};
use parking_lot::Mutex;
use std::collections::HashMap;
use uuid::Uuid;

/// Rows that are held at most; beyond them what was gathered is stored before the run has ended.
const MAX_ROWS: usize = 500;

/// Bytes of messages, inputs and outputs that are held at most, as [`MAX_ROWS`].
const MAX_BYTES: usize = 4 << 20;

/// The rows of one run.
pub struct Journal {
    store: Store,
    owner: Uuid,
    gathered: Mutex<Gathered>,
}

#[derive(Default)]
struct Gathered {
    messages: Vec<StoredMessage>,
    transactions: Vec<Transaction>,
    builds: Vec<VertexBuild>,
    bytes: usize,
}

impl Gathered {
    fn is_full(&self) -> bool {
        let rows = self.messages.len() + self.transactions.len() + self.builds.len();
        rows >= MAX_ROWS || self.bytes >= MAX_BYTES
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("owner", &self.owner).finish_non_exhaustive()
    }
}

impl Journal {
    /// `owner` is whose messages the run reads.
    pub fn new(store: Store, owner: Uuid) -> Self {
        Self { store, owner, gathered: Mutex::default() }
    }

    /// Adds a message, or puts it in the place of the one with its id.
    pub async fn add_message(&self, message: StoredMessage) -> Result<()> {
        {
            let mut gathered = self.gathered.lock();
            gathered.bytes +=
                message.text.len() + message.properties.get().len() + message.content_blocks.get().len();
            match gathered.messages.iter_mut().find(|known| known.id == message.id) {
                Some(known) => *known = message,
                None => gathered.messages.push(message),
            }
        }
        self.store_if_full().await
    }

    pub async fn add_transaction(&self, transaction: Transaction) -> Result<()> {
        {
            let mut gathered = self.gathered.lock();
            for json in [&transaction.inputs, &transaction.outputs].into_iter().flatten() {
                gathered.bytes += json.get().len();
            }
            gathered.transactions.push(transaction);
        }
        self.store_if_full().await
    }

    pub async fn add_build(&self, build: VertexBuild) -> Result<()> {
        {
            let mut gathered = self.gathered.lock();
            for json in [&build.data, &build.artifacts].into_iter().flatten() {
                gathered.bytes += json.get().len();
            }
            gathered.builds.push(build);
        }
        self.store_if_full().await
    }

    /// [`messages::history`] with what this run has gathered.
    pub async fn history(&self, wanted: &History) -> Result<Vec<StoredMessage>> {
        let stored = messages::history(&self.store, self.owner, wanted).await?;
        let gathered = self.gathered.lock();
        if gathered.messages.is_empty() {
            return Ok(stored);
        }
        let mut all: HashMap<Uuid, StoredMessage> = stored.into_iter().map(|row| (row.id, row)).collect();
        for message in &gathered.messages {
            // A message that no longer matches hides the row it will write over.
            all.remove(&message.id);
            if message.user_id == Some(self.owner) && wanted.matches(message) {
                all.insert(message.id, message.clone());
            }
        }
        let mut all: Vec<_> = all.into_values().collect();
        all.sort_by_key(|row| (row.timestamp, row.id));
        let surplus = all.len().saturating_sub(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
        Ok(all.split_off(surplus))
    }

    /// A gathered message. Rows that are stored already are not looked for.
    pub fn message(&self, id: Uuid) -> Option<StoredMessage> {
        self.gathered.lock().messages.iter().find(|message| message.id == id).cloned()
    }

    /// Stores the ended run, which had no row yet, with all that was gathered.
    pub async fn finish(self, run: Run) -> Result<()> {
        let Gathered { messages, transactions, builds, .. } = self.gathered.into_inner();
        self.store.record_run(RunRecord { run, messages, transactions, builds }).await
    }

    /// Closes a run that has a row, and stores all that was gathered. False: the run had ended before.
    pub async fn close(self, id: Uuid, end: RunEnd) -> Result<bool> {
        let gathered = self.gathered.into_inner();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    write(tx, gathered).await?;
                    runs::finish(tx, id, end).await
                })
            })
            .await
    }

    /// Stores what was gathered so far, for others to see.
    pub async fn flush(&self) -> Result<()> {
        let gathered = std::mem::take(&mut *self.gathered.lock());
        self.store.write(move |tx| Box::pin(async move { write(tx, gathered).await })).await
    }

    async fn store_if_full(&self) -> Result<()> {
        let is_full = self.gathered.lock().is_full();
        if is_full { self.flush().await } else { Ok(()) }
    }
}

async fn write(tx: &crate::Tx, gathered: Gathered) -> Result<()> {
    messages::save(tx, &gathered.messages).await?;
    transactions::insert(tx, gathered.transactions).await?;
    vertex_builds::insert(tx, gathered.builds).await
}
