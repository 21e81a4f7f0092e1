//! Templates: what the gallery gets, and that each runs, against a fake model and a web in memory.
#![expect(clippy::unwrap_used, reason = "a test")]

use futures::StreamExt as _;
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Egress, Reply};
use langflow_core::{Fault, FaultKind, async_trait};
use langflow_testkit::fake_model::{FakeModel, Scripted};
use langflow_testkit::pages::Pages;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

/// The fake model over HTTP, anything else from memory.
#[derive(Debug)]
struct Outside {
    model: String,
    pages: Pages,
    client: reqwest::Client,
}

#[async_trait]
impl Egress for Outside {
    async fn send(&self, request: http::Request<bytes::Bytes>, options: CallOptions) -> Result<Reply, Fault> {
        let url = request.uri().to_string();
        if !url.starts_with(&self.model) {
            return self.pages.send(request, options).await;
        }
        let (parts, body) = request.into_parts();
        let call = self.client.request(parts.method, &url).headers(parts.headers).body(body);
        let reply =
            call.send().await.map_err(|error| Fault::new(FaultKind::Unavailable, error.to_string()))?;
        let (status, headers) = (reply.status(), reply.headers().clone());
        let body = reply.bytes_stream();
        let body = body.map(|piece| piece.map_err(|e| Fault::new(FaultKind::Unavailable, e.to_string())));
        Ok(Reply { status, headers, url, body: body.boxed() })
    }
}

fn pages() -> Pages {
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>http://arxiv.org/abs/1</id>\
        <title>Nets</title><summary>They learn.</summary><published>2024-01-01T00:00:00Z</published>\
        <updated>2024-01-01T00:00:00Z</updated><author><name>A</name></author></entry></feed>";
    let point = json!({"id": 1, "score": 0.9, "payload": {"page_content": "Due on Friday", "metadata": {}}});
    Pages::new()
        .page("https://", "<title>A page</title><p>Words of a page</p>")
        .answer("http://export.arxiv.org/", 200, "application/atom+xml", atom)
        .answer("https://export.arxiv.org/", 200, "application/atom+xml", atom)
        .json("https://api.assemblyai.com/", &json!({"id": "t", "status": "completed", "text": "We agreed."}))
        .json(
            "http://localhost:6333/",
            &json!({"status": "ok", "result": {"points": [point], "status": "green"}}),
        )
}

async fn start() -> (TestApp, FakeModel, String) {
    let model = FakeModel::start().await;
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[expect(clippy::disallowed_methods, reason = "the client of a test talks to the test's own server")]
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let egress = Arc::new(Outside { model: model.root_url(), pages: pages(), client });
    let app = TestApp::start(Setup { egress, ..Setup::default() }).await;
    let key = app.admin_key().await;
    for (name, value) in
        [("OPENAI_API_KEY", "sk-test"), ("OPENAI_BASE_URL", &model.openai_url()), ("ASSEMBLYAI_API_KEY", "k")]
    {
        let kind = if name.ends_with("URL") { "Generic" } else { "Credential" };
        let body = json!({"name": name, "value": value, "type": kind, "default_fields": []});
        let made = app.post("/api/v1/variables/").header("x-api-key", &key).json(&body).send().await;
        assert_eq!(made.status, 201, "{}", made.text);
    }
    (app, model, key)
}

/// What a user gives: models in the model fields, a file in the file nodes.
fn fill(graph: &mut Value, file: &str) {
    for node in graph["nodes"].as_array_mut().unwrap() {
        let kind = node["data"]["type"].as_str().unwrap_or_default().to_owned();
        let template = &mut node["data"]["node"]["template"];
        if kind == "EmbeddingModel" {
            template["model"]["value"] = json!([{"name": "text-embedding-3-small", "provider": "OpenAI"}]);
        } else if template["model"]["type"] == "model" {
            template["model"]["value"] = json!([{"name": "gpt-4o-mini", "provider": "OpenAI"}]);
        }
        if kind == "File" {
            template["path"]["file_path"] = json!([file]);
            template["path"]["value"] = json!(["notes.csv"]);
        }
    }
}

/// Fields that the templates' forms ask for.
const FIELDS: [&str; 17] = [
    "name",
    "products",
    "customers",
    "competitors",
    "summary",
    "role",
    "skills",
    "projects",
    "contact",
    "mood",
    "confidence",
    "reason",
    "period",
    "revenue",
    "profit",
    "margin",
    "outlook",
];

/// What the fake model takes as the content of a form.
fn form_of(fields: &[&str]) -> Value {
    let form: serde_json::Map<String, Value> = fields
        .iter()
        .map(|field| ((*field).to_owned(), json!(if *field == "confidence" { "0.5" } else { "x" })))
        .collect();
    json!({ "objects": [form] })
}

async fn upload(app: &TestApp, key: &str, name: &str, content: String) -> String {
    let part = reqwest::multipart::Part::bytes(content.into_bytes()).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().part("file", part);
    let upload = app.post("/api/v2/files/").header("x-api-key", key).multipart(form).send().await;
    assert_eq!(upload.status, 201, "{}", upload.text);
    upload.field("path")
}

#[tokio::test]
async fn each_template_runs() {
    let (app, model, key) = start().await;
    let templates = app.get("/api/v1/flows/basic_examples/").send().await.json();
    let templates = templates.as_array().unwrap();
    assert!(templates.len() >= 20);
    let form = form_of(&FIELDS);
    let text = upload(&app, &key, "notes.txt", form.to_string()).await;
    let table = upload(&app, &key, "feedback.csv", "text\ngood\nbad\n".into()).await;
    let mut wrong = String::new();
    for template in templates {
        let name = template["name"].as_str().unwrap();
        let mut graph = template["data"].clone();
        fill(&mut graph, if name == "Text Sentiment Analysis" { &table } else { &text });
        let tools = graph["edges"].as_array().unwrap().iter();
        let tools = tools.filter(|edge| edge["data"]["sourceHandle"]["name"] == "component_as_tool").count();
        let body = json!({"name": name, "data": graph});
        let made = app.post("/api/v1/flows/").header("x-api-key", &key).json(&body).send().await;
        assert_eq!(made.status, 201, "{name}: {}", made.text);
        if name == "Support Desk" {
            model.script([Scripted::text("Billing")]);
        }
        let before = model.bodies().len();
        let input = json!({"input_value": format!("Tell me. {form}")});
        let path = format!("/api/v1/run/{}", made.field("id"));
        let ran = app.post(&path).header("x-api-key", &key).json(&input).send().await;
        let texts = texts(&ran.json());
        if ran.status != 200 || texts.iter().all(String::is_empty) {
            let asked: Vec<Value> = model.bodies().into_iter().skip(before).collect();
            let shown: String = format!("{} {asked:?}", ran.text).chars().take(1500).collect();
            wrong += &format!("\n{name}: {} {shown}", ran.status);
        }
        let asked = model.bodies();
        let offered = |body: &Value| body["tools"].as_array().map_or(0, Vec::len);
        let most: HashSet<usize> = asked.iter().skip(before).map(offered).collect();
        if tools > 0 && most.iter().all(|count| *count == 0) {
            wrong += &format!("\n{name}: no model was offered a tool");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn texts(answer: &Value) -> Vec<String> {
    let results = answer["outputs"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|o| o["outputs"].as_array().into_iter().flatten());
    results.filter_map(|r| r["results"]["message"]["text"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn templates_say_what_they_need_and_fit_together() {
    let app = TestApp::start(Setup::default()).await;
    let key = app.admin_key().await;
    let examples = app.get("/api/v1/flows/basic_examples/").send().await.json();
    let bare = app.get("/api/v1/starter-projects/").header("x-api-key", &key).send().await.json();
    assert_eq!(examples.as_array().unwrap().len(), bare.as_array().unwrap().len());
    let mut names = HashSet::new();
    for template in examples.as_array().unwrap() {
        let name = template["name"].as_str().unwrap();
        assert!(names.insert(name.to_owned()), "{name} is there twice");
        assert!(!template["needs"].as_array().unwrap().is_empty(), "{name} needs nothing?");
        let nodes = template["data"]["nodes"].as_array().unwrap();
        assert!(nodes.iter().any(|node| node["type"] == "noteNode"), "{name} has no note");
        let has = |kind: &str| nodes.iter().any(|node| node["data"]["type"] == kind);
        let needs =
            |kind: &str| template["needs"].as_array().unwrap().iter().any(|need| need["kind"] == kind);
        assert_eq!(has("EmbeddingModel"), needs("embedding"), "{name}");
        assert_eq!(
            has("UnifiedWebSearch") || has("URLComponent") || has("ArXivComponent"),
            needs("network"),
            "{name}"
        );
        assert!(!has("File") || needs("file"), "{name}");
        for edge in template["data"]["edges"].as_array().unwrap() {
            let from = &edge["data"]["sourceHandle"]["output_types"];
            let to = &edge["data"]["targetHandle"];
            let takes = if to["inputTypes"].is_array() { &to["inputTypes"] } else { continue };
            let fits = from.as_array().unwrap().iter().any(|kind| takes.as_array().unwrap().contains(kind));
            assert!(fits, "{name}: {from} does not fit {to}");
        }
    }
}
