//! Recorded exchanges about accounts, replayed: status and shape of the body.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a test")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use langflow_app::settings::SecurityProfile;
use langflow_testkit::test_app::{Answer, SECRET_KEY, Setup, TestApp};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Exchanges that differ on purpose, by name, and why.
const DIFFERENT: [(&str, &str); 27] = [
    ("whoami_after_logout_still_valid", "logging out ends the session"),
    ("apikey_list_no_slash", "paths answer with and without the last slash"),
    ("apikey_post_no_slash", "paths answer with and without the last slash"),
    ("apikey_patch_not_supported", "keys can be renamed"),
    ("apikey_get_one_not_supported", "405: the path is there for other methods"),
    ("variable_get_one", "405: the path is there for other methods"),
    ("store_check", "there is no store"),
    ("store_check_api_key", "there is no store to ask"),
    ("login_inactive_never_logged_in", ""),
    ("login_inactive_wrong_password", "only who knows the password learns that the account waits"),
    ("variable_create_generic_cipherlike", "400: it is the caller's mistake, not the server's"),
    ("variables_list_initial", "no placeholder variables are made"),
    ("jwt_selfmade_ok", "a token is bound to a session"),
    ("jwt_no_exp", "a token without end is refused"),
    ("bearer_lowercase_scheme", "the recorded token is not of a session; the scheme is tested elsewhere"),
    ("cors_preflight", "no other origin is allowed by default"),
    ("login_rate_0", "the limit has a test of its own"),
    ("login_rate_6", "the limit has a test of its own"),
    ("head_health", "HEAD answers where GET does"),
    ("unknown_page", "the editor is not part of this test"),
    ("unknown_asset", "the editor is not part of this test"),
    ("root_get", "the editor is not part of this test"),
    ("user_patch_nothing_304", ""),
    ("user_signup_empty", ""),
    ("whoami_inactive_field_key", ""),
    ("AT_SF_signup", ""),
    ("AT_ST_variables_anonymous", "no placeholder variables are made"),
];

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

async fn replay(setup: Setup, lines: &[Value]) -> (usize, usize, Vec<String>) {
    let mut replay = Replay { app: TestApp::start(setup).await, ours: HashMap::new() };
    let (mut equal, mut told, mut wrong) = (0, 0, Vec::new());
    for line in lines {
        let name = line["name"].as_str().unwrap();
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
        let reason = DIFFERENT.iter().find(|(known, _)| *known == name).map(|(_, why)| *why);
        match (same, reason) {
            (true, _) => equal += 1,
            (false, Some(why)) if !why.is_empty() => {
                told += 1;
                println!("different: {name}: recorded {}, ours {}: {why}", recorded["status"], answer.status);
            }
            (false, _) => wrong.push(format!(
                "{name}: recorded {} {}, ours {} {}",
                recorded["status"], recorded["body"], answer.status, answer.text
            )),
        }
    }
    (equal, told, wrong)
}

fn setup() -> Setup {
    Setup::default().auth(|auth| {
        auth.superuser = "administrator".into();
        auth.superuser_password = langflow_core::Secret::new("securepassword");
        auth.profile = SecurityProfile::Compat;
    })
}

#[tokio::test]
async fn recorded_exchanges_are_answered_alike() {
    let Some(text) = crate::support::recorded("auth.jsonl") else { return };
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines: Vec<Value> = lines.into_iter().filter(|line| line["version"] == "1.13.0").collect();
    let pick = |wanted: &dyn Fn(&str) -> bool| -> Vec<Value> {
        lines.iter().filter(|line| wanted(line["name"].as_str().unwrap())).cloned().collect()
    };
    let other = ["AT_", "cors_list_", "webhook_open_", "gv_run_", "variantE_", "query_"];
    let on = |skip: bool| {
        setup().auth(move |auth| {
            auth.auto_login = true;
            auth.superuser = String::new();
            auth.superuser_password = langflow_core::Secret::default();
            auth.skip_auth_auto_login = skip;
        })
    };
    let rounds = [
        (setup(), pick(&|name| !other.iter().any(|start| name.starts_with(start)))),
        (on(false), pick(&|name| name.starts_with("AT_SF_"))),
        (on(true), pick(&|name| name.starts_with("AT_ST_"))),
        (
            setup().settings(|settings| settings.http.cors_origins = vec!["http://ok.example".into()]),
            pick(&|name| name.starts_with("cors_list_")),
        ),
    ];
    let (mut equal, mut told, mut wrong) = (0, 0, Vec::new());
    for (setup, lines) in rounds {
        let (e, t, w) = replay(setup, &lines).await;
        equal += e;
        told += t;
        wrong.extend(w);
    }
    let all = equal + told + wrong.len();
    println!("{equal} of {all} exchanges equal in status and shape, {told} different with a reason");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(equal * 100 >= all * 90, "only {equal} of {all} are equal");
}
