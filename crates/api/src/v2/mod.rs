//! REST, version 2.

pub mod files;
pub mod workflows;
