//! The nodes that stand for chains: what they ask the model, and what they make of its answers.

use crate::support::{params, text, world};
use langflow_components::catalogue;
use langflow_core::component::Params;
use langflow_core::{Json, Value};
use langflow_testkit::fake_model::{FakeModel, Scripted};
use serde_json::json;

/// Fields of a chain with a model of the server in them.
async fn with_model(server: &FakeModel, fields: Json) -> Params {
    let model = json!({ "model": [{ "name": "gpt-4o-mini", "provider": "OpenAI" }] });
    let handle =
        world(server).run(&catalogue(), "LanguageModelComponent", params(model), "model_output").await;
    let mut fields = params(fields);
    fields.set("llm", handle.unwrap());
    fields
}

#[tokio::test]
async fn chains_ask_their_model() {
    for (key, question, expect, asked) in
        [("ConversationChain", "hi", "Echo: hi", 1), ("LLMCheckerChain", "hi", "Echo: ", 4)]
    {
        let server = FakeModel::start().await;
        let fields = with_model(&server, json!({ "input_value": question })).await;
        let answer = world(&server).run(&catalogue(), key, fields, "text").await;
        let answer = answer.unwrap_or_else(|fault| panic!("{key}: {fault}"));
        assert!(text(&answer).starts_with(expect), "{key}: {}", text(&answer));
        assert_eq!(server.bodies().len(), asked, "{key}");
    }
}

#[tokio::test]
async fn what_the_model_writes_is_worked_out() {
    let server = FakeModel::start().await;
    server.script([Scripted::text("```\n37593 * 67\n```")]);
    let fields = with_model(&server, json!({ "input_value": "37593 times 67?" })).await;
    let answer = world(&server).run(&catalogue(), "LLMMathChain", fields, "text").await.unwrap();
    assert_eq!(text(&answer), "Answer: 2518731");
}

#[tokio::test]
async fn what_cannot_be_worked_out_is_named() {
    let server = FakeModel::start().await;
    let fields = with_model(&server, json!({ "input_value": "what is 2 + 2?" })).await;
    let fault = world(&server).run(&catalogue(), "LLMMathChain", fields, "text").await.unwrap_err();
    assert!(fault.message().contains("cannot be worked out"), "{fault}");
}

#[tokio::test]
async fn a_chain_without_a_model_names_the_field() {
    let server = FakeModel::start().await;
    let fields = params(json!({ "input_value": "hi" }));
    for key in ["ConversationChain", "LLMMathChain", "LLMCheckerChain"] {
        let outcome: Result<Value, _> = world(&server).run(&catalogue(), key, fields.clone(), "text").await;
        assert!(outcome.unwrap_err().to_string().contains("Language Model"), "{key}");
    }
}
