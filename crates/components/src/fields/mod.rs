//! Types of fields that several components have.

mod pick;

pub use pick::{Pick, option};
