//! What the knowledge nodes say in the editor: the list of bases, the dialog that makes one, two modes.

use langflow_core::Json;
use langflow_core::capability::ModelKind;
use langflow_core::component::{RefreshCx, RefreshRequest, SpecPatch, choice};
use langflow_core::{Fault, JsonMap};
use serde_json::json;

choice! {
    /// What the node does.
    pub enum Mode { Ingest = "Ingest", Retrieve = "Retrieve" }
}

/// The list of bases comes from the server.
pub const NO_OPTIONS: [&str; 0] = [];

const OF_INGEST: [&str; 6] =
    ["input_df", "column_config", "chunk_size", "api_key", "allow_duplicates", "metadata_json"];
const OF_RETRIEVE: [&str; 5] =
    ["search_query", "top_k", "include_metadata", "include_embeddings", "metadata_filter"];
const NAME: &str = "01_new_kb_name";
const MODEL: &str = "02_embedding_model";

/// The columns of the column configuration, and the dialog of the base field.
pub fn columns() -> Json {
    json!([
        { "name": "column_name", "display_name": "Column", "type": "str", "edit_mode": "inline",
          "description": "Name of a column of the input." },
        { "name": "vectorize", "display_name": "Vectorize", "type": "boolean", "default": false,
          "edit_mode": "inline", "description": "The column is part of the text that is searched." },
        { "name": "identifier", "display_name": "Identifier", "type": "boolean", "default": false,
          "edit_mode": "inline", "description": "Rows that are alike in these columns are one." },
    ])
}

/// A text that identifies and is searched.
pub fn usual_columns() -> Json {
    json!([{ "column_name": "text", "vectorize": true, "identifier": true }])
}

/// What the editor shows to make a base.
pub fn dialog() -> Json {
    json!({
        "functionality": "create",
        "fields": { "data": { "node": {
            "name": "create_knowledge_base",
            "display_name": "New knowledge base",
            "description": "A knowledge base keeps texts and finds them by meaning.",
            "field_order": [NAME, MODEL],
            "template": {
                NAME: { "name": "new_kb_name", "display_name": "Name", "type": "str", "_input_type": "StrInput",
                    "info": "At least three characters.", "required": true, "show": true, "value": "" },
                MODEL: { "name": "embedding_model", "display_name": "Embedding Model", "type": "model",
                    "_input_type": "ModelInput", "model_type": "embedding", "input_types": ["Embeddings"],
                    "info": "Makes the vectors of all texts of this base.", "refresh_button": true,
                    "required": true, "show": true, "value": "" },
            },
        } } },
    })
}

/// Answers to a changed field.
pub async fn refresh(request: &RefreshRequest, cx: &RefreshCx) -> Result<SpecPatch, Fault> {
    let mut patch = SpecPatch::default();
    match request.field.as_str() {
        "mode" => show_mode(request, &mut patch),
        "knowledge_base" => {
            let made = match &request.value {
                Json::Object(dialog) => Some(create(dialog, cx).await?),
                _ => None,
            };
            let names = cx.vectors.knowledge_names().await?;
            let mut field = JsonMap::new();
            if let Some(name) = made {
                field.insert("value".into(), json!(name));
            } else if request.value.as_str().is_some_and(|v| !v.is_empty() && !names.iter().any(|n| n == v)) {
                field.insert("value".into(), json!(""));
            }
            field.insert("options".into(), json!(names));
            let mut dialog = dialog();
            let models = cx.models.options(ModelKind::Embedding).await?;
            let model = format!("/fields/data/node/template/{MODEL}");
            if let Some(Json::Object(model)) = dialog.pointer_mut(&model) {
                model.insert("options".into(), json!(models));
            }
            field.insert("dialog_inputs".into(), dialog);
            patch.template.insert("knowledge_base".into(), Json::Object(field));
        }
        _ => {}
    }
    Ok(patch)
}

fn show_mode(request: &RefreshRequest, patch: &mut SpecPatch) {
    let ingests = request.value.as_str() != Some("Retrieve");
    for (names, show) in [(&OF_INGEST[..], ingests), (&OF_RETRIEVE[..], !ingests)] {
        for name in names.iter().filter(|name| request.template.contains_key(**name)) {
            patch.template.insert((*name).into(), json!({ "show": show }));
        }
    }
}

/// The base that the dialog asks for.
async fn create(dialog: &JsonMap, cx: &RefreshCx) -> Result<String, Fault> {
    let name = dialog.get(NAME).and_then(Json::as_str).unwrap_or_default();
    let model = match dialog.get(MODEL) {
        Some(Json::Array(models)) => models.first().cloned().unwrap_or_default(),
        Some(model) => model.clone(),
        None => Json::Null,
    };
    let text = |key: &str| model.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let chosen =
        if text("name").is_empty() { model.as_str().unwrap_or_default().to_owned() } else { text("name") };
    if chosen.is_empty() {
        return Err(
            Fault::missing("choose an embedding model for the knowledge base").at_field("knowledge_base")
        );
    }
    cx.vectors.create_knowledge(name, &text("provider"), &chosen).await
}
