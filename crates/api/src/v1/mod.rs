//! REST, version 1 (and the health checks at the root).

pub mod health;
