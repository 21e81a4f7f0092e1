//! Builds of flows that their owner made public, by visitors without an account (contract-flows 9.9).

use super::build::{BuildFlow, PreparedBuild};
use super::plans;
use super::scope::Caller;
use crate::custom::is_approved;
use crate::principal::Credential;
use crate::variables::Overrides;
use crate::{App, AppError, AppResult, Client, ErrorKind, Principal};
use langflow_engine::Plan;
use langflow_store::flows::{self, FlowKey};
use serde_json::json;
use sha1::{Digest as _, Sha1};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Who visits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// A browser, by its cookie `client_id`.
    Client(String),
    /// Somebody who is signed in.
    User(Uuid),
}

/// The kind of visitors' runs.
pub(super) const PUBLIC: &str = "public";

/// Components that run code or reach other flows: a stranger may not start them.
const CLOSED: [&str; 14] = [
    "PythonREPLComponent",
    "PythonREPLTool",
    "PythonREPLToolComponent",
    "PythonFunction",
    "PythonCodeStructuredTool",
    "PythonInterpreter",
    "CustomComponent",
    "LambdaFilterComponent",
    "Smart Function",
    "RunFlow",
    "RunFlowBaseComponent",
    "SubFlow",
    "FlowTool",
    "RunnableExecutor",
];

/// The id under which a visitor's use of a flow is recorded: each has a history of its own.
pub fn virtual_flow_id(visitor: &Visitor, flow_id: Uuid) -> Uuid {
    match visitor {
        Visitor::Client(client) => name_id(&format!("client:{client}_{flow_id}")),
        Visitor::User(user) => name_id(&format!("user:{user}_{flow_id}")),
    }
}

/// Whose jobs a visitor may read.
pub(super) fn visitor_id(visitor: &Visitor) -> Uuid {
    match visitor {
        Visitor::Client(client) => name_id(&format!("client:{client}")),
        Visitor::User(user) => *user,
    }
}

/// A version 5 id in the namespace of DNS names, as the reference makes them.
fn name_id(name: &str) -> Uuid {
    let mut hash = Sha1::new();
    hash.update(Uuid::NAMESPACE_DNS.as_bytes());
    hash.update(name.as_bytes());
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    uuid::Builder::from_sha1_bytes(bytes).into_uuid()
}

/// Counts a run of a visitor from this address.
///
/// # Errors
/// 429 (`RATE_LIMITED`) for one too many in this minute (`LANGFLOW_PUBLIC_FLOW_RATE_LIMIT_PER_MINUTE`).
pub fn count_visitor_run(app: &App, client: &Client) -> AppResult<()> {
    let auth = &app.settings.auth;
    let most = app.settings.runs.public_runs_per_minute;
    if !auth.rate_limit_enabled || app.accounts.visitor_runs.add(client.address, app.clock.now()) <= most {
        return Ok(());
    }
    Err(AppError::new(
        ErrorKind::TooManyRequests,
        json!({
            "error": "Rate limited", "code": "RATE_LIMITED",
            "message": format!("This flow may be run {most} times a minute from one address."),
        }),
    )
    .with_retry_after(Duration::from_mins(1)))
}

/// Finds a public flow and makes ready to build it for a visitor.
///
/// # Errors
/// 404 for a flow that is not public; 403 for one that holds components strangers may not start.
pub async fn prepare_public_build(
    app: &Arc<App>,
    visitor: &Visitor,
    mut wanted: BuildFlow,
) -> AppResult<PreparedBuild> {
    let not_found = || AppError::not_found("Flow not found");
    let flow = flows::find_public(&app.store, wanted.flow_id).await?.ok_or_else(not_found)?;
    let owner = flow.user_id.ok_or_else(not_found)?;
    let reference = flows::find_ref(&app.store, owner, FlowKey::Id(flow.id)).await?.ok_or_else(not_found)?;
    let plan = plans::load(app, owner, &reference, false).await?;
    check(app, &plan).await?;
    let virtual_id = virtual_flow_id(visitor, flow.id);
    let session = wanted.inputs.session.take().filter(|s| !s.is_empty());
    let session_id = match session {
        Some(session) => format!("{virtual_id}:{session}"),
        None => virtual_id.to_string(),
    };
    wanted.data = None;
    wanted.tweaks.clear();
    // Of files only those that this visitor attached.
    let own = format!("{virtual_id}/");
    wanted.files.retain(|path| path.starts_with(&own));
    // The flow runs with its owner's variables; nothing of the visitor's is known.
    let who = Principal {
        user_id: owner,
        username: String::new(),
        is_superuser: false,
        credential: Credential::Local,
    };
    Ok(PreparedBuild {
        app: Arc::clone(app),
        caller: Caller { who, overrides: Overrides::default(), depth: 0, is_public: true },
        flow_id: virtual_id,
        run_id: app.ids.random(),
        flow_name: flow.name,
        session_id,
        wanted,
        plan: Ok(plan),
        kind: PUBLIC,
        visitor: Some(visitor_id(visitor)),
        templates: Vec::new(),
        may_wait: false,
        remember: None,
        goes_on: None,
    })
}

pub(super) async fn check(app: &App, plan: &Plan) -> AppResult<()> {
    let mut closed: Vec<&str> = Vec::new();
    for node in &plan.nodes {
        let is_open = match node.definition.as_deref() {
            None => false,
            // Code of a node runs for strangers only where an administrator approved it.
            Some(definition) => match definition.code() {
                Some(code) => is_approved(app, code).await?,
                None => !CLOSED.contains(&node.node.kind.as_str()) && !CLOSED.contains(&definition.spec().id),
            },
        };
        if !is_open {
            closed.push(node.node.display_name.as_str());
        }
    }
    if closed.is_empty() {
        return Ok(());
    }
    Err(AppError::forbidden(format!(
        "This flow holds components that a public flow may not run: {}",
        closed.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_visitors_are_those_of_the_reference() {
        // uuid.uuid5(uuid.NAMESPACE_DNS, "python.org")
        assert_eq!(name_id("python.org").to_string(), "886313e1-3b8a-5372-9b90-0c9aee199e5d");
        let flow = Uuid::from_u128(1);
        let client = virtual_flow_id(&Visitor::Client("a".into()), flow);
        assert_ne!(client, virtual_flow_id(&Visitor::Client("b".into()), flow));
        assert_ne!(client, virtual_flow_id(&Visitor::User(Uuid::from_u128(2)), flow));
    }
}
