//! Vectors: collections, their chunks, and the exact search through them.
//!
//! A search reads the vectors of a collection page by page ([`chunks::scan`]), so that its memory does not grow
//! with the collection; comparing is the caller's. Vectors are stored scaled to length 1: the product of two is
//! their cosine.

mod bytes;
pub mod chunks;
pub mod collections;
mod words;

pub use crate::entity::vector_collection::{CollectionKind, Model as Collection};
pub use bytes::{from_bytes, to_bytes};
pub use chunks::{Chunk, NewChunk, ScanRow, Totals};
