//! Workflows that wait for a human: suspended, listed, answered once, after a restart too.

use crate::run_flows::{World, catalogue, edge, node, put, start};
use chrono::TimeDelta;
use langflow_app::runs;
use langflow_testkit::test_app::{Answer, Setup, TestApp};
use serde_json::{Value, json};
use std::time::Duration;

/// Chat Input → Human Input; approve → a chat output, reject → another.
fn asking() -> Value {
    json!({"nodes": [node("ChatInput-aaaaa"), node("HumanInput-hhhhh"), node("ChatOutput-yes"), node("ChatOutput-no")],
        "edges": [edge("ChatInput-aaaaa", "message", "HumanInput-hhhhh", "prompt"),
            edge("HumanInput-hhhhh", "branch_approve", "ChatOutput-yes", "input_value"),
            edge("HumanInput-hhhhh", "branch_reject", "ChatOutput-no", "input_value")]})
}

/// The same with a fallback after a minute.
fn asking_a_minute() -> Value {
    let mut graph = asking();
    let human = &mut graph["nodes"][1]["data"]["node"];
    human["template"]["enable_fallback"]["value"] = json!(true);
    human["template"]["timeout"]["show"] = json!(true);
    human["template"]["timeout"]["value"] = json!({"value": 1, "unit": "Minutes"});
    let mut fallback = human["outputs"][0].clone();
    fallback["name"] = json!("branch_fallback");
    fallback["display_name"] = json!("Fallback");
    human["outputs"].as_array_mut().unwrap().push(fallback);
    graph["nodes"].as_array_mut().unwrap().push(node("ChatOutput-late"));
    let late = edge("HumanInput-hhhhh", "branch_fallback", "ChatOutput-late", "input_value");
    graph["edges"].as_array_mut().unwrap().push(late);
    graph
}

struct Asked {
    world: World,
    flow: String,
}

impl Asked {
    async fn new(graph: Value) -> Self {
        let world = start().await;
        let flow = put(&world.app, &world.token, "asking", Some(graph)).await;
        Self { world, flow }
    }

    async fn run(&self, mode: &str, more: Value) -> Answer {
        let mut body = json!({"flow_id": self.flow, "input_value": "Ship it?", "mode": mode});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.world.app.post("/api/v2/workflows").bearer(&self.world.token).json(&body).send().await
    }

    /// Starts in the background and waits until it asks.
    async fn ask(&self, more: Value) -> (String, String) {
        let job = self.run("background", more).await.field("job_id");
        let asked = until(&self.world.app, &self.world.token, &job, "suspended").await;
        (job, asked["human_request"]["request_id"].as_str().unwrap().to_owned())
    }

    async fn pending(&self) -> Value {
        pending(&self.world.app, &self.world.token, &self.flow).await
    }

    async fn events(&self, job: &str, last: &str) -> String {
        let path = format!("/api/v2/workflows/{job}/events");
        let ask = self.world.app.get(&path).bearer(&self.world.token).header("last-event-id", last);
        ask.send().await.text
    }

    async fn stop(&self, job: &str) -> Answer {
        let ask = self.world.app.post("/api/v2/workflows/stop").bearer(&self.world.token);
        ask.json(&json!({"job_id": job})).send().await
    }

    /// The contents that ask, as they are stored.
    async fn cards(&self) -> Vec<Value> {
        let path = format!("/api/v1/monitor/messages?flow_id={}", self.flow);
        let all = self.world.app.get(&path).bearer(&self.world.token).send().await.json();
        let blocks =
            all.as_array().unwrap().iter().flat_map(|message| message["content_blocks"].as_array().unwrap());
        blocks
            .flat_map(|block| block["contents"].as_array().unwrap().clone())
            .filter(|content| content["type"] == "human_input")
            .collect()
    }
}

async fn status(app: &TestApp, token: &str, job: &str) -> Answer {
    app.get(&format!("/api/v2/workflows?job_id={job}")).bearer(token).send().await
}

async fn until(app: &TestApp, token: &str, job: &str, wanted: &str) -> Value {
    for _ in 0..200 {
        let answer = status(app, token, job).await;
        if answer.json()["status"] == wanted {
            return answer.json();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{}", status(app, token, job).await.text);
}

async fn pending(app: &TestApp, token: &str, flow: &str) -> Value {
    app.get(&format!("/api/v2/workflows/pending?flow_id={flow}")).bearer(token).send().await.json()
}

async fn resume(app: &TestApp, token: &str, job: &str, request: &str, action: &str) -> Answer {
    let ask = app.post(&format!("/api/v2/workflows/{job}/resume")).bearer(token);
    ask.json(&json!({"request_id": request, "decision": {"action_id": action}})).send().await
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.detail()["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_job_waits_is_listed_and_goes_on_the_chosen_way() {
    let asked = Asked::new(asking()).await;
    let (app, token) = (&asked.world.app, &asked.world.token);
    let (job, request) = asked.ask(json!({"session_id": "s"})).await;
    assert_eq!(request, format!("HumanInput-hhhhh:{job}"));
    let list = asked.pending().await;
    let one = &list[0];
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &one["job_id"],
            &one["flow_id"],
            &one["session_id"],
            &one["request_id"],
            &one["kind"],
            &one["prompt"]
        ),
        (
            &json!(job),
            &json!(asked.flow),
            &json!("s"),
            &json!(request),
            &json!("node_input"),
            &json!("Ship it?")
        )
    );
    assert_eq!(one["allowed_decisions"], json!(["approve", "reject"]));
    assert_eq!(one["options"][1], json!({"action_id": "reject", "label": "Reject"}));
    assert_eq!((&one["timeout_seconds"], &one["fallback_action"]), (&json!(259_200), &Value::Null));

    // What was told so far ends with the question, and the stream with it.
    let before = asked.events(&job, "").await;
    assert!(
        before.contains("\"event\":\"human_input_required\"") && !before.contains("\"event\":\"end\""),
        "{before}"
    );
    let last = before.trim_end().rsplit_once("id: ").unwrap().1.to_owned();
    assert_eq!(asked.cards().await[0]["submitted_action"], Value::Null);

    assert_eq!(code(&resume(app, token, &job, &request, "escalate").await), (422, "INVALID_DECISION".into()));
    assert_eq!(code(&resume(app, token, &job, "other", "reject").await), (409, "NOT_RESUMABLE".into()));
    let (one, two) = tokio::join!(
        resume(app, token, &job, &request, "reject"),
        resume(app, token, &job, &request, "reject")
    );
    let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
    assert_eq!((won.status, &won.json()["status"]), (200, &json!("resuming")), "{}", won.text);
    assert_eq!(code(&lost), (409, "NOT_RESUMABLE".into()), "{}", lost.text);

    let done = until(app, token, &job, "completed").await;
    assert_eq!(done["outputs"]["ChatOutput-no"]["content"], "Ship it?", "{done}");
    assert!(done["outputs"].get("ChatOutput-yes").is_none(), "{done}");
    assert_eq!(asked.pending().await, json!([]));
    assert_eq!(asked.cards().await[0]["submitted_action"], "reject");
    let rest = asked.events(&job, &last).await;
    assert!(
        rest.starts_with("data: {\"event\":\"add_message\"") && rest.contains("\"event\":\"end\""),
        "{rest}"
    );
    assert!(rest.contains(&format!("\nid: {}\n", last.parse::<u64>().unwrap() + 1)), "{rest}");
    assert!(
        !rest.contains("vertices_sorted") && !rest.contains("\"id\":\"ChatInput-aaaaa\",\"inact"),
        "{rest}"
    );
    assert_eq!(asked.events(&job, "").await, before + &rest);
    assert_eq!(code(&resume(app, token, &job, &request, "reject").await), (409, "NOT_RESUMABLE".into()));
}

/// Another start of the server on the same database.
async fn restarted(world: &World) -> (TestApp, String) {
    let store = Some(world.app.app.store.clone());
    let app = TestApp::start(Setup { catalogue: catalogue(), store, ..Setup::default() }).await;
    runs::close_left_over(&app.app).await.unwrap();
    let token = app.admin_token().await;
    (app, token)
}

#[tokio::test]
async fn what_waits_survives_the_server_and_is_not_readable_in_the_database() {
    let mut graph = asking();
    let name = &mut graph["nodes"][2]["data"]["node"]["template"]["sender_name"];
    name["value"] = json!("MYVAR");
    name["load_from_db"] = json!(true);
    let asked = Asked::new(graph).await;
    let more = json!({"globals": {"MYVAR": "the-secret-global"}, "stream_protocol": "agui", "expose_graph_state": true,
        "tweaks": {"ChatOutput-yes": {"data_template": "the-secret-tweak"}}, "idempotency_key": "k"});
    let (job, request) = asked.ask(more).await;
    assert_eq!(
        code(&asked.run("background", json!({"idempotency_key": "k"})).await),
        (409, "DUPLICATE_REQUEST".into())
    );
    let owner = asked.world.app.app.store.clone();
    let id = job.parse().unwrap();
    let user = langflow_store::runs::find_of_kind(&owner, id, &["workflow"])
        .await
        .unwrap()
        .unwrap()
        .user_id
        .unwrap();
    let row = langflow_store::suspended::find(&owner, user, id).await.unwrap().unwrap();
    let text = format!("{row:?}");
    assert!(!text.contains("the-secret") && row.state.starts_with("gAAAA"), "{text}");

    // Edits since then do not count: the flow goes on as it was run.
    let path = format!("/api/v1/flows/{}", asked.flow);
    let edited = json!({"data": crate::run_flows::echo()});
    assert_eq!(
        asked.world.app.patch(&path).bearer(&asked.world.token).json(&edited).send().await.status,
        200
    );
    let (app, token) = restarted(&asked.world).await;
    assert_eq!(pending(&app, &token, &asked.flow).await[0]["request_id"], json!(request));
    assert_eq!(resume(&app, &token, &job, &request, "approve").await.status, 200);
    let done = until(&app, &token, &job, "completed").await;
    assert_eq!(done["outputs"]["ChatOutput-yes"]["content"], "Ship it?", "{done}");
    let path = format!("/api/v2/workflows/{job}/events");
    let events = app.get(&path).bearer(&token).send().await.text;
    assert_eq!(events.matches("\"name\":\"langflow.human_input_required\"").count(), 1, "{events}");
    assert_eq!(events.matches("RUN_STARTED").count(), 1);
    assert!(
        events.contains("\"sender_name\":\"the-secret-global\"") && events.contains("RUN_FINISHED"),
        "{events}"
    );
    assert!(langflow_store::suspended::find(&owner, user, id).await.unwrap().is_none());
}

#[tokio::test]
async fn sync_and_stream_say_what_is_asked_and_go_on_in_the_background() {
    let asked = Asked::new(asking()).await;
    let (app, token) = (&asked.world.app, &asked.world.token);
    let sync = asked.run("sync", json!({})).await;
    assert_eq!(sync.status, 200);
    let sync = sync.json();
    assert_eq!((&sync["status"], &sync["has_errors"]), (&json!("suspended"), &json!(false)), "{sync}");
    let job = sync["job_id"].as_str().unwrap().to_owned();
    let request = sync["human_request"]["request_id"].as_str().unwrap();
    assert_eq!(sync["human_request"]["allowed_decisions"], json!(["approve", "reject"]));
    assert_eq!(resume(app, token, &job, request, "approve").await.status, 200);
    let done = until(app, token, &job, "completed").await;
    assert_eq!(done["output"]["text"], "Ship it?", "{done}");
    assert!(asked.events(&job, "").await.contains("\"event\":\"end\""));

    let stream = asked.run("stream", json!({})).await.text;
    let last = stream.trim_end().lines().rev().nth(1).unwrap();
    let frame: Value = serde_json::from_str(last.strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(frame["event"], "human_input_required", "{stream}");
    let (job, request) =
        (frame["data"]["job_id"].as_str().unwrap(), frame["data"]["request_id"].as_str().unwrap());
    assert_eq!(resume(app, token, job, request, "approve").await.status, 200);
    until(app, token, job, "completed").await;

    let agui = asked.run("stream", json!({"stream_protocol": "agui", "expose_graph_state": true})).await.text;
    assert!(
        agui.contains("\"name\":\"langflow.human_input_required\"") && !agui.contains("RUN_FINISHED"),
        "{agui}"
    );
    assert_eq!(asked.pending().await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn late_answers_go_another_way() {
    let asked = Asked::new(asking_a_minute()).await;
    let app = &asked.world.app;
    let (job, request) = asked.ask(json!({})).await;
    assert_eq!(asked.pending().await[0]["fallback_action"], "fallback");
    app.clock.advance(TimeDelta::seconds(61));
    let token = &app.admin_token().await;
    let late = resume(app, token, &job, &request, "approve").await;
    assert_eq!(late.status, 200, "{}", late.text);
    let done = until(app, token, &job, "completed").await;
    assert_eq!(done["output"]["source"], "ChatOutput-late", "{done}");
}

#[tokio::test]
async fn a_wait_ends_with_a_stop_its_time_or_the_flow() {
    let asked = Asked::new(asking()).await;
    let (app, token) = (&asked.world.app, &asked.world.token);
    let (stopped, request) = asked.ask(json!({"session_id": "one"})).await;
    assert_eq!(asked.stop(&stopped).await.status, 200);
    until(app, token, &stopped, "cancelled").await;
    assert_eq!(asked.cards().await[0]["superseded"], true);
    assert_eq!(code(&resume(app, token, &stopped, &request, "approve").await), (409, "NOT_RESUMABLE".into()));

    let (forgotten, _) = asked.ask(json!({"session_id": "two"})).await;
    assert_eq!(runs::give_up_suspended(&app.app).await.unwrap(), 0);
    app.clock.advance(TimeDelta::days(31));
    assert_eq!(runs::give_up_suspended(&app.app).await.unwrap(), 1);
    let token = &app.admin_token().await;
    let failed = status(app, token, &forgotten).await;
    assert!(failed.status == 500 && failed.text.contains("30 days"), "{}", failed.text);

    let again = Asked { world: asked.world, flow: asked.flow };
    let world = World { token: token.clone(), ..again.world };
    let asked = Asked { world, flow: again.flow };
    let (last, _) = asked.ask(json!({})).await;
    let path = format!("/api/v1/flows/{}", asked.flow);
    assert_eq!(asked.world.app.delete(&path).bearer(&asked.world.token).send().await.status, 200);
    assert_eq!(status(&asked.world.app, &asked.world.token, &last).await.status, 404);
}

#[tokio::test]
async fn strangers_see_nothing_and_other_routes_refuse() {
    let asked = Asked::new(asking()).await;
    let (app, token) = (&asked.world.app, &asked.world.token);
    let (job, request) = asked.ask(json!({})).await;
    let stranger =
        app.sign_in("mallory", "mallory-pass-1").await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(pending(app, &stranger, &asked.flow).await, json!([]));
    assert_eq!(resume(app, &stranger, &job, &request, "approve").await.status, 404);
    assert_eq!(resume(app, token, "no-id", &request, "approve").await.status, 404);
    assert_eq!(status(app, &stranger, &job).await.status, 404);

    let refused = asked.world.run(&asked.flow, "stream=false", &json!({"input_value": "x"})).await;
    assert!(refused.status == 400 && refused.text.contains("/api/v2/workflows"), "{}", refused.text);
    let built = asked
        .world
        .build(&asked.flow, "event_delivery=direct", &json!({"inputs": {"input_value": "x"}}))
        .await;
    assert!(built.text.contains("Nobody can be asked here"), "{}", built.text);
    let hook = format!("/api/v1/webhook/{}", asked.flow);
    let hooked = app.post(&hook).header("x-api-key", &asked.world.key).json(&json!({"a": 1})).send().await;
    assert!(hooked.status == 400 && hooked.text.contains("/api/v2/workflows"), "{}", hooked.text);
    let body = json!({"model": asked.flow, "input": "x", "stream": false});
    let spoken = app.post("/api/v1/responses").header("x-api-key", &asked.world.key).json(&body).send().await;
    assert!(spoken.text.contains("/api/v2/workflows"), "{} {}", spoken.status, spoken.text);
    // Still open for its owner.
    assert_eq!(resume(app, token, &job, &request, "approve").await.status, 200);
    until(app, token, &job, "completed").await;
}

#[tokio::test]
async fn too_many_and_too_large_waits_fail_and_say_so() {
    for (most, bytes, why) in
        [(1, 64 << 20, "1 runs of yours wait already"), (1000, 1000, "larger than 0 MB")]
    {
        let setup = Setup { catalogue: catalogue(), ..Setup::default() };
        let setup = setup.settings(|settings| {
            settings.runs.max_suspended = most;
            settings.runs.suspended_bytes = bytes;
        });
        let app = TestApp::start(setup).await;
        let token = app.admin_token().await;
        let flow = put(&app, &token, "asking", Some(asking())).await;
        let run = async |mode: &str| {
            let body = json!({"flow_id": flow, "input_value": "Ship it?", "mode": mode});
            app.post("/api/v2/workflows").bearer(&token).json(&body).send().await
        };
        if most == 1 {
            assert_eq!(run("sync").await.json()["status"], "suspended");
        }
        let sync = run("sync").await.json();
        assert_eq!(sync["status"], "failed", "{sync}");
        assert!(sync["errors"][0]["error"].as_str().unwrap().contains(why), "{sync}");
        let stream = run("stream").await.text;
        assert!(stream.contains("\"event\":\"error\"") && stream.contains(why), "{stream}");
        assert!(!stream.contains("human_input_required") && stream.contains("\"event\":\"end\""), "{stream}");
    }
}
