//! REST, version 1 (and the health checks at the root).

pub mod catalogue;
pub mod config;
pub mod folders;
pub mod health;
