//! The macros of a component: its declaration, inputs that several components share, and its outputs.
//!
//! All expand to code one could write by hand: `#[derive(Component)]` to an implementation of
//! `langflow_core::component::Component`, `#[derive(Inputs)]` to one of `Inputs`, `#[outputs]` to one of `Outputs`. See
//! the documentation of `langflow_core::component` for the whole example.

mod doc;
mod inputs;
mod outputs;

use proc_macro::TokenStream;

/// Declares a component: struct fields are inputs.
///
/// On the struct: `#[component(id, title, icon, category, …)]`; on a field `#[input(title, default,
/// advanced, …)]`. Doc comments are the texts a user reads; a missing one is an error. `#[input(rest)]`
/// marks one field of type `Params` that takes all undeclared fields, `#[input(group)]` a field whose type declares
/// several inputs ([`derive_inputs`]); they stand where the field stands.
#[proc_macro_derive(Component, attributes(component, input))]
pub fn derive_component(input: TokenStream) -> TokenStream {
    inputs::derive(syn::parse_macro_input!(input)).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// Declares inputs that several components share: `#[derive(Inputs)]` on a struct whose fields are marked as those of a
/// component.
#[proc_macro_derive(Inputs, attributes(input))]
pub fn derive_inputs(input: TokenStream) -> TokenStream {
    inputs::derive_group(syn::parse_macro_input!(input)).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// Declares the outputs of a component: methods marked `#[output(title, …)]`.
///
/// An output is `async fn name(&self, cx: &Cx) -> Result<T, Fault>` with `T: OutputType`. A method marked
/// `#[toolset]` (`-> Result<Vec<Arc<dyn Tool>>, Fault>`) replaces the toolset made of the outputs; a
/// function marked `#[refresh]` (`async fn(&RefreshRequest, &RefreshCx) -> Result<SpecPatch, Fault>`)
/// answers changed fields.
#[proc_macro_attribute]
pub fn outputs(_attr: TokenStream, item: TokenStream) -> TokenStream {
    outputs::expand(syn::parse_macro_input!(item)).unwrap_or_else(|e| e.to_compile_error()).into()
}
