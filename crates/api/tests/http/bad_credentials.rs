//! Credentials and bodies that are wrong in every way: the documented refusal, never a 5xx.
#![expect(clippy::indexing_slicing, reason = "a test")]

use http::Method;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::{Value, json};

/// Texts that are no credential.
fn nonsense(good_key: &str, good_token: &str) -> Vec<String> {
    let mut near = good_key.to_owned();
    near.replace_range(10..11, if &good_key[10..11] == "A" { "B" } else { "A" });
    let parts: Vec<&str> = good_token.split('.').collect();
    vec![
        "x".into(),
        "sk-".into(),
        near,
        good_key[..45].into(),
        format!("{good_key}A"),
        good_key.to_uppercase(),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], "A".repeat(43)),
        format!("{}..{}", parts[0], parts[2]),
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.e30.".into(),
        "é".into(),
        "\u{7f}".trim_matches('\u{7f}').to_owned() + "%00",
        "' OR 1=1 --".into(),
        "x".repeat(7000),
    ]
}

#[tokio::test]
async fn wrong_credentials_in_every_place_are_refused() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let key = app.key_of(&token).await;
    for text in nonsense(&key, &token) {
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let asks = [
            ("bearer", 401, app.get("/api/v1/users/whoami").bearer(&text)),
            (
                "cookie",
                401,
                app.get("/api/v1/users/whoami").header("cookie", &format!("access_token_lf={encoded}")),
            ),
            ("header", 403, app.get("/api/v1/users/whoami").header("x-api-key", &text)),
            ("query", 403, app.get(&format!("/api/v1/users/whoami?x-api-key={encoded}"))),
            ("run", 403, app.post("/api/v1/run/x").header("x-api-key", &text)),
            ("run by query", 403, app.post(&format!("/api/v1/run/x?x-api-key={encoded}"))),
            ("webhook", 403, app.post("/api/v1/webhook/x").header("x-api-key", &text)),
            ("webhook by query", 403, app.post(&format!("/api/v1/webhook/x?x-api-key={encoded}"))),
            ("mcp by key", 403, app.post("/api/v1/mcp/streamable").header("x-api-key", &text)),
            ("mcp by token", 401, app.post("/api/v1/mcp/streamable").bearer(&text)),
            ("workflow", 401, app.post("/api/v2/workflows").bearer(&text)),
            ("administration", 401, app.get("/api/v1/users/").bearer(&text)),
            ("administration by key", 403, app.get("/logs").header("x-api-key", &text)),
            // Nobody is as good as a stranger where strangers are let in.
            ("config", 200, app.get("/api/v1/config").bearer(&text).header("x-api-key", &text)),
            ("sign-up", 422, app.post("/api/v1/users/").bearer(&text).json(&json!({}))),
            ("session", 200, app.get("/api/v1/session").bearer(&text)),
            ("logout", 200, app.post("/api/v1/logout").bearer(&text)),
            (
                "refresh",
                401,
                app.post("/api/v1/refresh").header("cookie", &format!("refresh_token_lf={encoded}")),
            ),
        ];
        for (place, status, ask) in asks {
            let answer = ask.send().await;
            assert_eq!(answer.status, status, "{place} {text:?}: {}", answer.text);
        }
    }
    // A project's own server asks for a key in its own words.
    let project = app.get("/api/v1/projects/").bearer(&token).send().await.json();
    let project = format!("/api/v1/mcp/project/{}/streamable", project[0]["id"].as_str().unwrap());
    for text in nonsense(&key, &token) {
        let answer = app.post(&project).header("x-api-key", &text).send().await;
        assert_eq!(answer.status, 401, "{text:?}: {}", answer.text);
    }
    // Schemes that are none, and a header sent twice: the first counts.
    for (scheme, status) in
        [("Basic YTpi", 403), ("Bearer", 403), ("bearer\t", 403), ("Token x", 403), ("", 403)]
    {
        let answer = app.get("/api/v1/users/whoami").header("authorization", scheme).send().await;
        assert_eq!(answer.status, status, "{scheme:?}: {}", answer.text);
    }
    let twice = app.get("/api/v1/users/whoami").header("x-api-key", "sk-bad").header("x-api-key", &key);
    assert_eq!(twice.send().await.status, 403);
    // A good key in the place of a token, and a good token in the place of a key.
    assert_eq!(app.get("/api/v1/users/whoami").bearer(&key).send().await.status, 401);
    assert_eq!(app.get("/api/v1/users/whoami").header("x-api-key", &token).send().await.status, 403);
    // Both kinds of token in each other's place.
    let tokens = app.sign_in("admin", "admin-pass-1").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let answer = app.get("/api/v1/users/whoami").bearer(refresh).send().await;
    assert_eq!((answer.status, answer.detail()), (401, json!("Invalid token type")));
    let access = format!("refresh_token_lf={}", tokens["access_token"].as_str().unwrap());
    assert_eq!(app.post("/api/v1/refresh").header("cookie", &access).send().await.status, 401);
}

#[tokio::test]
async fn nobody_sets_more_than_he_may() {
    let app = TestApp::start(Setup::default()).await;
    let stolen = "11111111-2222-4333-8444-555555555555";
    let body = json!({
        "username": "ann", "password": "first-password", "id": stolen, "is_active": true, "is_superuser": true,
        "create_at": "2001-01-01T00:00:00Z",
    });
    let made = app.post("/api/v1/users/").json(&body).send().await.json();
    assert_eq!((made["is_active"].clone(), made["is_superuser"].clone()), (json!(false), json!(false)));
    assert_ne!(made["id"], stolen);
    let (id, token) = app.new_user("bob", "first-password").await;
    let body =
        json!({"name": "k", "api_key": "sk-aaa", "user_id": made["id"], "id": stolen, "total_uses": 7});
    let key = app.post("/api/v1/api_key/").bearer(&token).json(&body).send().await.json();
    assert_eq!(key["user_id"], id);
    assert_ne!(key["api_key"], "sk-aaa");
    assert_ne!(key["id"], stolen);
    assert_eq!(key["total_uses"], 0);
    let body =
        json!({"name": "v", "value": "v", "type": "Generic", "default_fields": [], "user_id": made["id"]});
    assert_eq!(app.post("/api/v1/variables/").bearer(&token).json(&body).send().await.status, 201);
    let flow =
        json!({"name": "f", "user_id": made["id"], "version_token": stolen, "created_at": "2001-01-01"});
    let flow = app.post("/api/v1/flows/").bearer(&token).json(&flow).send().await.json();
    assert_eq!(
        (flow["user_id"].as_str(), flow["version_token"] == stolen),
        (Some(id.as_str()), false),
        "{flow}"
    );
    let change = json!({"user_id": made["id"], "name": "g"});
    let changed =
        app.patch(&format!("/api/v1/flows/{}", flow["id"].as_str().unwrap())).bearer(&token).json(&change);
    assert_eq!(changed.send().await.json()["user_id"], id.as_str());
    let project = json!({"name": "p", "user_id": made["id"]});
    assert_eq!(app.post("/api/v1/projects/").bearer(&token).json(&project).send().await.status, 201);
    let mine = app.get("/api/v1/projects/").bearer(&token).send().await.json();
    assert!(mine.as_array().unwrap().iter().any(|project| project["name"] == "p"), "{mine}");
    let path = format!("/api/v1/users/{id}");
    // What is nobody's to set is passed over.
    let body = json!({"id": stolen, "create_at": "2001-01-01T00:00:00Z", "last_login_at": null, "password_hash": "x"});
    let same = app.patch(&path).bearer(&token).json(&body).send().await.json();
    assert_eq!(same["id"], id.as_str(), "{same}");
    assert!(!same["create_at"].as_str().unwrap().starts_with("2001"), "{same}");
    let body = json!({"is_superuser": true});
    let answer = app.patch(&path).bearer(&token).json(&body).send().await;
    assert_eq!((answer.status, answer.header("x-langflow-error-code")), (403, Some("superuser_required")));
}

#[tokio::test]
async fn odd_bodies_are_the_callers_mistake() {
    let app = TestApp::start(Setup::default()).await;
    let admin = app.admin_token().await;
    let long = "n".repeat(10_000);
    let users = [
        (json!({"username": "a\u{0}b", "password": "first-password"}), 400),
        (json!({"username": long, "password": "first-password"}), 400),
        (json!({"username": "", "password": "first-password"}), 400),
        (json!({"username": "c", "password": "short"}), 400),
        (json!({"username": "c", "password": "null\u{0}byte-password"}), 400),
        (json!({"username": "c", "password": "p".repeat(4097)}), 400),
        (json!({"username": "ADMIN", "password": "first-password"}), 400),
        (json!({"username": 5, "password": []}), 422),
        (json!({}), 422),
        (json!([]), 422),
        (json!("x"), 422),
        (json!(null), 422),
    ];
    for (body, status) in users {
        let answer = app.post("/api/v1/users/").bearer(&admin).json(&body).send().await;
        assert_eq!(answer.status, status, "{:.80} {}", body.to_string(), answer.text);
    }
    let (_, ann) = app.new_user("ann", "first-password").await;
    let own = app.get("/api/v1/users/whoami").bearer(&ann).send().await.field("id");
    for name in ["a\u{0}b", &"n".repeat(10_000), "", " ann", "ann\u{200b}", "ADMIN"] {
        let body = json!({"username": name});
        let answer = app.patch(&format!("/api/v1/users/{own}")).bearer(&ann).json(&body).send().await;
        assert_eq!(answer.status, 400, "{:.40} {}", name, answer.text);
    }
    for (method, path, body) in [
        (Method::POST, "/api/v1/users/", "{bad"),
        (Method::POST, "/api/v1/users/", ""),
        (Method::POST, "/api/v1/api_key/", "{\"expires_at\": \"tomorrow\"}"),
        (Method::POST, "/api/v1/api_key/", "{\"name\": {}}"),
        (Method::POST, "/api/v1/api_key/", "{\"scopes\": [1]}"),
        (Method::POST, "/api/v1/variables/", "{\"default_fields\": 3}"),
        (Method::DELETE, "/api/v1/api_key/", "[\"x\"]"),
        (Method::DELETE, "/api/v1/api_key/zzz", ""),
        (Method::PATCH, "/api/v1/users/zzz", "{}"),
        (Method::DELETE, "/api/v1/sessions/zzz", ""),
        (Method::GET, "/api/v1/users/?limit=0", ""),
        (Method::GET, "/api/v1/users/?skip=-1", ""),
        (Method::GET, "/api/v1/users/?limit=many", ""),
        (Method::GET, "/api/v1/audits?page=x", ""),
    ] {
        let answer = app.request(method, path).bearer(&admin).body(body).send().await;
        assert_eq!(answer.status, 422, "{path} {body}: {}", answer.text);
        assert!(answer.detail().is_array(), "{}", answer.text);
    }
}

#[tokio::test]
async fn odd_sign_ins_are_refused_alike() {
    let app = TestApp::start(Setup::default()).await;
    let long = "p".repeat(5000);
    for (username, password) in [
        ("nobody", "wrong"),
        ("admin", "wrong"),
        ("ADMIN", "admin-pass-1"),
        ("admin", ""),
        ("", ""),
        ("admin\0", "admin-pass-1"),
        ("admin", "admin-pass-1\0"),
        ("admin", long.as_str()),
        (long.as_str(), "x"),
        ("admin", "langflow"),
    ] {
        let answer =
            app.post("/api/v1/login").form(&[("username", username), ("password", password)]).send().await;
        let name: String = username.chars().take(10).collect();
        assert_eq!(answer.status, 401, "{name} {}", answer.text);
        assert_eq!(answer.detail(), json!("Incorrect username or password"), "{name}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let grant = [("username", "admin"), ("password", "admin-pass-1"), ("grant_type", "implicit")];
    assert_eq!(app.post("/api/v1/login").form(&grant).send().await.status, 422);
    let form = reqwest::multipart::Form::new().text("username", "admin").text("password", "admin-pass-1");
    assert_eq!(app.post("/api/v1/login").multipart(form).send().await.status, 200);
    let waiting = json!({"username": "new", "password": "first-password"});
    assert_eq!(app.post("/api/v1/users/").json(&waiting).send().await.status, 201);
    for (password, expected) in [
        ("wrong", (401, json!("Incorrect username or password"))),
        ("first-password", (400, json!("Waiting for approval"))),
    ] {
        let answer =
            app.post("/api/v1/login").form(&[("username", "new"), ("password", password)]).send().await;
        assert_eq!((answer.status, answer.detail()), expected);
    }
}

#[tokio::test]
async fn pages_of_other_sites_cannot_use_a_cookie() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let cookie = format!("access_token_lf={token}");
    let own = format!("http://{}", app.address);
    for (headers, status) in [
        (&[][..], 200),
        (&[("origin", own.as_str())][..], 200),
        (&[("sec-fetch-site", "same-origin")], 200),
        (&[("origin", "https://evil.example")], 403),
        (&[("origin", "null")], 403),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "same-site")], 403),
    ] {
        let mut ask = app.post("/api/v1/api_key/").header("cookie", &cookie).json(&json!({"name": "x"}));
        for (name, value) in headers {
            ask = ask.header(name, value);
        }
        let answer = ask.send().await;
        assert_eq!(answer.status, status, "{headers:?} {}", answer.text);
    }
    // Nobody is signed in by another site's form either, unless every site may call.
    let sign_in = async |app: &TestApp, origin: &str| {
        let form = [("username", "admin"), ("password", "admin-pass-1")];
        app.post("/api/v1/login").header("origin", origin).form(&form).send().await.status
    };
    assert_eq!((sign_in(&app, &own).await, sign_in(&app, "https://evil.example").await), (200, 403));
    let open =
        TestApp::start(Setup::default().settings(|settings| settings.http.cors_origins = vec!["*".into()]))
            .await;
    assert_eq!(sign_in(&open, "https://any.example").await, 200);
    // Reading is not refused: without CORS the page cannot see the answer.
    let read =
        app.get("/api/v1/users/whoami").header("cookie", &cookie).header("origin", "https://evil.example");
    let read = read.send().await;
    assert_eq!((read.status, read.header("access-control-allow-origin")), (200, None));
    let headers = ["x-content-type-options", "content-security-policy", "x-frame-options", "referrer-policy"];
    for name in headers {
        assert!(read.header(name).is_some(), "{name}");
    }
    assert_eq!(read.header("cache-control"), Some("no-store"));
    let _: Value = read.json();
}
