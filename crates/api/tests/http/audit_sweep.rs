//! Every action that the audit log knows: who, with which credential, from where, what, and how it ended.

use http::Method;
use langflow_app::settings::Settings;
use langflow_core::Secret;
use langflow_testkit::test_app::{Answer, Setup, TestApp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the proxy of these tests says of the caller.
const FROM: &str = "203.0.113.9";

/// Actions of the command line and of the start; `program/audit` and `program/import` have them.
const ELSEWHERE: [&str; 2] = ["rotate.secret_key", "import.database"];
/// Nobody has shown a credential yet.
const BEFORE_ANYBODY_IS_KNOWN: [&str; 2] = ["login.failed", "create.user"];

/// The actions that stand in the code: `verb.noun` in files that write entries.
fn actions_in_code() -> BTreeSet<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src"), &mut files);
    let mut actions = BTreeSet::new();
    for file in files {
        let code = std::fs::read_to_string(&file).unwrap();
        if !code.contains("Entry::new(") || file.ends_with("audit.rs") {
            continue;
        }
        let is_word =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let literals = code.split('"').skip(1).step_by(2);
        let named =
            literals.filter(|text| text.split_once('.').is_some_and(|(a, b)| is_word(a) && is_word(b)));
        actions.extend(named.map(str::to_owned));
    }
    actions
}

struct World {
    app: TestApp,
    token: String,
}

impl World {
    async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        let ask = self.app.request(method, path).bearer(&self.token).header("x-forwarded-for", FROM);
        let answer = if body.is_null() { ask.send().await } else { ask.json(body).send().await };
        assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text);
        answer
    }

    async fn upload(&self, path: &str, file: &Value) {
        let part = reqwest::multipart::Part::text(file.to_string()).file_name("file.json");
        let form = reqwest::multipart::Form::new().part("file", part);
        let ask = self.app.post(path).bearer(&self.token).header("x-forwarded-for", FROM).multipart(form);
        let answer = ask.send().await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text);
    }

    async fn sign_in(&self, name: &str, password: &str) -> Answer {
        let form = [("username", name), ("password", password)];
        self.app.post("/api/v1/login").header("x-forwarded-for", FROM).form(&form).send().await
    }

    async fn entries(&self) -> Vec<Value> {
        let text = self.send(Method::GET, "/api/v1/audits/export", &Value::Null).await.text;
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn settings(settings: &mut Settings) {
    settings.auth.rate_limit_trust_proxy = true;
    settings.variables.store_environment_variables = true;
    settings.variables.environment =
        Arc::new(BTreeMap::from([("OPENAI_API_KEY".to_owned(), Secret::new("sk-of-the-operator"))]));
}

/// Does everything that is written down.
async fn do_everything(world: &mut World) {
    let id = |answer: &Answer| answer.field("id");
    let none = &Value::Null;
    assert_eq!(world.sign_in("admin", "wrong").await.status, 401);
    let signed = world.sign_in("admin", "admin-pass-1").await.field("access_token");
    // From here on everything comes from where the proxy says.
    world.token = signed;

    let sign_up = json!({"username": "ann", "password": "first-password"});
    let ask = world.app.post("/api/v1/users/").header("x-forwarded-for", FROM).json(&sign_up).send().await;
    assert_eq!(ask.status, 201, "{}", ask.text);
    let ann = format!("/api/v1/users/{}", id(&ask));
    world.send(Method::PATCH, &ann, &json!({"is_active": true})).await;
    let tokens = world.sign_in("ann", "first-password").await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    let passwords = json!({"current_password": "first-password", "password": "second-password"});
    let changed = world.app.patch(&format!("{ann}/reset-password")).bearer(&tokens.field("access_token"));
    let changed = changed.header("x-forwarded-for", FROM).json(&passwords).send().await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    world.send(Method::DELETE, &ann, none).await;

    let key = id(&world.send(Method::POST, "/api/v1/api_key/", &json!({"name": "k"})).await);
    let key_path = format!("/api/v1/api_key/{key}");
    world.send(Method::PATCH, &key_path, &json!({"name": "l"})).await;
    let rolled =
        id(&world.send(Method::POST, &format!("{key_path}/roll"), &json!({"overlap_hours": 0})).await);
    world.send(Method::DELETE, &format!("/api/v1/api_key/{rolled}"), none).await;
    world.send(Method::POST, "/api/v1/api_key/store", &json!({"api_key": "of-the-store"})).await;

    let variable = json!({"name": "V", "value": "v", "type": "Generic", "default_fields": []});
    let variable = id(&world.send(Method::POST, "/api/v1/variables/", &variable).await);
    let variable_path = format!("/api/v1/variables/{variable}");
    world.send(Method::PATCH, &variable_path, &json!({"id": variable, "value": "w"})).await;
    world.send(Method::DELETE, &variable_path, none).await;

    let server = json!({"url": "https://tools.example/mcp", "headers": {"authorization": "hidden words"}});
    world.send(Method::POST, "/api/v2/mcp/servers/tools", &server).await;
    world
        .send(Method::PATCH, "/api/v2/mcp/servers/tools", &json!({"url": "https://other.example/mcp"}))
        .await;
    world.send(Method::DELETE, "/api/v2/mcp/servers/tools", none).await;

    let code = world.send(Method::POST, "/api/v1/custom_component/approved", &json!({"code": "x = 1"})).await;
    world
        .send(Method::DELETE, &format!("/api/v1/custom_component/approved/{}", code.field("hash")), none)
        .await;

    publish_in_every_way(world).await;

    let project = json!({"name": "Open", "auth_settings": {"auth_type": "none"}});
    let project = id(&world.send(Method::POST, "/api/v1/projects/", &project).await);
    let closed = json!({"settings": [], "auth_settings": {"auth_type": "apikey"}});
    world.send(Method::PATCH, &format!("/api/v1/mcp/project/{project}"), &closed).await;
    let open = json!({"auth_settings": {"auth_type": "none"}});
    world.send(Method::PATCH, &format!("/api/v1/projects/{project}"), &open).await;

    assert_eq!(world.sign_in("admin", "admin-pass-1").await.status, 200);
    let sessions = world.send(Method::GET, "/api/v1/sessions/", none).await.json();
    let other = sessions.as_array().unwrap().iter().find(|session| session["is_current"] == false).unwrap();
    world.send(Method::DELETE, &format!("/api/v1/sessions/{}", other["id"].as_str().unwrap()), none).await;
    assert_eq!(world.sign_in("admin", "admin-pass-1").await.status, 200);
    world.send(Method::DELETE, "/api/v1/sessions/", none).await;
}

/// Flows become public by being made, changed, put, uploaded, and with their project.
async fn publish_in_every_way(world: &World) {
    let graph = json!({"nodes": [], "edges": []});
    let public = |name: &str| json!({"name": name, "access_type": "PUBLIC", "data": graph});
    let made = world.send(Method::POST, "/api/v1/flows/", &public("made")).await.field("id");
    world.send(Method::POST, "/api/v1/flows/batch/", &json!({"flows": [public("batch")]})).await;
    let path = format!("/api/v1/flows/{made}");
    world.send(Method::PATCH, &path, &json!({"access_type": "PRIVATE"})).await;
    world.send(Method::PATCH, &path, &json!({"access_type": "PUBLIC"})).await;
    let put = "/api/v1/flows/6e7a2f0c-1111-4222-8333-444455556666";
    world.send(Method::PUT, put, &public("put")).await;
    world.upload("/api/v1/flows/upload/", &public("uploaded")).await;
    let project = json!({"folder_name": "P", "folder_description": "", "flows": [public("in a project")]});
    world.upload("/api/v1/projects/upload/", &project).await;
}

#[tokio::test]
async fn every_action_says_who_with_what_from_where_and_how_it_ended() {
    let app = TestApp::start(Setup::default().settings(settings)).await;
    let token = app.admin_token().await;
    let mut world = World { app, token };
    let before = world.entries().await.len();
    do_everything(&mut world).await;
    let mut entries: Vec<Value> = world.entries().await.split_off(before);
    let published: BTreeSet<&str> = entries
        .iter()
        .filter(|entry| entry["action"] == "publish.flow")
        .map(|entry| entry["details"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(published, BTreeSet::from(["batch", "in a project", "made", "put", "uploaded"]));

    let automatic =
        TestApp::start(Setup::default().settings(settings).auth(|auth| auth.auto_login = true)).await;
    let came = automatic.get("/api/v1/auto_login").header("x-forwarded-for", FROM).send().await;
    assert_eq!(came.status, 200, "{}", came.text);
    let world = World { token: came.field("access_token"), app: automatic };
    let out =
        world.app.post("/api/v1/logout").header("x-forwarded-for", FROM).bearer(&world.token).send().await;
    assert_eq!(out.status, 200);
    let came = world.app.get("/api/v1/auto_login").header("x-forwarded-for", FROM).send().await;
    let world = World { token: came.field("access_token"), ..world };
    entries.extend(world.entries().await.into_iter().filter(|entry| entry["address"] == FROM));

    for entry in &entries {
        let action = entry["action"].as_str().unwrap();
        let is_known = !BEFORE_ANYBODY_IS_KNOWN.contains(&action);
        let full = |name: &str| entry[name].as_str().is_some_and(|text| !text.is_empty());
        assert!(full("actor") && entry["actor"] != "server", "{entry}");
        assert!(!is_known || full("credential") && full("user_id"), "{entry}");
        assert_eq!(entry["address"], FROM, "{entry}");
        assert!(full("request_id") && full("object_kind") && full("at"), "{entry}");
        assert_eq!(entry["outcome"], if action == "login.failed" { "refused" } else { "ok" }, "{entry}");
    }
    let text = json!(entries).to_string();
    for secret in ["hidden words", "of-the-store", "second-password", "sk-of-the-operator"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let seen = entries.iter().map(|entry| entry["action"].as_str().unwrap().to_owned());
    let seen: BTreeSet<String> = seen.chain(ELSEWHERE.map(str::to_owned)).collect();
    assert_eq!(seen, actions_in_code());
}
