//! Webhooks: accepted at once, run in the background, told to who listens.

use crate::run_flows::{World, start};
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::{Value, json};

async fn call(world: &World, flow: &str, body: &str) -> u16 {
    let path = format!("/api/v1/webhook/{flow}");
    world.app.post(&path).header("x-api-key", &world.key).body(body.to_owned()).send().await.status
}

#[tokio::test]
async fn what_is_sent_reaches_the_flow_whatever_it_is() {
    let world = start().await;
    for (body, expected) in [
        (r#"{"any": "data"}"#, "```json\n{\n  \"any\": \"data\"\n}\n```"),
        ("no json", "```json\n{\n  \"payload\": \"no json\"\n}\n```"),
    ] {
        assert_eq!(call(&world, "hook", body).await, 202);
        world.wait_for_status("completed").await;
        assert_eq!(world.messages().await.last().map(String::as_str), Some(expected), "{body}");
    }
    assert_eq!(call(&world, "hook", "").await, 400);
    assert_eq!(call(&world, "foreign", "{}").await, 404);
}

#[tokio::test]
async fn without_authentication_the_flow_runs_as_its_owner() {
    let setup = Setup { catalogue: crate::run_flows::catalogue(), ..Setup::default() };
    let app = TestApp::start(setup.auth(|auth| auth.webhook_auth_enable = false)).await;
    let (_, token) = app.new_user("ada", "ada-password-1").await;
    let body = json!({"name": "open", "endpoint_name": "open", "data": crate::run_flows::hook()});
    let flow = app.post("/api/v1/flows/").bearer(&token).json(&body).send().await.field("id");
    assert_eq!(app.post("/api/v1/webhook/open").body("{}").send().await.status, 202);
    let path = format!("/api/v1/monitor/messages?flow_id={flow}");
    for _ in 0..200 {
        if app.get(&path).bearer(&token).send().await.json() != json!([]) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the flow has not run");
}

/// Events by name and data until `last` has come `times` times.
async fn listen(reply: &mut reqwest::Response, last: &str, times: usize) -> Vec<(String, Value)> {
    let mut text = String::new();
    while text.matches(&format!("event: {last}\n")).count() < times || !text.ends_with("\n\n") {
        let part = reply.chunk().await.unwrap().unwrap();
        text.push_str(&String::from_utf8_lossy(&part));
    }
    let frames = text.split("\n\n").filter(|frame| !frame.is_empty());
    frames
        .map(|frame| {
            let (name, data) = frame.split_once('\n').unwrap();
            let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
            (name.strip_prefix("event: ").unwrap().to_owned(), data)
        })
        .collect()
}

#[tokio::test]
async fn a_listener_sees_each_node_of_each_call() {
    let world = start().await;
    let path = "/api/v1/webhook-events/hook";
    let mut reply = world.app.get(path).bearer(&world.token).stream().await.unwrap();
    assert_eq!(reply.headers()["content-type"], "text/event-stream; charset=utf-8");
    let connected = listen(&mut reply, "connected", 1).await;
    assert_eq!(connected[0].1, json!({"flow_id": world.hook, "flow_name": "hook"}));
    for _ in 0..2 {
        assert_eq!(call(&world, "hook", r#"{"any": "data"}"#).await, 202);
        let events = listen(&mut reply, "end", 1).await;
        let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names.join(" "),
            "vertices_sorted build_start end_vertex build_start add_message end_vertex end"
        );
        assert_eq!(events[1].1, json!({"id": "Webhook-wwwww"}));
        assert_eq!(events[2].1.as_object().unwrap().keys().collect::<Vec<_>>(), ["build_data"]);
        let end = &events.last().unwrap().1;
        assert_eq!(end["success"], true);
        assert_eq!(end["run_id"], events[0].1["run_id"]);
    }
    let foreign = world.app.get("/api/v1/webhook-events/foreign").bearer(&world.token).send().await;
    assert_eq!(foreign.status, 404);
}
