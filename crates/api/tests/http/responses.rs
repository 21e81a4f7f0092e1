//! Flows for clients of the OpenAI Responses API.

use crate::run_flows::{World, start};
use langflow_testkit::test_app::Answer;
use serde_json::{Value, json};

async fn ask(world: &World, body: Value) -> Answer {
    world.app.post("/api/v1/responses").header("x-api-key", &world.key).json(&body).send().await
}

#[tokio::test]
async fn the_text_of_the_flow_is_the_output_and_the_id_is_the_session() {
    let world = start().await;
    let first = ask(&world, json!({"model": "echo", "input": "hello"})).await.json();
    assert_eq!(first["output"][0]["content"][0]["text"], "hello");
    assert_eq!(first["object"], "response");
    let id = first["id"].as_str().unwrap();
    let body = json!({"model": world.echo, "input": [{"role": "user", "content": [{"type": "input_text", "text": "again"}]}], "previous_response_id": id});
    let second = ask(&world, body).await.json();
    assert_eq!(second["id"], id);
    assert_eq!(second["output"][0]["content"][0]["text"], "again");
    let path = format!("/api/v1/monitor/messages?session_id={id}");
    let messages = world.app.get(&path).bearer(&world.token).send().await.json();
    assert_eq!(messages.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn what_goes_wrong_is_told_with_status_200() {
    let world = start().await;
    for (body, kind, code) in [
        (json!({"model": "nosuch", "input": "x"}), "invalid_request_error", json!("flow_not_found")),
        (json!({"model": "foreign", "input": "x"}), "invalid_request_error", json!("flow_not_found")),
        (
            json!({"model": "echo", "input": "x", "tools": [{"type": "function"}]}),
            "invalid_request_error",
            json!("tools_not_supported"),
        ),
        (json!({"model": "hook", "input": "x"}), "invalid_request_error", json!("invalid_flow_request")),
        (json!({"model": "failflow", "input": "x"}), "processing_error", Value::Null),
    ] {
        let answer = ask(&world, body.clone()).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text);
        let error = &answer.json()["error"];
        assert_eq!((&error["type"], &error["code"]), (&json!(kind), &code), "{body}: {error}");
    }
    assert_eq!(ask(&world, json!({"input": "x"})).await.status, 422);
    let bearer = world.app.post("/api/v1/responses").bearer(&world.token).json(&json!({})).send().await;
    assert_eq!(bearer.status, 403);
}

#[tokio::test]
async fn a_stream_holds_the_text_once_and_says_how_it_ended() {
    let world = start().await;
    for (flow, text, reason) in
        [("echo", "hi", "stop"), ("ticker", "hi 0;hi 1;hi 2;", "stop"), ("failflow", "boom: hi\n", "error")]
    {
        let answer = ask(&world, json!({"model": flow, "input": "hi", "stream": true})).await;
        assert_eq!(answer.header("content-type"), Some("text/event-stream; charset=utf-8"));
        assert!(answer.text.ends_with("data: [DONE]\n\n"), "{}", answer.text);
        let chunks: Vec<Value> = answer
            .text
            .lines()
            .filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok())
            .filter(|chunk: &Value| chunk["object"] == "response.chunk")
            .collect();
        let texts: String = chunks.iter().filter_map(|chunk| chunk["delta"]["content"].as_str()).collect();
        assert_eq!(texts, text, "{flow}");
        assert_eq!(chunks[0]["delta"]["content"], "");
        assert_eq!(chunks.last().unwrap()["finish_reason"], reason, "{flow}");
        let has_end = answer.text.contains("event: response.completed\n");
        assert_eq!(has_end, reason == "stop", "{flow}");
    }
}
