//! What keys with scopes and limits may do with flows, what is said of them in the audit log, and other sites' pages.

use crate::support::chat_graph;
use chrono::TimeDelta;
use http::Method;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::{Value, json};

/// A key of the superuser with these members.
async fn key(app: &TestApp, token: &str, body: Value) -> String {
    app.post("/api/v1/api_key/").bearer(token).json(&body).send().await.field("api_key")
}

/// The id of a new flow.
async fn flow(app: &TestApp, token: &str, name: &str) -> String {
    let graph = chat_graph(app, &app.key_of(token).await).await;
    let body = json!({"name": name, "endpoint_name": name, "data": graph});
    let made = app.post("/api/v1/flows/").bearer(token).json(&body).send().await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.field("id")
}

#[tokio::test]
async fn a_key_of_one_flow_runs_it_by_every_name_and_no_other() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let mine = flow(&app, &token, "mine").await;
    let other = flow(&app, &token, "other").await;
    let key = key(&app, &token, json!({"scopes": [format!("run:{mine}")]})).await;
    let run = async |path: &str, body: Value| {
        app.post(path).header("x-api-key", &key).json(&body).send().await.status
    };
    let say = || json!({"input_value": "x"});
    for (path, body, status) in [
        (format!("/api/v1/run/{mine}"), say(), 200),
        ("/api/v1/run/mine".into(), say(), 200),
        ("/api/v1/run/advanced/mine".into(), json!({}), 200),
        (format!("/api/v1/build/{mine}/flow"), json!({}), 200),
        ("/api/v2/workflows".into(), json!({"flow_id": mine}), 200),
        (format!("/api/v1/run/{other}"), say(), 403),
        ("/api/v1/run/other".into(), say(), 403),
        ("/api/v1/run/advanced/other".into(), json!({}), 403),
        (format!("/api/v1/build/{other}/flow"), json!({}), 403),
        ("/api/v2/workflows".into(), json!({"flow_id": other}), 403),
        ("/api/v1/run/none-such".into(), say(), 403),
    ] {
        assert_eq!(run(&path, body).await, status, "{path}");
    }
    // The name moves to another flow, and the right does not move with it.
    let path = format!("/api/v1/flows/{mine}");
    app.patch(&path).bearer(&token).json(&json!({"endpoint_name": "renamed"})).send().await;
    let path = format!("/api/v1/flows/{other}");
    app.patch(&path).bearer(&token).json(&json!({"endpoint_name": "mine"})).send().await;
    assert_eq!(run("/api/v1/run/mine", say()).await, 403);
    assert_eq!(run("/api/v1/run/renamed", say()).await, 200);
}

#[tokio::test]
async fn the_limit_of_a_day_counts_runs_alone() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    flow(&app, &token, "counted").await;
    let key = key(&app, &token, json!({"limit_per_day": 2})).await;
    let whoami = async || app.get("/api/v1/users/whoami").header("x-api-key", &key).send().await.status;
    let run = async |name: &str| {
        let path = format!("/api/v1/run/{name}");
        app.post(&path).header("x-api-key", &key).json(&json!({"input_value": "x"})).send().await
    };
    for _ in 0..5 {
        assert_eq!(whoami().await, 200);
        assert_eq!(run("none-such").await.status, 404, "what does not run is not counted");
    }
    assert_eq!((run("counted").await.status, run("counted").await.status), (200, 200));
    let third = run("counted").await;
    assert_eq!(third.status, 429, "{}", third.text);
    assert!(third.header("retry-after").unwrap().parse::<u64>().unwrap() <= 86_400);
    let hook = app.post("/api/v1/webhook/counted").header("x-api-key", &key).json(&json!({})).send().await;
    assert_eq!(hook.status, 429, "a webhook is a run: {}", hook.text);
    assert_eq!(whoami().await, 200, "all else goes on");
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(run("counted").await.status, 200);
}

#[tokio::test]
async fn making_a_flow_public_is_in_the_audit_log() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let id = flow(&app, &token, "shown").await;
    let path = format!("/api/v1/flows/{id}");
    for access in ["PUBLIC", "PUBLIC", "PRIVATE"] {
        let body = json!({"access_type": access});
        assert_eq!(app.patch(&path).bearer(&token).json(&body).send().await.status, 200);
    }
    let made = json!({"name": "born public", "access_type": "PUBLIC"});
    let made = app.post("/api/v1/flows/").bearer(&token).json(&made).send().await.field("id");
    let log = async |id: &str| {
        let path = format!("/api/v1/audits?object_kind=flow&object_id={id}");
        let page = app.get(&path).bearer(&token).send().await.json();
        let items = page["items"].as_array().unwrap().clone();
        assert!(
            items.iter().all(|item| item["actor"] == "admin" && item["address"] == "127.0.0.1"),
            "{page}"
        );
        items.iter().map(|item| item["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(log(&id).await, ["unpublish.flow", "publish.flow"]);
    assert_eq!(log(&made).await, ["publish.flow"]);
}

#[tokio::test]
async fn other_sites_are_told_what_the_settings_allow() {
    const SITE: &str = "https://app.example";
    let limited = || {
        Setup::default().settings(|settings| {
            settings.http.cors_origins = vec![SITE.into()];
            settings.http.cors_allow_credentials = false;
            settings.http.cors_allow_methods = vec!["GET".into(), "POST".into()];
            settings.http.cors_allow_headers = vec!["x-api-key".into()];
        })
    };
    let open = || Setup::default().settings(|settings| settings.http.cors_origins = vec![SITE.into()]);
    for (setup, method, headers, status, said) in [
        (open(), "DELETE", "x-anything", 200, "OK"),
        (open(), "BREW", "", 400, "Disallowed CORS method"),
        (limited(), "POST", "X-API-Key, content-type", 200, "OK"),
        (limited(), "DELETE", "x-api-key", 400, "Disallowed CORS method"),
        (limited(), "GET", "x-other", 400, "Disallowed CORS headers"),
        (limited(), "PUT", "x-other", 400, "Disallowed CORS method, headers"),
    ] {
        let has_credentials = setup.settings.http.cors_allow_credentials;
        let app = TestApp::start(setup).await;
        let mut ask = app
            .request(Method::OPTIONS, "/api/v1/flows/")
            .header("origin", SITE)
            .header("access-control-request-method", method);
        if !headers.is_empty() {
            ask = ask.header("access-control-request-headers", headers);
        }
        let answer = ask.send().await;
        assert_eq!((answer.status, answer.text.as_str()), (status, said), "{method} {headers}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(SITE));
        assert_eq!(answer.header("access-control-allow-credentials").is_some(), has_credentials);
    }
}

#[tokio::test]
async fn what_one_server_gives_opens_nothing_at_another() {
    let (here, there) = (TestApp::start(Setup::default()).await, TestApp::start(Setup::default()).await);
    let token = here.admin_token().await;
    let key = here.key_of(&token).await;
    let ask = |app: &TestApp| app.get("/api/v1/users/whoami");
    assert_eq!(ask(&here).header("x-api-key", &key).send().await.status, 200);
    // Both have the same secret and a superuser of the same name.
    assert_eq!(ask(&there).header("x-api-key", &key).send().await.status, 403);
    assert_eq!(ask(&there).bearer(&token).send().await.status, 401);
}

#[tokio::test]
async fn a_key_reaches_what_its_user_reaches() {
    let app = TestApp::start(Setup::default()).await;
    let (_, token) = app.new_user("ann", "first-password").await;
    flow(&app, &token, "of-ann").await;
    let key = app.key_of(&token).await;
    for path in [
        "/api/v1/users/whoami",
        "/api/v1/flows/",
        "/api/v1/projects/",
        "/api/v1/variables/",
        "/api/v1/api_key/",
        "/api/v1/all",
        "/api/v1/monitor/messages",
        "/api/v2/files/",
        "/api/v1/users/",
    ] {
        let by_key = app.get(path).header("x-api-key", &key).send().await;
        let by_token = app.get(path).bearer(&token).send().await;
        let expected = if path == "/api/v1/users/" { 403 } else { 200 };
        assert_eq!((by_key.status, by_token.status), (expected, expected), "{path}");
        // The list of keys counts its own uses.
        let is_counting = path == "/api/v1/api_key/";
        assert!(is_counting || by_key.json() == by_token.json(), "{path}");
    }
    let part = reqwest::multipart::Part::text("hello").file_name("a.txt");
    let file = reqwest::multipart::Form::new().part("file", part);
    let uploaded = app.post("/api/v2/files/").header("x-api-key", &key).multipart(file).send().await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.text);
}

#[tokio::test]
async fn entries_of_the_audit_log_go_when_their_time_is_over_and_the_rest_still_chains() {
    let app = TestApp::start(Setup::default().auth(|auth| auth.audit_retention_days = 30)).await;
    let token = app.admin_token().await;
    let before = app.get("/api/v1/audits").bearer(&token).send().await.json()["total"].as_u64().unwrap();
    app.clock.advance(TimeDelta::days(31));
    let token = app.admin_token().await;
    langflow_app::accounts::housekeeping::sweep(&app.app).await.unwrap();
    let page = app.get("/api/v1/audits").bearer(&token).send().await.json();
    assert!(before >= 2 && page["total"].as_u64().unwrap() < before, "{before}: {page}");
    let verified = app.get("/api/v1/audits/verify").bearer(&token).send().await.json();
    assert_eq!(verified["whole"], json!(true));
}

#[tokio::test]
async fn the_example_requests_of_the_page_run_a_flow() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let (id, key) = (flow(&app, &token, "example").await, app.key_of(&token).await);
    let body = r#"{"inputs": {"text":""}, "tweaks": {}}"#;
    let in_header = app
        .post(&format!("/api/v1/run/{id}?stream=false"))
        .header("x-api-key", &key)
        .header("content-type", "application/json");
    let in_query =
        app.post(&format!("/api/v1/run/{id}?x-api-key={key}")).header("content-type", "application/json");
    for ask in [in_header, in_query] {
        let answer = ask.body(body).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.json()["outputs"].is_array(), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_name_that_reads_like_another_is_refused() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    for name in ["admin ", " admin", "adm\u{200b}in", "\u{202e}nimda", "\u{feff}admin"] {
        let body = json!({"username": name, "password": "first-password"});
        let made = app.post("/api/v1/users/").json(&body).send().await;
        assert_eq!(made.status, 400, "{name:?}: {}", made.text);
        let me = app.get("/api/v1/users/whoami").bearer(&token).send().await.field("id");
        let renamed = app
            .patch(&format!("/api/v1/users/{me}"))
            .bearer(&token)
            .json(&json!({"username": name}))
            .send()
            .await;
        assert_eq!(renamed.status, 400, "{name:?}: {}", renamed.text);
    }
}
