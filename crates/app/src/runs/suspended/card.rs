//! The message of a chat that shows a question.

use crate::App;
use crate::runs::journal::RunHead;
use langflow_core::run::HumanRequest;
use langflow_core::{Json, Message};
use langflow_store::messages::{self, StoredMessage};
use langflow_store::{RawJson, StoreError, Tx};
use serde_json::json;
use uuid::Uuid;

/// How contents that ask a human are named.
const CONTENT: &str = "human_input";

pub(super) fn card(app: &App, head: &RunHead, request: &HumanRequest) -> Message {
    Message {
        id: Some(app.ids.ordered()),
        timestamp: app.clock.now(),
        sender: Some("Machine".into()),
        sender_name: Some("AI".into()),
        session_id: head.session_id.clone(),
        flow_id: Some(head.flow_id),
        run_id: Some(head.id),
        session_metadata: Some(json!({ "graph_run_id": head.id })),
        content_blocks: vec![json!({
            "title": "Human input required",
            "contents": [{
                "type": CONTENT,
                "duration": null,
                "header": {},
                "request_id": request.request_id,
                "job_id": request.job_id,
                "kind": request.kind,
                "prompt": request.prompt,
                "options": request.options,
                "fields": [],
                "allowed_decisions": request.allowed_decisions,
                "submitted_action": null,
                "superseded": false,
            }],
            "allow_markdown": true,
            "media_url": null,
        })],
        ..Message::from_text("")
    }
}

/// Says in the message what was chosen. Gives the message, if it is still there.
pub(super) async fn answered(
    tx: &Tx,
    owner: Uuid,
    id: Option<Uuid>,
    action: &str,
) -> Result<Option<StoredMessage>, StoreError> {
    change(tx, owner, id, "submitted_action", json!(action)).await
}

/// Says in the message that nobody can answer any more.
pub(super) async fn superseded(tx: &Tx, owner: Uuid, id: Option<Uuid>) -> Result<(), StoreError> {
    change(tx, owner, id, "superseded", json!(true)).await.map(drop)
}

async fn change(
    tx: &Tx,
    owner: Uuid,
    id: Option<Uuid>,
    key: &str,
    value: Json,
) -> Result<Option<StoredMessage>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let Some(mut row) = messages::lock(tx, owner, id).await? else { return Ok(None) };
    let mut blocks = row.content_blocks.to_value();
    for block in blocks.as_array_mut().into_iter().flatten() {
        let contents = block.get_mut("contents").and_then(Json::as_array_mut);
        for content in contents.into_iter().flatten().filter_map(Json::as_object_mut) {
            if content.get("type").and_then(Json::as_str) == Some(CONTENT) {
                content.insert(key.to_owned(), value.clone());
            }
        }
    }
    row.content_blocks = RawJson::from(&blocks);
    messages::save(tx, std::slice::from_ref(&row)).await?;
    Ok(Some(row))
}
