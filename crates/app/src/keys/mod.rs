//! API keys.

pub mod format;
