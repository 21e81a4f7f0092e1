//! A server with flows to run: an echo, failing, slow, broken and empty ones.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

use crate::recorded::Exchange;
use langflow_core::component::{Catalogue, Entry};
use langflow_core::prelude::*;
use langflow_store::messages::{MessageFilter, list_newest};
use langflow_store::runs::{RunFilter, list};
use langflow_testkit::test_app::{Answer, Setup, TestApp};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Fails with the text it got.
#[derive(Component)]
#[component(id = "Boom", title = "Boom")]
struct Boom {
    /// The text.
    #[input(title = "Text")]
    input_value: String,
}

#[outputs]
impl Boom {
    /// Nothing.
    #[output(title = "Output")]
    async fn output(&self, _cx: &Cx) -> Result<Message, Fault> {
        Err(Fault::invalid(format!("boom: {}", self.input_value)))
    }
}

/// Takes a minute.
#[derive(Component)]
#[component(id = "Slow", title = "Slow")]
struct Slow {
    /// The text.
    #[input(title = "Text")]
    input_value: String,
}

#[outputs]
impl Slow {
    /// The text again.
    #[output(title = "Output")]
    async fn output(&self, cx: &Cx) -> Result<Message, Fault> {
        tokio::time::sleep(Duration::from_mins(1)).await;
        Ok(cx.new_message(self.input_value.clone()))
    }
}

/// Speaks in pieces, when somebody listens.
#[derive(Component)]
#[component(id = "Ticker", title = "Ticker")]
struct Ticker {
    /// Repeated in every piece.
    #[input(title = "Text")]
    input_value: String,
}

#[outputs]
impl Ticker {
    /// All pieces.
    #[output(title = "Output")]
    async fn output(&self, cx: &Cx) -> Result<Message, Fault> {
        speak(cx, &self.input_value, 3).await
    }
}

/// As the ticker, many times.
#[derive(Component)]
#[component(id = "Flood", title = "Flood")]
struct Flood {
    /// Repeated in every piece.
    #[input(title = "Text")]
    input_value: String,
}

#[outputs]
impl Flood {
    /// The first pieces.
    #[output(title = "Output")]
    async fn output(&self, cx: &Cx) -> Result<Message, Fault> {
        speak(cx, &self.input_value, 250).await
    }
}

async fn speak(cx: &Cx, text: &str, pieces: usize) -> Result<Message, Fault> {
    let mut message = cx.new_message(String::new());
    message.sender = Some("Machine".into());
    message.sender_name = Some("AI".into());
    let mut message = cx.begin_message(message).await;
    for n in 0..pieces {
        let piece = format!("{text} {n};");
        cx.token(&message, &piece).await;
        // A test of many readers must not measure the message.
        if n < 3 {
            message.text.push_str(&piece);
        }
    }
    message.properties.state = langflow_core::value::MessageState::Complete;
    Ok((*cx.send_message(message).await?).clone())
}

pub fn catalogue() -> Catalogue {
    let native = langflow_components::catalogue();
    let mut entries = native.entries().to_vec();
    entries.push(Entry::<Boom>::of());
    entries.push(Entry::<Slow>::of());
    entries.push(Entry::<Ticker>::of());
    entries.push(Entry::<Flood>::of());
    Catalogue::new(entries)
}

pub fn node(id: &str) -> Json {
    let kind = id.split('-').next().unwrap();
    let definition = match catalogue().get(kind) {
        Some(known) => known.spec().to_catalogue(|_| String::new()),
        None => json!({"display_name": "My Code", "template": {"_type": "Component"},
            "outputs": [{"name": "output", "types": ["Message"]}]}),
    };
    json!({"id": id, "type": "genericNode", "position": {"x": 0, "y": 0},
        "data": {"id": id, "type": kind, "node": definition}})
}

pub fn edge(source: &str, output: &str, target: &str, field: &str) -> Json {
    json!({"source": source, "target": target, "data": {
        "sourceHandle": {"dataType": "X", "id": source, "name": output, "output_types": ["Message"]},
        "targetHandle": {"fieldName": field, "id": target, "inputTypes": ["Message"], "type": "str"}}})
}

/// Chat Input → Chat Output.
pub fn echo() -> Json {
    json!({"nodes": [node("ChatInput-aaaaa"), node("ChatOutput-bbbbb")],
        "edges": [edge("ChatInput-aaaaa", "message", "ChatOutput-bbbbb", "input_value")]})
}

/// Chat Input → middle → Chat Output, side → Chat Output, Chat Input → other; alone → end is apart.
pub fn branches() -> Json {
    let ids = [
        "ChatInput-in",
        "TextInput-middle",
        "TextInput-side",
        "ChatOutput-out",
        "TextOutput-other",
        "TextInput-alone",
        "TextOutput-end",
    ];
    let ways = [
        ("ChatInput-in", "message", "TextInput-middle"),
        ("TextInput-middle", "text", "ChatOutput-out"),
        ("TextInput-side", "text", "ChatOutput-out"),
        ("ChatInput-in", "message", "TextOutput-other"),
        ("TextInput-alone", "text", "TextOutput-end"),
    ];
    json!({"nodes": ids.map(node),
        "edges": ways.map(|(source, output, target)| edge(source, output, target, "input_value"))})
}

/// Chat Input → `middle` → Chat Output.
pub fn through(middle: &str) -> Json {
    json!({"nodes": [node("ChatInput-aaaaa"), node(middle), node("ChatOutput-bbbbb")],
        "edges": [edge("ChatInput-aaaaa", "message", middle, "input_value"),
            edge(middle, "output", "ChatOutput-bbbbb", "input_value")]})
}

pub fn named_by(variable: &str) -> Json {
    let mut graph = echo();
    let field = &mut graph["nodes"][1]["data"]["node"]["template"]["sender_name"];
    field["value"] = json!(variable);
    field["load_from_db"] = json!(true);
    graph
}

/// Webhook → Chat Output.
pub fn hook() -> Json {
    json!({"nodes": [node("Webhook-wwwww"), node("ChatOutput-bbbbb")],
        "edges": [edge("Webhook-wwwww", "output_data", "ChatOutput-bbbbb", "input_value")]})
}

fn broken() -> Json {
    let mut graph = echo();
    let edges = graph["edges"].as_array_mut().unwrap();
    edges.push(edge("ChatInput-aaaaa", "message", "Nobody-zzzzz", "text"));
    graph
}

pub struct World {
    pub app: TestApp,
    pub token: String,
    pub key: String,
    pub echo: String,
    pub ticker: String,
    pub hook: String,
    pub slow: String,
    pub fail: String,
    pub blank: String,
    /// Holds a node without native implementation.
    pub custom: String,
}

pub async fn start() -> World {
    let app = TestApp::start(Setup { catalogue: catalogue(), ..Setup::default() }).await;
    let token = app.admin_token().await;
    let key = app.key_of(&token).await;
    let variable = json!({"name": "MYVAR", "value": "dbval", "type": "Generic", "default_fields": []});
    let made = app.post("/api/v1/variables/").bearer(&token).json(&variable).send().await;
    assert_eq!(made.status, 201, "{}", made.text);
    let (_, stranger) = app.new_user("mallory", "mallory-pass-1").await;
    put(&app, &stranger, "foreign", Some(echo())).await;
    let world = World {
        token: token.clone(),
        key,
        echo: put(&app, &token, "echo", Some(echo())).await,
        ticker: put(&app, &token, "ticker", Some(through("Ticker-ddddd"))).await,
        hook: put(&app, &token, "hook", Some(hook())).await,
        slow: put(&app, &token, "slow", Some(through("Slow-ccccc"))).await,
        fail: put(&app, &token, "failflow", Some(through("Boom-ccccc"))).await,
        blank: put(&app, &token, "nodata", None).await,
        custom: put(&app, &token, "custom", Some(through("MyCode-ccccc"))).await,
        app,
    };
    for (name, graph) in
        [("gvar", named_by("MYVAR")), ("gvar2", named_by("NO_SUCH_VARIABLE")), ("broken", broken())]
    {
        put(&world.app, &token, name, Some(graph)).await;
    }
    world
}

pub async fn put(app: &TestApp, token: &str, name: &str, data: Option<Json>) -> String {
    let mut body = json!({"name": name, "endpoint_name": name});
    if let Some(data) = data {
        body["data"] = data;
    }
    let made = app.post("/api/v1/flows/").bearer(token).json(&body).send().await;
    assert_eq!(made.status, 201, "{name}: {}", made.text);
    made.field("id")
}

/// Ids of flows in the recordings.
const ECHO: &str = "f095a0ab-a79c-4c8e-b170-038d0e3b87e1";
const FAIL: &str = "a848bcec-ff58-4c09-8ba6-8fb833d7ac35";
const BLANK: &str = "b3061079-6a33-4801-b1b7-0458e2ff5812";

impl World {
    /// Sends a recorded request to this server.
    pub async fn replay(&self, exchange: &Exchange) -> Answer {
        let path =
            exchange.path.replace(ECHO, &self.echo).replace(FAIL, &self.fail).replace(BLANK, &self.blank);
        let mut ask = self.app.request(exchange.method.parse().unwrap(), &path);
        for (name, value) in exchange.headers.as_object().into_iter().flatten() {
            ask = match (name.to_ascii_lowercase().as_str(), exchange.name.as_str()) {
                ("x-api-key", "run.badkey") => ask.header("x-api-key", "sk-wrong"),
                ("x-api-key", _) => ask.header("x-api-key", &self.key),
                ("authorization", _) => ask.bearer(&self.token),
                _ => ask.header(name, value.as_str().unwrap_or_default()),
            };
        }
        let ask = match &exchange.request {
            Json::Null => ask,
            Json::String(text) => ask.body(text.clone()),
            Json::Object(fields) if exchange.name == "run.multipart" => {
                let form = fields.iter().fold(reqwest::multipart::Form::new(), |form, (key, value)| {
                    form.text(key.clone(), value.as_str().unwrap_or_default().to_owned())
                });
                ask.multipart(form)
            }
            body => ask.json(body),
        };
        ask.send().await
    }

    pub async fn run(&self, flow: &str, query: &str, body: &Json) -> Answer {
        let path = format!("/api/v1/run/{flow}?{query}");
        self.app.post(&path).header("x-api-key", &self.key).json(body).send().await
    }

    pub async fn run_text(&self, flow: &str, body: &str) -> Answer {
        let path = format!("/api/v1/run/{flow}");
        self.app.post(&path).header("x-api-key", &self.key).body(body.to_owned()).send().await
    }

    pub async fn build(&self, flow: &str, query: &str, body: &Json) -> Answer {
        let path = format!("/api/v1/build/{flow}/flow?{query}");
        self.app.post(&path).bearer(&self.token).json(body).send().await
    }

    pub async fn events(&self, job: &str, query: &str) -> Answer {
        self.app.get(&format!("/api/v1/build/{job}/events?{query}")).bearer(&self.token).send().await
    }

    async fn owner(&self) -> Uuid {
        let who = self.app.get("/api/v1/users/whoami").bearer(&self.token).send().await;
        Uuid::parse_str(&who.field("id")).unwrap()
    }

    /// Texts of all stored messages, oldest first.
    pub async fn messages(&self) -> Vec<String> {
        let page =
            list_newest(&self.app.app.store, self.owner().await, &MessageFilter::default()).await.unwrap();
        page.items.into_iter().rev().map(|m| m.text).collect()
    }

    /// Statuses of all runs, newest first.
    pub async fn statuses(&self) -> Vec<&'static str> {
        let page = list(&self.app.app.store, self.owner().await, &RunFilter::default()).await.unwrap();
        page.items.into_iter().map(|r| r.status.as_str()).collect()
    }

    /// Waits until the newest run has this status: at most the second that is promised, and some patience
    /// for a busy machine.
    pub async fn wait_for_status(&self, status: &str) {
        for _ in 0..200 {
            if self.statuses().await.first() == Some(&status) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no run is {status}: {:?}", self.statuses().await);
    }

    pub async fn build_rows(&self) -> usize {
        let flow = Uuid::parse_str(&self.echo).unwrap();
        let owner = self.owner().await;
        langflow_store::vertex_builds::list(&self.app.app.store, owner, flow, 100).await.unwrap().len()
    }

    pub async fn transaction_rows(&self) -> usize {
        let flow = Uuid::parse_str(&self.echo).unwrap();
        let owner = self.owner().await;
        let page = langflow_store::transactions::list(&self.app.app.store, owner, flow, Default::default())
            .await
            .unwrap();
        page.items.len()
    }
}
