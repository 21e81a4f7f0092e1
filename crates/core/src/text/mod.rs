//! Templates: Python's format strings, mustache variables, and the variables of prompts.

pub mod format;
mod growing;
pub mod mustache;
pub mod prompt;
mod spec;

pub use growing::{Growing, Joined, MAX_TEXT, TooLong, join};
pub use spec::general;
