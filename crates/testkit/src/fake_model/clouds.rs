//! IBM watsonx, Vertex AI, Hugging Face and Cloudflare, where they differ from the wires of others.

use super::openai::{self, vector};
use super::{Shared, ask};
use axum::Json as JsonBody;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `POST /identity/token` and `/token`: the token of a key is the key itself, that of a claim `google-token`.
pub(crate) async fn token(Form(form): Form<BTreeMap<String, String>>) -> Response {
    let token = form.get("apikey").map_or("google-token", String::as_str);
    JsonBody(json!({ "access_token": token, "expires_in": 3_600, "token_type": "Bearer" })).into_response()
}

/// `POST /ml/v1/text/chat`.
pub(crate) async fn watsonx(shared: State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    openai::chat(shared, JsonBody(as_openai(body, false))).await
}

/// `POST /ml/v1/text/chat_stream`.
pub(crate) async fn watsonx_stream(shared: State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    openai::chat(shared, JsonBody(as_openai(body, true))).await
}

fn as_openai(mut body: Json, stream: bool) -> Json {
    if let Some(map) = body.as_object_mut() {
        let model = map.shift_remove("model_id").unwrap_or_default();
        map.insert("model".into(), model);
        map.insert("stream".into(), json!(stream));
    }
    body
}

/// `POST /ml/v1/text/embeddings`.
pub(crate) async fn watsonx_embed(shared: State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    vectors(&shared, &body, "inputs", |vectors| {
        json!({ "results": vectors.into_iter().map(|vector| json!({ "embedding": vector })).collect::<Vec<_>>() })
    })
    .await
}

/// `POST /feature-extraction`.
pub(crate) async fn inference(shared: State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    vectors(&shared, &body, "inputs", |vectors| json!(vectors)).await
}

/// `POST /ai/run/{model}`.
pub(crate) async fn cloudflare(shared: State<Arc<Shared>>, JsonBody(body): JsonBody<Json>) -> Response {
    vectors(&shared, &body, "text", |vectors| json!({ "result": { "data": vectors }, "success": true })).await
}

async fn vectors(
    shared: &Shared,
    body: &Json,
    key: &str,
    answer: impl FnOnce(Vec<Vec<f32>>) -> Json,
) -> Response {
    if let Some(response) = ask::scripted(shared).await {
        return response;
    }
    let texts = body.get(key).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    JsonBody(answer(texts.iter().map(|text| vector(text.as_str().unwrap_or_default(), 64)).collect()))
        .into_response()
}

/// `POST /v1beta/models/{model}:predict`.
pub(crate) fn predict(body: &Json) -> Response {
    let instances = body.get("instances").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let predictions: Vec<Json> = instances
        .iter()
        .map(|instance| {
            let text = instance.get("content").and_then(Json::as_str).unwrap_or_default();
            json!({ "embeddings": { "values": vector(text, 64) } })
        })
        .collect();
    JsonBody(json!({ "predictions": predictions })).into_response()
}
