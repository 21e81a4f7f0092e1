//! What is wrong with a flow.

use std::fmt;

/// What kind of mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The document is not a graph, or a part of it has the wrong form.
    Malformed,
    /// An edge names a node that is not there.
    MissingNode,
    /// An edge joins types that do not fit.
    EdgeType,
    /// The node's type has no native implementation.
    UnknownComponent,
    /// The node has no such output.
    UnknownOutput,
    /// The graph breaks a rule: two chat inputs, an unknown start node.
    Rule,
    /// A value of a field cannot be read.
    Field,
}

/// One mistake in a flow, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Id of the node at fault, where one is.
    pub node_id: Option<String>,
    /// Its display name.
    pub component: Option<String>,
    /// Field or output at fault, where one is.
    pub field: Option<String>,
    /// A sentence for the user.
    pub message: String,
}

impl Problem {
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, node_id: None, component: None, field: None, message: message.into() }
    }

    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(ProblemKind::Malformed, message)
    }

    pub fn at_node(mut self, id: &str, component: &str) -> Self {
        self.node_id = Some(id.to_owned());
        self.component = Some(component.to_owned());
        self
    }

    pub fn at_field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
