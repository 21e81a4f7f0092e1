//! Which native component a piece of Python stands for.

use langflow_core::component::{Catalogue, Definition};
use std::sync::Arc;

/// The component of a source: the class it declares, or the `name` it gives itself.
///
/// Nothing is executed. Code that the server does not know belongs to the Python worker.
pub fn recognise<'a>(catalogue: &'a Catalogue, code: &str) -> Option<&'a Arc<dyn Definition>> {
    classes(code)
        .find_map(|name| catalogue.get(name))
        .or_else(|| names(code).find_map(|name| catalogue.get(name)))
}

/// Names in `class Name(…):` lines.
fn classes(code: &str) -> impl Iterator<Item = &str> {
    code.lines().filter_map(|line| {
        let rest = line.strip_prefix("class ")?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty())
    })
}

/// Values of `name = "…"` in class bodies.
fn names(code: &str) -> impl Iterator<Item = &str> {
    code.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("name")?.trim_start();
        let rest = rest.strip_prefix('=').or_else(|| rest.split_once('=').map(|(_, rest)| rest))?.trim();
        rest.strip_prefix('"')?.split('"').next()
    })
}
