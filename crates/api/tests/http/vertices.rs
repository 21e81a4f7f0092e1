//! Builds node by node, and graphs in short form.

use crate::run_flows::{branches, echo, start};
use serde_json::{Value, json};

#[tokio::test]
async fn the_order_of_a_graph_is_told_and_what_cannot_be_built_is_refused() {
    let world = start().await;
    let path = format!("/api/v1/build/{}/vertices", world.echo);
    let ask = async |query: &str, body: &Value| {
        world.app.post(&format!("{path}?{query}")).bearer(&world.token).json(body).send().await
    };
    let (input, output) = (json!("ChatInput-aaaaa"), json!("ChatOutput-bbbbb"));
    for (query, first, to_run) in [
        ("", json!([input]), json!([input, output])),
        ("stop_component_id=ChatInput-aaaaa", json!([input]), json!([input])),
    ] {
        let answer = ask(query, &echo()).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        let body = answer.json();
        let mut found = body["vertices_to_run"].as_array().unwrap().clone();
        found.sort_by_key(Value::to_string);
        assert_eq!((&body["ids"], Value::Array(found)), (&first, to_run), "{query}");
        assert!(body["run_id"].is_string());
    }
    assert_eq!(ask("stop_component_id=nobody", &echo()).await.status, 400);
    let missing = ask("", &json!({"nodes": []})).await;
    assert_eq!((missing.status, &missing.detail()[0]["loc"]), (422, &json!(["body", "edges"])));
    let foreign = "/api/v1/build/00000000-0000-4000-8000-000000000000/vertices";
    assert_eq!(world.app.post(foreign).bearer(&world.token).json(&echo()).send().await.status, 404);
}

/// Checked against the sorting function of Langflow 1.13.0 with the same graph.
#[tokio::test]
async fn a_start_brings_what_follows_and_what_that_needs() {
    let world = start().await;
    let path = format!("/api/v1/build/{}/vertices", world.echo);
    let ask = async |query: &str| {
        world.app.post(&format!("{path}?{query}")).bearer(&world.token).json(&branches()).send().await
    };
    let sorted = |list: &Value| {
        let mut ids: Vec<String> =
            list.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids.join(" ")
    };
    for (query, first, to_run) in [
        (
            "",
            "ChatInput-in",
            "ChatInput-in ChatOutput-out TextInput-alone TextInput-middle TextInput-side TextOutput-end \
             TextOutput-other",
        ),
        (
            "start_component_id=ChatInput-in",
            "ChatInput-in TextInput-side",
            "ChatInput-in ChatOutput-out TextInput-middle TextInput-side TextOutput-other",
        ),
        (
            "start_component_id=TextInput-middle",
            "ChatInput-in TextInput-side",
            "ChatInput-in ChatOutput-out TextInput-middle TextInput-side",
        ),
        ("start_component_id=TextOutput-other", "ChatInput-in", "ChatInput-in TextOutput-other"),
        ("start_component_id=TextInput-alone", "TextInput-alone", "TextInput-alone TextOutput-end"),
        ("stop_component_id=TextInput-middle", "ChatInput-in", "ChatInput-in TextInput-middle"),
        (
            "start_component_id=TextInput-middle&stop_component_id=ChatOutput-out",
            "ChatInput-in TextInput-side",
            "ChatInput-in ChatOutput-out TextInput-middle TextInput-side",
        ),
    ] {
        let answer = ask(query).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        let body = answer.json();
        let found = (sorted(&body["ids"]), sorted(&body["vertices_to_run"]));
        assert_eq!(found, (first.to_owned(), to_run.to_owned()), "{query}");
    }
    for query in
        ["start_component_id=nobody", "start_component_id=TextInput-alone&stop_component_id=ChatOutput-out"]
    {
        assert_eq!(ask(query).await.status, 400, "{query}");
    }
    // Without a body it is the stored graph that is asked about.
    let stored = world.app.post(&path).bearer(&world.token).send().await;
    assert_eq!(
        (stored.status, sorted(&stored.json()["ids"])),
        (200, "ChatInput-aaaaa".into()),
        "{}",
        stored.text
    );
}

#[tokio::test]
async fn one_node_is_built_with_what_it_needs() {
    let world = start().await;
    let ask = async |flow: &str, vertex: &str, body: Value| {
        let path = format!("/api/v1/build/{flow}/vertices/{vertex}");
        world.app.post(&path).bearer(&world.token).json(&body).send().await
    };
    let inputs = json!({"inputs": {"input_value": "hi", "session": "s"}});
    let built = ask(&world.echo, "ChatOutput-bbbbb", inputs.clone()).await;
    assert_eq!(built.status, 200, "{}", built.text);
    let body = built.json();
    assert_eq!((&body["id"], &body["valid"]), (&json!("ChatOutput-bbbbb"), &json!(true)));
    assert_eq!(body["data"]["results"]["message"]["text"], "hi");
    let failed = ask(&world.fail, "Boom-ccccc", inputs.clone()).await.json();
    assert_eq!(failed["valid"], json!(false), "{failed}");
    assert!(failed["params"].as_str().unwrap().contains("boom: hi"));
    assert_eq!(ask(&world.echo, "nobody", inputs.clone()).await.status, 400);
    assert_eq!(ask("no-flow", "ChatOutput-bbbbb", inputs).await.status, 404);
    let unknown = json!({"inputs": {"zzz": 1}});
    assert_eq!(ask(&world.echo, "ChatOutput-bbbbb", unknown).await.status, 422);
}

#[tokio::test]
async fn a_node_is_streamed_piece_by_piece_or_as_a_whole() {
    let world = start().await;
    let ask = async |flow: &str, vertex: &str| {
        let path = format!("/api/v1/build/{flow}/{vertex}/stream");
        world.app.get(&path).bearer(&world.token).send().await
    };
    let events = |text: &str| -> Vec<(String, Value)> {
        let frames = text.split("\n\n").filter(|frame| !frame.is_empty());
        frames
            .map(|frame| {
                let (name, data) = frame.split_once("\ndata: ").unwrap();
                (name.strip_prefix("event: ").unwrap().to_owned(), serde_json::from_str(data).unwrap())
            })
            .collect()
    };
    let of = |name: &str, key: &str, value: &str| (name.to_owned(), json!({key: value}));
    let whole = ask(&world.echo, "ChatInput-aaaaa").await;
    assert_eq!(whole.header("content-type"), Some("text/event-stream; charset=utf-8"));
    let end = of("close", "message", "Stream closed");
    let found = events(&whole.text);
    assert_eq!((&found[0], &found[2]), (&of("message", "message", "Streaming vertex ChatInput-aaaaa"), &end));
    let pieces = events(&ask(&world.ticker, "ChatOutput-bbbbb").await.text);
    let chunks: Vec<&str> = pieces.iter().filter_map(|(_, data)| data["chunk"].as_str()).collect();
    assert!(chunks.len() >= 3 && chunks.concat().contains("2;"), "{chunks:?}");
    assert_eq!(pieces.last(), Some(&end));
    let failed = events(&ask(&world.fail, "Boom-ccccc").await.text);
    assert_eq!(failed[1].0, "error");
    assert!(failed[1].1["error"].as_str().unwrap().contains("boom"), "{failed:?}");
    assert_eq!(failed.last(), Some(&end));
    assert_eq!(ask("00000000-0000-4000-8000-000000000000", "x").await.status, 404);
}

#[tokio::test]
async fn a_short_graph_becomes_one_that_runs() {
    let world = start().await;
    let ask = async |body: Value| {
        world.app.post("/api/v1/flows/expand/").bearer(&world.token).json(&body).send().await
    };
    let node = |id: &str, kind: &str, values: Value| json!({"id": id, "type": kind, "values": values});
    let edge = |from: &str, output: &str, to: &str, input: &str| json!({"source": from, "source_output": output, "target": to, "target_input": input});
    let nodes = json!([
        node("in", "ChatInput", json!({})),
        node("out", "ChatOutput", json!({"sender_name": "Short"})),
    ]);
    let expanded = ask(json!({"nodes": nodes, "edges": [edge("in", "message", "out", "input_value")]})).await;
    assert_eq!(expanded.status, 200, "{}", expanded.text);
    let flow = json!({"name": "short", "data": expanded.json()});
    let made = world.app.post("/api/v1/flows/").bearer(&world.token).json(&flow).send().await;
    let ran = world.run(&made.field("id"), "", &json!({"input_value": "expanded"})).await;
    assert_eq!(ran.status, 200, "{}", ran.text);
    assert!(ran.text.contains("expanded") && ran.text.contains("Short"), "{}", ran.text);

    for (body, status, named) in [
        (json!({"nodes": [node("a", "Nobody", json!({}))], "edges": []}), 400, "Nobody"),
        (json!({"nodes": nodes, "edges": [edge("in", "message", "out", "no_field")]}), 400, "no_field"),
        (json!({"nodes": nodes, "edges": [edge("in", "no_output", "out", "input_value")]}), 400, "no_output"),
        (json!({"nodes": nodes, "edges": [edge("in", "message", "gone", "input_value")]}), 400, "gone"),
        (json!({"nodes": nodes}), 422, "edges"),
        (json!({"nodes": [{"id": "a"}], "edges": []}), 422, "type"),
    ] {
        let refused = ask(body.clone()).await;
        assert_eq!(refused.status, status, "{body}: {}", refused.text);
        assert!(refused.text.contains(named), "{named}: {}", refused.text);
    }
}
