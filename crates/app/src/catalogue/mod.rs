//! The component catalogue as the editor asks for it, and what it asks about one node.

mod document;
mod ports;
pub(crate) mod prompt;
mod recognise;
mod report;
pub(crate) mod update;

pub use document::{CatalogueDocument, code_hash, read_catalogue};
pub(crate) use ports::EditorPorts;
pub use prompt::{CheckPrompt, CheckedPrompt, check_prompt};
pub use recognise::recognise;
pub use report::{NodeReport, Report, report};
pub use update::{Described, UpdateNode, describe_code, update_node};

#[cfg(test)]
mod tests;
