//! How a component is declared, read and listed.
//!
//! A component is one file: a struct whose fields are its inputs and an `impl` whose marked methods are
//! its outputs. The declaration is what is read at run time, so it cannot drift:
//!
//! ```
//! use langflow_core::prelude::*;
//!
//! /// Join two texts with a delimiter.
//! #[derive(Component)]
//! #[component(id = "CombineText", title = "Combine Text", icon = "merge", category = "processing")]
//! pub struct CombineText {
//!     /// The first text.
//!     #[input(title = "First Text")]
//!     text1: String,
//!     /// The second text.
//!     #[input(title = "Second Text")]
//!     text2: String,
//!     /// What stands between them.
//!     #[input(title = "Delimiter", default = " ")]
//!     delimiter: String,
//! }
//!
//! #[outputs]
//! impl CombineText {
//!     /// Both texts as one message.
//!     #[output(title = "Combined Text", method = "combine_texts")]
//!     async fn combined_text(&self, cx: &Cx) -> Result<Message, Fault> {
//!         Ok(cx.new_message(format!("{}{}{}", self.text1, self.delimiter, self.text2)))
//!     }
//! }
//! ```
//!
//! Inputs that several components share stand in a struct of their own, marked `#[derive(Inputs)]`; a component takes
//! them in with a field marked `#[input(group)]`, and they stand where that field stands.
//!
//! From the type of a field follow its kind, its handles and whether it takes many values
//! ([`FromInput`]); from the return type of an output the types an edge may carry ([`OutputType`]); from
//! doc comments the texts a user reads.

mod catalogue;
mod choice;
mod custom;
mod example;
mod input;
mod output;
mod params;
mod spec;

pub use catalogue::{Catalogue, Definition, Entry, Instance};
pub use choice::{Choice, choice};
pub use custom::{CodeChange, CustomCode, DescribedCode};
pub use example::{Example, Expected, example_json, example_value, examples};
pub use input::{InputKind, InputSpec, Range, ToDefault};
pub use output::{OutputSpec, OutputType};
pub use params::{AnyValue, DataLike, FromInput, Handle, Many, Params, ToolList, text_of};
pub use spec::{ComponentSpec, RefreshCx, RefreshRequest, SpecPatch};

use crate::capability::Tool;
use crate::run::Cx;
use crate::{Fault, Value, async_trait};
use std::sync::Arc;

/// A declared component. Implemented by `#[derive(Component)]`.
pub trait Component: Sized + Send + Sync + 'static {
    /// The declaration, outputs excluded.
    fn declare() -> ComponentSpec;

    /// Reads the parameters of a node. Every fault is reported, not only the first.
    fn parse(params: Params, spec: &ComponentSpec) -> Result<Self, Vec<Fault>>;
}

/// Inputs that several components share, where a field is marked `#[input(group)]`. Implemented by
/// `#[derive(Inputs)]`.
pub trait Inputs: Sized + Send + Sync + 'static {
    /// How many inputs it declares.
    const COUNT: usize;

    /// The declarations, in their order.
    fn declare_inputs() -> Vec<InputSpec>;

    /// Reads the parameters of these inputs; `None` where one of them cannot be read, which is among the faults then.
    fn read_inputs(params: &mut Params, inputs: &[InputSpec], faults: &mut Vec<Fault>) -> Option<Self>;
}

/// The outputs of a component. Implemented by `#[outputs]`.
#[async_trait]
pub trait Outputs: Component {
    fn output_specs() -> Vec<OutputSpec>;

    /// Whether the component has an output of this name that it does not declare, since it follows from a node's fields.
    fn has_output(_name: &str) -> bool {
        false
    }

    /// Computes the output with this name.
    async fn run_output(&self, name: &str, cx: &Cx) -> Result<Value, Fault>;

    /// The component's own toolset, where it is not made of its outputs (`#[toolset]`).
    async fn toolset(&self, _cx: &Cx) -> Option<Result<Vec<Arc<dyn Tool>>, Fault>> {
        None
    }

    /// The fields that follow from a changed field (`#[refresh]`).
    async fn refresh(_request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        Ok(SpecPatch::default())
    }
}
