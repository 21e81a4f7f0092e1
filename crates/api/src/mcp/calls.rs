//! What is alive: sessions of the SSE transport and requests that can be cancelled. Bounded, in memory.

use super::rpc::{Id, Incoming};
use langflow_app::mcp::McpServer;
use langflow_app::{AppError, AppResult, ErrorKind, Principal};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Sessions of the SSE transport, in all and of one user.
const MAX_SESSIONS: usize = 512;
const MAX_SESSIONS_OF_USER: usize = 32;
/// Requests over streamable HTTP at one time.
const MAX_REQUESTS: usize = 512;

/// All that is alive on this server.
pub struct Live {
    sessions: Mutex<HashMap<String, Session>>,
    calls: Mutex<HashMap<CallKey, CancellationToken>>,
    requests: Arc<Semaphore>,
}

/// A session of the SSE transport.
struct Session {
    user: Uuid,
    server: McpServer,
    inbox: mpsc::Sender<Incoming>,
}

/// A request of one user in one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct CallKey {
    user: Uuid,
    conversation: String,
    id: Id,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            sessions: Mutex::default(),
            calls: Mutex::default(),
            requests: Arc::new(Semaphore::new(MAX_REQUESTS)),
        }
    }
}

fn busy(what: &str) -> AppError {
    AppError::new(ErrorKind::Unavailable, format!("Too many {what} are open; try again later"))
}

impl Live {
    /// A place for a request; it is free again when the permit is dropped.
    pub fn place(&self) -> AppResult<OwnedSemaphorePermit> {
        Arc::clone(&self.requests).try_acquire_owned().map_err(|_| busy("MCP requests"))
    }

    /// Opens a session; it is closed when the guard is dropped.
    pub fn open(
        self: &Arc<Self>,
        id: String,
        who: &Principal,
        server: McpServer,
        inbox: mpsc::Sender<Incoming>,
    ) -> AppResult<OpenSession> {
        let mut sessions = self.sessions.lock();
        let own = sessions.values().filter(|session| session.user == who.user_id).count();
        if sessions.len() >= MAX_SESSIONS || own >= MAX_SESSIONS_OF_USER {
            return Err(busy("MCP sessions"));
        }
        sessions.insert(id.clone(), Session { user: who.user_id, server, inbox });
        Ok(OpenSession { live: Arc::clone(self), id })
    }

    /// The way into a session of the caller; `None` also for sessions of others.
    pub fn inbox(&self, id: &str, who: &Principal, server: McpServer) -> Option<mpsc::Sender<Incoming>> {
        let sessions = self.sessions.lock();
        let session = sessions.get(id)?;
        (session.user == who.user_id && session.server == server).then(|| session.inbox.clone())
    }

    /// Remembers a request that may be cancelled, until the guard is dropped. A second one of the same id is
    /// not remembered.
    pub fn begin(self: &Arc<Self>, who: &Principal, conversation: &str, id: &Id) -> OpenCall {
        let key = CallKey { user: who.user_id, conversation: conversation.to_owned(), id: id.clone() };
        let token = CancellationToken::new();
        let key = match self.calls.lock().entry(key.clone()) {
            Entry::Vacant(place) => {
                place.insert(token.clone());
                Some(key)
            }
            Entry::Occupied(_) => None,
        };
        OpenCall { live: Arc::clone(self), key, token }
    }

    /// Cancels a request of the caller.
    pub fn cancel(&self, who: &Principal, conversation: &str, id: Id) {
        let key = CallKey { user: who.user_id, conversation: conversation.to_owned(), id };
        if let Some(token) = self.calls.lock().get(&key) {
            token.cancel();
        }
    }

    /// Cancels all requests of a conversation of the caller.
    pub fn cancel_all(&self, who: &Principal, conversation: &str) {
        for (key, token) in self.calls.lock().iter() {
            if key.user == who.user_id && key.conversation == conversation {
                token.cancel();
            }
        }
    }
}

/// A session that is open as long as this lives.
pub struct OpenSession {
    live: Arc<Live>,
    pub id: String,
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        self.live.sessions.lock().remove(&self.id);
    }
}

/// A request that can be cancelled as long as this lives.
pub struct OpenCall {
    live: Arc<Live>,
    key: Option<CallKey>,
    token: CancellationToken,
}

impl OpenCall {
    pub async fn cancelled(&self) {
        self.token.cancelled().await;
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            self.live.calls.lock().remove(key);
        }
    }
}
