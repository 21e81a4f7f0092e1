//! Keys, users, variables, sign-in limits and the first superuser, over HTTP.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

use chrono::TimeDelta;
use langflow_app::accounts::{BootstrapError, bootstrap};
use langflow_app::crypto::KeyRing;
use langflow_app::keys::flush_uses;
use langflow_app::login::sign_in;
use langflow_app::settings::SecurityProfile;
use langflow_app::{Client, ErrorKind};
use langflow_core::Secret;
use langflow_store::Store;
use langflow_testkit::test_app::{ADMIN, ADMIN_PASSWORD, Answer, Setup, TestApp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

async fn whoami(app: &TestApp, key: &str) -> Answer {
    app.get("/api/v1/users/whoami").header("x-api-key", key).send().await
}

async fn make_key(app: &TestApp, token: &str, body: Value) -> Value {
    let answer = app.post("/api/v1/api_key/").bearer(token).json(&body).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_deleted_or_expired_key_is_refused_at_the_next_request() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let key = make_key(&app, &token, json!({"name": "k"})).await;
    assert_eq!(whoami(&app, &text(&key, "api_key")).await.status, 200);
    let path = format!("/api/v1/api_key/{}", text(&key, "id"));
    assert_eq!(app.delete(&path).bearer(&token).send().await.status, 200);
    let after = whoami(&app, &text(&key, "api_key")).await;
    assert_eq!((after.status, after.detail()), (403, json!("Invalid API key")));
    let ends = (chrono::DateTime::UNIX_EPOCH + TimeDelta::days(30_000)).to_rfc3339();
    let later = make_key(&app, &token, json!({"expires_at": ends})).await;
    assert_eq!(whoami(&app, &text(&later, "api_key")).await.status, 200);
    app.clock.advance(TimeDelta::days(30_000));
    assert_eq!(whoami(&app, &text(&later, "api_key")).await.status, 403);
}

#[tokio::test]
async fn uses_are_counted_listed_at_once_and_written_in_batches() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let key = make_key(&app, &token, json!({"name": "k"})).await;
    for _ in 0..3 {
        whoami(&app, &text(&key, "api_key")).await;
    }
    let listed =
        async || app.get("/api/v1/api_key/").bearer(&token).send().await.json()["api_keys"][0].clone();
    let before = listed().await;
    assert_eq!(before["total_uses"], 3);
    assert!(before["last_used_at"].is_string());
    assert!(text(&before, "api_key").contains("****"));
    flush_uses(&app.app).await.unwrap();
    assert_eq!(listed().await["total_uses"], 3);
}

#[tokio::test]
async fn a_key_does_what_its_scopes_name() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let key = text(&make_key(&app, &token, json!({"scopes": ["flows:read"]})).await, "api_key");
    for (ask, status) in [
        (app.get("/api/v1/flows/"), 200),
        (app.get("/api/v1/users/whoami"), 200),
        (app.post("/api/v1/flows/").json(&json!({"name": "x"})), 403),
        (app.post("/api/v1/run/x").json(&json!({})), 403),
        (app.get("/api/v1/variables/"), 403),
        (app.get("/api/v1/users/"), 403),
        (app.post("/api/v1/api_key/").json(&json!({})), 403),
    ] {
        let answer = ask.header("x-api-key", &key).send().await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let admin = text(&make_key(&app, &token, json!({"scopes": ["admin"]})).await, "api_key");
    let wider = app.post("/api/v1/api_key/").header("x-api-key", &admin).json(&json!({})).send().await;
    assert_eq!(wider.status, 403, "a key makes no key with more rights than its own");
    let answer = app.post("/api/v1/api_key/").bearer(&token).json(&json!({"scopes": ["all"]})).send().await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn a_key_has_its_limit() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let key = text(&make_key(&app, &token, json!({"limit_per_minute": 2})).await, "api_key");
    assert_eq!(whoami(&app, &key).await.status, 200);
    assert_eq!(whoami(&app, &key).await.status, 200);
    let third = whoami(&app, &key).await;
    assert_eq!(third.status, 429);
    assert!(third.header("retry-after").unwrap().parse::<u64>().unwrap() <= 60);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(whoami(&app, &key).await.status, 200);
}

#[tokio::test]
async fn a_rolled_key_lives_beside_its_successor_for_a_while() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let old = make_key(&app, &token, json!({"name": "k", "scopes": ["flows:read"]})).await;
    let path = format!("/api/v1/api_key/{}/roll", text(&old, "id"));
    let new = app.post(&path).bearer(&token).json(&json!({"overlap_hours": 2})).send().await.json();
    assert_eq!((new["name"].clone(), new["scopes"].clone()), (json!("k"), json!(["flows:read"])));
    for hours in [0, 1] {
        app.clock.advance(TimeDelta::hours(hours));
        assert_eq!(whoami(&app, &text(&old, "api_key")).await.status, 200);
    }
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(whoami(&app, &text(&old, "api_key")).await.status, 403);
    assert_eq!(whoami(&app, &text(&new, "api_key")).await.status, 200);
}

#[tokio::test]
async fn several_keys_go_together_or_not_at_all() {
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let (_, other) = app.new_user("ann", "first-password").await;
    let mut ids = Vec::new();
    for name in ["a", "b"] {
        ids.push(text(&make_key(&app, &token, json!({"name": name})).await, "id"));
    }
    let theirs = text(&make_key(&app, &other, json!({"name": "c"})).await, "id");
    let delete =
        async |ids: Value| app.delete("/api/v1/api_key/").bearer(&token).json(&ids).send().await.status;
    assert_eq!(delete(json!([ids[0], theirs])).await, 400);
    let count =
        async || app.get("/api/v1/api_key/").bearer(&token).send().await.json()["total_count"].clone();
    assert_eq!(count().await, 2);
    assert_eq!(delete(json!(ids)).await, 200);
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn the_key_of_the_environment_is_the_superusers() {
    let setup = Setup::default().auth(|auth| auth.environment_api_key = Secret::new("my-env-key"));
    let app = TestApp::start(setup).await;
    assert_eq!(whoami(&app, "my-env-key").await.json()["username"], ADMIN);
    assert_eq!(whoami(&app, "my-env-kez").await.status, 403);
    let key = app.admin_key().await;
    assert_eq!(whoami(&app, &key).await.status, 200);
}

#[tokio::test]
async fn the_last_superuser_stays_one() {
    let app = TestApp::start(Setup::default()).await;
    let admin = app.admin_token().await;
    let own = app.get("/api/v1/users/whoami").bearer(&admin).send().await.field("id");
    let own = format!("/api/v1/users/{own}");
    let demote = json!({"is_superuser": false});
    let answer = app.patch(&own).bearer(&admin).json(&demote).send().await;
    assert_eq!((answer.status, answer.header("x-langflow-error-code")), (403, Some("last_superuser")));
    assert_eq!(app.delete(&own).bearer(&admin).send().await.status, 400);
    let (second, _) = app.new_user("ann", "first-password").await;
    let second = format!("/api/v1/users/{second}");
    let promote = json!({"is_superuser": true});
    assert_eq!(app.patch(&second).bearer(&admin).json(&promote).send().await.status, 200);
    // Two superusers who demote each other at the same moment: one of them stays.
    let ann = app.sign_in("ann", "first-password").await["access_token"].as_str().unwrap().to_owned();
    let (a, b) = tokio::join!(
        app.patch(&second).bearer(&admin).json(&demote).send(),
        app.patch(&own).bearer(&ann).json(&demote).send()
    );
    assert_eq!(
        [a.status, b.status].iter().filter(|status| **status == 200).count(),
        1,
        "{} {}",
        a.text,
        b.text
    );
}

#[tokio::test]
async fn sign_up_is_open_or_closed_as_set() {
    let body = json!({"username": "ann", "password": "first-password"});
    for (auto_login, enabled, active, status) in [
        (false, true, false, 201),
        (false, true, true, 201),
        (false, false, false, 403),
        (true, true, false, 403),
    ] {
        let setup = Setup::default().auth(|auth| {
            auth.auto_login = auto_login;
            auth.enable_signup = enabled;
            auth.new_user_is_active = active;
        });
        let app = TestApp::start(setup).await;
        let answer = app.post("/api/v1/users/").json(&body).send().await;
        assert_eq!(answer.status, status, "{}", answer.text);
        if status == 201 {
            let made = answer.json();
            assert_eq!(made["is_active"], active);
            assert_eq!(
                answer.header("location"),
                Some(format!("/api/v1/users/{}", text(&made, "id")).as_str())
            );
            let sign_in =
                app.post("/api/v1/login").form(&[("username", "ann"), ("password", "first-password")]);
            assert_eq!(sign_in.send().await.status, if active { 200 } else { 400 });
        } else {
            assert_eq!(answer.detail(), json!("Public user registration is disabled."));
        }
    }
}

#[tokio::test]
async fn users_are_searched_and_paged() {
    let app = TestApp::start(Setup::default().auth(|auth| auth.profile = SecurityProfile::Compat)).await;
    let admin = app.admin_token().await;
    for name in ["Carol", "alice", "Bob", "alina"] {
        let body = json!({"username": name, "password": "p"});
        assert_eq!(app.post("/api/v1/users/").json(&body).send().await.status, 201);
    }
    for (query, total, first) in [
        ("?search=ALI", 2, "alice"),
        ("?username=Bob", 1, "Bob"),
        ("?username=bob", 0, ""),
        ("?skip=3&limit=1", 5, "alice"),
        ("?search=%25", 0, ""),
    ] {
        let page = app.get(&format!("/api/v1/users/{query}")).bearer(&admin).send().await.json();
        assert_eq!(page["total_count"], total, "{query} {page}");
        assert_eq!(page["users"][0]["username"].as_str().unwrap_or_default(), first, "{query} {page}");
    }
}

/// Ten thousand guesses in an hour, each from the address of its number; gives how many were evaluated.
async fn guess(app: &TestApp, address: impl Fn(u8, u8) -> IpAddr) -> usize {
    let wrong = Secret::new("guess");
    let mut evaluated = 0;
    for number in 0..10_000u32 {
        if number % 167 == 0 {
            app.clock.advance(TimeDelta::minutes(1));
        }
        let from = address((number % 100) as u8, (number % 7) as u8 + 1);
        let client = Client { address: Some(from), ..Client::default() };
        let error = sign_in(&app.app, ADMIN, &wrong, &client).await.unwrap_err();
        match error.kind {
            ErrorKind::Unauthorised => evaluated += 1,
            ErrorKind::TooManyRequests => assert!(error.retry_after.is_some()),
            other => panic!("{other:?}"),
        }
    }
    evaluated
}

#[tokio::test]
async fn guesses_are_few_and_the_owner_still_signs_in() {
    let app = TestApp::start(Setup::default().auth(|auth| auth.rate_limit_enabled = true)).await;
    let home = Client { address: Some([192, 0, 2, 7].into()), ..Client::default() };
    let owner = async || sign_in(&app.app, ADMIN, &Secret::new(ADMIN_PASSWORD), &home).await;
    owner().await.unwrap();
    let evaluated = guess(&app, |_, _| [198, 51, 100, 1].into()).await;
    println!("10,000 guesses from one address in an hour: {evaluated} evaluated");
    assert!(evaluated < 40, "{evaluated}");
    owner().await.unwrap();
    let evaluated = guess(&app, |network, host| [203, 0, network, host].into()).await;
    println!("10,000 guesses from a hundred networks in an hour: {evaluated} evaluated");
    assert!(evaluated <= 100, "{evaluated}");
    owner().await.expect("the owner signs in from his own network");
}

#[tokio::test]
async fn too_many_sign_ins_are_told_when_to_come_back() {
    let app = TestApp::start(Setup::default().auth(|auth| auth.rate_limit_enabled = true)).await;
    let sign_in = async |password| {
        app.post("/api/v1/login").form(&[("username", ADMIN), ("password", password)]).send().await
    };
    for _ in 0..5 {
        assert_eq!(sign_in("wrong").await.status, 401);
    }
    let sixth = sign_in(ADMIN_PASSWORD).await;
    assert_eq!((sixth.status, sixth.header("retry-after")), (429, Some("60")));
    let words = json!({"detail": "Too many requests. Please try again later.", "retry_after": "60"});
    assert_eq!(sixth.json(), words);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(sign_in(ADMIN_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_password_of_langflow_is_verified_and_hashed_anew() {
    use langflow_store::users;
    let app = TestApp::start(Setup::default()).await;
    let (id, _) = app.new_user("ann", "first-password").await;
    let id: uuid::Uuid = id.parse().unwrap();
    let old = "$2b$12$WYz5/tgcUkdH2xmSWHUgwOpbNGgbEqK/on9T98omcehSL09ijROvq";
    app.app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let mut user = users::lock(tx, id).await?.unwrap();
                user.password_hash = old.into();
                users::save(tx, &user).await
            })
        })
        .await
        .unwrap();
    app.sign_in("ann", "langflow").await;
    let hash = users::find(&app.app.store, id).await.unwrap().unwrap().password_hash;
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    app.sign_in("ann", "langflow").await;
}

#[tokio::test]
async fn secrets_of_the_environment_are_not_shown_by_plain_fields() {
    let environment = [("SERVICE_TOKEN", "tok-from-env"), ("CITY", "Oslo")];
    let setup = Setup::default().settings(|settings| {
        let pairs = environment.map(|(name, value)| (name.to_owned(), Secret::new(value)));
        settings.variables.environment = Arc::new(BTreeMap::from(pairs));
    });
    let app = TestApp::start(setup).await;
    let token = app.admin_token().await;
    let key = app.key_of(&token).await;
    for (variable, shown) in [("CITY", Some("Oslo")), ("SERVICE_TOKEN", None)] {
        let data = crate::support::text_graph(&app, &key, variable).await;
        let flow = json!({"name": variable, "data": data});
        let made = app.post("/api/v1/flows/").bearer(&token).json(&flow).send().await;
        let path = format!("/api/v1/run/{}", made.field("id"));
        let ran = app.post(&path).header("x-api-key", &key).json(&json!({"output_type": "any"})).send().await;
        match shown {
            Some(value) => assert!(ran.status == 200 && ran.text.contains(value), "{}", ran.text),
            None => assert!(ran.status >= 400 && ran.text.contains(variable), "{}", ran.text),
        }
        assert!(!ran.text.contains("tok-from-env"), "{variable}");
    }
}

#[tokio::test]
async fn credentials_are_stored_encrypted_and_never_come_back() {
    let environment: BTreeMap<String, Secret> =
        [("OPENAI_API_KEY", "sk-from-env"), ("FOO_VAR", "foo"), ("BAR", "bar")]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Secret::new(value)))
            .collect();
    let setup = Setup::default().settings(|settings| {
        settings.variables.environment = Arc::new(environment);
        settings.variables.variables_to_get_from_environment = vec!["FOO_VAR".into()];
    });
    let app = TestApp::start(setup).await;
    let token = app.admin_token().await;
    let list = async || app.get("/api/v1/variables/").bearer(&token).send().await.json();
    let names: Vec<Value> = list().await.as_array().unwrap().iter().map(|v| v["name"].clone()).collect();
    assert_eq!(names, ["FOO_VAR", "OPENAI_API_KEY"], "imported at the first start");
    let body =
        json!({"name": "SECRET", "value": "top-secret-value", "type": "Credential", "default_fields": []});
    let made = app.post("/api/v1/variables/").bearer(&token).json(&body).send().await;
    assert_eq!((made.status, made.json()["value"].clone()), (201, Value::Null));
    assert!(!list().await.to_string().contains("top-secret-value"));
    let again = app.post("/api/v1/variables/").bearer(&token).json(&body).send().await;
    assert_eq!((again.status, again.detail()), (400, json!("Variable name already exists")));
    let owner: uuid::Uuid =
        app.get("/api/v1/users/whoami").bearer(&token).send().await.field("id").parse().unwrap();
    let rows = langflow_store::variables::list(&app.app.store, owner).await.unwrap();
    assert!(rows.iter().all(|row| row.value.starts_with("gAAAAA")));
    // A user's own edit is not overwritten at the next sign-in.
    let id = text(&list().await[0], "id");
    let body = json!({"id": id, "value": "edited"});
    assert_eq!(
        app.patch(&format!("/api/v1/variables/{id}")).bearer(&token).json(&body).send().await.status,
        200
    );
    app.admin_token().await;
    let row =
        langflow_store::variables::find_by_name(&app.app.store, owner, "FOO_VAR").await.unwrap().unwrap();
    assert_eq!(app.app.secrets.reveal(&row.value).unwrap().expose(), "edited");
}

#[tokio::test]
async fn what_is_done_is_written_down_in_a_chain() {
    let app = TestApp::start(Setup::default()).await;
    let admin = app.admin_token().await;
    let (_, ann) = app.new_user("ann", "first-password").await;
    app.post("/api/v1/login").form(&[("username", "ann"), ("password", "wrong")]).send().await;
    let key = make_key(&app, &ann, json!({"name": "k"})).await;
    app.delete(&format!("/api/v1/api_key/{}", text(&key, "id"))).bearer(&ann).send().await;
    for path in ["/api/v1/audits", "/api/v1/audits/export", "/api/v1/audits/verify"] {
        assert_eq!(app.get(path).bearer(&ann).send().await.status, 403, "{path}");
    }
    let page = app.get("/api/v1/audits?size=100").bearer(&admin).send().await.json();
    let actions: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    for action in ["create.user", "change.user", "login.ok", "login.failed", "create.key", "delete.key"] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
    let failed = page["items"].as_array().unwrap().iter().find(|e| e["action"] == "login.failed").unwrap();
    assert_eq!((failed["outcome"].clone(), failed["actor"].clone()), (json!("refused"), json!("ann")));
    assert_eq!(failed["address"], "127.0.0.1");
    let export = app.get("/api/v1/audits/export").bearer(&admin).send().await.text;
    assert_eq!(export.lines().count(), actions.len());
    assert!(!export.contains("first-password") && !export.contains(&text(&key, "api_key")));
    let verified = app.get("/api/v1/audits/verify").bearer(&admin).send().await.json();
    assert_eq!(verified, json!({"whole": true, "entries": actions.len()}));
}

#[tokio::test]
async fn auto_login_is_for_browsers_on_this_machine() {
    let app = TestApp::start(Setup::default().auth(|auth| auth.auto_login = true)).await;
    let granted = app.get("/api/v1/auto_login").send().await;
    assert_eq!(granted.status, 200);
    assert!(granted.cookie("access_token_lf").is_some() && granted.cookie("refresh_token_lf").is_some());
    for (name, value) in
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("host", "evil.example")]
    {
        let answer = app.get("/api/v1/auto_login").header(name, value).send().await;
        assert_eq!(answer.status, 403, "{name} {value}");
        assert_eq!(answer.detail()["auto_login"], false);
        assert!(answer.cookie("access_token_lf").is_none());
    }
}

#[tokio::test]
async fn skipping_authentication_is_not_for_pages_of_other_sites() {
    let setup = Setup::default().auth(|auth| {
        auth.auto_login = true;
        auth.skip_auth_auto_login = true;
    });
    let app = TestApp::start(setup).await;
    assert_eq!(app.get("/api/v1/users/whoami").send().await.status, 200);
    let foreign = app.post("/api/v1/api_key/").header("origin", "https://evil.example").json(&json!({}));
    assert_eq!(foreign.send().await.status, 403);
}

/// Starts on a store that another login mode has used.
async fn restarted(store: &Store, change: impl FnOnce(&mut langflow_app::settings::AuthSettings)) -> TestApp {
    let setup = Setup::default().auth(change);
    TestApp::start(Setup { store: Some(store.clone()), ..setup }).await
}

#[tokio::test]
async fn turning_authentication_on_keeps_the_work_and_ends_open_sessions() {
    let store = Store::open_memory().await.unwrap();
    let open = restarted(&store, |auth| {
        auth.auto_login = true;
        auth.superuser = String::new();
        auth.superuser_password = Secret::default();
    })
    .await;
    let token = open.get("/api/v1/auto_login").send().await.field("access_token");
    let flow = open.post("/api/v1/flows/").bearer(&token).json(&json!({"name": "mine"})).send().await;
    assert_eq!(flow.status, 201);
    // Nobody knows a password of this account.
    let guess = open.post("/api/v1/login").form(&[("username", "langflow"), ("password", "!")]).send().await;
    assert_eq!(guess.status, 401);
    let closed = restarted(&store, |_| ()).await;
    let stale = closed.get("/api/v1/users/whoami").bearer(&token).send().await;
    assert_eq!((stale.status, stale.detail()), (401, json!("Session has ended")));
    let admin = closed.admin_token().await;
    let flows = closed.get("/api/v1/flows/?get_all=true").bearer(&admin).send().await;
    assert!(flows.text.contains("\"mine\""), "{}", flows.text);
    // And back: the superuser that there is signs in by itself.
    let again = restarted(&store, |auth| {
        auth.auto_login = true;
        auth.superuser = String::new();
    })
    .await;
    let token = again.get("/api/v1/auto_login").send().await.field("access_token");
    assert_eq!(again.get("/api/v1/users/whoami").bearer(&token).send().await.field("username"), ADMIN);
}

#[tokio::test]
async fn a_start_without_what_it_needs_says_what_to_set() {
    for (superuser, password, words) in [
        ("", "", "LANGFLOW_SUPERUSER and LANGFLOW_SUPERUSER_PASSWORD"),
        ("", "good-password", "LANGFLOW_SUPERUSER"),
        ("admin", "", "LANGFLOW_SUPERUSER_PASSWORD"),
        ("admin", "langflow", "everybody knows"),
        ("admin", "short", "at least 8"),
    ] {
        let setup = Setup::default().auth(|auth| auth.auto_login = true);
        let app = TestApp::start(setup).await;
        let mut settings = app.app.settings.clone();
        settings.auth.auto_login = false;
        settings.auth.superuser = superuser.into();
        settings.auth.superuser_password = Secret::new(password);
        let outside = langflow_app::Outside {
            clock: Arc::clone(&app.app.clock),
            ids: Arc::clone(&app.app.ids),
            egress: Arc::clone(&app.app.egress),
            providers: Arc::clone(&app.app.providers),
            mcp_client: Arc::clone(&app.app.mcp_client),
            documents: Arc::clone(&app.app.documents),
            shared_files: None,
            secrets: Arc::new(KeyRing::new(&Secret::new("s"), &[]).unwrap()),
        };
        let closed = langflow_app::App::new(
            settings,
            app.app.store.clone(),
            langflow_components::catalogue(),
            outside,
        );
        let error: BootstrapError = bootstrap(&closed).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn stored_secrets_and_keys_outlive_a_new_secret_key() {
    use langflow_app::crypto::rotate;
    let app = TestApp::start(Setup::default()).await;
    let token = app.admin_token().await;
    let key = app.key_of(&token).await;
    let body = json!({"name": "S", "value": "secret", "type": "Credential", "default_fields": []});
    assert_eq!(app.post("/api/v1/variables/").bearer(&token).json(&body).send().await.status, 201);
    let server = json!({"url": "http://127.0.0.1:1/mcp", "headers": {"Authorization": "hush"}});
    let added = app.post("/api/v2/mcp/servers/far").bearer(&token).json(&server).send().await;
    assert_eq!(added.status, 200, "{}", added.text);
    // A project's settings hold a secret, too.
    let owner = langflow_app::identify::by_token(&app.app, &token).await.unwrap();
    let mut project = langflow_app::projects::default_project(&app.app, &owner).await.unwrap();
    let sealed = app.app.secrets.encrypt(&Secret::new("client secret"), &*app.app.clock).unwrap();
    project.auth_settings = Some(json!({"auth_type": "oauth", "oauth_client_secret": sealed}).into());
    let (id, saved) = (project.id, project.clone());
    app.app
        .store
        .write(move |tx| Box::pin(async move { langflow_store::projects::save(tx, &saved).await }))
        .await
        .unwrap();
    let ring =
        |previous: &[Secret]| Arc::new(KeyRing::new(&Secret::new("the new secret"), previous).unwrap());
    let with = |secrets: Arc<KeyRing>| {
        let outside = langflow_app::Outside {
            clock: Arc::clone(&app.app.clock),
            ids: Arc::clone(&app.app.ids),
            egress: Arc::clone(&app.app.egress),
            providers: Arc::clone(&app.app.providers),
            mcp_client: Arc::clone(&app.app.mcp_client),
            documents: Arc::clone(&app.app.documents),
            shared_files: None,
            secrets,
        };
        let (settings, store) = (app.app.settings.clone(), app.app.store.clone());
        langflow_app::App::new(settings, store, langflow_components::catalogue(), outside)
    };
    let turned = with(ring(&[Secret::new(langflow_testkit::test_app::SECRET_KEY)]));
    let done = rotate::reencrypt(&turned).await.unwrap();
    assert_eq!((done.reencrypted, done.unreadable, done.keys_of_previous), (3, 0, 1));
    assert!(langflow_app::identify::by_key(&turned, &key).await.unwrap().is_some());
    assert_eq!(rotate::keys_of_previous(&turned).await.unwrap(), 0, "the key has moved when it was used");
    // The previous secret is not needed any more.
    let forgotten = with(ring(&[]));
    let principal = langflow_app::identify::by_key(&forgotten, &key).await.unwrap().unwrap();
    let row = langflow_store::variables::find_by_name(&forgotten.store, principal.user_id, "S")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(forgotten.secrets.reveal(&row.value).unwrap().expose(), "secret");
    let project = langflow_store::projects::find_any(&forgotten.store, id).await.unwrap().unwrap();
    let sealed =
        project.auth_settings.unwrap().to_value()["oauth_client_secret"].as_str().unwrap().to_owned();
    assert_eq!(forgotten.secrets.reveal(&sealed).unwrap().expose(), "client secret");
    let servers = langflow_app::mcp_servers::list_servers(&forgotten, &principal).await.unwrap();
    assert_eq!(servers.len(), 1, "the list of MCP servers is readable");
    assert_eq!(rotate::reencrypt(&forgotten).await.unwrap().reencrypted, 0);
}
