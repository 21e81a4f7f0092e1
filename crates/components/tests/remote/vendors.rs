//! The components of single vendors: every one reaches its wire with its own fields.

use crate::support::{params, text, world};
use langflow_components::catalogue;
use langflow_core::{Json, Value};
use langflow_testkit::fake_model::FakeModel;
use serde_json::json;

/// Key, fields beside key and input, name of the field for the address, wire, what the body holds.
fn chat_vendors() -> Vec<(&'static str, Json, &'static str, &'static str, Json)> {
    vec![
        (
            "OpenAIModel",
            json!({ "api_key": "k", "seed": 3 }),
            "openai_api_base",
            "openai",
            json!({ "model": "gpt-4o-mini", "seed": 3 }),
        ),
        (
            "OpenAIModel",
            json!({ "api_key": "k", "model_name": "o1", "max_tokens": 5 }),
            "openai_api_base",
            "openai",
            json!({ "model": "o1", "max_completion_tokens": 5 }),
        ),
        (
            "AnthropicModel",
            json!({ "api_key": "k" }),
            "base_url",
            "root",
            json!({ "model": "claude-opus-4-6", "max_tokens": 4096 }),
        ),
        (
            "OllamaModel",
            json!({ "model_name": "llama3.2", "num_ctx": 64, "mirostat": "Mirostat" }),
            "base_url",
            "root",
            json!({ "model": "llama3.2", "options": { "temperature": 0.1, "num_ctx": 64, "mirostat": 1 } }),
        ),
        (
            "GroqModel",
            json!({ "api_key": "k" }),
            "base_url",
            "openai",
            json!({ "model": "llama-3.1-8b-instant" }),
        ),
        (
            "MistralModel",
            json!({ "api_key": "k", "random_seed": 9 }),
            "mistral_api_base",
            "openai",
            json!({ "model": "codestral-latest", "seed": 9 }),
        ),
        (
            "DeepSeekModelComponent",
            json!({ "api_key": "k", "json_mode": true }),
            "api_base",
            "openai",
            json!({ "response_format": { "type": "json_object" } }),
        ),
        (
            "xAIModel",
            json!({ "api_key": "k", "model_kwargs": { "user": "u" } }),
            "base_url",
            "openai",
            json!({ "user": "u" }),
        ),
        (
            "LMStudioModel",
            json!({ "api_key": "k", "model_name": "m" }),
            "base_url",
            "openai",
            json!({ "model": "m" }),
        ),
        (
            "vLLMModel",
            json!({ "api_key": "k", "model_name": "m" }),
            "api_base",
            "openai",
            json!({ "model": "m" }),
        ),
        (
            "LiteLLMProxyModel",
            json!({ "api_key": "k", "model_name": "m" }),
            "api_base",
            "openai",
            json!({ "temperature": 0.7 }),
        ),
        (
            "NVIDIAModelComponent",
            json!({ "api_key": "k", "model_name": "m", "detailed_thinking": true }),
            "base_url",
            "openai",
            json!({ "model": "m" }),
        ),
        (
            "SambaNovaModel",
            json!({ "api_key": "k" }),
            "base_url",
            "openai",
            json!({ "max_tokens": 2048, "top_p": 1.0 }),
        ),
        (
            "AIMLModel",
            json!({ "api_key": "k" }),
            "aiml_api_base",
            "openai",
            json!({ "model": "gpt-4o-mini" }),
        ),
        (
            "AmazonBedrockConverseModel",
            json!({
                "aws_access_key_id": "AKIDEXAMPLE",
                "aws_secret_access_key": "secret",
                "model_id": "anthropic.claude-3-haiku-20240307-v1:0",
            }),
            "endpoint_url",
            "root",
            json!({
                "inferenceConfig": { "maxTokens": 4096, "temperature": 0.7, "topP": 0.9 },
                "additionalModelRequestFields": { "top_k": 250 },
            }),
        ),
        (
            "AmazonBedrockModel",
            json!({
                "aws_access_key_id": "AKIDEXAMPLE",
                "aws_secret_access_key": "secret",
                "model_kwargs": { "temperature": "0.5", "own": 1 },
            }),
            "endpoint_url",
            "root",
            json!({
                "inferenceConfig": { "temperature": 0.5 },
                "additionalModelRequestFields": { "own": 1 },
            }),
        ),
        (
            "HuggingFaceModel",
            json!({ "huggingfacehub_api_token": "k", "top_k": 5 }),
            "inference_endpoint",
            "openai",
            json!({ "model": "meta-llama/Llama-3.3-70B-Instruct", "max_tokens": 512, "top_k": 5 }),
        ),
        (
            "AzureOpenAIModel",
            json!({ "api_key": "k", "azure_deployment": "d" }),
            "azure_endpoint",
            "root",
            Json::Null,
        ),
    ]
}

#[tokio::test]
async fn chat_vendors_reach_their_wire() {
    for (key, mut fields, address, wire, expect) in chat_vendors() {
        let server = FakeModel::start().await;
        fields[address] = json!(if wire == "root" { server.root_url() } else { server.openai_url() });
        fields["input_value"] = json!("hi");
        let solo = world(&server);
        let answer = solo.run(&catalogue(), key, params(fields.clone()), "text_output").await;
        if key == "AzureOpenAIModel" {
            // The fake has no such place; that it was asked for there is what counts.
            assert!(answer.is_err());
            let asked = server.requests().remove(0);
            assert_eq!(asked.path, "/openai/deployments/d/chat/completions?api-version=2024-06-01");
            assert_eq!(asked.headers["api-key"], "k");
            continue;
        }
        let said = if fields.get("json_mode").is_some() { "{}" } else { "Echo: hi" };
        assert_eq!(text(&answer.unwrap_or_else(|e| panic!("{key}: {e}"))), said, "{key}");
        let body = server.bodies().remove(0);
        for (name, value) in expect.as_object().unwrap() {
            assert_eq!(body.get(name), Some(value), "{key}: {name} in {body}");
        }
    }
}

#[tokio::test]
async fn vendors_without_an_address_field_use_their_own() {
    let pages = std::sync::Arc::new(langflow_testkit::pages::Pages::new());
    for (key, fields, host) in [
        (
            "OpenRouterComponent",
            json!({ "api_key": "k", "model_name": "m", "site_url": "https://s.example" }),
            "https://openrouter.ai/api/v1/",
        ),
        ("NovitaModel", json!({ "api_key": "k", "model_name": "m" }), "https://api.novita.ai/v3/openai/"),
        ("PerplexityModel", json!({ "api_key": "k" }), "https://api.perplexity.ai/"),
        ("CometAPIModel", json!({ "api_key": "k" }), "https://api.cometapi.com/v1/"),
        ("CohereModel", json!({ "cohere_api_key": "k" }), "https://api.cohere.ai/compatibility/v1/"),
        (
            "GoogleGenerativeAIModel",
            json!({ "api_key": "k" }),
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:",
        ),
        ("GroqModel", json!({ "api_key": "k" }), "https://api.groq.com/openai/v1/"),
        ("HuggingFaceModel", json!({ "huggingfacehub_api_token": "k" }), "https://router.huggingface.co/v1/"),
        ("Maritalk", json!({ "api_key": "k" }), "https://chat.maritaca.ai/api/"),
        (
            "OrcaRouterComponent",
            json!({ "api_key": "k", "model_name": "m" }),
            "https://api.orcarouter.ai/v1/",
        ),
        (
            "AmazonBedrockConverseModel",
            json!({ "aws_access_key_id": "A", "aws_secret_access_key": "s", "region_name": "eu-central-1" }),
            "https://bedrock-runtime.eu-central-1.amazonaws.com/model/anthropic.claude-3-5-sonnet-20241022-v2%3A0/",
        ),
        (
            "IBMwatsonxModel",
            json!({
                "api_key": "k",
                "project_id": "p",
                "base_url": "https://us-south.ml.cloud.ibm.com",
                "model_name": "m",
            }),
            "https://iam.cloud.ibm.com/identity/token",
        ),
    ] {
        let mut fields = fields;
        fields["input_value"] = json!("hi");
        let solo = langflow_testkit::solo::Solo::new().with_egress(pages.clone());
        let fault = solo.run(&catalogue(), key, params(fields), "text_output").await.unwrap_err();
        let asked = pages.asked().pop().unwrap_or_else(|| panic!("{key}: {fault}"));
        assert!(asked.url.starts_with(host), "{key}: {}", asked.url);
        if key == "OpenRouterComponent" {
            assert_eq!(asked.headers["http-referer"], "https://s.example");
        }
    }
}

#[tokio::test]
async fn embedding_components_make_vectors() {
    for (key, mut fields, address, wire) in [
        ("OpenAIEmbeddings", json!({ "openai_api_key": "k", "dimensions": 8 }), "openai_api_base", "openai"),
        ("OllamaEmbeddings", json!({ "model_name": "nomic-embed-text" }), "base_url", "root"),
        ("MistalAIEmbeddings", json!({ "mistral_api_key": "k" }), "endpoint", "openai"),
        ("NVIDIAEmbeddings", json!({ "nvidia_api_key": "k" }), "base_url", "openai"),
        ("LMStudioEmbeddingsComponent", json!({ "api_key": "k", "model": "m" }), "base_url", "openai"),
        (
            "EmbeddingModel",
            json!({ "model": [{ "name": "text-embedding-3-small", "provider": "OpenAI" }] }),
            "api_base",
            "openai",
        ),
        (
            "EmbeddingModel",
            json!({ "model": [{ "name": "nomic-embed-text", "provider": "Ollama" }] }),
            "ollama_base_url",
            "root",
        ),
        ("EmbeddingModel", json!({ "model": "text-embedding-3-large" }), "api_base", "openai"),
        (
            "AmazonBedrockEmbeddings",
            json!({ "aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret" }),
            "endpoint_url",
            "root",
        ),
        ("HuggingFaceInferenceAPIEmbeddings", json!({ "api_key": "k" }), "inference_endpoint", "root"),
    ] {
        let server = FakeModel::start().await;
        fields[address] = json!(if wire == "root" { server.root_url() } else { server.openai_url() });
        let made = world(&server).run(&catalogue(), key, params(fields), "embeddings").await;
        let Ok(Value::Embedder(embedder)) = made else { panic!("{key}: {:?}", made.err()) };
        let vectors =
            embedder.embed(vec!["a b".into(), "c".into()]).await.unwrap_or_else(|e| panic!("{key}: {e}"));
        assert_eq!(vectors.len(), 2, "{key}");
        if key == "OpenAIEmbeddings" {
            assert_eq!(vectors[0].len(), 8);
        }
    }
}
