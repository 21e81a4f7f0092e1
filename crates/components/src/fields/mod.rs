//! Types of fields that several components have.

pub mod aws;
pub mod google;
mod pick;

pub use pick::{Pick, option};

use langflow_core::prelude::*;

/// What a field holds; else, and where it holds no more than the name of the variable, the value of the variable.
/// `what` names the secret for people.
pub async fn secret_or_variable(
    given: Option<&Secret>,
    what: &str,
    variable: &str,
    field: &str,
    cx: &Cx,
) -> Result<Secret, Fault> {
    if let Some(given) = given.filter(|given| !given.is_empty() && given.expose() != variable) {
        return Ok(given.clone());
    }
    match cx.variables().get(variable).await? {
        Some(found) if !found.value.is_empty() => Ok(found.value),
        _ => Err(Fault::missing(format!(
            "there is no {what}: enter it in the component, or store it as the variable {variable}"
        ))
        .at_field(field)),
    }
}
