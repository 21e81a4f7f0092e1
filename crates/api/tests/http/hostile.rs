//! What somebody tries who means harm and knows the code: races, keys that widen themselves, clocks, names.

#![expect(
    clippy::disallowed_methods,
    reason = "tests are told in the environment where servers are, and name databases at random"
)]

use crate::support::chat_graph;
use langflow_store::{Store, StoreConfig};
use langflow_testkit::test_app::{ADMIN, ADMIN_PASSWORD, Answer, Setup, TestApp};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Runs a case on a fresh SQLite file and, where `LANGFLOW_TEST_POSTGRES_URL` names a server, on a fresh database of it.
async fn on_both<F: Future<Output = ()>>(case: impl Fn(Store) -> F) {
    case(Store::open_memory().await.unwrap()).await;
    let Some(server) = std::env::var("LANGFLOW_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty()) else {
        println!("skipped on PostgreSQL: LANGFLOW_TEST_POSTGRES_URL names no server");
        return;
    };
    let db = sea_orm::Database::connect(&server).await.unwrap();
    let name = format!("hostile_{}", uuid::Uuid::new_v4().simple());
    db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (place, _) = server.rsplit_once('/').unwrap();
    let store = Store::open(StoreConfig::new(format!("{place}/{name}"))).await.unwrap();
    case(store.clone()).await;
    store.close().await.unwrap();
    db.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

async fn over(store: &Store) -> TestApp {
    TestApp::start(Setup { store: Some(store.clone()), ..Setup::default() }).await
}

#[tokio::test]
async fn of_two_superusers_who_demote_each_other_one_stays() {
    on_both(async |store| {
        let app = over(&store).await;
        let admin = app.admin_token().await;
        let (ann_id, ann) = app.new_user("ann", "first-password").await;
        let own_id = app.get("/api/v1/users/whoami").bearer(&admin).send().await.field("id");
        let change = async |token: &str, id: &str, is_superuser: bool| {
            let path = format!("/api/v1/users/{id}");
            app.patch(&path).bearer(token).json(&json!({"is_superuser": is_superuser})).send().await.status
        };
        let mut ruler = (admin.clone(), own_id.clone());
        for round in 0..8 {
            let other = if ruler.1 == own_id {
                (ann.clone(), ann_id.clone())
            } else {
                (admin.clone(), own_id.clone())
            };
            assert_eq!(change(&ruler.0, &other.1, true).await, 200, "round {round}");
            let (first, second) =
                tokio::join!(change(&ruler.0, &other.1, false), change(&other.0, &ruler.1, false));
            match (first, second) {
                (200, 403) => {}
                (403, 200) => ruler = other,
                statuses => panic!("round {round}: {statuses:?}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn many_tabs_refresh_at_once_and_the_session_goes_on() {
    on_both(async |store| {
        let app = over(&store).await;
        let tokens = app.sign_in(ADMIN, ADMIN_PASSWORD).await;
        let mut token = tokens["refresh_token"].as_str().unwrap().to_owned();
        for _ in 0..4 {
            let cookie = format!("refresh_token_lf={token}");
            let tabs = (0..12).map(|_| app.post("/api/v1/refresh").header("cookie", &cookie).send());
            let tabs = futures::future::join_all(tabs).await;
            let next: BTreeSet<String> = tabs.iter().map(|tab| tab.field("refresh_token")).collect();
            assert_eq!(next.len(), 1, "all tabs hold the same token");
            token = next.into_iter().next().unwrap();
        }
    })
    .await;
}

/// A flow that answers, and the token of its owner.
async fn stored_flow(app: &TestApp) -> (String, String) {
    let token = app.admin_token().await;
    let graph = chat_graph(app, &app.key_of(&token).await).await;
    let body = json!({"name": "counted", "endpoint_name": "counted", "data": graph});
    let flow = app.post("/api/v1/flows/").bearer(&token).json(&body).send().await.field("id");
    (token, flow)
}

async fn make_key(app: &TestApp, token: &str, body: &Value) -> Answer {
    let made = app.post("/api/v1/api_key/").bearer(token).json(body).send().await;
    assert_eq!(made.status, 200, "{}", made.text);
    made
}

#[tokio::test]
async fn the_runs_of_a_day_are_counted_by_all_servers_together() {
    on_both(async |store| {
        let (one, other) = (over(&store).await, over(&store).await);
        let (token, _) = stored_flow(&one).await;
        let key = make_key(&one, &token, &json!({"limit_per_day": 6})).await.field("api_key");
        let run = |app: &TestApp| {
            app.post("/api/v1/run/counted")
                .header("x-api-key", &key)
                .json(&json!({"input_value": "x"}))
                .send()
        };
        // At the same moment, on two servers.
        let runs = (0..10).map(|nth| run(if nth % 2 == 0 { &one } else { &other }));
        let mut statuses: Vec<u16> =
            futures::future::join_all(runs).await.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [[200; 6].as_slice(), &[429; 4]].concat());
        // A server that starts anew has not forgotten.
        assert_eq!(run(&over(&store).await).await.status, 429);
        other.clock.advance(chrono::TimeDelta::days(1));
        assert_eq!(run(&other).await.status, 200, "the next day");
    })
    .await;
}

#[tokio::test]
async fn a_key_with_a_limit_or_an_end_makes_no_key_without() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    for bound in [
        json!({"limit_per_minute": 50}),
        json!({"limit_per_day": 50}),
        json!({"expires_at": "2999-01-01T00:00:00Z"}),
    ] {
        let made = make_key(&app, &token, &bound).await;
        let (id, key) = (made.field("id"), made.field("api_key"));
        for path in ["/api/v1/api_key/".to_owned(), format!("/api/v1/api_key/{id}/roll")] {
            let answer = app.post(&path).header("x-api-key", &key).json(&json!({})).send().await;
            let code = answer.header("x-langflow-error-code");
            assert_eq!(
                (answer.status, code),
                (403, Some("scope_missing")),
                "{bound} {path}: {}",
                answer.text
            );
        }
    }
    let free = make_key(&app, &token, &json!({})).await.field("api_key");
    let answer = app.post("/api/v1/api_key/").header("x-api-key", &free).json(&json!({})).send().await;
    assert_eq!(answer.status, 200, "as in Langflow: {}", answer.text);
}

#[tokio::test]
async fn a_key_that_runs_flows_changes_nothing_and_brings_no_graph() {
    let app = TestApp::start(Setup::default()).await;
    let (token, flow) = stored_flow(&app).await;
    let graph = chat_graph(&app, &app.key_of(&token).await).await;
    let project = app.get("/api/v1/projects/").bearer(&token).send().await.json();
    let project = project[0]["id"].as_str().unwrap().to_owned();
    let open = json!({"settings": [], "auth_settings": {"auth_type": "none"}});
    let server = json!({"command": "sh", "args": ["-c", "id"]});
    let own = json!({"data": graph});
    for (scopes, path, method, body, status) in [
        (json!(["flows:run"]), format!("/api/v1/mcp/project/{project}"), "PATCH", &open, 403),
        (
            json!(["flows:run"]),
            format!("/api/v1/mcp/project/{project}/install"),
            "POST",
            &json!({"client": "cursor"}),
            403,
        ),
        (json!(["flows:run"]), "/api/v2/mcp/servers/x".into(), "POST", &server, 403),
        (json!(["flows:run", "flows:write"]), "/api/v2/mcp/servers/x".into(), "POST", &server, 403),
        (
            json!(["flows:write"]),
            "/api/v1/custom_component/approved".into(),
            "POST",
            &json!({"code": "x = 1"}),
            403,
        ),
        (json!(["flows:run"]), format!("/api/v1/build/{flow}/flow?event_delivery=direct"), "POST", &own, 403),
        (
            json!([format!("run:{flow}")]),
            format!("/api/v1/build/{flow}/flow?event_delivery=direct"),
            "POST",
            &own,
            403,
        ),
        (json!([format!("run:{flow}")]), format!("/api/v1/build/{flow}/vertices"), "POST", &graph, 403),
        (
            json!([format!("run:{flow}")]),
            format!("/api/v1/build/{flow}/flow?event_delivery=direct"),
            "POST",
            &json!({}),
            200,
        ),
        (
            json!(["flows:run", "flows:write"]),
            format!("/api/v1/build/{flow}/flow?event_delivery=direct"),
            "POST",
            &own,
            200,
        ),
        (
            json!(["flows:run"]),
            "/api/v1/mcp/streamable".into(),
            "POST",
            &json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}),
            200,
        ),
    ] {
        let key = make_key(&app, &token, &json!({"scopes": scopes})).await.field("api_key");
        let ask = app.request(method.parse().unwrap(), &path).header("x-api-key", &key);
        let ask = ask.header("accept", "application/json, text/event-stream");
        let answer = ask.json(body).send().await;
        assert_eq!(answer.status, status, "{scopes} {method} {path}: {}", answer.text);
    }
    let settings = app.get(&format!("/api/v1/mcp/project/{project}")).bearer(&token).send().await.json();
    assert_ne!(settings["auth_settings"]["auth_type"], "none");
}

#[tokio::test]
async fn a_page_whose_name_points_here_is_nobody() {
    let setup = || {
        Setup::default().auth(|auth| {
            auth.auto_login = true;
            auth.skip_auth_auto_login = true;
        })
    };
    let app = TestApp::start(setup()).await;
    // Its own name is the host and the origin, so nothing looks foreign; the address is this machine's.
    let evil = app.get("/api/v1/users/whoami").header("host", "evil.example:7860").send().await;
    assert_eq!(evil.status, 403, "{}", evil.text);
    assert_eq!(app.get("/api/v1/users/whoami").send().await.status, 200);
    let behind_a_proxy = TestApp::start(setup().auth(|auth| auth.rate_limit_trust_proxy = true)).await;
    let named = behind_a_proxy.get("/api/v1/users/whoami").header("host", "flows.example").send().await;
    assert_eq!(named.status, 200, "the operator's own name: {}", named.text);
}

#[tokio::test]
async fn who_comes_through_a_proxy_is_no_program_of_this_machine() {
    let app = TestApp::start(Setup::default().auth(|auth| auth.auto_login = true)).await;
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    let ask = || {
        let ask = app.post("/api/v1/mcp/streamable").header("accept", "application/json, text/event-stream");
        ask.json(&ping)
    };
    assert_eq!(ask().send().await.status, 200, "open to this machine under automatic login");
    for name in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        let answer = ask().header(name, "127.0.0.1").send().await;
        assert_eq!(answer.status, 403, "{name}: {}", answer.text);
    }
}

#[tokio::test]
async fn refusals_take_the_same_time_whatever_stands_behind_the_name() {
    use langflow_store::users;
    let store = Store::open_memory().await.unwrap();
    let first = over(&store).await;
    for (name, hash) in
        [("taken over", "$2b$12$WYz5/tgcUkdH2xmSWHUgwOpbNGgbEqK/on9T98omcehSL09ijROvq"), ("without", "!")]
    {
        let (id, _) = first.new_user(name, "first-password").await;
        let id = id.parse().unwrap();
        store
            .write(move |tx| {
                Box::pin(async move {
                    let user = users::lock(tx, id).await?.unwrap();
                    users::save(tx, &users::User { password_hash: hash.into(), ..user }).await
                })
            })
            .await
            .unwrap();
    }
    // It looks at start whether there are hashes of Langflow.
    let app = over(&store).await;
    for name in [ADMIN, "taken over", "without", "nobody"] {
        let began = Instant::now();
        let form = [("username", name), ("password", "wrong")];
        assert_eq!(app.post("/api/v1/login").form(&form).send().await.status, 401, "{name}");
        assert!(began.elapsed() >= Duration::from_secs(1), "{name}: {:?}", began.elapsed());
    }
}
