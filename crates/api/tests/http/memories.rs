//! Memories: making them, runs that fill them, what they hold, and nodes that ask them.

#![expect(clippy::disallowed_methods, reason = "ids that nobody has")]

use crate::knowledge::{server, user};
use crate::run_flows::echo;
use langflow_testkit::caller::Caller;
use langflow_testkit::fake_model::Scripted;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const MEMORIES: &str = "/api/v1/memories/";

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// An echo flow with a memory node that stands apart.
async fn flow(user: &Caller<'_>, memory: &Value) -> String {
    let all = user.get("/api/v1/all").await.json();
    let mut node = all["files_and_knowledge"]["MemoryBase"].clone();
    for (name, value) in memory.as_object().unwrap() {
        node["template"][name]["value"] = value.clone();
    }
    let mut graph = echo();
    graph["nodes"].as_array_mut().unwrap().push(json!({
        "id": "MemoryBase-1", "type": "genericNode", "position": {"x": 0, "y": 0},
        "data": {"id": "MemoryBase-1", "type": "MemoryBase", "node": node, "selected_output": "retrieve_data"},
    }));
    let body = json!({"name": format!("flow {}", Uuid::new_v4()), "data": graph});
    text(&user.post("/api/v1/flows/", &body).await.json()["id"])
}

async fn make(user: &Caller<'_>, body: Value) -> String {
    let made = user.post(MEMORIES, &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    text(&made.json()["id"])
}

/// Says something to a flow.
async fn say(user: &Caller<'_>, flow: &str, session: &str, words: &str) {
    let body = json!({"inputs": {"input_value": words, "session": session}});
    let built = user.post(&format!("/api/v1/build/{flow}/flow?event_delivery=direct"), &body).await;
    assert!(built.status == 200 && built.text.contains("\"end\""), "{}", built.text);
}

async fn page(user: &Caller<'_>, memory: &str, rest: &str) -> Value {
    let answer = user.get(&format!("{MEMORIES}{memory}/{rest}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// The newest run, once `count` have ended.
async fn ended(user: &Caller<'_>, memory: &str, count: u64) -> Value {
    for _ in 0..400 {
        let runs = page(user, memory, "runs").await;
        let over =
            runs["items"].as_array().unwrap().iter().filter(|run| !run["finished_at"].is_null()).count();
        if over as u64 >= count {
            return runs["items"][0].clone();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the memory {memory} does not take its messages in");
}

/// What the memory node of a flow finds.
async fn recall(user: &Caller<'_>, flow: &str, session: &str) -> String {
    let body = json!({"stop_component_id": "MemoryBase-1", "inputs": {"session": session}});
    let path = format!("/api/v1/build/{flow}/flow?event_delivery=direct&stop_component_id=MemoryBase-1");
    user.post(&path, &body).await.text
}

#[tokio::test]
async fn a_memory_is_made_listed_changed_and_deleted() {
    let (server, fake) = server().await;
    let ann = user(&server, &fake, "ann").await;
    let flow_id = flow(&ann, &json!({})).await;
    let made = ann.post(MEMORIES, &json!({"name": "my memory", "flow_id": flow_id})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let base = made.json();
    let expected = json!({
        "name": "my memory", "flow_id": flow_id, "user_id": base["user_id"], "threshold": 50, "auto_capture": true,
        "embedding_model": "", "preprocessing": false, "preproc_model": null, "preproc_instructions": null,
        "preproc_kill_phrase": null, "id": base["id"], "kb_name": base["kb_name"], "created_at": base["created_at"],
        "backend_type": "sqlite", "backend_config": {}, "storage_state": "ready", "storage_kb_id": base["id"],
        "active_migration_id": null,
    });
    assert_eq!(base, expected);
    assert!(text(&base["kb_name"]).starts_with("my_memory_"));
    let path = format!("{MEMORIES}{}", text(&base["id"]));
    assert_eq!(ann.get(&path).await.json(), base);

    let with = |field: &str, value: Value| {
        let mut body = json!({"name": "other", "flow_id": flow_id});
        body[field] = value;
        body
    };
    for (body, status) in [
        (json!({"name": "my memory", "flow_id": flow_id}), 409),
        (json!({"name": "other", "flow_id": Uuid::new_v4()}), 404),
        (json!({"name": "other", "flow_id": "no id"}), 422),
        (with("name", json!(" ")), 422),
        (with("threshold", json!("many")), 422),
        (with("embedding_provider", json!("Nobody")), 422),
        (with("preprocessing", json!(true)), 422),
        (with("preproc_model", json!("a-model-of-nobody")), 422),
        (with("backend_type", json!("opensearch")), 422),
    ] {
        let answer = ann.post(MEMORIES, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
    make(&ann, json!({"name": "second", "flow_id": flow_id, "embedding_provider": "OpenAI"})).await;
    let changed =
        ann.patch(&path, &json!({"name": "renamed", "threshold": 3, "auto_capture": false})).await.json();
    assert_eq!(
        [&changed["name"], &changed["threshold"], &changed["auto_capture"]],
        [&json!("renamed"), &json!(3), &json!(false)]
    );
    assert_eq!(ann.patch(&path, &json!({"name": "second"})).await.status, 409);

    let list = ann.get(&format!("{MEMORIES}?flow_id={flow_id}&size=1")).await.json();
    assert_eq!(
        [&list["total"], &list["pages"], &list["items"][0]["name"]],
        [&json!(2), &json!(2), &json!("renamed")]
    );
    assert_eq!(ann.get(&format!("{MEMORIES}?flow_id={}", Uuid::new_v4())).await.json()["total"], 0);

    let bob = user(&server, &fake, "bob").await;
    for rest in ["", "/sessions", "/messages", "/runs", "/mismatch"] {
        assert_eq!(bob.get(&format!("{path}{rest}")).await.status, 404, "{rest}");
    }
    assert_eq!(bob.patch(&path, &json!({"name": "mine"})).await.status, 404);
    assert_eq!(bob.delete(&path).await.status, 404);
    assert_eq!(bob.post(&format!("{path}/flush"), &json!({"session_id": "s"})).await.status, 404);
    assert_eq!(bob.post(&format!("{path}/regenerate"), &json!({})).await.status, 404);
    assert_eq!(bob.post(MEMORIES, &json!({"name": "m", "flow_id": flow_id})).await.status, 404, "Ann's flow");

    assert_eq!(ann.delete(&path).await.status, 204);
    assert_eq!(ann.delete(&path).await.status, 404);
    assert_eq!(ann.delete(&format!("/api/v1/flows/{flow_id}")).await.status, 200);
    assert_eq!(ann.get(MEMORIES).await.json()["total"], 0, "memories go with their flow");
}

#[tokio::test]
async fn runs_fill_a_memory_and_a_node_asks_it() {
    let (server, fake) = server().await;
    let ann = user(&server, &fake, "ann").await;
    let flow_id = flow(&ann, &json!({"memory_base": "talks", "search_query": "red apples"})).await;
    let memory = make(
        &ann,
        json!({"name": "talks", "flow_id": flow_id, "threshold": 2, "embedding_model": "text-embedding-3-small"}),
    )
    .await;
    say(&ann, &flow_id, "one", "red apples are sweet").await;
    let sessions = page(&ann, &memory, "sessions").await;
    let first = &sessions["items"][0];
    assert_eq!([&first["pending_count"], &first["total_processed"]], [&json!(1), &json!(0)]);
    assert!(first["last_sync_at"].is_null(), "the threshold is two");
    say(&ann, &flow_id, "one", "the sky is blue").await;
    let run = ended(&ann, &memory, 1).await;
    // Question and echo of two runs.
    assert_eq!(
        [&run["status"], &run["total_messages"], &run["done_messages"], &run["chunks_created"]],
        [&json!("succeeded"), &json!(4), &json!(4), &json!(4)],
        "{run}"
    );
    let sessions = page(&ann, &memory, "sessions").await;
    let first = &sessions["items"][0];
    assert_eq!([&first["pending_count"], &first["total_processed"]], [&json!(0), &json!(4)]);
    let messages = page(&ann, &memory, "messages?session_id=one&size=3").await;
    assert_eq!([&messages["total"], &messages["pages"]], [&json!(4), &json!(2)]);
    let newest = &messages["items"][0];
    assert_eq!([&newest["text"], &newest["job_id"]], [&json!("the sky is blue"), &run["job_id"]]);
    assert_eq!(page(&ann, &memory, "messages?session_id=two").await["total"], 0);

    say(&ann, &flow_id, "two", "green pears").await;
    let flush = format!("{MEMORIES}{memory}/flush");
    let flushed = ann.post(&flush, &json!({"session_id": "two"})).await;
    assert_eq!(flushed.status, 202, "{}", flushed.text);
    assert_eq!(ended(&ann, &memory, 2).await["job_id"], flushed.json()["job_id"]);

    let found = recall(&ann, &flow_id, "one").await;
    assert!(found.contains("red apples are sweet") && !found.contains("green pears"), "{found}");
    let found = recall(&ann, &flow_id, "three").await;
    assert!(!found.contains("are sweet"), "nothing was said in this session: {found}");
    let other = flow(&ann, &json!({"memory_base": "talks", "search_query": "apples"})).await;
    assert!(recall(&ann, &other, "one").await.contains("not attached to this flow"), "of another flow");

    assert_eq!(page(&ann, &memory, "mismatch").await, json!({"mismatch_detected": false}));
    let again = ann.post(&format!("{MEMORIES}{memory}/regenerate"), &json!({})).await;
    assert_eq!((again.status, again.json()["job_ids"].as_array().unwrap().len()), (202, 2));
    ended(&ann, &memory, 4).await;
    assert_eq!(page(&ann, &memory, "messages").await["total"], 6);

    // What is deleted from the history is forgotten.
    assert!(ann.delete("/api/v1/monitor/messages/session/one").await.status < 300);
    assert_eq!(page(&ann, &memory, "messages").await["total"], 2);
    let found = recall(&ann, &flow_id, "one").await;
    assert!(!found.contains("are sweet"), "{found}");
}

#[tokio::test]
async fn a_model_writes_down_what_is_worth_keeping() {
    let (server, fake) = server().await;
    let ann = user(&server, &fake, "ann").await;
    let flow_id = flow(&ann, &json!({})).await;
    let memory = make(
        &ann,
        json!({"name": "notes", "flow_id": flow_id, "auto_capture": false, "preprocessing": true,
            "preproc_model": "gpt-4o-mini", "preproc_instructions": "Keep colours.",
            "embedding_provider": "OpenAI", "embedding_model": "text-embedding-3-small"}),
    )
    .await;
    assert_eq!(ann.get(&format!("{MEMORIES}{memory}")).await.json()["preproc_kill_phrase"], "NO_INGEST");
    let flush = format!("{MEMORIES}{memory}/flush");
    for (words, answer, notes) in
        [("hello", "no_ingest", 0), ("I like red", "Ann likes red.", 1), ("and blue", "Ann likes blue.", 2)]
    {
        say(&ann, &flow_id, "one", words).await;
        assert_eq!(
            page(&ann, &memory, "sessions").await["items"][0]["pending_count"].as_i64().unwrap_or(0),
            0
        );
        fake.script([Scripted::text(answer)]);
        let before = page(&ann, &memory, "runs").await["total"].as_u64().unwrap();
        assert_eq!(ann.post(&flush, &json!({"session_id": "one"})).await.status, 202);
        let run = ended(&ann, &memory, before + 1).await;
        assert_eq!((&run["status"], &run["done_messages"]), (&json!("succeeded"), &json!(2)), "{run}");
        assert_eq!(page(&ann, &memory, "messages").await["total"], notes, "{answer}");
    }
    let newest = page(&ann, &memory, "messages").await["items"][0].clone();
    assert_eq!(
        [&newest["text"], &newest["sender_name"]],
        [&json!("Ann likes blue."), &json!("Preprocessor")]
    );
    let asked = fake.requests();
    let chat = asked.iter().rfind(|request| request.path == "/v1/chat/completions").unwrap();
    let said = chat.body.to_string();
    assert!(said.contains("Keep colours.") && said.contains("and blue"), "{said}");
    assert!(!said.contains("I like red"), "what was read once is not read again");
}

#[tokio::test]
async fn a_run_that_fails_loses_nothing_and_one_goes_at_a_time() {
    let (server, fake) = server().await;
    let ann = user(&server, &fake, "ann").await;
    let flow_id = flow(&ann, &json!({})).await;
    let memory = make(
        &ann,
        json!({"name": "m", "flow_id": flow_id, "embedding_provider": "OpenAI", "embedding_model": "e"}),
    )
    .await;
    say(&ann, &flow_id, "one", "hello").await;
    let flush = format!("{MEMORIES}{memory}/flush");
    let one = json!({"session_id": "one"});
    fake.script([Scripted::Unauthorised]);
    assert_eq!(ann.post(&flush, &one).await.status, 202);
    let run = ended(&ann, &memory, 1).await;
    assert_eq!(run["status"], "failed");
    assert!(text(&run["error_message"]).contains("OpenAI"), "{run}");
    let session = page(&ann, &memory, "sessions").await["items"][0].clone();
    assert_eq!([&session["pending_count"], &session["total_processed"]], [&json!(1), &json!(0)]);

    fake.script([Scripted::Silence]);
    assert_eq!(ann.post(&flush, &one).await.status, 202);
    assert_eq!(ann.post(&flush, &one).await.status, 409, "one at a time");
    for body in [json!({}), json!({"session_id": ""}), json!({"session_id": 7})] {
        assert_eq!(ann.post(&flush, &body).await.status, 422, "{body}");
    }
    assert_eq!(ann.delete(&format!("{MEMORIES}{memory}")).await.status, 204, "deleting stops it");

    // Without a key nothing is begun.
    let bob = server.caller("bob").await;
    let flow_id = flow(&bob, &json!({})).await;
    let memory = make(&bob, json!({"name": "m", "flow_id": flow_id})).await;
    let refused = bob.post(&format!("{MEMORIES}{memory}/flush"), &one).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert_eq!(bob.post(&format!("{MEMORIES}{memory}/regenerate"), &json!({})).await.status, 400);
    assert_eq!(page(&bob, &memory, "runs").await["total"], 0);
}
