//! Text work that several components share.

pub mod markdown;
pub mod stringify;
