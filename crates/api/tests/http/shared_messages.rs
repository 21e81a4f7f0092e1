//! Visitors of a public flow see what their own visits left, and nothing else.

use crate::run_flows::{World, start};
use http::Method;
use langflow_testkit::test_app::Answer;
use serde_json::{Value, json};

struct Visitor<'a> {
    world: &'a World,
    cookie: String,
}

impl Visitor<'_> {
    async fn ask(&self, method: &str, rest: &str, body: Option<&Value>) -> Answer {
        let path = format!("/api/v1/monitor/messages/shared{rest}");
        let method: Method = method.parse().unwrap();
        let ask = self.world.app.request(method, &path).header("cookie", &self.cookie);
        match body {
            Some(body) => ask.json(body).send().await,
            None => ask.send().await,
        }
    }

    async fn say(&self, text: &str, session: &str) {
        let body = json!({"flow_id": self.world.echo, "input_value": text, "session_id": session});
        let ask = self.world.app.post("/api/v2/workflows/public").header("cookie", &self.cookie);
        let answer = ask.json(&body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    async fn texts(&self) -> Vec<String> {
        let listed = self.ask("GET", &format!("?source_flow_id={}", self.world.echo), None).await;
        assert_eq!(listed.status, 200, "{}", listed.text);
        let listed = listed.json();
        listed.as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_visitor_reads_changes_and_deletes_what_the_own_visits_left() {
    let world = start().await;
    let path = format!("/api/v1/flows/{}", world.echo);
    let ann = Visitor { world: &world, cookie: "client_id=ann".into() };
    let query = format!("source_flow_id={}", world.echo);
    // A private flow has no visitors.
    assert_eq!(ann.ask("GET", &format!("?{query}"), None).await.status, 404);
    world.app.patch(&path).bearer(&world.token).json(&json!({"access_type": "PUBLIC"})).send().await;
    world.run(&world.echo, "", &json!({"input_value": "of the owner"})).await;
    ann.say("of ann", "first").await;
    assert_eq!(ann.texts().await, ["of ann", "of ann"]);
    let bob = Visitor { world: &world, cookie: "client_id=bob".into() };
    assert_eq!(bob.texts().await, [""; 0]);
    let nobody = Visitor { world: &world, cookie: String::new() };
    assert_eq!(nobody.ask("GET", &format!("?{query}"), None).await.status, 400);

    let sessions = ann.ask("GET", &format!("/sessions?{query}"), None).await.json();
    let session = sessions[0].as_str().unwrap().to_owned();
    assert!(session.ends_with(":first"), "{sessions}");
    assert_eq!(bob.ask("GET", &format!("/sessions?{query}"), None).await.json(), json!([]));

    let message = ann.ask("GET", &format!("?{query}&order=DESC"), None).await.json()[0]["id"].clone();
    let message = format!("/{}?{query}", message.as_str().unwrap());
    let change = json!({"text": "changed", "properties": {"build_duration": 12}});
    let changed = ann.ask("PUT", &message, Some(&change)).await;
    assert_eq!((changed.status, &changed.json()["edit"]), (200, &json!(true)), "{}", changed.text);
    let rename = format!("/session/{session}?{query}&new_session_id={session}-2");
    let (long, big) = ("x".repeat(257), json!({"text": "x".repeat(2 << 20)}));
    for (method, rest, body, status) in [
        ("PUT", message.as_str(), Some(&change), 404),
        ("PATCH", rename.as_str(), None, 404),
        ("DELETE", &format!("/session/{session}?{query}"), None, 204),
    ] {
        assert_eq!(bob.ask(method, rest, body).await.status, status, "{method} {rest}");
    }
    let too_long = format!("/session/{session}?{query}&new_session_id={long}");
    assert_eq!(ann.ask("PATCH", &too_long, None).await.status, 400);
    assert_eq!(ann.ask("PUT", &message, Some(&big)).await.status, 413);
    assert_eq!(ann.ask("PUT", &message, Some(&json!({"text": 3}))).await.status, 422);
    assert_eq!(ann.texts().await, ["of ann", "changed"]);

    assert_eq!(ann.ask("PATCH", &rename, None).await.json().as_array().unwrap().len(), 2);
    assert_eq!(ann.ask("PATCH", &rename, None).await.status, 404, "it has another name now");
    let gone = ann.ask("DELETE", &format!("/session/{session}-2?{query}"), None).await;
    assert_eq!(gone.status, 204);
    assert_eq!(ann.texts().await, [""; 0]);
    // What the owner has is where it was.
    assert_eq!(world.messages().await, ["of the owner", "of the owner"]);
}
