//! Recorded exchanges about accounts, replayed: status and shape of the body.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a test")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Method;
use langflow_app::settings::SecurityProfile;
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Egress, Reply};
use langflow_core::{Fault, FaultKind, Secret, async_trait};
use langflow_testkit::test_app::{Answer, SECRET_KEY, Setup, TestApp};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Why an exchange differs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// A property that the server promises: about sessions, secrets, refusals.
    Required,
    /// It might be as recorded, and is better otherwise or not part of this test.
    Chosen,
}

/// The endpoints of accounts: paths that begin so are counted apart.
const CORE: [&str; 11] = [
    "login",
    "logout",
    "refresh",
    "auto_login",
    "session",
    "users",
    "api_key",
    "variables",
    "run",
    "config",
    "version",
];

/// Exchanges that differ on purpose, by name, and why.
const DIFFERENT: [(&str, Why, &str); 16] = [
    ("whoami_after_logout_still_valid", Why::Required, "logging out ends the session"),
    ("jwt_selfmade_ok", Why::Required, "a token is bound to a session"),
    ("jwt_no_exp", Why::Required, "a token without end is refused"),
    (
        "login_inactive_wrong_password",
        Why::Required,
        "only who knows the password learns that the account waits",
    ),
    ("variantE_password_72_login_truncated", Why::Required, "passwords are not cut at 72 bytes"),
    (
        "variable_create_generic_cipherlike",
        Why::Required,
        "400: it is the caller's mistake, not the server's",
    ),
    ("variantE_null_password", Why::Required, "400: it is the caller's mistake, not the server's"),
    ("variantE_long_password", Why::Required, "400: it is the caller's mistake, not the server's"),
    ("apikey_patch_not_supported", Why::Required, "keys can be renamed"),
    ("apikey_list_no_slash", Why::Chosen, "paths answer with and without the last slash, there 404"),
    ("apikey_post_no_slash", Why::Chosen, "paths answer with and without the last slash, there 405"),
    ("variantE_no_slash_redirect", Why::Chosen, "paths answer at once where the recorded server redirects"),
    (
        "variantE_no_slash_redirect_post",
        Why::Chosen,
        "paths answer at once where the recorded server redirects",
    ),
    (
        "store_check_api_key",
        Why::Chosen,
        "the recorded server failed to reach its store; here there is none to ask",
    ),
    ("head_health", Why::Chosen, "HEAD answers where GET does"),
    ("variantE_logs", Why::Chosen, "the log is not kept for readers by default; its keys are times anyway"),
];

/// A network in which nobody answers, as where the exchanges were recorded.
#[derive(Debug)]
struct Away;

#[async_trait]
impl Egress for Away {
    async fn send(&self, request: http::Request<Bytes>, _: CallOptions) -> Result<Reply, Fault> {
        Err(Fault::new(FaultKind::Unavailable, format!("nobody answers at {}", request.uri())))
    }
}

struct Replay {
    app: TestApp,
    /// Recorded text → ours, for ids, tokens and keys.
    ours: HashMap<String, String>,
}

impl Replay {
    /// Puts our values in the place of recorded ones.
    fn translate(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (recorded, ours) in &self.ours {
            if text.contains(recorded.as_str()) {
                text = text.replace(recorded.as_str(), ours);
            }
        }
        text
    }

    /// A token that the recorder signed itself, signed with our secret.
    fn resign(&self, name: &str, token: &str) -> Option<String> {
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
        let mut claims: Map<String, Value> = serde_json::from_slice(&claims).ok()?;
        for value in claims.values_mut() {
            if let Some(text) = value.as_str() {
                *value = json!(self.translate(text));
            }
        }
        if let Some(exp) = claims.get_mut("exp")
            && !name.contains("expired")
        {
            *exp = json!(4_000_000_000u64);
        }
        let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        let key = jsonwebtoken::EncodingKey::from_secret(SECRET_KEY.as_bytes());
        jsonwebtoken::encode(&header, &claims, &key).ok()
    }

    fn header(&self, name: &str, value: &str) -> String {
        let value = self.translate(value);
        let is_forged =
            name.starts_with("jwt_") && !["jwt_wrong_key", "jwt_hs512", "jwt_alg_none"].contains(&name);
        if is_forged
            && let Some(token) = value.strip_prefix("Bearer ")
            && let Some(ours) = self.resign(name, token)
        {
            return format!("Bearer {ours}");
        }
        value
    }

    /// Here logging out ends the session; there the token went on. So what follows uses a new one.
    async fn sign_in_again(&mut self) {
        let fresh = self.app.sign_in("administrator", "securepassword").await;
        for ours in self.ours.values_mut().filter(|text| text.starts_with("eyJ")) {
            let claims = URL_SAFE_NO_PAD.decode(ours.split('.').nth(1).unwrap()).unwrap();
            let claims: Value = serde_json::from_slice(&claims).unwrap();
            let kind = format!("{}_token", claims["type"].as_str().unwrap());
            *ours = fresh[kind].as_str().unwrap().to_owned();
        }
    }

    async fn send(&self, name: &str, request: &Value) -> Answer {
        let method: Method = request["method"].as_str().unwrap().parse().unwrap();
        let mut ask = self.app.request(method, &self.translate(request["path"].as_str().unwrap()));
        for (key, value) in request["headers"].as_object().unwrap() {
            ask = ask.header(key, &self.header(name, value.as_str().unwrap()));
        }
        ask = match &request["body"] {
            Value::Null => ask,
            Value::String(text) => ask.body(self.translate(text)),
            json => ask.body(self.translate(&json.to_string())),
        };
        ask.send().await
    }

    /// Learns which of our ids, tokens and keys stand for the recorded ones.
    fn learn(&mut self, recorded: &Value, ours: &Value) {
        match (recorded, ours) {
            (Value::Object(recorded), Value::Object(ours)) => {
                for (key, value) in recorded {
                    if let Some(other) = ours.get(key) {
                        self.learn(value, other);
                    }
                }
            }
            (Value::Array(recorded), Value::Array(ours)) => {
                recorded.iter().zip(ours).for_each(|(recorded, ours)| self.learn(recorded, ours));
            }
            (Value::String(recorded), Value::String(ours))
                if recorded != ours && stands_for_itself(recorded) =>
            {
                self.ours.entry(recorded.clone()).or_insert_with(|| ours.clone());
            }
            _ => {}
        }
    }
}

/// Ids, tokens and keys: texts that mean one thing wherever they stand.
fn stands_for_itself(text: &str) -> bool {
    let is_id = text.len() == 36 && text.split('-').count() == 5;
    is_id || text.starts_with("eyJ") || (text.starts_with("sk-") && !text.contains('*'))
}

/// Keys and kinds of a body, without its values; of a list the first element.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), shape(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.first().map_or_else(|| json!([]), |first| json!([shape(first)])),
        Value::Null => json!("null"),
        Value::Bool(_) => json!("bool"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("text"),
    }
}

/// Whether two shapes agree; null stands for a value that may be absent.
fn agrees(recorded: &Value, ours: &Value) -> bool {
    match (recorded, ours) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| agrees(value, other)))
        }
        (Value::Array(a), Value::Array(b)) => a.iter().zip(b).all(|(a, b)| agrees(a, b)),
        _ => recorded == ours || *recorded == "null" || *ours == "null",
    }
}

/// How much of the recording was answered alike.
#[derive(Default)]
struct Tally {
    equal: usize,
    /// Different with a reason: names, and whether the endpoint is of the core.
    told: Vec<(String, bool)>,
    wrong: Vec<String>,
    core: usize,
    all: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.equal += other.equal;
        self.told.extend(other.told);
        self.wrong.extend(other.wrong);
        self.core += other.core;
        self.all += other.all;
    }

    /// Exchanges, those that are equal, and those that differ because the server promises otherwise.
    fn figures(&self, core_only: bool) -> (usize, usize, usize) {
        let told = self.told.iter().filter(|(_, is_core)| *is_core || !core_only);
        let told: Vec<&str> = told.map(|(name, _)| name.as_str()).collect();
        let is_required =
            |name: &&&str| DIFFERENT.iter().any(|(known, why, _)| known == *name && *why == Why::Required);
        let all = if core_only { self.core } else { self.all };
        (all, all - told.len() - self.wrong.len(), told.iter().filter(is_required).count())
    }
}

fn is_core(line: &Value) -> bool {
    let path = line["request"]["path"].as_str().unwrap();
    let Some((_, rest)) = path.split_once("/api/v1/") else { return false };
    CORE.contains(&rest.split(['/', '?']).next().unwrap())
}

async fn replay(setup: Setup, lines: &[Value]) -> Tally {
    let mut replay = Replay { app: TestApp::start(setup).await, ours: HashMap::new() };
    let mut tally = Tally::default();
    for line in lines {
        let name = line["name"].as_str().unwrap();
        tally.all += 1;
        tally.core += usize::from(is_core(line));
        if name == "login_rate_6" {
            // The attempts between the first and this one are not in the recording.
            for _ in 1..6 {
                replay.send(name, &line["request"]).await;
            }
        }
        if name == "variantE_logs" {
            // The recorder came back after its token had expired.
            replay.app.clock.advance(chrono::TimeDelta::hours(2));
        }
        let answer = replay.send(name, &line["request"]).await;
        if name == "whoami_after_logout_still_valid" {
            replay.sign_in_again().await;
        }
        let recorded = &line["response"];
        replay.learn(&recorded["body"], &answer.json());
        let same_status = recorded["status"] == json!(answer.status);
        let body = if answer.text.is_empty() {
            json!("")
        } else {
            serde_json::from_str(&answer.text).unwrap_or(json!("text"))
        };
        let same = same_status && agrees(&shape(&recorded["body"]), &shape(&body));
        let reason = DIFFERENT.iter().find(|(known, ..)| *known == name).map(|(.., why)| *why);
        match (same, reason) {
            (true, _) => tally.equal += 1,
            (false, Some(why)) => {
                println!("different: {name}: recorded {}, ours {}: {why}", recorded["status"], answer.status);
                tally.told.push((name.to_owned(), is_core(line)));
            }
            (false, None) => tally.wrong.push(format!(
                "{name}: recorded {} {}, ours {} {}",
                recorded["status"], recorded["body"], answer.status, answer.text
            )),
        }
    }
    tally
}

fn setup() -> Setup {
    let setup = Setup { egress: Arc::new(Away), ..Setup::default() };
    let editor = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/editor");
    let setup = setup.settings(|settings| settings.paths.frontend = Some(editor.into()));
    setup.auth(|auth| {
        auth.superuser = "administrator".into();
        auth.superuser_password = Secret::new("securepassword");
        auth.profile = SecurityProfile::Compat;
    })
}

/// The recorded server with a prefix, a key in its environment and no editor.
fn behind_proxy() -> Setup {
    let environment = BTreeMap::from([("FOO_VAR".to_owned(), Secret::new("foo"))]);
    setup()
        .auth(|auth| {
            auth.superuser = "envfile".into();
            auth.root_path = "/lf".into();
            auth.environment_api_key = Secret::new("my-env-key");
            auth.new_user_is_active = true;
        })
        .settings(move |settings| {
            settings.http.backend_only = true;
            settings.variables.environment = Arc::new(environment);
            settings.variables.variables_to_get_from_environment = vec!["FOO_VAR".into()];
        })
}

/// What stands in the field of each recorded flow: the name of a variable.
const VARIABLES: [(&str, &str); 8] = [
    ("gv_run_generic_db", "GVGEN"),
    ("gv_run_credential_db", "GVCRED"),
    ("gv_run_header_override_existing", "GVGEN"),
    ("gv_run_header_override_missing_var", "GV_NOT_DEFINED"),
    ("gv_run_missing_no_env", "GV_NOT_DEFINED"),
    ("gv_run_env_fallback", "HOME"),
    ("gv_run_env_fallback_protected", "LANGFLOW_CONFIG_DIR"),
    ("gv_run_header_lowercase_name", "gvlower"),
];

/// Runs of flows whose text is a global variable: the status and the very text.
async fn replay_variables(lines: &[Value]) -> Tally {
    let environment = ["HOME", "LANGFLOW_CONFIG_DIR"].map(|name| (name.to_owned(), Secret::new("/root")));
    let app = TestApp::start(setup().settings(move |settings| {
        settings.variables.fallback_to_env_var = true;
        settings.variables.environment = Arc::new(BTreeMap::from(environment));
    }))
    .await;
    let token =
        app.sign_in("administrator", "securepassword").await["access_token"].as_str().unwrap().to_owned();
    let key = app.key_of(&token).await;
    for (name, kind) in [("GVGEN", "Generic"), ("GVCRED", "Credential")] {
        let body = json!({"name": name, "value": "from-db-generic", "type": kind, "default_fields": []});
        assert_eq!(app.post("/api/v1/variables/").bearer(&token).json(&body).send().await.status, 201);
    }
    let mut tally = Tally { all: lines.len(), core: lines.len(), ..Tally::default() };
    for line in lines {
        let name = line["name"].as_str().unwrap();
        let variable = VARIABLES.iter().find(|(known, _)| *known == name).unwrap().1;
        let flow = json!({"name": name, "data": crate::support::text_graph(&app, &key, variable).await});
        let flow = app.post("/api/v1/flows/").bearer(&token).json(&flow).send().await.field("id");
        let mut ask = app.post(&format!("/api/v1/run/{flow}?stream=false")).header("x-api-key", &key);
        for (header, value) in line["request"]["headers"].as_object().unwrap() {
            if header.to_lowercase().starts_with("x-langflow-") {
                ask = ask.header(header, value.as_str().unwrap());
            }
        }
        let answer = ask.json(&line["request"]["body"]).send().await;
        let (status, recorded) = (&line["response"]["status"], &line["response"]["body"]["value"]);
        let text = answer.json()["outputs"][0]["outputs"][0]["results"]["message"]["text"].clone();
        let has_form = answer.status == 200 || answer.detail().is_string();
        if *status == json!(answer.status) && *recorded == text && has_form {
            tally.equal += 1;
        } else {
            tally.wrong.push(format!(
                "{name}: recorded {status} {recorded}, ours {} {}",
                answer.status, answer.text
            ));
        }
    }
    tally
}

#[tokio::test]
async fn recorded_exchanges_are_answered_alike() {
    let Some(text) = crate::support::recorded("auth.jsonl") else { return };
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines: Vec<Value> = lines.into_iter().filter(|line| line["version"] == "1.13.0").collect();
    let pick = |wanted: &dyn Fn(&str) -> bool| -> Vec<Value> {
        lines.iter().filter(|line| wanted(line["name"].as_str().unwrap())).cloned().collect()
    };
    let other = ["AT_", "cors_", "login_rate_", "webhook_open_", "gv_run_", "variantE_", "query_"];
    let on = |skip: bool| {
        setup().auth(move |auth| {
            auth.auto_login = true;
            auth.superuser = String::new();
            auth.superuser_password = Secret::default();
            auth.skip_auth_auto_login = skip;
        })
    };
    let rounds = [
        (setup(), pick(&|name| !other.iter().any(|start| name.starts_with(start)))),
        (on(false), pick(&|name| name.starts_with("AT_SF_"))),
        (on(true), pick(&|name| name.starts_with("AT_ST_") || name.starts_with("query_"))),
        (setup().auth(|auth| auth.rate_limit_enabled = true), pick(&|name| name.starts_with("login_rate_"))),
        // Any origin is the reference's default; here it is set.
        (
            setup().settings(|settings| settings.http.cors_origins = vec!["*".into()]),
            pick(&|name| name.starts_with("cors_") && !name.starts_with("cors_list_")),
        ),
        (
            setup().auth(|auth| auth.webhook_auth_enable = false),
            pick(&|name| name.starts_with("webhook_open_")),
        ),
        (behind_proxy(), pick(&|name| name.starts_with("variantE_"))),
        (
            setup().settings(|settings| settings.http.cors_origins = vec!["http://ok.example".into()]),
            pick(&|name| name.starts_with("cors_list_")),
        ),
    ];
    let mut tally = Tally::default();
    for (setup, lines) in rounds {
        tally.add(replay(setup, &lines).await);
    }
    tally.add(replay_variables(&pick(&|name| name.starts_with("gv_run_"))).await);
    assert_eq!((tally.all, tally.equal), (lines.len(), tally.figures(false).1), "each is replayed once");
    for (what, core_only) in [("all endpoints", false), ("core endpoints", true)] {
        let (all, equal, required) = tally.figures(core_only);
        let share = |equal: usize, of: usize| equal as f64 * 100.0 / of as f64;
        println!(
            "{what}: {equal} of {all} exchanges equal in status and shape ({:.1} %); of those where this server does \
             not promise otherwise {equal} of {} ({:.1} %)",
            share(equal, all),
            all - required,
            share(equal, all - required)
        );
        assert!(share(equal, all - required) >= 95.0, "only {equal} of {} are equal", all - required);
    }
    for (name, ..) in DIFFERENT {
        assert!(tally.told.iter().any(|(known, _)| known == name), "{name} does not differ any more");
    }
    assert!(tally.wrong.is_empty(), "{} differ:\n{}", tally.wrong.len(), tally.wrong.join("\n"));
}
