//! How a failed node is told.

use super::state::RunState;
use crate::plan::PlanNode;
use langflow_core::value::{Category, Properties, Source};
use langflow_core::{Fault, FaultKind, Message};
use serde_json::json;

/// A failure with the node it belongs to; without one the run itself failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Index into the plan.
    pub node: Option<usize>,
    pub fault: Fault,
}

impl Failure {
    /// `Error building Component <name>: …`, the sentence every surface shows.
    pub fn text(&self, node: Option<&PlanNode>) -> String {
        match node {
            Some(node) => node_text(node, &self.fault),
            None => self.fault.message().to_owned(),
        }
    }
}

pub(super) fn node_text(node: &PlanNode, fault: &Fault) -> String {
    format!("Error building Component {}: \n\n{}", node.node.display_name, fault.message())
}

/// The class of Python error that clients expect to read for a kind of fault.
fn class(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Invalid | FaultKind::Missing => "ValueError",
        FaultKind::Unauthorised | FaultKind::Refused => "PermissionError",
        FaultKind::Timeout => "TimeoutError",
        FaultKind::RateLimited | FaultKind::Unavailable => "ConnectionError",
        FaultKind::Cancelled => "CancelledError",
        FaultKind::Unsupported => "NotImplementedError",
        FaultKind::Budget | FaultKind::Bug => "RuntimeError",
    }
}

/// The chat message of a failure (contract-flows 7.7).
pub fn error_message(node: &PlanNode, fault: &Fault, session_id: &str) -> Message {
    let name = node.node.display_name.clone();
    let field = fault.place().and_then(|p| p.field.clone());
    Message {
        sender: Some(name.clone()),
        sender_name: Some(name.clone()),
        session_id: session_id.to_owned(),
        category: Category::Error,
        properties: Properties {
            text_color: Some("red".into()),
            background_color: Some("red".into()),
            icon: Some("error".into()),
            source: Source {
                id: Some(node.node.id.clone()),
                display_name: Some(name.clone()),
                source: Some(name.clone()),
            },
            ..Properties::default()
        },
        content_blocks: vec![json!({
            "title": "Error",
            "contents": [{
                "type": "error",
                "duration": null,
                "header": {},
                "component": name,
                "field": field,
                "reason": format!("**{}**\n - **Details: {}**\n", class(fault.kind()), fault.message()),
                "solution": null,
                "code": null,
                "traceback": "",
            }],
            "allow_markdown": true,
            "media_url": null,
        })],
        ..Message::from_text(format!("{}\n", fault.message()))
    }
}

impl RunState {
    /// Stores the error message and tells the listeners, where there is a session.
    pub(super) async fn report_failure(&self, node: &PlanNode, fault: &Fault) {
        if self.scope.session_id.is_empty() {
            return;
        }
        let mut message = error_message(node, fault, &self.scope.session_id);
        message.id = Some(self.scope.ids.ordered());
        message.timestamp = self.scope.clock.now();
        message.flow_id = Some(self.scope.flow_id);
        message.run_id = Some(self.scope.run_id);
        message.session_metadata = Some(json!({ "graph_run_id": self.scope.run_id }));
        if let Err(fault) = self.scope.messages.save(&message).await {
            tracing::warn!(%fault, node = node.node.id, "the error message could not be stored");
        }
        if self.is_watched() {
            self.emit(langflow_core::run::RunEvent::Error(std::sync::Arc::new(message))).await;
        }
    }
}
