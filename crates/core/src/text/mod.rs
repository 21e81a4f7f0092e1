//! Templates: Python's format strings, mustache variables, and the variables of prompts.

pub mod format;
pub mod mustache;
pub mod prompt;
mod spec;

pub use spec::general;
