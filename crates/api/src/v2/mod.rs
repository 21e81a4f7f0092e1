//! REST, version 2.

pub mod files;
