//! Agents against the fake model server.

use crate::support::{text, told, world};
use langflow_core::capability::{Tool, ToolOutput, ToolSchema};
use langflow_core::run::RunEvent;
use langflow_core::value::Usage;
use langflow_core::{Fault, FaultKind, Json, Message, Value, async_trait};
use langflow_testkit::fake_model::{FakeModel, Scripted};
use langflow_testkit::solo::Solo;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Adds numbers; `fail` in its arguments makes it fail, `cancel` cancels the run.
#[derive(Debug)]
struct Adder {
    schema: ToolSchema,
    calls: Arc<AtomicUsize>,
}

#[async_trait]
impl Tool for Adder {
    fn schema(&self) -> &ToolSchema {
        &self.schema
    }

    async fn call(&self, arguments: Json) -> Result<ToolOutput, Fault> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if arguments.get("fail").is_some() {
            return Err(Fault::invalid("it failed"));
        }
        if arguments.get("cancel").is_some() {
            return Err(Fault::new(FaultKind::Cancelled, "cancelled"));
        }
        let n = |key: &str| arguments.get(key).and_then(Json::as_i64).unwrap_or_default();
        Ok(ToolOutput::text((n("a") + n("b")).to_string()))
    }
}

fn adder(name: &str) -> (Arc<dyn Tool>, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let schema = ToolSchema {
        name: name.into(),
        description: "Adds.".into(),
        parameters: json!({ "type": "object", "properties": { "a": { "type": "integer" } } }),
    };
    (Arc::new(Adder { schema, calls: Arc::clone(&calls) }), calls)
}

async fn ask(solo: &Solo, tools: Vec<Arc<dyn Tool>>, fields: Json, output: &str) -> Result<Value, Fault> {
    let mut all = json!({
        "model": [{ "name": "gpt-4o-mini", "provider": "OpenAI" }],
        "system_prompt": "Today {current_date} on {model_name} {x}",
        "add_current_date_tool": false,
        "add_calculator_tool": false,
    });
    for (key, value) in fields.as_object().unwrap() {
        all[key] = value.clone();
    }
    let mut params = crate::support::params(all);
    params.set("tools", Value::Tools(tools));
    solo.run(&langflow_components::catalogue(), "Agent", params, output).await
}

#[tokio::test]
async fn tools_are_called_and_the_answer_grows_in_the_chat() {
    let server = FakeModel::start().await;
    let mut solo = world(&server);
    solo.feeds_chat_output = true;
    let (tool, calls) = adder("add");
    let answer =
        ask(&solo, vec![tool], json!({ "input_value": "call add {\"a\": 1, \"b\": 2}" }), "response")
            .await
            .unwrap();
    assert_eq!(text(&answer), "Tool said: 3 ");
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert_eq!(solo.usage(), Usage { input_tokens: 22, output_tokens: 14, total_tokens: 36 });
    assert_eq!(
        told(&solo),
        [
            "add_message partial \"\"",
            "add_message partial \"\"",
            "add_message partial \"\"",
            "token \"Tool \"",
            "token \"said: \"",
            "token \"3 \"",
            "add_message partial \"Tool said: 3 \"",
            "add_message complete \"Tool said: 3 \"",
            "add_message complete \"Tool said: 3 \"",
        ]
    );
    let steps: Vec<Json> = solo
        .events()
        .iter()
        .filter_map(|event| match event {
            RunEvent::AddMessage(message) => Some(json!(message.content_blocks)),
            _ => None,
        })
        .collect();
    assert_eq!(steps[0], json!([]));
    assert_eq!(steps[1].pointer("/0/contents/0/header/title"), Some(&json!("Accessing **add**")));
    assert_eq!(steps[2].pointer("/0/contents/0/header/title"), Some(&json!("Executed **add**")));
    assert_eq!(steps[2].pointer("/0/contents/0/output/content"), Some(&json!("3")));
    assert_eq!(steps[3].pointer("/0/contents/1/type"), Some(&json!("text")));
    assert_eq!(solo.messages().len(), 1, "one row");
    let bodies = server.bodies();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0]["stream"], json!(true));
    assert_eq!(bodies[0]["messages"][0]["content"], json!("Today 2026-01-02 on gpt-4o-mini {x}"));
    assert_eq!(bodies[0].get("temperature"), None);
    let sent: Vec<&Json> = bodies[1]["messages"].as_array().unwrap().iter().map(|m| &m["role"]).collect();
    assert_eq!(sent, [&json!("system"), &json!("user"), &json!("assistant"), &json!("tool")]);
}

#[tokio::test]
async fn several_calls_of_one_round_run_together() {
    let server = FakeModel::start().await;
    let solo = world(&server);
    let (add, adds) = adder("add");
    let (sum, sums) = adder("sum");
    let input = "call add {\"a\": 1}\ncall sum {\"a\": 5}\ncall add {\"a\": 7}";
    let answer = ask(&solo, vec![add, sum], json!({ "input_value": input }), "response").await.unwrap();
    assert_eq!(text(&answer), "Tool said: 1 | 5 | 7 ");
    assert_eq!((adds.load(Ordering::SeqCst), sums.load(Ordering::SeqCst)), (2, 1));
    assert!(told(&solo).is_empty(), "nobody watches, nothing is shown");
    assert!(solo.messages().is_empty());
}

#[tokio::test]
async fn what_goes_wrong_with_a_tool_goes_back_to_the_model() {
    for (input, words) in [
        ("call add {\"fail\": 1}", "it failed"),
        ("call nothing {}", "There is no tool 'nothing'"),
        ("call add {not json", "not a JSON object"),
    ] {
        let server = FakeModel::start().await;
        let solo = world(&server);
        let (tool, _) = adder("add");
        let answer = ask(&solo, vec![tool], json!({ "input_value": input }), "response").await.unwrap();
        assert!(text(&answer).starts_with("Tool said: "), "{input}");
        assert!(text(&answer).contains(words), "{input}: {}", text(&answer));
    }
    let server = FakeModel::start().await;
    let solo = world(&server);
    for (fields, kind) in [
        (
            json!({ "input_value": "call add {\"fail\": 1}", "handle_parsing_errors": false }),
            FaultKind::Invalid,
        ),
        (json!({ "input_value": "call add {\"cancel\": 1}" }), FaultKind::Cancelled),
    ] {
        let (tool, _) = adder("add");
        let fault = ask(&solo, vec![tool], fields.clone(), "response").await.unwrap_err();
        assert_eq!(fault.kind(), kind, "{fields}");
    }
}

#[tokio::test]
async fn it_stops_at_the_limit() {
    let server = FakeModel::start().await;
    server.script((0..10).map(|_| Scripted::call("add", json!({ "a": 1 }))));
    let solo = world(&server);
    let (tool, calls) = adder("add");
    let answer = ask(&solo, vec![tool], json!({ "input_value": "hi", "max_iterations": 3 }), "response")
        .await
        .unwrap();
    assert!(text(&answer).contains("may call the model 3 times"), "{}", text(&answer));
    assert_eq!((server.bodies().len(), calls.load(Ordering::SeqCst)), (3, 3));
}

#[tokio::test]
async fn history_comes_before_the_input() {
    let server = FakeModel::start().await;
    let mut solo = world(&server);
    for (n, (sender, said)) in
        [("User", "one"), ("Machine", "two"), ("Machine", " "), ("User", "three")].into_iter().enumerate()
    {
        let mut message = Message::from_text(said);
        message.sender = Some(sender.into());
        message.session_id = "s1".into();
        message.id = Some(uuid::Uuid::from_u128(n as u128 + 1));
        solo = solo.with_message(message);
    }
    let input = solo.messages().pop().unwrap();
    let mut params = crate::support::params(json!({ "model": "gpt-4o", "system_prompt": "" }));
    params.set("input_value", input.into());
    solo.run(&langflow_components::catalogue(), "Agent", params, "response").await.unwrap();
    assert_eq!(
        server.bodies()[0]["messages"],
        json!([
            { "role": "user", "content": "one" },
            { "role": "assistant", "content": "two" },
            { "role": "user", "content": "three" },
        ])
    );
    let blank =
        ask(&solo, vec![], json!({ "n_messages": 0, "system_prompt": "" }), "response").await.unwrap();
    assert_eq!(text(&blank), "Echo: Continue the conversation. ");
}

#[tokio::test]
async fn it_knows_the_date_unless_told_otherwise() {
    let server = FakeModel::start().await;
    let solo = world(&server);
    let fields = json!({ "input_value": "call get_current_date {}", "add_current_date_tool": true });
    let answer = ask(&solo, vec![], fields, "response").await.unwrap();
    assert_eq!(text(&answer), "Tool said: Current date and time in UTC: 2026-01-02 03:04:05 UTC ");
}

#[tokio::test]
async fn tools_of_one_name_get_names_of_their_own() {
    let server = FakeModel::start().await;
    let solo = world(&server);
    ask(
        &solo,
        vec![adder("add").0, adder("add").0, adder("sub").0],
        json!({ "input_value": "x" }),
        "response",
    )
    .await
    .unwrap();
    let names: Vec<Json> = server.bodies()[0]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["function"]["name"].clone())
        .collect();
    assert_eq!(names, [json!("add_1"), json!("add_2"), json!("sub")]);
}

#[tokio::test]
async fn structured_answers() {
    let schema = json!([{ "name": "n", "type": "int", "description": "a number", "multiple": false }]);
    let give = |objects: &str| format!("{{\"objects\": {objects}}}");
    for (fields, tools, script, expect) in [
        (json!({ "input_value": "hi" }), 0, None, json!({ "content": "hi" })),
        (json!({ "output_schema": schema, "input_value": give("[{\"n\": 3}]") }), 0, None, json!({ "n": 3 })),
        (
            json!({ "output_schema": schema, "input_value": give("[{\"n\": 3}, {\"n\": 4}]") }),
            0,
            None,
            json!({ "results": [{ "n": 3 }, { "n": 4 }] }),
        ),
        (
            json!({ "output_schema": schema, "input_value": "x" }),
            1,
            Some(Scripted::text("Sure:\n```json\n[{\"n\": \"5\"}]\n```")),
            json!({ "n": 5 }),
        ),
        (
            json!({ "output_schema": schema, "input_value": "x" }),
            1,
            Some(Scripted::text("no")),
            json!({ "content": "no ", "error": "the answer holds no JSON" }),
        ),
    ] {
        let server = FakeModel::start().await;
        server.script(script);
        let tools = (0..tools).map(|_| adder("add").0).collect();
        let answer = ask(&world(&server), tools, fields.clone(), "structured_response").await.unwrap();
        assert_eq!(answer.to_json(), expect, "{fields}");
    }
}

#[tokio::test]
async fn older_shapes_name_their_model() {
    for (fields, model, temperature) in [
        (
            json!({ "agent_llm": "OpenAI", "model_name": "gpt-4o", "temperature": 0.3, "api_key": "sk-x" }),
            "gpt-4o",
            Some(0.3),
        ),
        (
            json!({ "agent_llm": "OpenAI", "model_name": "gpt-4o", "max_tokens": 9, "memory": null }),
            "gpt-4o",
            None,
        ),
    ] {
        let server = FakeModel::start().await;
        let solo = world(&server);
        let mut all = fields.clone();
        all["input_value"] = json!("hi");
        let answer = crate::support::run(&solo, "Agent", all, "response").await.unwrap();
        assert_eq!(text(&answer), "Echo: hi ", "{fields}");
        let body = server.bodies().remove(0);
        assert_eq!(body["model"], json!(model));
        assert_eq!(body.get("temperature").and_then(Json::as_f64), temperature);
    }
    // "Custom": the model comes over an edge.
    let server = FakeModel::start().await;
    let solo = world(&server);
    let model =
        crate::support::run(&solo, "LanguageModelComponent", json!({ "model": "gpt-4o" }), "model_output")
            .await
            .unwrap();
    for field in ["agent_llm", "llm", "model"] {
        let mut params = crate::support::params(json!({ "input_value": "hi" }));
        params.set(field, model.clone());
        let answer = solo.run(&langflow_components::catalogue(), "Agent", params, "response").await.unwrap();
        assert_eq!(text(&answer), "Echo: hi ", "{field}");
    }
}

#[tokio::test]
async fn tool_calling_agent_has_only_what_is_connected() {
    let server = FakeModel::start().await;
    let solo = world(&server);
    let mut params = crate::support::params(json!({
        "model": "gpt-4o",
        "system_prompt": "s",
        "input_value": "call add {\"a\": 2}",
        "chat_history": { "$list": [{ "$data": { "text": "before", "sender": "User" } }] },
    }));
    params.set("tools", Value::Tools(vec![adder("add").0]));
    let answer =
        solo.run(&langflow_components::catalogue(), "ToolCallingAgent", params, "response").await.unwrap();
    assert_eq!(text(&answer), "Tool said: 2 ");
    assert_eq!(server.bodies()[0]["messages"][1], json!({ "role": "user", "content": "before" }));
    assert_eq!(server.bodies()[0]["tools"].as_array().unwrap().len(), 1);
}
