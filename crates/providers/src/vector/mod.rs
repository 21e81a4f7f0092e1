//! Vector stores over HTTP.

pub mod astra;
pub mod qdrant;
