//! Workflows in the background: start, status, events, stop; and those of visitors.

use crate::run_flows::{World, start};
use langflow_testkit::test_app::Answer;
use serde_json::{Value, json};
use std::time::Duration;

async fn run(world: &World, body: &Value) -> Answer {
    world.app.post("/api/v2/workflows").bearer(&world.token).json(body).send().await
}

async fn background(world: &World, flow: &str, more: &Value) -> String {
    let mut body = json!({"flow_id": flow, "input_value": "hi", "mode": "background"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let started = run(world, &body).await;
    assert_eq!(started.status, 200, "{}", started.text);
    assert_eq!(started.json()["status"], "queued");
    started.field("job_id")
}

async fn status(world: &World, job: &str) -> Answer {
    world.app.get(&format!("/api/v2/workflows?job_id={job}")).bearer(&world.token).send().await
}

async fn wait(world: &World, job: &str, is_it: impl Fn(&Answer) -> bool) -> Answer {
    for _ in 0..200 {
        let answer = status(world, job).await;
        if is_it(&answer) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{}", status(world, job).await.text);
}

async fn events(world: &World, job: &str, last: &str) -> String {
    let path = format!("/api/v2/workflows/{job}/events");
    world.app.get(&path).bearer(&world.token).header("last-event-id", last).send().await.text
}

#[tokio::test]
async fn a_job_is_started_asked_about_and_read_from_any_event() {
    let world = start().await;
    let job = background(&world, &world.ticker, &json!({"stream_protocol": "agui", "session_id": "s"})).await;
    // Read while it runs: to its end.
    let all = events(&world, &job, "").await;
    assert!(all.starts_with("data: {\"type\":\"RUN_STARTED\""), "{all}");
    assert!(all.contains("\"delta\":\"hi 0;"), "{all}");
    let last = all.trim_end().rsplit_once("id: ").unwrap().1.parse::<u64>().unwrap();
    assert_eq!(all.matches("\nid: ").count() as u64, last);
    let done = wait(&world, &job, |answer| answer.json()["status"] == "completed").await.json();
    assert_eq!(
        done["output"],
        json!({"reason": "single", "text": "hi 0;hi 1;hi 2;", "source": "ChatOutput-bbbbb"})
    );
    assert_eq!((&done["job_id"], &done["session_id"]), (&json!(job), &json!("s")));
    // From the second event on, it is the rest of the same text.
    let rest = events(&world, &job, "2").await;
    assert!(all.ends_with(&rest) && rest.contains("id: 3\n") && !rest.contains("id: 2\n"), "{rest}");
    assert_eq!(events(&world, &job, &last.to_string()).await, "");
    let stopped = world.app.post("/api/v2/workflows/stop").bearer(&world.token).json(&json!({"job_id": job}));
    let stopped = stopped.send().await;
    assert_eq!((stopped.status, stopped.text.contains("already finished")), (200, true), "{}", stopped.text);
}

#[tokio::test]
async fn a_job_that_fails_says_why() {
    let world = start().await;
    let job = background(&world, &world.fail, &json!({})).await;
    let failed = wait(&world, &job, |answer| answer.status == 500).await;
    assert_eq!(failed.detail()["code"], "JOB_FAILED");
    assert!(
        failed.detail()["error_detail"]["error"].as_str().unwrap().ends_with("boom: hi"),
        "{}",
        failed.text
    );
    assert!(events(&world, &job, "").await.contains("\"event\":\"error\""));
}

#[tokio::test]
async fn a_job_is_stopped_and_its_readers_are_told() {
    let world = start().await;
    let job = background(&world, &world.slow, &json!({})).await;
    wait(&world, &job, |answer| answer.json()["status"] == "in_progress").await;
    let reading = events(&world, &job, "");
    let stop = async {
        let ask = world.app.post("/api/v2/workflows/stop").bearer(&world.token);
        ask.json(&json!({"job_id": job})).send().await.status
    };
    let (text, stopped) = tokio::join!(reading, stop);
    assert_eq!(stopped, 200);
    assert!(text.contains("vertices_sorted"), "{text}");
    wait(&world, &job, |answer| answer.json()["status"] == "cancelled").await;
}

#[tokio::test]
async fn jobs_wait_for_their_turn_and_can_be_stopped_before() {
    let world = start().await;
    let mut jobs = Vec::new();
    for _ in 0..6 {
        jobs.push(background(&world, &world.slow, &json!({})).await);
    }
    let last = jobs.last().unwrap();
    wait(&world, &jobs[0], |answer| answer.json()["status"] == "in_progress").await;
    assert_eq!(status(&world, last).await.json()["status"], "queued");
    for job in &jobs {
        let ask = world.app.post("/api/v2/workflows/stop").bearer(&world.token);
        assert_eq!(ask.json(&json!({"job_id": job})).send().await.status, 200);
    }
    for job in &jobs {
        wait(&world, job, |answer| answer.json()["status"] == "cancelled").await;
    }
}

#[tokio::test]
async fn jobs_of_others_are_not_there_and_a_key_starts_one_job() {
    let world = start().await;
    let job = background(&world, &world.echo, &json!({"idempotency_key": "k"})).await;
    let again = json!({"flow_id": world.echo, "mode": "background", "idempotency_key": "k"});
    let refused = run(&world, &again).await;
    assert_eq!((refused.status, &refused.detail()["code"]), (409, &json!("DUPLICATE_REQUEST")));
    let stranger = world.app.sign_in("mallory", "mallory-pass-1").await["access_token"].clone();
    let stranger = stranger.as_str().unwrap();
    for (method, path) in [
        ("GET", format!("/api/v2/workflows?job_id={job}")),
        ("GET", format!("/api/v2/workflows/{job}/events")),
        ("POST", "/api/v2/workflows/stop".to_owned()),
        ("POST", format!("/api/v2/workflows/{job}/resume")),
        ("GET", format!("/api/v1/build/{job}/events")),
        ("POST", format!("/api/v1/build/{job}/cancel")),
    ] {
        let ask = world.app.request(method.parse().unwrap(), &path).bearer(stranger);
        let body = json!({"job_id": job, "request_id": "x", "decision": {}});
        let answer = if method == "POST" { ask.json(&body).send().await } else { ask.send().await };
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text);
    }
    let resume = world.app.post(&format!("/api/v2/workflows/{job}/resume")).bearer(&world.token);
    let resume = resume.json(&json!({"request_id": "x", "decision": {}})).send().await;
    assert_eq!((resume.status, &resume.detail()["code"]), (409, &json!("NOT_RESUMABLE")));
}

#[tokio::test]
async fn globals_and_tweaks_reach_every_mode() {
    let world = start().await;
    let tweaks = json!({"ChatOutput-bbbbb": {"sender_name": "Bot"}});
    let body = json!({"flow_id": world.echo, "input_value": "x", "mode": "stream", "tweaks": tweaks});
    let streamed = run(&world, &body).await;
    assert!(streamed.text.contains("\"sender_name\":\"Bot\""), "{}", streamed.text);
    let globals = json!({"MYVAR": "from body"});
    let flows = world.app.get("/api/v1/flows/?get_all=true").bearer(&world.token).send().await.json();
    let gvar = flows.as_array().unwrap().iter().find(|flow| flow["name"] == "gvar").unwrap()["id"].clone();
    let body = json!({"flow_id": gvar, "input_value": "x", "mode": "stream", "globals": globals});
    assert!(run(&world, &body).await.text.contains("\"sender_name\":\"from body\""));
    let refused =
        json!({"flow_id": world.echo, "mode": "background", "tweaks": {"ChatOutput-bbbbb": {"code": "x"}}});
    assert_eq!(run(&world, &refused).await.status, 422);
}

#[tokio::test]
async fn without_a_text_the_inputs_keep_theirs() {
    let world = start().await;
    let path = format!("/api/v1/flows/{}", world.echo);
    let mut data = world.app.get(&path).bearer(&world.token).send().await.json()["data"].take();
    let nodes = data["nodes"].as_array_mut().unwrap();
    let input = nodes.iter_mut().find(|node| node["id"] == "ChatInput-aaaaa").unwrap();
    input["data"]["node"]["template"]["input_value"]["value"] = json!("stored");
    world.app.patch(&path).bearer(&world.token).json(&json!({"data": data})).send().await;
    for (more, text) in [
        (json!({}), "stored"),
        (json!({"session_id": "s"}), "stored"),
        (json!({"input_value": ""}), "stored"),
        (json!({"input_value": "said"}), "said"),
        // The conversation is named: nothing is what was said there.
        (json!({"input_value": "", "session_id": "s"}), ""),
    ] {
        let mut body = json!({"flow_id": world.echo});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        // One that is answered at once has no conversation of the client's own: nothing is no text there.
        let at_once = if text.is_empty() { "stored" } else { text };
        let answer = run(&world, &body).await.json();
        assert_eq!(answer["output"]["text"], at_once, "sync {more}");
        body["mode"] = json!("stream");
        let events = run(&world, &body).await.text;
        let content = format!("\"content\":\"{text}\"");
        assert!(events.contains(&content), "stream {more}: {events}");
        let job = background(&world, &world.echo, &{
            let mut more = body.clone();
            more["mode"] = json!("background");
            more["input_value"] = more.get("input_value").cloned().unwrap_or_default();
            more
        })
        .await;
        let done = wait(&world, &job, |answer| answer.json()["status"] == "completed").await.json();
        assert_eq!(done["output"]["text"], text, "background {more}");
    }
}

#[tokio::test]
async fn visitors_run_a_public_flow_and_nothing_else() {
    let world = start().await;
    let ask = |body: Value, cookie: &str| {
        let ask = world.app.post("/api/v2/workflows/public").header("cookie", cookie);
        async move { ask.json(&body).send().await }
    };
    let body = json!({"flow_id": world.echo, "input_value": "hi", "stream_protocol": "agui"});
    assert_eq!(ask(body.clone(), "client_id=abc").await.status, 404);
    let path = format!("/api/v1/flows/{}", world.echo);
    world.app.patch(&path).bearer(&world.token).json(&json!({"access_type": "PUBLIC"})).send().await;
    let answer = ask(body.clone(), "client_id=abc").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("\"name\":\"langflow.event\"") && !answer.text.contains("STATE_SNAPSHOT"));
    assert_eq!(ask(body.clone(), "x=y").await.status, 400);
    for key in ["data", "tweaks", "globals"] {
        let mut body = body.clone();
        body[key] = json!({});
        assert_eq!(ask(body, "client_id=abc").await.status, 422, "{key}");
    }
}
