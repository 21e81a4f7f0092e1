//! Sessions end when they should, and at once.

use chrono::TimeDelta;
use langflow_testkit::test_app::{ADMIN, ADMIN_PASSWORD, Answer, Setup, TestApp};
use serde_json::json;

async fn whoami(app: &TestApp, token: &str) -> Answer {
    app.get("/api/v1/users/whoami").bearer(token).send().await
}

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post("/api/v1/refresh").header("cookie", &format!("refresh_token_lf={token}")).send().await
}

#[tokio::test]
async fn logging_out_ends_the_session_at_once() {
    let app = TestApp::start(Setup::default()).await;
    let tokens = app.sign_in(ADMIN, ADMIN_PASSWORD).await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(whoami(&app, access).await.status, 200);
    let out = app.post("/api/v1/logout").header("cookie", &format!("access_token_lf={access}")).send().await;
    assert_eq!((out.status, out.json()), (200, json!({"message": "Logout successful"})));
    assert_eq!(out.headers.get_all("set-cookie").iter().count(), 3);
    let after = whoami(&app, access).await;
    assert_eq!((after.status, after.detail()), (401, json!("Session has ended")));
    assert_eq!(refresh(&app, tokens["refresh_token"].as_str().unwrap()).await.status, 401);
    assert_eq!(app.post("/api/v1/logout").send().await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_is_good_once_with_a_grace_for_parallel_tabs() {
    let app = TestApp::start(Setup::default()).await;
    let tokens = app.sign_in(ADMIN, ADMIN_PASSWORD).await;
    let first = tokens["refresh_token"].as_str().unwrap();
    // Eight tabs at the same moment.
    let tabs = futures::future::join_all((0..8).map(|_| refresh(&app, first))).await;
    let successors: Vec<String> = tabs.iter().map(|tab| tab.field("refresh_token")).collect();
    assert!(successors.iter().all(|token| *token == successors[0]), "all tabs hold the same token");
    let second = successors[0].as_str();
    assert_ne!(second, first);
    // The new one works while the old one is still in its grace.
    app.clock.advance(TimeDelta::seconds(5));
    assert_eq!(refresh(&app, first).await.status, 200);
    let third = refresh(&app, second).await.field("refresh_token");
    // A token of two generations ago is a sign of theft at any time; here it is merely unknown.
    assert_eq!(refresh(&app, first).await.status, 401);
    let access = refresh(&app, &third).await.field("access_token");
    assert_eq!(whoami(&app, &access).await.status, 200);
    // Beyond the grace a used token ends the whole session.
    app.clock.advance(TimeDelta::seconds(11));
    let replayed = refresh(&app, &third).await;
    assert_eq!((replayed.status, replayed.detail()), (401, json!("Invalid refresh token")));
    assert_eq!(whoami(&app, &access).await.status, 401);
}

#[tokio::test]
async fn tokens_and_sessions_run_out() {
    let app = TestApp::start(Setup::default()).await;
    let tokens = app.sign_in(ADMIN, ADMIN_PASSWORD).await;
    app.clock.advance(TimeDelta::seconds(3601));
    let late = whoami(&app, tokens["access_token"].as_str().unwrap()).await;
    assert_eq!((late.status, late.detail()), (401, json!("Token has expired")));
    let mut refresh_token = tokens["refresh_token"].as_str().unwrap().to_owned();
    // Refreshed day after day a session lives its thirty days and no longer.
    for day in 1..40 {
        app.clock.advance(TimeDelta::days(1));
        let answer = refresh(&app, &refresh_token).await;
        if answer.status != 200 {
            assert!((29..=30).contains(&day), "ended on day {day}");
            return;
        }
        refresh_token = answer.field("refresh_token");
    }
    panic!("the session never ends");
}

#[tokio::test]
async fn what_ends_an_accounts_right_ends_its_sessions() {
    let app = TestApp::start(Setup::default()).await;
    let admin = app.admin_token().await;
    for (name, body) in [("ann", json!({"is_active": false})), ("bob", json!({"password": "set-by-admin"}))] {
        let (id, token) = app.new_user(name, "first-password").await;
        assert_eq!(whoami(&app, &token).await.status, 200);
        let path = format!("/api/v1/users/{id}");
        assert_eq!(app.patch(&path).bearer(&admin).json(&body).send().await.status, 200);
        assert_eq!(whoami(&app, &token).await.status, 401, "{name}");
    }
    let (id, token) = app.new_user("cyd", "first-password").await;
    let key = app.key_of(&token).await;
    assert_eq!(app.delete(&format!("/api/v1/users/{id}")).bearer(&admin).send().await.status, 202);
    assert_eq!(whoami(&app, &token).await.status, 401);
    assert_eq!(app.get("/api/v1/users/whoami").header("x-api-key", &key).send().await.status, 403);
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let app = TestApp::start(Setup::default()).await;
    let (id, here) = app.new_user("ann", "first-password").await;
    let there = app.sign_in("ann", "first-password").await["access_token"].as_str().unwrap().to_owned();
    let body = json!({"current_password": "first-password", "password": "second-password"});
    let path = format!("/api/v1/users/{id}/reset-password");
    assert_eq!(app.patch(&path).bearer(&here).json(&body).send().await.status, 200);
    assert_eq!(whoami(&app, &here).await.status, 200);
    assert_eq!(whoami(&app, &there).await.status, 401);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_and_by_administrators() {
    let app = TestApp::start(Setup::default()).await;
    let admin = app.admin_token().await;
    let (id, here) = app.new_user("ann", "first-password").await;
    let there = app.sign_in("ann", "first-password").await["access_token"].as_str().unwrap().to_owned();
    let (_, other) = app.new_user("bob", "first-password").await;
    let list = app.get("/api/v1/sessions/").bearer(&here).send().await.json();
    assert_eq!(list.as_array().unwrap().len(), 2);
    let current = list.as_array().unwrap().iter().find(|s| s["is_current"] == true).unwrap()["id"].clone();
    let path = format!("/api/v1/sessions/{}", current.as_str().unwrap());
    // Somebody else's session is not there.
    assert_eq!(app.delete(&path).bearer(&other).send().await.status, 404);
    let theirs = format!("/api/v1/sessions/?user_id={id}");
    assert_eq!(app.get(&theirs).bearer(&other).send().await.status, 403);
    assert_eq!(app.get(&theirs).bearer(&admin).send().await.json().as_array().unwrap().len(), 2);
    // One's own others, then all by an administrator.
    assert_eq!(app.delete("/api/v1/sessions/").bearer(&here).send().await.json(), json!({"ended": 1}));
    assert_eq!(whoami(&app, &there).await.status, 401);
    assert_eq!(app.delete(&theirs).bearer(&admin).send().await.json(), json!({"ended": 1}));
    assert_eq!(whoami(&app, &here).await.status, 401);
}
