//! Running and building flows over HTTP: recorded exchanges of the reference server, and what goes wrong.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use crate::recorded::{Exchange, frames, normal};
use crate::run_flows::{World, start};
use langflow_testkit::test_app::Answer;
use serde_json::{Value, json};

/// Exchanges that are answered otherwise on purpose, with the status here.
const OTHERWISE: [(&str, u16); 6] = [
    // The artifact shows the value of a variable, not its name.
    ("run.globalvar.db", 200),
    ("run.globalvar.header", 200),
    // The reason is told.
    ("build.direct.nodata", 200),
    // A field of the wrong type is named instead of dropping all fields.
    ("run.inputvalue.notstring", 422),
    ("run.badtype", 422),
    ("run.tweaks.notdict", 422),
];

/// Exchanges that need a graph, a state or a policy which the recording does not hold.
const NOT_HERE: [&str; 9] = [
    "run.stream.ticker",
    "run.stream.ticker2",
    "run.nostream.ticker",
    "build.direct.ticker",
    "build.direct.stop",
    // Runs the second input on the results of the first; here each input is run.
    "run.advanced.two",
    // Of jobs, see below.
    "build.cancel",
    "build.vertex",
    "build.vertices",
];

fn is_replayed(name: &str) -> bool {
    (name.starts_with("run.") || name.starts_with("build.") || ["process", "predict", "task"].contains(&name))
        && !NOT_HERE.contains(&name)
        && !name.starts_with("build.events")
        && !name.starts_with("build.polling")
        && !name.starts_with("build.streaming")
}

#[tokio::test]
async fn recorded_runs_and_builds_are_answered_alike() {
    let Some(all) = crate::recorded::load("flows.jsonl", "1.13.0") else { return };
    let world = start().await;
    let mut wrong = String::new();
    let mut count = 0;
    for exchange in all.iter().filter(|e| is_replayed(&e.name)) {
        count += 1;
        let answer = world.replay(exchange).await;
        if let Err(why) = compare(exchange, &answer) {
            wrong += &format!("\n{}: {why}\n", exchange.name);
        }
    }
    assert!(count > 40, "only {count} exchanges were replayed");
    assert!(wrong.is_empty(), "{wrong}");
}

fn compare(exchange: &Exchange, answer: &Answer) -> Result<(), String> {
    if let Some((_, status)) = OTHERWISE.iter().find(|(name, _)| *name == exchange.name) {
        return if answer.status == *status { Ok(()) } else { Err(format!("status {}", answer.status)) };
    }
    if answer.status != exchange.status {
        return Err(format!("status {} instead of {}: {}", answer.status, exchange.status, answer.text));
    }
    let (here, there) = match &exchange.body {
        Value::String(text) if text.contains("\"event\"") => (frames(&answer.text), frames(text)),
        // Our own words.
        Value::Object(body)
            if body.get("detail").is_some_and(|d| d.as_str().is_some_and(|d| d.contains("deprecated"))) =>
        {
            return Ok(());
        }
        body => (answer.json(), body.clone()),
    };
    let (here, there) = (normal(here), normal(there));
    if here == there { Ok(()) } else { Err(difference(&here, &there, String::new())) }
}

/// The first place where two values differ.
fn difference(here: &Value, there: &Value, at: String) -> String {
    match (here, there) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = |m: &serde_json::Map<String, Value>| m.keys().cloned().collect::<Vec<_>>();
            if keys(a) != keys(b) {
                return format!("{at}: keys {:?} instead of {:?}", keys(a), keys(b));
            }
            let place = a.iter().find(|(key, value)| b.get(*key) != Some(value));
            place.map_or_else(String::new, |(key, value)| difference(value, &b[key], format!("{at}/{key}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find(|(_, (x, y))| x != y)
            .map_or_else(String::new, |(i, (x, y))| difference(x, y, format!("{at}/{i}"))),
        _ => format!("{at}: {here} instead of {there}"),
    }
}

/// Events of a build read by a second request.
#[tokio::test]
async fn a_build_can_be_read_by_polling_and_by_streaming() {
    let world = start().await;
    let body = json!({"inputs": {"input_value": "hi", "session": "bs1"}});
    let direct = world.build(&world.echo, "event_delivery=direct", &body).await;
    let expected = names(&direct.text);
    assert_eq!(
        expected,
        ["vertices_sorted", "build_start", "add_message", "end_vertex", "add_message", "end_vertex", "end"]
    );

    let job = world.build(&world.echo, "event_delivery=polling", &body).await.field("job_id");
    let mut polled = Vec::new();
    while polled.last().is_none_or(|name| name != "end") {
        polled.extend(names(&world.events(&job, "event_delivery=polling").await.text));
    }
    assert_eq!(polled, expected);
    let after = world.events(&job, "event_delivery=polling").await;
    assert_eq!(after.text, "{\"event\":\"end\",\"data\":{}}\n\n");

    let job = world.build(&world.echo, "event_delivery=streaming", &body).await.field("job_id");
    let streamed = world.events(&job, "").await;
    assert_eq!(streamed.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(names(&streamed.text), expected);
}

fn names(text: &str) -> Vec<String> {
    let frames = frames(text);
    frames.as_array().unwrap().iter().map(|f| f["event"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_build_belongs_to_its_user_and_can_be_cancelled() {
    let world = start().await;
    let body = json!({"inputs": {"input_value": "hi"}});
    let job = world.build(&world.slow, "event_delivery=polling", &body).await.field("job_id");
    let (_, stranger) = world.app.new_user("eve", "eve-pass-1").await;
    for (path, token) in [
        (format!("/api/v1/build/{job}/cancel"), &stranger),
        ("/api/v1/build/00000000-0000-4000-8000-000000000000/cancel".to_owned(), &world.token),
    ] {
        let answer = world.app.post(&path).bearer(token).send().await;
        assert_eq!(answer.status, 404, "{path}");
    }
    let cancelled = world.app.post(&format!("/api/v1/build/{job}/cancel")).bearer(&world.token).send().await;
    assert_eq!(cancelled.json(), json!({"success": true, "message": "Flow build cancelled successfully"}));
    // What had come up may still be read; then the build is over.
    let mut rounds = 0;
    while names(&world.events(&job, "event_delivery=polling").await.text) != ["end"] {
        rounds += 1;
        assert!(rounds < 5);
    }
    world.wait_for_status("cancelled").await;
}

/// The run of a caller who has gone stops, and its row says so.
#[tokio::test]
async fn a_run_whose_caller_leaves_is_cancelled() {
    let world = start().await;
    let body = json!({"input_value": "hi"});
    let waiting = world.run("slow", "", &body);
    assert!(tokio::time::timeout(std::time::Duration::from_millis(600), waiting).await.is_err());
    world.wait_for_status("cancelled").await;
    // What it had said by then is kept.
    assert_eq!(world.messages().await, ["hi"]);
}

#[tokio::test]
async fn what_a_run_said_is_stored_before_it_answers() {
    let world = start().await;
    let answer = world.run("echo", "", &json!({"input_value": "hi", "session_id": "s9"})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(world.messages().await, ["hi", "hi"]);
    assert_eq!(world.statuses().await, ["completed"]);
    let failed = world.run("failflow", "", &json!({"input_value": "x"})).await;
    assert_eq!(failed.status, 500);
    assert_eq!(world.statuses().await, ["failed", "completed"]);
    let kept = world.messages().await;
    assert_eq!(kept[2..], ["x", "boom: x\n"]);
}

/// Every mistake of a caller or a flow: the status, and what the answer must say.
#[tokio::test]
async fn mistakes_are_named_and_the_server_goes_on() {
    let world = start().await;
    const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";
    let cases: Vec<(&str, &str, Value, u16, &[&str])> = vec![
        ("malformed JSON", "echo", json!("{bad"), 422, &["json_invalid"]),
        ("a list", "echo", json!([]), 422, &["body"]),
        (
            "wrong types",
            "echo",
            json!({"input_value": 1, "output_type": "x"}),
            422,
            &["input_value", "output_type"],
        ),
        ("unknown id", UNKNOWN, json!({}), 404, &[UNKNOWN]),
        ("unknown name", "nosuch", json!({}), 404, &["nosuch"]),
        ("foreign flow", "foreign", json!({}), 404, &["foreign"]),
        ("refused tweak", "echo", json!({"tweaks": {"code": "x"}}), 422, &["TWEAKS_REFUSED", "code"]),
        (
            "input given twice",
            "echo",
            json!({"input_value": "x", "tweaks": {"ChatInput-aaaaa": {"input_value": "y"}}}),
            400,
            &["input_value"],
        ),
        ("broken edges", "broken", json!({}), 400, &["Vertex Nobody-zzzzz not found"]),
        (
            "unknown component",
            "custom",
            json!({"input_value": "x"}),
            400,
            &["My Code", "MyCode-ccccc", "LANGFLOW_"],
        ),
        ("failing component", "failflow", json!({"input_value": "x"}), 500, &["Component Boom", "boom: x"]),
        ("no data", "nodata", json!({}), 500, &["has no data"]),
        ("missing variable", "gvar2", json!({"input_value": "x"}), 500, &["Chat Output", "NO_SUCH_VARIABLE"]),
    ];
    for (what, flow, body, status, says) in cases {
        let answer = match &body {
            Value::String(raw) => world.run_text(flow, raw).await,
            body => world.run(flow, "", body).await,
        };
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        for word in says {
            assert!(answer.text.contains(word), "{what}: {word} is not in {}", answer.text);
        }
        let next = world.run("echo", "", &json!({"input_value": "still here"})).await;
        assert_eq!(next.status, 200, "after {what}");
    }
}

#[tokio::test]
async fn keys_are_asked_for() {
    let world = start().await;
    let path = "/api/v1/run/echo";
    for (what, ask) in [
        ("no key", world.app.post(path)),
        ("a wrong key", world.app.post(path).header("x-api-key", "sk-wrong")),
        ("a session", world.app.post(path).bearer(&world.token)),
    ] {
        assert_eq!(ask.json(&json!({})).send().await.status, 403, "{what}");
    }
    let in_query = world.app.post(&format!("{path}?x-api-key={}", world.key)).send().await;
    assert_eq!(in_query.status, 200);
}

#[tokio::test]
async fn request_variables_come_before_stored_ones() {
    let world = start().await;
    let name = |answer: &Answer| {
        answer.json()["outputs"][0]["outputs"][0]["results"]["message"]["sender_name"].clone()
    };
    let stored = world.run("gvar", "", &json!({"input_value": "x"})).await;
    assert_eq!(name(&stored), "dbval");
    let given = world
        .app
        .post("/api/v1/run/gvar")
        .header("x-api-key", &world.key)
        .header("X-LANGFLOW-GLOBAL-VAR-MYVAR", "hdrval")
        .json(&json!({"input_value": "x"}))
        .send()
        .await;
    assert_eq!(name(&given), "hdrval");
}

#[tokio::test]
async fn a_changed_flow_is_compiled_anew() {
    let world = start().await;
    let text =
        |answer: &Answer| answer.json()["outputs"][0]["outputs"][0]["artifacts"]["sender_name"].clone();
    assert_eq!(text(&world.run("echo", "", &json!({"input_value": "x"})).await), "AI");
    let mut graph = crate::run_flows::echo();
    graph["nodes"][1]["data"]["node"]["template"]["sender_name"]["value"] = json!("Bot");
    let saved = world
        .app
        .patch(&format!("/api/v1/flows/{}", world.echo))
        .bearer(&world.token)
        .json(&json!({"data": graph}))
        .send()
        .await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert_eq!(text(&world.run("echo", "", &json!({"input_value": "x"})).await), "Bot");
}

#[tokio::test]
async fn a_build_may_stop_at_a_node_and_may_run_an_unsaved_graph() {
    let world = start().await;
    let body = json!({"inputs": {"input_value": "hi"}});
    let stopped =
        world.build(&world.echo, "event_delivery=direct&stop_component_id=ChatInput-aaaaa", &body).await;
    assert_eq!(names(&stopped.text), ["vertices_sorted", "build_start", "add_message", "end_vertex", "end"]);
    let unsaved = json!({"inputs": {"input_value": "hi"}, "data": crate::run_flows::echo()});
    let built = world.build(&world.blank, "event_delivery=direct", &unsaved).await;
    assert_eq!(names(&built.text).len(), 7, "{}", built.text);
    let unknown = world.build(&world.echo, "event_delivery=direct&stop_component_id=Nobody", &body).await;
    assert_eq!(names(&unknown.text), ["error", "error"]);
    let wrong = world.build(&world.echo, "event_delivery=pigeon", &body).await;
    assert_eq!(wrong.status, 422);
}

#[tokio::test]
async fn the_v1_node_states_of_builds_are_kept_unless_told_otherwise() {
    let world = start().await;
    let body = json!({"inputs": {"input_value": "hi"}});
    world.build(&world.echo, "event_delivery=direct&log_builds=false", &body).await;
    assert_eq!(world.build_rows().await, 0);
    world.build(&world.echo, "event_delivery=direct", &body).await;
    assert_eq!(world.build_rows().await, 2);
    let world: World = world;
    assert_eq!(world.transaction_rows().await, 4);
}

#[tokio::test]
async fn visitors_build_public_flows_each_with_a_history_of_their_own() {
    let world = start().await;
    let body = json!({"inputs": {"input_value": "hi", "session": "s"}});
    let visit = |flow: &str, client: &str| {
        let path = format!("/api/v1/build_public_tmp/{flow}/flow?event_delivery=polling");
        world.app.post(&path).header("cookie", &format!("client_id={client}")).json(&body)
    };
    assert_eq!(visit(&world.echo, "a").send().await.status, 404, "a private flow");
    let share = json!({"access_type": "PUBLIC"});
    for flow in [&world.echo, &world.custom] {
        let path = format!("/api/v1/flows/{flow}");
        let shared = world.app.patch(&path).bearer(&world.token).json(&share).send().await;
        assert_eq!(shared.status, 200, "{}", shared.text);
    }
    assert_eq!(visit(&world.custom, "a").send().await.status, 403, "a flow with code");
    let path = format!("/api/v1/build_public_tmp/{}/flow", world.echo);
    let nameless = world.app.post(&path).json(&body).send().await;
    assert_eq!((nameless.status, nameless.detail()), (400, json!("No client_id cookie found")));

    let job = visit(&world.echo, "a").send().await.field("job_id");
    let events = |client: &str| {
        let path = format!("/api/v1/build_public_tmp/{job}/events");
        world.app.get(&path).header("cookie", &format!("client_id={client}"))
    };
    assert_eq!(events("b").send().await.status, 404, "somebody else's job");
    let frames = frames(&events("a").send().await.text);
    let message = &frames[2]["data"];
    assert_ne!(message["flow_id"], json!(world.echo), "recorded under an id of the visitor's own");
    let session = message["session_id"].as_str().unwrap();
    assert_eq!(session, format!("{}:s", message["flow_id"].as_str().unwrap()));
}
