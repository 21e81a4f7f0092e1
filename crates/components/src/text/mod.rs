//! Text work that several components share.

pub mod csv;
pub mod jq;
pub mod literal;
pub mod markdown;
pub mod repair;
pub mod splitter;
pub mod stringify;
