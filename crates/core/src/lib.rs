//! The words every room of langflow-rs shares.
//!
//! * [`value`]: what travels along edges: [`Message`], [`Data`], [`Table`], handles.
//! * [`flow`]: the flow document as the editor saves it, kept lossless.
//! * [`component`]: how a component is declared, read and listed in the catalogue.
//! * [`capability`]: what live handles can do: chat models, embedders, tools, vector indexes.
//! * [`run`]: what a component sees while it runs: its context, the ports behind it, its events.
//! * [`text`]: templates and their variables.
//! * [`fault`]: the one error of components and providers.
//!
//! There is no runtime, no database and no HTTP client in here. Everything that touches the outside
//! world is a trait in [`run::ports`], so that tests can hold it still.

pub mod capability;
pub mod clock;
pub mod component;
pub mod fault;
pub mod flow;
pub mod ids;
pub mod json;
pub mod run;
pub mod secret;
pub mod shared_files;
pub mod text;
pub mod value;

pub use async_trait::async_trait;
pub use fault::{Fault, FaultKind, Place};
pub use json::object;
pub use langflow_macros::{Component, Inputs, outputs};
pub use secret::Secret;
pub use value::{Data, Json, JsonMap, Message, Table, Value};

/// What the macros expand to; not for use by hand.
#[doc(hidden)]
pub mod private {
    pub use async_trait::async_trait;
    pub use serde_json;
    pub use std::sync::LazyLock;
}

/// Everything the file of a component needs.
pub mod prelude {
    pub use crate::capability::{ChatModel, Embedder, Tool};
    pub use crate::component::{
        AnyValue, Component as _, DataLike, Handle, InputKind, Inputs as _, Many, Outputs as _, Params,
        SpecPatch, choice, examples,
    };
    pub use crate::run::Cx;
    pub use crate::{
        Component, Data, Fault, FaultKind, Inputs, Json, JsonMap, Message, Secret, Table, Value, async_trait,
        outputs,
    };
    pub use std::sync::Arc;
}
