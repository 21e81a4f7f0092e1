//! Redis Chat Memory.

use langflow_core::capability::ChatMemory;
use langflow_core::prelude::*;
use langflow_providers::redis::{RedisHistory, RedisServer};

/// What stands before the session in the key of a list where the field names nothing, as with LangChain.
const PREFIX: &str = "message_store:";

/// Keeps the messages of a conversation in Redis.
///
/// Connect it to *Message History* or *Message Store*. The lists are those of LangChain, so that a history which
/// Langflow wrote is read and the other way round. The host has to be allowed (`LANGFLOW_SSRF_ALLOWED_HOSTS`) where it
/// is not public.
#[derive(Component)]
#[component(
    id = "RedisChatMemory",
    aliases = ["RedisIndexChatMemory"],
    class = "RedisIndexChatMemory",
    title = "Redis Chat Memory",
    icon = "Redis",
    category = "redis",
    module = "lfx.components.redis.redis_chat.RedisIndexChatMemory"
)]
pub struct RedisChatMemory {
    /// Name of the server.
    #[input(title = "hostname", kind = Str, required, default = "localhost")]
    host: String,
    /// Its port.
    #[input(title = "port", required, default = 6379)]
    port: i64,
    /// Number of the database.
    #[input(title = "database", kind = Str, required, default = "0")]
    database: String,
    /// Name of the user. Empty: the usual one.
    #[input(title = "Username", advanced)]
    username: String,
    /// The password of the user.
    #[input(title = "Redis Password", advanced)]
    password: Secret,
    /// What stands before the session in the key of a list; `message_store:` where nothing is named.
    #[input(title = "Key prefix", kind = Str, advanced)]
    key_prefix: String,
    /// The conversation. Empty: the session of the run.
    #[input(title = "Session ID", advanced)]
    session_id: String,
}

#[outputs]
impl RedisChatMemory {
    /// The history, for other components.
    #[output(name = "memory", title = "Memory", method = "build_message_history")]
    async fn build_message_history(&self, cx: &Cx) -> Result<Arc<dyn ChatMemory>, Fault> {
        let wrong = |what: &str, field: &str| Fault::invalid(format!("this is no {what}")).at_field(field);
        let host = self.host.trim();
        if host.is_empty() {
            return Err(Fault::missing("no server is named").at_field("host"));
        }
        let session = match self.session_id.trim() {
            "" => cx.session_id(),
            given => given,
        };
        if session.is_empty() {
            return Err(Fault::missing("there is no session").at_field("session_id"));
        }
        let prefix = if self.key_prefix.is_empty() { PREFIX } else { &self.key_prefix };
        Ok(Arc::new(RedisHistory {
            key: format!("{prefix}{session}"),
            session_id: session.to_owned(),
            server: RedisServer {
                host: host.to_owned(),
                port: u16::try_from(self.port).map_err(|_| wrong("port", "port"))?,
                encrypted: false,
                username: self.username.trim().to_owned(),
                password: self.password.clone(),
                database: match self.database.trim() {
                    "" => 0,
                    number => number.parse().map_err(|_| wrong("number of a database", "database"))?,
                },
                egress: cx.egress(),
            },
        }))
    }
}
