//! Language Model against the fake model server.

use crate::support::{run, text, told, world};
use langflow_core::value::Usage;
use langflow_core::{FaultKind, Json, Value};
use langflow_testkit::fake_model::{FakeModel, Scripted};
use serde_json::json;

const KEY: &str = "LanguageModelComponent";

fn picked() -> Json {
    json!([{ "name": "gpt-4o-mini", "provider": "OpenAI" }])
}

#[tokio::test]
async fn every_stored_shape_reaches_the_model() {
    for (fields, model) in [
        (json!({ "model": picked() }), "gpt-4o-mini"),
        (json!({ "model": [{ "name": "gpt-4o", "provider": "OpenAI", "metadata": {} }] }), "gpt-4o"),
        (json!({ "model": picked(), "model_name": "gpt-4.1" }), "gpt-4.1"),
        (json!({ "model": "gpt-4o" }), "gpt-4o"),
        // Saved without a choice, as templates are: the first provider with a key.
        (json!({ "model": "" }), "gpt-4o-mini"),
        (json!({}), "gpt-4o-mini"),
        (json!({ "provider": "OpenAI", "model_name": "gpt-4o" }), "gpt-4o"),
        (json!({ "provider": "OpenAI", "model_name": "gpt-4o", "api_key": "sk-own" }), "gpt-4o"),
    ] {
        let server = FakeModel::start().await;
        let solo = world(&server);
        let mut all = fields.clone();
        all["input_value"] = json!({ "$message": "hi" });
        let answer = run(&solo, KEY, all, "text_output").await.unwrap_or_else(|e| panic!("{fields}: {e}"));
        assert_eq!(text(&answer), "Echo: hi", "{fields}");
        assert_eq!(solo.usage(), Usage { input_tokens: 11, output_tokens: 7, total_tokens: 18 });
        let body = server.bodies().remove(0);
        assert_eq!(
            body,
            json!({ "messages": [{ "role": "user", "content": "hi" }], "model": model, "stream": false,
                    "temperature": 0.1 }),
            "{fields}"
        );
        let key = if fields.get("api_key").is_some() { "Bearer sk-own" } else { "Bearer sk-test" };
        assert_eq!(server.requests()[0].headers["authorization"], key, "{fields}");
    }
}

#[tokio::test]
async fn the_key_is_a_key_or_the_name_of_a_variable() {
    for (given, expect) in [
        ("sk-literal", Ok("Bearer sk-literal")),
        ("MY_KEY", Ok("Bearer from-my-key")),
        ("OPENAI_API_KEY", Ok("Bearer sk-test")),
        // A variable that is gone falls back to the provider's own.
        ("GONE_KEY", Ok("Bearer sk-test")),
        ("gsk_looks_like_a_name", Ok("Bearer gsk_looks_like_a_name")),
    ] as [(&str, Result<&str, ()>); 5]
    {
        let server = FakeModel::start().await;
        let solo = world(&server).with_variable("MY_KEY", "from-my-key");
        let fields = json!({ "model": picked(), "api_key": given, "input_value": "hi" });
        run(&solo, KEY, fields, "text_output").await.unwrap();
        assert_eq!(Ok(server.requests()[0].headers["authorization"].as_str()), expect, "{given}");
    }
}

#[tokio::test]
async fn a_stream_grows_in_the_chat() {
    let server = FakeModel::start().await;
    let mut solo = world(&server);
    solo.stream = true;
    solo.feeds_chat_output = true;
    let answer = run(&solo, KEY, json!({ "model": picked(), "input_value": "hi there" }), "text_output")
        .await
        .unwrap();
    assert_eq!(
        told(&solo),
        [
            "add_message partial \"Echo: \"",
            "token \"Echo: \"",
            "token \"hi \"",
            "token \"there \"",
            "token \"\"",
            "token \"\"",
            "token \"\"",
            "add_message complete \"Echo: hi there \"",
        ]
    );
    let Value::Message(message) = answer else { panic!("a message") };
    assert_eq!(message.properties.usage.unwrap().total_tokens, 18);
    assert_eq!(message.properties.source.id.as_deref(), Some("Node-1"));
    assert_eq!(message.properties.icon.as_deref(), Some("the-icon"));
    assert_eq!(solo.messages().len(), 1, "it is stored once");
    assert_eq!(solo.messages()[0].id, message.id);
}

#[tokio::test]
async fn without_a_chat_output_it_answers_at_once() {
    let server = FakeModel::start().await;
    let mut solo = world(&server);
    solo.stream = true;
    run(&solo, KEY, json!({ "model": picked(), "input_value": "hi", "stream": true }), "text_output")
        .await
        .unwrap();
    assert_eq!(server.bodies()[0]["stream"], json!(false));
    assert!(told(&solo).is_empty());
}

#[tokio::test]
async fn system_text_and_images_come_along() {
    let server = FakeModel::start().await;
    let png = [0x89, b'P', b'N', b'G', 1, 2];
    let solo = world(&server).with_file("f/a.png", png.to_vec()).with_file("f/b.txt", "abc");
    let mut message = langflow_core::Message::from_text("what is it?");
    message.files = vec![json!("f/a.png"), json!({ "path": "f/b.txt" })];
    let mut given = crate::support::params(json!({ "model": picked(), "system_message": "be short" }));
    given.set("input_value", message.into());
    solo.run(&langflow_components::catalogue(), KEY, given, "text_output").await.unwrap();
    assert_eq!(
        server.bodies()[0]["messages"],
        json!([
            { "role": "system", "content": "be short" },
            { "role": "user", "content": [
                { "type": "text", "text": "what is it?" },
                { "type": "image_url", "image_url": { "url": "data:image/png;base64,iVBORwEC" } },
                { "type": "text", "text": "\n\nFile 'b.txt' contents:\nabc" },
            ] },
        ])
    );
}

#[tokio::test]
async fn faults_name_what_to_mend() {
    // fields, script → kind, word in the sentence, field
    let table = [
        (json!({ "model": picked() }), None, FaultKind::Missing, "empty", Some("input_value")),
        (
            json!({ "model": [{ "name": "m", "provider": "Acme" }], "input_value": "hi" }),
            None,
            FaultKind::Unsupported,
            "Acme",
            Some("model"),
        ),
        (
            json!({ "model": "unheard-of", "input_value": "hi" }),
            None,
            FaultKind::Missing,
            "unheard-of",
            Some("model"),
        ),
        (
            json!({ "model": picked(), "input_value": "hi" }),
            Some(Scripted::Unauthorised),
            FaultKind::Unauthorised,
            "OpenAI",
            None,
        ),
        (
            json!({ "model": picked(), "input_value": "hi" }),
            Some(Scripted::Status(400, json!({ "error": { "message": "context too long" } }))),
            FaultKind::Invalid,
            "context too long",
            None,
        ),
        (
            json!({ "model": picked(), "input_value": "hi" }),
            Some(Scripted::Garbage),
            FaultKind::Unavailable,
            "cannot be read|not JSON",
            None,
        ),
    ];
    for (fields, script, kind, words, field) in table {
        let server = FakeModel::start().await;
        server.script(script);
        let fault =
            run(&world(&server), KEY, fields.clone(), "text_output").await.expect_err(&fields.to_string());
        assert_eq!(fault.kind(), kind, "{fields}: {fault}");
        assert!(words.split('|').any(|word| fault.message().contains(word)), "{fields}: {fault}");
        assert_eq!(fault.place().and_then(|place| place.field.as_deref()), field, "{fields}");
    }
}

#[tokio::test]
async fn without_a_key_it_says_which_variable() {
    let server = FakeModel::start().await;
    let solo = langflow_testkit::solo::Solo::new().with_egress(crate::support::door());
    for fields in [json!({ "model": picked(), "input_value": "hi" }), json!({ "input_value": "hi" })] {
        let fault = run(&solo, KEY, fields, "text_output").await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Missing);
        assert!(fault.message().contains("OPENAI_API_KEY"), "{fault}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn the_model_itself_goes_over_an_edge() {
    let server = FakeModel::start().await;
    let solo = world(&server);
    let model =
        run(&solo, KEY, json!({ "model": picked(), "temperature": 0.7 }), "model_output").await.unwrap();
    let mut given = crate::support::params(json!({ "input_value": "hi" }));
    given.set("model", model);
    let answer = solo.run(&langflow_components::catalogue(), KEY, given, "text_output").await.unwrap();
    assert_eq!(text(&answer), "Echo: hi");
    assert_eq!(server.bodies()[0]["temperature"], json!(0.7), "its own settings stay with it");
}
