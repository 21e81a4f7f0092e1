//! Files that users bring: attachments of chats by flow, and files of their own by user.
//!
//! Bytes lie below `files` in the data folder under names that the server makes; what a client calls a file
//! is a row or the tail of a made name, never a path on disk.

pub mod area;
pub mod chat;
pub mod incoming;
pub mod names;
pub mod user;
pub mod visitors;

mod orphans;
mod port;
mod turns;

pub use area::FileArea;
pub use incoming::Incoming;
pub use orphans::delete_orphans;
pub use port::RunFiles;
pub use turns::Turns;

use crate::error::AppError;

pub(crate) fn not_found() -> AppError {
    AppError::not_found("File not found")
}

/// A failing disk is ours to mend.
pub(crate) fn disk(error: std::io::Error) -> AppError {
    AppError::internal(error)
}
