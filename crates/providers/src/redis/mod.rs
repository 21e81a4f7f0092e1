//! Redis: a connection through the door, vectors in its search module, histories in its lists.

mod history;
mod server;
mod vectors;

pub use history::RedisHistory;
pub use server::RedisServer;
pub use vectors::RedisIndex;
