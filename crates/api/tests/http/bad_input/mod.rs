//! What comes in wrong is an error at its node, and nothing else: it names the component by title and id, and the
//! field where one is at fault; the server goes on, and its memory stays bounded.

mod files;
pub mod graph;
mod service;

use graph::Graph;
use langflow_core::component::Catalogue;
use langflow_testkit::caller::Caller;
use langflow_testkit::fake_model::{FakeModel, Scripted};
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::{Value, json};
use service::BadService;
use std::time::{Duration, Instant};

/// Most memory the server, its fakes and the test may have taken, all in one process.
const MEMORY_MB: u64 = 1_200;
/// No case takes longer: what does hangs, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(5);

/// Where and what the error must be.
struct Expected {
    node: &'static str,
    field: Option<&'static str>,
    /// Parts of its text.
    says: &'static [&'static str],
}

fn at(node: &'static str, field: &'static str, says: &'static [&'static str]) -> Expected {
    Expected { node, field: Some(field).filter(|field| !field.is_empty()), says }
}

struct World<'a> {
    user: Caller<'a>,
    catalogue: Catalogue,
    service: BadService,
    model: FakeModel,
}

async fn start(app: &TestApp) -> World<'_> {
    let user = app.caller("ann").await;
    let key = user.post("/api/v1/api_key/", &json!({"name": "test"})).await.field("api_key");
    World {
        user: user.header("x-api-key", &key),
        catalogue: langflow_components::catalogue(),
        service: BadService::start().await,
        model: FakeModel::start().await,
    }
}

fn setup() -> Setup {
    Setup::default()
        .with_network_of(|egress| egress.idle_timeout = Duration::from_secs(1))
        .settings(|settings| settings.runs.databases.local_files = true)
}

impl World<'_> {
    fn chat(&self) -> Graph<'_> {
        Graph::chat(&self.catalogue)
    }

    /// Chat Input → a model of the broken service → Chat Output.
    fn asks_model(&self, how: &str, more: Value) -> Graph<'_> {
        let mut fields = json!({"openai_api_base": format!("{}/{how}", self.service.root), "api_key": "sk-x",
            "model_name": "gpt-4o-mini", "max_retries": 0, "timeout": 2});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.chat()
            .node("Model-m", "OpenAIModel", fields)
            .edge("ChatInput-in.message > Model-m.input_value")
            .edge("Model-m.text_output > ChatOutput-out.input_value")
    }

    fn reads(&self, kind: &'static str, fields: Value, output: &'static str) -> Graph<'_> {
        Graph::output(&self.catalogue).node("Node-n", kind, fields).edge(output)
    }

    /// Chat Input → Agent with a tool → Chat Output; the model is well.
    fn agent(&self, tool: &'static str, fields: Value) -> Graph<'_> {
        let picked = json!([{"name": "gpt-4o-mini", "provider": "OpenAI"}]);
        self.chat()
            .node(
                "Agent-a",
                "Agent",
                json!({"model": picked, "api_key": "sk-x", "add_current_date_tool": false,
                "add_calculator_tool": false}),
            )
            .tool("Tool-t", tool, fields)
            .edge("ChatInput-in.message > Agent-a.input_value")
            .edge("Tool-t.component_as_tool > Agent-a.tools")
            .edge("Agent-a.response > ChatOutput-out.input_value")
    }

    /// Nodes that name no address of their own ask the fake model.
    async fn knows_its_model(&self) {
        let body = json!({"name": "OPENAI_BASE_URL", "value": self.model.openai_url(), "type": "Credential",
            "default_fields": []});
        assert_eq!(self.user.post("/api/v1/variables/", &body).await.status, 201);
    }

    async fn put(&self, graph: &Graph<'_>) -> String {
        let made = self.user.post("/api/v1/flows/", &json!({"name": "bad", "data": graph.json()})).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.field("id")
    }

    /// Runs and builds the flow; what is wrong with its errors.
    async fn check(&self, name: &str, graph: Graph<'_>, expected: &Expected) -> Option<String> {
        let flow = self.put(&graph).await;
        let body = json!({"input_value": "hello", "session_id": "s"});
        let began = Instant::now();
        let run = self.user.post(&format!("/api/v1/run/{flow}"), &body).await;
        let build = json!({"inputs": {"input_value": "hello", "session": "s"}});
        let built = self.user.post(&format!("/api/v1/build/{flow}/flow?event_delivery=direct"), &build).await;
        let took = began.elapsed();
        let error = error_event(&built.text);
        println!(
            "{name:<28} {} {:>6} ms  {}",
            run.status,
            took.as_millis(),
            error["text"].as_str().unwrap_or("-").trim()
        );
        let mut wrong = Vec::new();
        if run.status != 500 {
            wrong.push(format!(
                "/run answers {}: {}",
                run.status,
                run.text.chars().take(300).collect::<String>()
            ));
        }
        let title = error["properties"]["source"]["display_name"].as_str().unwrap_or_default().to_owned();
        if title.is_empty() || !run.text.contains(&title) {
            wrong.push(format!("/run does not name '{title}': {}", run.text));
        }
        if error["properties"]["source"]["id"] != expected.node {
            wrong.push(format!("the error is not at {}: {error}", expected.node));
        }
        let field = &error["content_blocks"][0]["contents"][0]["field"];
        if field.as_str() != expected.field {
            wrong.push(format!("the field is {field}, not {:?}", expected.field));
        }
        let text = error["text"].as_str().unwrap_or_default();
        for part in expected.says {
            if !text.contains(part) || !run.text.contains(part) {
                wrong.push(format!("'{part}' is not in '{text}' or not in {}", run.text));
            }
        }
        if took > PATIENCE {
            wrong.push(format!("it took {took:?}"));
        }
        (!wrong.is_empty()).then(|| format!("{name}: {}", wrong.join("\n    ")))
    }

    /// The server still runs flows, in no more memory than it should have.
    async fn ends_well(&self, wrong: &[String]) {
        let echo = self.chat().edge("ChatInput-in.message > ChatOutput-out.input_value");
        let flow = self.put(&echo).await;
        let run = self.user.post(&format!("/api/v1/run/{flow}"), &json!({"input_value": "alive"})).await;
        assert!(run.status == 200 && run.text.contains("alive"), "{}", run.text);
        if let Some(peak) = peak_mb() {
            println!("at most {peak} MB");
            assert!(peak < MEMORY_MB, "{peak} MB");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Most memory this process has had, where the system tells.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb >> 10)
}

/// The error event of a build.
fn error_event(built: &str) -> Value {
    let events = built.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut errors = events.filter(|event| event["event"] == "error");
    errors.next().map(|mut event| event["data"].take()).unwrap_or_default()
}

#[tokio::test]
async fn fields_and_edges() {
    let app = TestApp::start(setup()).await;
    let world = start(&app).await;
    let split = |fields: Value| {
        world
            .chat()
            .node("Split-s", "SplitText", fields)
            .edge("ChatInput-in.message > Split-s.data_inputs")
            .edge("Split-s.dataframe > ChatOutput-out.input_value")
    };
    let mut wrong = Vec::new();
    let cases = [
        ("text for a number", split(json!({"chunk_size": "many"})), at("Split-s", "chunk_size", &["many"])),
        (
            "no address",
            world.reads("APIRequest", json!({}), "Node-n.data > ChatOutput-out.input_value"),
            at("Node-n", "url_input", &[]),
        ),
        (
            "no key",
            world.asks_model("401", json!({"api_key": ""})),
            at("Model-m", "api_key", &["OPENAI_API_KEY"]),
        ),
        (
            "SQL that writes",
            world.reads(
                "SQLComponent",
                json!({"database_url": "sqlite://", "query": "CREATE TABLE t (a INTEGER)"}),
                "Node-n.run_sql_query > ChatOutput-out.input_value",
            ),
            at("Node-n", "query", &[]),
        ),
        (
            "SQL that writes, hidden in a query",
            world.reads(
                "SQLComponent",
                json!({"database_url": "sqlite://", "query": "SELECT 1; DROP TABLE t"}),
                "Node-n.run_sql_query > ChatOutput-out.input_value",
            ),
            at("Node-n", "query", &[]),
        ),
    ];
    for (name, graph, expected) in cases {
        wrong.extend(world.check(name, graph, &expected).await);
    }
    // A type that does not fit is seen before anything runs, and both ends are named.
    let types = world
        .asks_model("401", json!({}))
        .node("Split-s", "SplitText", json!({}))
        .edge("Model-m.model_output > Split-s.data_inputs");
    let flow = world.put(&types).await;
    let run = world.user.post(&format!("/api/v1/run/{flow}"), &json!({"input_value": "x"})).await;
    let names = |title: &str| run.text.contains(title);
    assert!(run.status == 400 && names("OpenAI") && names("Split Text"), "{} {}", run.status, run.text);
    world.ends_well(&wrong).await;
}

#[tokio::test]
async fn models() {
    let app = TestApp::start(setup()).await;
    let world = start(&app).await;
    let mut wrong = Vec::new();
    let nobody = json!({"openai_api_base": "http://127.0.0.1:9/v1"});
    let cases = [
        ("unreachable", world.asks_model("", nobody), at("Model-m", "", &["127.0.0.1:9"])),
        ("401", world.asks_model("401", json!({})), at("Model-m", "", &[])),
        ("429", world.asks_model("429", json!({})), at("Model-m", "", &[])),
        ("500", world.asks_model("500", json!({})), at("Model-m", "", &[])),
        ("half an answer", world.asks_model("half", json!({})), at("Model-m", "", &["broke off"])),
        (
            "half a stream",
            world.asks_model("half-stream", json!({"stream": true})),
            at("Model-m", "", &["broke off"]),
        ),
        (
            "an endless line",
            world.asks_model("endless-line", json!({"stream": true})),
            at("Model-m", "", &["larger than"]),
        ),
        ("an endless body", world.asks_model("endless-line", json!({})), at("Model-m", "", &["larger than"])),
        (
            "an endless answer",
            world.asks_model("endless-answer", json!({"stream": true})),
            at("Model-m", "", &["larger than"]),
        ),
        (
            "silence in a stream",
            world.asks_model("silent-stream", json!({"stream": true})),
            at("Model-m", "", &["stopped in the middle"]),
        ),
        (
            "silence in an answer",
            world.asks_model("silent-body", json!({})),
            at("Model-m", "", &["stopped in the middle"]),
        ),
        ("HTML", world.asks_model("html", json!({})), at("Model-m", "", &[])),
        ("no answer in it", world.asks_model("shapeless", json!({})), at("Model-m", "", &[])),
        ("silence", world.asks_model("hangs", json!({})), at("Model-m", "", &[])),
    ];
    for (name, graph, expected) in cases {
        wrong.extend(world.check(name, graph, &expected).await);
    }
    world.ends_well(&wrong).await;
}

/// A stream that is never silent and never ends is ended by the budget of the run.
#[tokio::test]
async fn a_model_that_drips_ends_with_the_run() {
    let setup = setup().settings(|settings| settings.runs.limits.wall = Duration::from_secs(1));
    let app = TestApp::start(setup).await;
    let world = start(&app).await;
    let flow = world.put(&world.asks_model("drips", json!({"stream": true}))).await;
    let body = json!({"input_value": "hello", "session_id": "s"});
    let run = world.user.post(&format!("/api/v1/run/{flow}"), &body).await;
    let said = "wall time (limit 1 s), while 'OpenAI' was running";
    assert!(run.status == 500 && run.text.contains(said), "{} {}", run.status, run.text);
    world.ends_well(&[]).await;
}

#[tokio::test]
async fn pages() {
    let app = TestApp::start(setup()).await;
    let world = start(&app).await;
    let mut wrong = Vec::new();
    let page = |how: &str| format!("{}/page/{how}", world.service.root);
    let url = |how: &str| {
        let fields = json!({"urls": [page(how)], "timeout": 2, "continue_on_failure": false});
        world.reads("URLComponent", fields, "Node-n.page_results > ChatOutput-out.input_value")
    };
    let api = |how: &str| {
        let fields = json!({"url_input": page(how), "timeout": 2, "follow_redirects": true});
        world.reads("APIRequest", fields, "Node-n.data > ChatOutput-out.input_value")
    };
    let cases = [
        ("an endless page", url("endless"), at("Node-n", "urls", &["larger than"])),
        ("an endless redirect", url("loop"), at("Node-n", "urls", &["redirects more than"])),
        ("half a page", url("half"), at("Node-n", "urls", &["broke off"])),
        ("silence in a page", url("silent"), at("Node-n", "urls", &["stopped in the middle"])),
        ("a page that hangs", url("hangs"), at("Node-n", "urls", &["did not answer"])),
        ("a picture for a page", url("picture"), at("Node-n", "urls", &["image/png", "not a text"])),
        ("an endless answer", api("endless"), at("Node-n", "url_input", &["larger than"])),
        (
            "an answer that redirects for ever",
            api("loop"),
            at("Node-n", "url_input", &["redirects more than"]),
        ),
        (
            "a picture for an answer",
            api("picture"),
            at("Node-n", "url_input", &["image/png", "Save to File"]),
        ),
    ];
    for (name, graph, expected) in cases {
        wrong.extend(world.check(name, graph, &expected).await);
    }
    // What keeps a service from answering is data with an error, as in the reference: flows branch on it.
    for (name, how, says) in [
        ("half an answer", "half", "broke off"),
        ("silence in an answer", "silent", "stopped in the middle"),
        ("an answer that hangs", "hangs", "did not answer"),
    ] {
        let flow = world.put(&api(how)).await;
        let run = world.user.post(&format!("/api/v1/run/{flow}"), &json!({"session_id": "s"})).await;
        println!("{name:<28} {}", run.status);
        let has = |part: &str| run.text.contains(part);
        if run.status != 200 || !has("status_code") || !has("500") || !has(says) {
            wrong.push(format!("{name}: {} {}", run.status, run.text));
        }
    }
    world.ends_well(&wrong).await;
}

/// What a model hands in for Structured Output and is no record of the schema.
#[tokio::test]
async fn malformed_json_of_a_model() {
    let app = TestApp::start(setup()).await;
    let world = start(&app).await;
    world.knows_its_model().await;
    let picked = json!([{"name": "gpt-4o-mini", "provider": "OpenAI"}]);
    let schema = json!([{"name": "legs", "type": "int", "description": "how many", "multiple": "False"}]);
    let mut wrong = Vec::new();
    for (name, said) in [
        ("words for JSON", Scripted::text("There are six, I think.")),
        ("JSON that is cut off", Scripted::text("{\"objects\": [{\"legs\": ")),
        ("no record", Scripted::text("{\"objects\": []}")),
        ("arguments that are no JSON", Scripted::call("Insect", json!("six legs"))),
        ("another type", Scripted::call("Insect", json!({"objects": [{"legs": {"left": 3}}]}))),
        ("another shape", Scripted::call("Insect", json!({"objects": "six"}))),
    ] {
        let fields =
            json!({"model": picked, "api_key": "sk-x", "schema_name": "Insect", "output_schema": schema});
        let graph = world
            .chat()
            .node("Structured-s", "StructuredOutput", fields)
            .edge("ChatInput-in.message > Structured-s.input_value")
            .edge("Structured-s.structured_output > ChatOutput-out.input_value");
        // The flow is run twice.
        world.model.script([said.clone(), said]);
        wrong.extend(
            world.check(name, graph, &at("Structured-s", "", &["No structured output returned"])).await,
        );
    }
    world.ends_well(&wrong).await;
}

/// A tool that fails or hangs is told to the model, which goes on; what a model says wrongly is told to it too.
#[tokio::test]
async fn tools_and_what_models_say() {
    let app = TestApp::start(setup()).await;
    let world = start(&app).await;
    world.knows_its_model().await;
    let hangs = json!({"url_input": format!("{}/page/hangs", world.service.root), "timeout": 1});
    let call = |name: &str, arguments: Value| Scripted::call(name, arguments);
    let cases = [
        (
            "a tool that fails",
            "CalculatorComponent",
            json!({}),
            call("evaluate_expression", json!({"expression": "1/0"})),
            "zero",
        ),
        (
            "arguments that are no object",
            "CalculatorComponent",
            json!({}),
            call("evaluate_expression", json!("{\"expression\": ")),
            "JSON",
        ),
        (
            "a tool that is not there",
            "CalculatorComponent",
            json!({}),
            call("nothing", json!({})),
            "There is no tool 'nothing'",
        ),
        ("a tool that hangs", "APIRequest", hangs, call("make_api_request", json!({})), "/page/hangs"),
    ];
    let mut wrong = Vec::new();
    for (name, tool, fields, said, told) in cases {
        let flow = world.put(&world.agent(tool, fields)).await;
        world.model.script([said, Scripted::text("I could not.")]);
        let before = world.model.bodies().len();
        let run = world
            .user
            .post(&format!("/api/v1/run/{flow}"), &json!({"input_value": "go", "session_id": name}))
            .await;
        let asked = world.model.bodies().split_off(before);
        let heard = asked.get(1).map(|body| body["messages"].to_string()).unwrap_or_default();
        println!(
            "{name:<28} {}  {}",
            run.status,
            heard.chars().rev().take(160).collect::<Vec<_>>().into_iter().rev().collect::<String>()
        );
        if run.status != 200 || !run.text.contains("I could not.") || !heard.contains(told) {
            wrong.push(format!("{name}: {} {}\n    the model heard {heard}", run.status, run.text));
        }
    }
    world.ends_well(&wrong).await;
}
