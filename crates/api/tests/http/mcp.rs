//! The MCP server over HTTP: both transports, revisions, settings of projects, and who is refused.

use futures::StreamExt as _;
use http::Method;
use langflow_testkit::test_app::{Answer, Ask, Setup, TestApp};
use serde_json::{Value, json};

struct World {
    app: TestApp,
    key: String,
    flow: String,
    project: String,
}

impl World {
    /// A server with one flow, `Echo`, that is a tool of its project.
    async fn start(setup: Setup) -> Self {
        let app = TestApp::start(setup).await;
        let key = app.admin_key().await;
        let graph = echo_graph(&app, &key).await;
        let body = json!({"name": "Echo", "description": "Says it again", "data": graph});
        let made = app.post("/api/v1/flows/").header("x-api-key", &key).json(&body).send().await;
        assert_eq!(made.status, 201, "{}", made.text);
        let (flow, project) = (made.field("id"), made.field("folder_id"));
        let world = Self { app, key, flow, project };
        let tool = json!({"id": world.flow, "mcp_enabled": true, "action_name": "echo_tool",
            "action_description": "Echoes"});
        let answer =
            world.settings(json!({"settings": [tool], "auth_settings": {"auth_type": "apikey"}})).await;
        assert_eq!(
            answer.json(),
            json!({"message": "Updated MCP settings for 1 flows and project auth settings"})
        );
        world
    }

    async fn settings(&self, body: Value) -> Answer {
        let path = format!("/api/v1/mcp/project/{}", self.project);
        self.app.patch(&path).header("x-api-key", &self.key).json(&body).send().await
    }

    fn url(&self, tail: &str) -> String {
        format!("/api/v1/mcp/project/{}/{tail}", self.project)
    }

    fn ask(&self, path: &str, body: &Value) -> Ask {
        self.app.post(path).header("accept", "application/json, text/event-stream").json(body)
    }

    async fn rpc(&self, path: &str, body: Value) -> Value {
        let answer = self.ask(path, &body).header("x-api-key", &self.key).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        last(&answer.text)
    }
}

/// Chat Input into Chat Output.
async fn echo_graph(app: &TestApp, key: &str) -> Value {
    let all = app.get("/api/v1/all").header("x-api-key", key).send().await.json();
    let node = |kind: &str, id: &str| {
        json!({"id": id, "type": "genericNode", "position": {"x": 0, "y": 0},
            "data": {"id": id, "type": kind, "node": all["input_output"][kind]}})
    };
    let from =
        json!({"dataType": "ChatInput", "id": "ChatInput-a", "name": "message", "output_types": ["Message"]});
    let to =
        json!({"fieldName": "input_value", "id": "ChatOutput-b", "inputTypes": ["Message"], "type": "other"});
    json!({
        "nodes": [node("ChatInput", "ChatInput-a"), node("ChatOutput", "ChatOutput-b")],
        "edges": [{"id": "e", "source": "ChatInput-a", "target": "ChatOutput-b",
            "data": {"sourceHandle": from, "targetHandle": to}}],
        "viewport": {"x": 0, "y": 0, "zoom": 1},
    })
}

/// The last message of a stream of events.
fn last(text: &str) -> Value {
    messages(text).pop().unwrap_or_default()
}

fn messages(text: &str) -> Vec<Value> {
    text.lines().filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok()).collect()
}

fn request(id: i64, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

fn call(name: &str, arguments: Value) -> Value {
    request(3, "tools/call", json!({"name": name, "arguments": arguments}))
}

#[tokio::test]
async fn tools_are_listed_and_called() {
    let world = World::start(Setup::default()).await;
    let path = world.url("streamable");
    let init = request(1, "initialize", json!({"protocolVersion": "2025-06-18", "capabilities": {}}));
    let begun = world.ask(&path, &init).header("x-api-key", &world.key).send().await;
    assert_eq!(begun.header("content-type"), Some("text/event-stream"));
    assert!(begun.header("mcp-session-id").is_some());
    let begun = last(&begun.text);
    assert_eq!(begun["result"]["protocolVersion"], "2025-06-18");
    assert_eq!(begun["result"]["serverInfo"]["name"], format!("langflow-mcp-project-{}", world.project));
    let note = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let taken = world.ask(&path, &note).header("x-api-key", &world.key).send().await;
    assert_eq!((taken.status, taken.text.as_str()), (202, ""));

    let tools = world.rpc(&path, request(2, "tools/list", json!({}))).await;
    let tool = &tools["result"]["tools"][0];
    assert_eq!((&tool["name"], &tool["description"]), (&json!("echo_tool"), &json!("Echoes")));
    assert_eq!(tool["inputSchema"]["properties"]["input_value"]["type"], "string");
    let global = world.rpc("/api/v1/mcp/streamable", request(2, "tools/list", json!({}))).await;
    assert_eq!(global["result"]["tools"][0]["name"], "echo");
    assert_eq!(global["result"]["tools"][0]["description"], format!("{}: Says it again", world.flow));

    let said = world.rpc(&path, call("echo_tool", json!({"input_value": "mcp hi"}))).await;
    assert_eq!(said["result"], json!({"content": [{"type": "text", "text": "mcp hi"}], "isError": false}));
    let none = world.rpc(&path, call("nope", json!({}))).await;
    assert_eq!(none["result"]["isError"], true);
    assert_eq!(none["result"]["content"][0]["text"], "Flow with name 'nope' not found");
    for (method, params, code) in [
        ("tools/call", json!({"name": 3}), -32602),
        ("tools/call", json!({"name": "echo_tool", "arguments": []}), -32602),
        ("tools/list", json!({"cursor": "x"}), -32602),
        ("resources/read", json!({"uri": "http://h/x"}), -32002),
        ("no/such", json!({}), -32601),
        ("server/discover", json!({}), -32602),
    ] {
        let answer = world
            .ask(&path, &request(9, method, params.clone()))
            .header("x-api-key", &world.key)
            .send()
            .await;
        let body = if answer.status == 200 { last(&answer.text) } else { answer.json() };
        assert_eq!(body["error"]["code"], code, "{method} {params}: {}", answer.text);
    }
}

#[tokio::test]
async fn progress_is_told_to_who_asks_for_it() {
    let world = World::start(Setup::default()).await;
    let mut call = call("echo_tool", json!({"input_value": "x"}));
    call["params"]["_meta"] = json!({"progressToken": 7});
    let answer = world.ask(&world.url("streamable"), &call).header("x-api-key", &world.key).send().await;
    let all = messages(&answer.text);
    let progress: Vec<&Value> = all.iter().filter(|m| m["method"] == "notifications/progress").collect();
    assert!(!progress.is_empty(), "{}", answer.text);
    assert!(progress.iter().all(|m| m["params"]["progressToken"] == 7));
    let values: Vec<f64> = progress.iter().filter_map(|m| m["params"]["progress"].as_f64()).collect();
    assert!(values.is_sorted() && all.last().unwrap()["result"]["isError"] == false, "{}", answer.text);
}

#[tokio::test]
async fn the_newest_revision_needs_no_handshake() {
    let world = World::start(Setup::default()).await;
    let meta = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}});
    let send = async |method: &str, params: Value, named: &str| {
        let mut params = params;
        params["_meta"] = meta.clone();
        let ask = world
            .ask("/api/v1/mcp/streamable", &request(1, method, params))
            .header("x-api-key", &world.key)
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", method)
            .header("mcp-name", named);
        ask.send().await
    };
    let found = last(&send("server/discover", json!({}), "").await.text);
    assert_eq!(found["result"]["supportedVersions"], json!(["2026-07-28"]));
    assert_eq!(found["result"]["resultType"], "complete");
    let said = send("tools/call", json!({"name": "echo", "arguments": {"input_value": "new"}}), "echo").await;
    assert_eq!(last(&said.text)["result"]["content"][0]["text"], "new", "{} {}", said.status, said.text);
    let lists = last(&send("tools/list", json!({}), "").await.text);
    assert_eq!((&lists["result"]["ttlMs"], &lists["result"]["cacheScope"]), (&json!(0), &json!("private")));
    let gone = send("ping", json!({}), "").await;
    assert_eq!((gone.status, gone.json()["error"]["code"].as_i64()), (404, Some(-32601)));
    let wrong = send("tools/call", json!({"name": "echo"}), "other").await;
    assert_eq!((wrong.status, wrong.json()["error"]["code"].as_i64()), (400, Some(-32020)));
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let world = World::start(Setup::default()).await;
    let path = world.url("streamable");
    let good = request(1, "ping", json!({})).to_string();
    for (headers, body, status) in [
        (&[("content-type", "text/plain")][..], good.as_str(), 415),
        (&[("accept", "image/png")], &good, 406),
        (&[("mcp-protocol-version", "1999-01-01")], &good, 400),
        (&[("origin", "http://evil.example")], &good, 403),
        (&[], "{", 400),
        (&[], "[]", 400),
        (&[], "", 400),
    ] {
        let mut ask = world.app.post(&path).header("x-api-key", &world.key);
        for (name, value) in headers {
            ask = ask.header(name, value);
        }
        let answer = ask.body(body.to_owned()).send().await;
        assert_eq!(answer.status, status, "{headers:?} {body}: {}", answer.text);
    }
    let get = world.app.get(&path).header("x-api-key", &world.key).send().await;
    assert_eq!((get.status, get.header("allow")), (405, Some("POST, DELETE")));
    let large = world.app.post(&path).header("x-api-key", &world.key).body("x".repeat(5 << 20)).send().await;
    assert_eq!(large.status, 413);
}

#[tokio::test]
async fn a_project_says_who_may_call() {
    let world = World::start(Setup::default()).await;
    let (_, other) = world.app.new_user("other", "password-1").await;
    let foreign = world.app.key_of(&other).await;
    let path = world.url("streamable");
    let list = request(1, "tools/list", json!({}));
    let status = async |header: Option<(&str, &str)>| {
        let ask = world.ask(&path, &list);
        let ask = header.map_or_else(|| world.ask(&path, &list), |(name, value)| ask.header(name, value));
        ask.send().await.status
    };
    let bearer = format!("Bearer {}", world.app.admin_token().await);
    assert_eq!(status(Some(("x-api-key", &world.key))).await, 200);
    assert_eq!(status(None).await, 401);
    assert_eq!(status(Some(("authorization", &bearer))).await, 401);
    assert_eq!(status(Some(("x-api-key", "sk-nonsense"))).await, 401);
    assert_eq!(status(Some(("x-api-key", &foreign))).await, 404);
    let nowhere = "/api/v1/mcp/project/00000000-0000-4000-8000-000000000000/streamable";
    assert_eq!(world.ask(nowhere, &list).send().await.status, 404);
    assert_eq!(world.ask("/api/v1/mcp/streamable", &list).send().await.status, 403);

    world.settings(json!({"settings": [], "auth_settings": {"auth_type": "none"}})).await;
    assert_eq!(status(None).await, 200);
    let page =
        world.ask(&path, &list).header("origin", "http://rebound.example").header("host", "rebound.example");
    assert_eq!(page.send().await.status, 403, "a page whose name was made to point here");
    let stranger =
        world.ask(&path, &call("echo_tool", json!({"input_value": "x", "session_id": "s"}))).send().await;
    assert_eq!(last(&stranger.text)["result"]["isError"], false, "{}", stranger.text);
    let told = format!("/api/v1/monitor/messages?flow_id={}", world.flow);
    let kept = world.app.get(&told).header("x-api-key", &world.key).send().await.json();
    let sessions: Vec<&str> =
        kept.as_array().unwrap().iter().filter_map(|m| m["session_id"].as_str()).collect();
    assert!(
        !sessions.is_empty() && sessions.iter().all(|id| *id == format!("mcp-{}-s", world.project)),
        "{kept}"
    );
}

#[tokio::test]
async fn settings_are_kept_and_checked() {
    let world = World::start(Setup::default()).await;
    let path = format!("/api/v1/mcp/project/{}", world.project);
    let secret = json!({"auth_type": "oauth", "oauth_client_secret": "hush", "oauth_host": "h"});
    assert_eq!(world.settings(json!({"settings": [], "auth_settings": secret})).await.status, 200);
    let read = world.app.get(&path).header("x-api-key", &world.key).send().await;
    assert_eq!(read.json()["server_name"], "lf-starter_project");
    assert_eq!(read.json()["auth_settings"]["oauth_client_secret"], "*******");
    let listed = world.app.get("/api/v1/projects/").header("x-api-key", &world.key).send().await;
    assert!(!listed.text.contains("hush") && !listed.text.contains("gAAAA"), "{}", listed.text);
    for (body, status) in [
        (json!({}), 422),
        (json!({"settings": 3}), 422),
        (json!({"settings": [{}]}), 422),
        (json!({"settings": [{"id": "x"}]}), 422),
        (json!({"settings": [], "auth_settings": {"auth_type": "magic"}}), 422),
        (json!(3), 422),
        (json!([{"id": world.flow, "mcp_enabled": false}]), 200),
        (json!({"settings": [{"id": "00000000-0000-4000-8000-000000000000", "mcp_enabled": true}]}), 200),
    ] {
        let answer = world.settings(body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
    }
    let enabled = world.app.get(&path).header("x-api-key", &world.key).send().await;
    assert_eq!(enabled.json()["tools"], json!([]));
    let installed = world.app.get(&format!("{path}/installed")).header("x-api-key", &world.key).send().await;
    assert_eq!(installed.json()[0], json!({"name": "cursor", "installed": false, "available": false}));
}

#[tokio::test]
async fn a_client_is_set_up_with_a_key_that_only_runs_flows() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".cursor/mcp.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, r#"{"theme": 1, "mcpServers": {"other": {"url": "http://o"}}}"#).unwrap();
    let at = home.path().to_owned();
    let world = World::start(Setup::default().settings(|settings| settings.mcp.home = Some(at))).await;
    let install = async |body: Value| {
        let ask = world.app.post(&world.url("install")).header("x-api-key", &world.key).json(&body);
        ask.header("x-forwarded-for", "8.8.8.8").send().await
    };
    let done = install(json!({"client": "cursor", "transport": "streamablehttp"})).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((&written["theme"], &written["mcpServers"]["other"]["url"]), (&json!(1), &json!("http://o")));
    let entry = &written["mcpServers"]["lf-starter_project"];
    assert!(entry["url"].as_str().unwrap().ends_with(&world.url("streamable")));
    let key = entry["headers"]["x-api-key"].as_str().unwrap();
    let list = request(1, "tools/list", json!({}));
    assert_eq!(world.ask(&world.url("streamable"), &list).header("x-api-key", key).send().await.status, 200);
    assert_eq!(world.app.get("/api/v1/variables/").header("x-api-key", key).send().await.status, 403);
    assert_eq!(install(json!({"client": "windsurf"})).await.status, 400);
    assert_eq!(install(json!({"client": "vim"})).await.status, 422);
    let elsewhere =
        world.app.post(&world.url("install")).header("x-api-key", &world.key).header("host", "evil.example");
    assert_eq!(elsewhere.json(&json!({"client": "cursor"})).send().await.status, 403);
}

#[tokio::test]
async fn the_older_pair_answers_through_its_stream() {
    let world = World::start(Setup::default()).await;
    let reply = world.app.get(&world.url("sse")).header("x-api-key", &world.key).stream().await.unwrap();
    assert_eq!(reply.status(), 200);
    let mut body = reply.bytes_stream();
    let mut text = String::new();
    let mut read_until = async |mark: &str| {
        while !(text.contains(mark) && text.ends_with("\r\n\r\n")) {
            let piece = body.next().await.expect("the stream goes on").unwrap();
            text.push_str(&String::from_utf8_lossy(&piece));
        }
        std::mem::take(&mut text)
    };
    let endpoint = read_until("\r\n\r\n").await;
    let path = endpoint.lines().find_map(|line| line.strip_prefix("data: ")).unwrap().to_owned();
    let post = async |key: &str, body: Value| {
        world.app.post(&path).header("x-api-key", key).json(&body).send().await
    };
    let taken = post(&world.key, request(1, "initialize", json!({"protocolVersion": "2024-11-05"}))).await;
    assert_eq!((taken.status, taken.text.as_str()), (202, "Accepted"));
    let begun = last(&read_until("\"id\":1").await);
    assert_eq!(begun["result"]["protocolVersion"], "2024-11-05");
    assert_eq!(begun["result"]["capabilities"]["tools"]["listChanged"], true);
    post(&world.key, call("echo_tool", json!({"input_value": "over sse"}))).await;
    let said = last(&read_until("\"id\":3").await);
    assert_eq!(said["result"]["content"][0]["text"], "over sse");
    let (_, other) = world.app.new_user("other", "password-1").await;
    let foreign = world.app.key_of(&other).await;
    assert_eq!(post(&foreign, request(1, "ping", json!({}))).await.status, 404);
    assert_eq!(world.app.post(&path).header("x-api-key", &world.key).body("{").send().await.status, 400);
    let nobody = world.url("?session_id=0");
    assert_eq!(
        world.app.post(&nobody).header("x-api-key", &world.key).json(&json!({})).send().await.status,
        404
    );
}

#[tokio::test]
async fn the_transports_can_be_turned_off() {
    let off = World::start(Setup::default().settings(|s| s.mcp.sse_enabled = false)).await;
    let sse = off.app.get(&off.url("sse")).header("x-api-key", &off.key).send().await;
    assert_eq!(sse.status, 404);
    let head = off.app.request(Method::HEAD, &off.url("streamable")).send().await;
    assert_eq!(head.status, 200);
}
