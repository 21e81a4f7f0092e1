//! MongoDB: a connection through the door, vectors in a collection with an index of its search.
//!
//! The driver of MongoDB connects by itself to whatever a server names as a member of its cluster. Here every
//! connection goes through the door, which checks the address; what is spoken are the few commands that are needed.

mod address;
mod certificate;
mod login;
mod scram;
mod server;
mod session;
mod values;
mod vectors;

pub use address::MongoServer;
pub use vectors::{MongoCollection, Quantization, SearchIndex, Similarity};

const SERVICE: &str = "MongoDB";
