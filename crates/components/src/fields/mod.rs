//! Types of fields that several components have.

pub mod aws;
pub mod google;
mod pick;

pub use pick::{Pick, option};
