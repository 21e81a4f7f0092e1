//! Nobody reaches what belongs to another user, whatever id he holds: every route of the OpenAPI document, asked
//! with the ids of somebody else's things.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a test")]

use http::Method;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::{Value, json};

const CANARY: &str = "canary-of-ann";

/// What Ann has, by the word that names it in paths.
struct Things {
    token: String,
    key: String,
    ids: Vec<(&'static str, String)>,
}

async fn things(app: &TestApp) -> Things {
    let (user, token) = app.new_user("ann", "first-password").await;
    let key = app.key_of(&token).await;
    let make = async |path: &str, body: Value| {
        let answer = app.post(path).bearer(&token).json(&body).send().await;
        assert!(answer.status < 300, "{path}: {}", answer.text);
        answer.json()
    };
    let project = make("/api/v1/projects/", json!({"name": CANARY, "description": CANARY})).await;
    let project = project["id"].as_str().unwrap().to_owned();
    let graph = crate::support::chat_graph(app, &key).await;
    let body = json!({"name": CANARY, "data": graph, "folder_id": project, "endpoint_name": CANARY});
    let flow = make("/api/v1/flows/", body).await["id"].as_str().unwrap().to_owned();
    let body = json!({"name": CANARY, "value": CANARY, "type": "Generic", "default_fields": []});
    let variable = make("/api/v1/variables/", body).await["id"].as_str().unwrap().to_owned();
    let named = make("/api/v1/api_key/", json!({"name": CANARY})).await;
    let api_key = named["id"].as_str().unwrap().to_owned();
    let part = reqwest::multipart::Part::bytes(CANARY.as_bytes().to_vec()).file_name(format!("{CANARY}.txt"));
    let form = reqwest::multipart::Form::new().part("file", part);
    let file = app.post("/api/v2/files/").bearer(&token).multipart(form).send().await;
    assert_eq!(file.status, 201, "{}", file.text);
    let run = app.post(&format!("/api/v1/run/{flow}")).header("x-api-key", &key);
    let run = run.json(&json!({"input_value": CANARY, "session_id": CANARY})).send().await;
    assert_eq!(run.status, 200, "{}", run.text);
    let memory = make("/api/v1/memories/", json!({"name": CANARY, "flow_id": flow})).await;
    let memory = memory["id"].as_str().unwrap().to_owned();
    let messages = app.get("/api/v1/monitor/messages").bearer(&token).send().await.json();
    let nobody = uuid::Uuid::nil().to_string();
    let message = messages[0]["id"].as_str().unwrap_or(&nobody).to_owned();
    let sessions = app.get("/api/v1/sessions/").bearer(&token).send().await.json();
    let session = sessions[0]["id"].as_str().unwrap().to_owned();
    let ids = vec![
        ("memory_base", memory),
        ("message", message),
        ("session", session),
        ("api_key", api_key),
        ("variable", variable),
        ("file", file.field("id")),
        ("project", project.clone()),
        ("folder", project),
        ("user", user),
        ("flow", flow),
    ];
    Things { token, key, ids }
}

impl Things {
    /// The path with Ann's ids in it.
    fn fill(&self, path: &str) -> String {
        let mut filled = String::new();
        for part in path.split('/').skip(1) {
            let part = match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some("file_name" | "image_name") => format!("{CANARY}.txt"),
                Some("session_id") if path.contains("monitor") => CANARY.to_owned(),
                Some(name) => {
                    let fits = self.ids.iter().find(|(word, _)| name.contains(word));
                    fits.or(self.ids.last()).map(|(_, id)| id.clone()).unwrap()
                }
                None => part.to_owned(),
            };
            filled = format!("{filled}/{part}");
        }
        filled
    }

    /// All that Ann sees of her own.
    async fn seen(&self, app: &TestApp) -> Vec<Value> {
        let mut seen = Vec::new();
        for path in [
            "/api/v1/flows/?get_all=true",
            "/api/v1/projects/",
            "/api/v1/variables/",
            "/api/v2/files/",
            "/api/v1/monitor/messages",
            "/api/v1/memories/",
            "/api/v1/users/whoami",
        ] {
            let answer = app.get(path).bearer(&self.token).send().await;
            if answer.status == 404 && path.contains("monitor") {
                println!("not served: {path}");
                continue;
            }
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert!(
                answer.text.contains(CANARY) || path.ends_with("whoami"),
                "{path} shows nothing of Ann's"
            );
            seen.push(answer.json());
        }
        let keys = app.get("/api/v1/api_key/").bearer(&self.token).send().await.json();
        let names: Vec<Value> =
            keys["api_keys"].as_array().unwrap().iter().map(|k| k["name"].clone()).collect();
        seen.push(json!(names));
        let sessions = app.get("/api/v1/sessions/").bearer(&self.token).send().await.json();
        seen.push(json!(sessions.as_array().unwrap().len()));
        seen
    }
}

/// A body that most routes take for something.
fn body(things: &Things) -> Value {
    let flow = &things.ids.last().unwrap().1;
    json!({
        "id": flow, "name": "taken-over", "value": "taken-over", "default_fields": [], "type": "Generic",
        "username": "taken-over", "flow_id": flow, "input_value": "x", "is_active": false, "text": "taken-over",
        "current_password": "a", "password": "b", "data": {"nodes": [], "edges": []},
        "flow_ids": [flow], "flow_version_ids": [flow], "code": "", "template": {},
    })
}

#[tokio::test]
async fn no_route_gives_or_changes_what_is_somebody_elses() {
    let app = TestApp::start(Setup::default()).await;
    let things = things(&app).await;
    let before = things.seen(&app).await;
    let (_, bob) = app.new_user("bob", "first-password").await;
    let document = serde_json::to_value(langflow_api::routes::all().openapi()).unwrap();
    let (mut tried, mut leaks) = (0, Vec::new());
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|word| *word != "parameters") {
            let method: Method = method.to_uppercase().parse().unwrap();
            // These end Bob's own session or read a stream that does not end.
            let ends = ["/logout", "/refresh", "/login", "/mcp/sse"];
            if ends.iter().any(|end| path.ends_with(end)) {
                continue;
            }
            let flow = &things.ids.last().unwrap().1;
            let places =
                [things.fill(path), format!("{}?flow_id={flow}&session_id={CANARY}", things.fill(path))];
            for place in places {
                if path == "/api/v1/sessions/" || path == "/api/v1/projects/" && method == Method::POST {
                    continue;
                }
                let ask = app.request(method.clone(), &place).bearer(&bob);
                let ask = if method == Method::GET { ask } else { ask.json(&body(&things)) };
                let waited = tokio::time::timeout(std::time::Duration::from_secs(10), ask.send()).await;
                let Ok(answer) = waited else {
                    leaks.push(format!("{method} {place} does not end"));
                    continue;
                };
                tried += 1;
                if answer.status >= 500 {
                    leaks.push(format!("{method} {place}: {} {}", answer.status, answer.text));
                }
                // A request that is repeated in the refusal tells nothing.
                let told = answer.text.replace(&place, "");
                if answer.status < 300 && told.contains(CANARY) {
                    leaks.push(format!("{method} {place}: {} {}", answer.status, answer.text));
                }
            }
        }
    }
    println!("{tried} requests with somebody else's ids, {} leaks", leaks.len());
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    assert!(tried > 60, "only {tried} requests were tried");
    let after = things.seen(&app).await;
    assert_eq!(before, after, "Ann's things were changed");
    let run = app.post(&format!("/api/v1/run/{CANARY}")).header("x-api-key", &things.key).json(&json!({}));
    assert_eq!(run.send().await.status, 200);
}

/// Windows of lists that lie as far out as a number can say: every list says that nothing is there, or refuses.
#[tokio::test]
async fn no_window_of_a_list_is_too_far() {
    let app = TestApp::start(Setup::default()).await;
    let things = things(&app).await;
    let document = serde_json::to_value(langflow_api::routes::all().openapi()).unwrap();
    let (mut tried, mut faults) = (0, Vec::new());
    for (path, methods) in document["paths"].as_object().unwrap() {
        let parameters = methods["get"]["parameters"].as_array().into_iter().flatten();
        let windows: Vec<&str> = parameters
            .filter_map(|parameter| parameter["name"].as_str())
            .filter(|name| ["page", "size", "limit", "offset", "skip"].contains(name))
            .collect();
        for far in [i64::MAX, i64::MAX / 10, i64::MAX / 100] {
            let queries = (0..windows.len()).map(|one| format!("{}={far}", windows[one]));
            let rest = windows.iter().filter(|name| !["size", "limit"].contains(name));
            let deep = rest.map(|name| format!("{name}={far}")).collect::<Vec<_>>().join("&");
            for query in queries.chain([deep]).filter(|query| !query.is_empty()) {
                let place = format!("{}?{query}", things.fill(path));
                let answer = app.get(&place).bearer(&things.token).send().await;
                tried += 1;
                if answer.status >= 500 {
                    faults.push(format!("{place}: {} {}", answer.status, answer.text));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried > 60, "only {tried} requests were tried");
}

#[tokio::test]
async fn what_is_somebody_elses_answers_as_what_is_not_there() {
    let app = TestApp::start(Setup::default()).await;
    let things = things(&app).await;
    let (_, bob) = app.new_user("bob", "first-password").await;
    let nobody = uuid::Uuid::from_u128(0x1234).to_string();
    for (method, path) in [
        (Method::GET, "/api/v1/flows/{flow_id}"),
        (Method::PATCH, "/api/v1/flows/{flow_id}"),
        (Method::DELETE, "/api/v1/flows/{flow_id}"),
        (Method::GET, "/api/v1/projects/{project_id}"),
        (Method::PATCH, "/api/v1/projects/{project_id}"),
        (Method::DELETE, "/api/v1/projects/{project_id}"),
        (Method::PATCH, "/api/v1/variables/{variable_id}"),
        (Method::DELETE, "/api/v1/variables/{variable_id}"),
        (Method::DELETE, "/api/v1/api_key/{api_key_id}"),
        (Method::PATCH, "/api/v1/api_key/{api_key_id}"),
        (Method::POST, "/api/v1/api_key/{api_key_id}/roll"),
        (Method::DELETE, "/api/v1/sessions/{session_id}"),
        (Method::GET, "/api/v2/files/{file_id}"),
        (Method::DELETE, "/api/v2/files/{file_id}"),
        (Method::POST, "/api/v1/build/{flow_id}/flow"),
    ] {
        let theirs = things.fill(path);
        let absent = theirs.replace(theirs.split('/').find(|part| part.len() == 36).unwrap(), &nobody);
        let mut answers = Vec::new();
        for place in [&theirs, &absent] {
            let ask = app.request(method.clone(), place).bearer(&bob);
            let ask = if method == Method::GET { ask } else { ask.json(&body(&things)) };
            let answer = ask.send().await;
            let id = place.split('/').find(|part| part.len() == 36).unwrap();
            answers.push((answer.status, answer.text.replace(id, "ID")));
        }
        assert_eq!(answers[0], answers[1], "{method} {path}");
        assert!((400..500).contains(&answers[0].0), "{method} {path}: {:?}", answers[0]);
    }
}
