//! Cassandra Chat Memory.

use super::cassandra_server::Place;
use langflow_core::capability::ChatMemory;
use langflow_core::prelude::*;
use langflow_providers::cassandra::CassandraHistory;
use std::sync::atomic::AtomicBool;

/// Keeps the messages of a conversation in Cassandra.
///
/// Connect it to *Message History* or *Message Store*. The tables are those of LangChain (cassio), so that a history
/// which Langflow wrote is read and the other way round; a table is made with the first message. Hosts that are not
/// public have to be allowed (`LANGFLOW_SSRF_ALLOWED_HOSTS`).
#[derive(Component)]
#[component(
    id = "CassandraChatMemory",
    class = "CassandraChatMemory",
    title = "Cassandra Chat Memory",
    icon = "Cassandra",
    category = "cassandra",
    module = "lfx.components.cassandra.cassandra_chat.CassandraChatMemory"
)]
pub struct CassandraChatMemory {
    #[input(group)]
    place: Place,
    /// The conversation. Empty: the session of the run.
    #[input(title = "Session ID", advanced)]
    session_id: String,
    /// Arguments for the connection: `port`, `connect_timeout` in seconds, `ssl` (true: by TLS). Others of the driver
    /// of Python are refused, or change nothing.
    #[input(title = "Cluster arguments", advanced, list)]
    cluster_kwargs: JsonMap,
}

#[outputs]
impl CassandraChatMemory {
    /// The history, for other components.
    #[output(name = "memory", title = "Memory", method = "build_message_history")]
    async fn build_message_history(&self, cx: &Cx) -> Result<Arc<dyn ChatMemory>, Fault> {
        let session = match self.session_id.trim() {
            "" => cx.session_id(),
            given => given,
        };
        if session.is_empty() {
            return Err(Fault::missing("there is no session").at_field("session_id"));
        }
        Ok(Arc::new(CassandraHistory {
            server: self.place.server(&self.cluster_kwargs, cx)?,
            table: self.place.table()?,
            session_id: session.to_owned(),
            is_made: AtomicBool::new(false),
        }))
    }
}
