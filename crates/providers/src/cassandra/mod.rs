//! Cassandra: a connection through the door, vectors and histories of chats in the tables of LangChain (cassio).
//!
//! Drivers of Cassandra connect by themselves to every node that a server names. Here one connection is made, through
//! the door, which checks the address; what is spoken is the part of the binary protocol, version 4, that is needed.

mod address;
mod answer;
mod frame;
mod history;
mod name;
mod server;
mod session;
mod statement;
mod vectors;

pub use address::contact_points;
pub use history::CassandraHistory;
pub use name::Name;
pub use server::CassandraServer;
pub use vectors::{CassandraTable, Setup};

const SERVICE: &str = "Cassandra";
