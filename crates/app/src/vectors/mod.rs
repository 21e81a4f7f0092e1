//! The vector store of the server: collections in its database, searched exactly.
//!
//! A search reads the vectors of a collection page by page and compares each page on a thread for such work, so
//! that its memory is bounded and no request waits for it. With words to look for, the ranks of both searches are
//! joined (reciprocal rank fusion).

mod index;
mod nearest;

pub use index::EmbeddedIndex;

#[cfg(test)]
mod tests;
