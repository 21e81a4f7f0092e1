//! REST, version 1 (and the health checks at the root).

pub mod catalogue;
pub mod health;
