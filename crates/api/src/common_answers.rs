//! Answers that every endpoint of a kind may give, for the API's document: refusals stand in front of handlers, in
//! the guard, the extractors and the limit, and so they are documented in one place too.

use crate::access::Access;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{PathItem, RefOr, Response};

/// Adds what the operations of a path do not say themselves.
pub fn document(item: &mut PathItem, access: Access) {
    let with_body = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    for operation in with_body.into_iter().flatten() {
        add(operation, "400", "A request that cannot be understood");
        add(operation, "413", "More than the server takes");
        add(operation, "422", "Fields that do not fit");
        of_all(operation, access);
    }
    for operation in [&mut item.get, &mut item.head].into_iter().flatten() {
        if operation.parameters.as_ref().is_some_and(|all| !all.is_empty()) {
            add(operation, "422", "Parameters that do not fit");
        }
        of_all(operation, access);
    }
}

fn of_all(operation: &mut Operation, access: Access) {
    if !matches!(access, Access::Public | Access::Optional) {
        add(operation, "401", "A token that is not good any more");
        add(operation, "403", "No credential, or one that does not reach here");
    }
    let is_in_path = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(known) if known.parameter_in == ParameterIn::Path);
    if operation.parameters.iter().flatten().any(is_in_path) {
        add(operation, "404", "Not there, or somebody else's");
    }
}

fn add(operation: &mut Operation, status: &str, description: &str) {
    let known = &mut operation.responses.responses;
    known.entry(status.to_owned()).or_insert_with(|| RefOr::T(Response::new(description)));
}
