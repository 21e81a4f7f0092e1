//! Histories of chats in the tables of LangChain (`ClusteredCassandraTable` of cassio): a partition for each session,
//! the newest message first, each a JSON text.

use super::answer::Answer;
use super::session::Session;
use super::statement::Statement;
use super::{CassandraServer, Name, SERVICE};
use crate::langchain;
use langflow_core::capability::ChatMemory;
use langflow_core::clock::{Clock as _, SystemClock};
use langflow_core::ids::{Ids as _, SystemIds};
use langflow_core::{Fault, FaultKind, Message, async_trait};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use uuid::Uuid;

/// From the beginning of the calendar to that of Unix, in ticks of 100 ns.
const TICKS_TO_1970: u64 = 0x01B2_1DD2_1381_4000;

/// The history of one session.
#[derive(Debug)]
pub struct CassandraHistory {
    pub server: CassandraServer,
    pub table: Name,
    pub session_id: String,
    /// Whether the table was made; that is done once.
    pub is_made: AtomicBool,
}

impl CassandraHistory {
    async fn make(&self, session: &mut Session) -> Result<(), Fault> {
        if self.is_made.load(Ordering::Relaxed) {
            return Ok(());
        }
        let made = session.change(format!(
            "CREATE TABLE IF NOT EXISTS {} (partition_id TEXT, row_id TIMEUUID, body_blob TEXT, \
             PRIMARY KEY ((partition_id), row_id)) WITH CLUSTERING ORDER BY (row_id DESC)",
            self.table.quoted()
        ));
        made.await?.map_err(|refusal| Fault::from(refusal).at_field("table_name"))?;
        self.is_made.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn message(&self, text: Option<&str>) -> Result<Message, Fault> {
        let message = text.and_then(|text| langchain::message(text.as_bytes(), &self.session_id));
        message.ok_or_else(|| {
            let table = self.table.as_str();
            Fault::new(
                FaultKind::Unavailable,
                format!("the table '{table}' in {SERVICE} holds something else than chat messages"),
            )
        })
    }
}

#[async_trait]
impl ChatMemory for CassandraHistory {
    async fn last(&self, limit: usize) -> Result<Vec<Message>, Fault> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let select = format!("SELECT body_blob FROM {} WHERE partition_id = ? LIMIT ?", self.table.quoted());
        let select = Statement::new(select).text(&self.session_id);
        let select = select.int(i32::try_from(limit).unwrap_or(i32::MAX));
        match self.server.open().await?.rows(select, limit).await? {
            Ok(rows) => {
                let mut messages = rows
                    .iter()
                    .map(|row| self.message(row.text("body_blob")))
                    .collect::<Result<Vec<_>, _>>()?;
                messages.truncate(limit);
                messages.reverse();
                Ok(messages)
            }
            // Nothing was said yet.
            Err(refusal) if refusal.is_missing_table() => Ok(Vec::new()),
            Err(refusal) => Err(Fault::from(refusal).at_field("table_name")),
        }
    }

    async fn append(&self, message: &Message) -> Result<(), Fault> {
        let mut session = self.server.open().await?;
        self.make(&mut session).await?;
        let table = self.table.quoted();
        let insert = format!("INSERT INTO {table} (partition_id, row_id, body_blob) VALUES (?, ?, ?)");
        let insert = Statement::new(insert).text(&self.session_id).uuid(time_id());
        let insert = insert.text(&langchain::stored(message).to_string());
        let stored: Answer = session.ask(&insert).await?;
        stored.rows().map(drop).map_err(|fault| fault.at_field("table_name"))
    }
}

/// An id that tells the time (version 1), later than every one before.
fn time_id() -> Uuid {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let micros = u64::try_from(SystemClock.now().timestamp_micros()).unwrap_or_default();
    let now = micros.saturating_mul(10).saturating_add(TICKS_TO_1970);
    let later = |last: u64| now.max(last.saturating_add(1));
    let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(later(last)));
    let ticks = later(last.unwrap_or_else(|last| last));
    // Half of an id by chance tells apart what has the same time, with the bit that says that it is no machine's.
    let mut place = *SystemIds.random().as_fields().3;
    let [_, _, node, ..] = &mut place;
    *node |= 0x01;
    version_1(ticks, &place)
}

fn version_1(ticks: u64, place: &[u8; 8]) -> Uuid {
    let low = (ticks & 0xFFFF_FFFF) as u32;
    let mid = ((ticks >> 32) & 0xFFFF) as u16;
    let high = ((ticks >> 48) & 0x0FFF) as u16;
    Uuid::from_fields(low, mid, high | 0x1000, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_the_time_and_go_up() {
        // The example of RFC 9562.
        let place = [0xB3, 0xC8, 0x9F, 0x6B, 0xDE, 0xCE, 0xD8, 0x46];
        let id = version_1(0x01EC_9414_C232_AB00, &place);
        assert_eq!(id.to_string(), "c232ab00-9414-11ec-b3c8-9f6bdeced846");
        let ticks = |id: Uuid| {
            let (low, mid, high, _) = id.as_fields();
            (u64::from(high & 0x0FFF) << 48) | (u64::from(mid) << 32) | u64::from(low)
        };
        let now = SystemClock.now().timestamp_micros() as u64 * 10 + TICKS_TO_1970;
        let ids: Vec<u64> = (0..1_000).map(|_| ticks(time_id())).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids[0] >= now, "{} {now}", ids[0]);
    }
}
