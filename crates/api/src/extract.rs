//! Extractors.

pub mod caller;
pub mod client;
pub mod fields;
pub mod form;
pub mod json;
pub mod path;
pub mod query;
pub mod upload;

pub use caller::{Caller, MaybeCaller};
