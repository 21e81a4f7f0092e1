//! The flow document as the editor saves it.
//!
//! The document itself stays JSON and is never rewritten: unknown keys survive a save. This module gives a
//! typed view of what a run needs of it ([`Document`]), with every problem collected, and the changes a
//! run may ask for ([`tweaks`]).
//!
//! ```
//! use langflow_core::flow::Document;
//! let json = serde_json::json!({"nodes": [], "edges": []});
//! let (document, problems) = Document::read(&json);
//! assert!(problems.is_empty() && document.nodes.is_empty());
//! ```

mod document;
mod edge;
mod group;
pub mod import;
mod node;
mod problem;
pub mod tweaks;

pub use document::Document;
pub use edge::{Edge, decode_handle, encode_handle};
pub use node::{Node, NodeOutput, TOOLSET};
pub use problem::{Problem, ProblemKind};
