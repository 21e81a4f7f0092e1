//! Runs as traces: found by outcome, time and text; spans tell how long nodes took.

use crate::run_flows::{World, start};
use serde_json::{Value, json};

async fn list(world: &World, query: &str) -> Value {
    let path = format!("/api/v1/monitor/traces?{query}");
    let answer = world.app.get(&path).bearer(&world.token).send().await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.json()
}

#[tokio::test]
async fn traces_are_found_by_what_came_of_them_when_and_what_they_are_called() {
    let world = start().await;
    for session in ["morning", "evening"] {
        world.run(&world.echo, "", &json!({"input_value": "hi", "session_id": session})).await;
    }
    world.run(&world.fail, "", &json!({"input_value": "hi", "session_id": "noon"})).await;
    let (echo, fail) = (world.echo.clone(), world.fail.clone());
    let newest = list(&world, &format!("flow_id={echo}")).await["traces"][0].clone();
    let id = newest["id"].as_str().unwrap();
    let tomorrow = "2100-01-01T00:00:00Z";
    for (query, total) in [
        (String::new(), 3),
        (format!("flow_id={echo}"), 2),
        (format!("flow_id={fail}&status=error"), 1),
        (format!("flow_id={fail}&status=ok"), 0),
        ("status=ok".to_owned(), 2),
        ("status=unset".to_owned(), 0),
        (format!("flow_id={echo}&session_id=morning"), 1),
        (format!("flow_id={echo}&query=MORN"), 1),
        (format!("flow_id={echo}&query=echo"), 2),
        (format!("flow_id={echo}&query={id}"), 1),
        (format!("flow_id={echo}&query=%25"), 0),
        (format!("start_time={tomorrow}"), 0),
        (format!("end_time={tomorrow}&start_time=2020-01-01"), 3),
    ] {
        assert_eq!(list(&world, &query).await["total"], total, "{query}");
    }
    for query in ["status=fine", "start_time=soon", "size=201", "flow_id=x"] {
        let path = format!("/api/v1/monitor/traces?{query}");
        assert_eq!(world.app.get(&path).bearer(&world.token).send().await.status, 422, "{query}");
    }
    let path = format!("/api/v1/monitor/traces/{id}");
    let trace = world.app.get(&path).bearer(&world.token).send().await.json();
    let spans = trace["spans"].as_array().unwrap();
    let names: Vec<&str> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Chat Input", "Chat Output"]);
    for span in spans {
        assert!(
            span["latencyMs"].is_u64() && span["startTime"].as_str() <= span["endTime"].as_str(),
            "{span}"
        );
        assert_eq!((&span["type"], &span["status"]), (&json!("chain"), &json!("ok")));
    }
}
