//! Components whose code a node brings along.
//!
//! The server never runs such code itself: an implementation hands it to processes of their own. Where there is
//! none ([`crate::component::Catalogue::custom`] is `None`), nodes with code of their own cannot run.

use super::catalogue::Definition;
use crate::flow::Node;
use crate::value::{Json, JsonMap};
use crate::{Fault, async_trait};
use std::sync::Arc;
use uuid::Uuid;

/// What people's own code can be asked for.
#[async_trait]
pub trait CustomCode: Send + Sync {
    /// Makes ready, and tells with what: versions of Python and `lfx`.
    async fn prepare(&self) -> Result<Json, Fault>;

    /// The component of a node with code; nothing runs yet.
    fn definition(&self, node: &Node) -> Arc<dyn Definition>;

    /// The catalogue entry of a source, and the name of its class. The module's own statements run.
    async fn describe(&self, user: Uuid, code: &str) -> Result<DescribedCode, Fault>;

    /// The node after one of its fields was changed in the editor.
    async fn update(&self, user: Uuid, change: CodeChange) -> Result<Json, Fault>;

    /// What is wrong with the imports of a source, a sentence each. Only the imports run.
    async fn check_imports(&self, user: Uuid, code: &str) -> Result<Vec<String>, Fault>;
}

/// A source as a component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedCode {
    /// The node as the catalogue would list it.
    pub node: Json,
    /// Name of the class.
    pub kind: String,
}

/// A changed field of a node with code of its own.
#[derive(Clone, Debug, Default)]
pub struct CodeChange {
    pub code: String,
    /// Class of the component, where the node names it.
    pub class: Option<String>,
    pub template: JsonMap,
    pub field: String,
    pub value: Json,
    pub tool_mode: Option<bool>,
    pub metadata: JsonMap,
}
