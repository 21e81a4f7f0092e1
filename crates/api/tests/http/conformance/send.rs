//! A recorded request, sent as its client would send it here.

use super::ids::Known;
use http::Method;
use langflow_testkit::test_app::{Answer, TestApp};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// The credentials of the recorded client.
pub struct Callers<'a> {
    server: &'a TestApp,
    user: String,
    admin: String,
    key: String,
}

impl<'a> Callers<'a> {
    pub async fn new(server: &'a TestApp) -> Self {
        let (_, user) = server.new_user("flowuser", "flow-user-pass-1").await;
        let key = server.key_of(&user).await;
        Self { server, user, admin: server.admin_token().await, key }
    }

    /// What the recording does not show, but its server had been told before.
    async fn prepare(&self, name: &str, known: &mut Known) {
        const ECHO: &str = "f095a0ab-a79c-4c8e-b170-038d0e3b87e1";
        let echo = known.translate(ECHO);
        match name {
            "flows.public.get" => {
                let ask = self.server.patch(&format!("/api/v1/flows/{echo}")).bearer(&self.user);
                ask.json(&json!({"access_type": "PUBLIC"})).send().await;
            }
            // The recorded messages come from a flow with Python code; here they come from the echo flow.
            "monitor.messages" => {
                known.insert("3f8b8bfc-e3c5-4714-8dd9-140661ccb423", &echo);
                for session in ["ws3", "bs1"] {
                    let ask = self.server.post("/api/v1/run/echo").header("x-api-key", &self.key);
                    ask.json(&json!({"input_value": "hi", "session_id": session})).send().await;
                }
            }
            _ => {}
        }
    }

    pub async fn send(&self, exchange: &Value, known: &mut Known) -> Answer {
        let name = exchange["name"].as_str().unwrap_or_default();
        self.prepare(name, known).await;
        let request = &exchange["request"];
        let method =
            Method::from_bytes(request["method"].as_str().unwrap_or("GET").as_bytes()).unwrap_or_default();
        let path = known.translate(request["path"].as_str().unwrap_or_default());
        let mut ask = self.server.request(method, &path);
        for (header, value) in request["headers"].as_object().into_iter().flatten() {
            let value = match header.to_ascii_lowercase().as_str() {
                "authorization" if name.ends_with(".bearer_apikey") => format!("Bearer {}", self.key),
                "authorization" if name.contains(".admin") => format!("Bearer {}", self.admin),
                "authorization" => format!("Bearer {}", self.user),
                "x-api-key" if name.contains("badkey") => "sk-nobody".to_owned(),
                "x-api-key" => self.key.clone(),
                "cookie" => value.as_str().unwrap_or_default().replacen(
                    "access_token_lf=<redacted>",
                    &format!("access_token_lf={}", self.user),
                    1,
                ),
                _ => known.translate(value.as_str().unwrap_or_default()),
            };
            ask = ask.header(header, &value);
        }
        match &request["body"] {
            Value::Null => ask.send().await,
            Value::String(text) => match text.strip_prefix("multipart:file=") {
                Some(file) => {
                    let bytes = file_of(name, file, self, known).await;
                    let part = Part::bytes(bytes).file_name(file.to_owned());
                    ask.multipart(Form::new().part("file", part)).send().await
                }
                None => ask.body(known.translate(text)).send().await,
            },
            body => {
                let text = known.translate(&body.to_string());
                ask.header("content-type", "application/json").body(text).send().await
            }
        }
    }
}

/// What was uploaded: the recording holds only the name.
async fn file_of(name: &str, file: &str, callers: &Callers<'_>, known: &Known) -> Vec<u8> {
    let graph = json!({"nodes": [], "edges": []});
    let body = match name {
        "flows.upload.single" => json!({"name": "Up1", "data": graph}),
        "flows.upload.multi" => json!({"flows": [{"name": "Up1"}, {"name": "Up2"}]}),
        "projects.upload" => {
            json!({"folder_name": "Imported", "folder_description": "id", "flows": [{"name": "FI", "data": graph}]})
        }
        "projects.upload.bad" => json!({"x": 1}),
        "flows.upload.badjson" => return b"{bad".to_vec(),
        "flows.upload.list" => return b"[1]".to_vec(),
        "flows.upload.empty" | "files2.empty" => return Vec::new(),
        "flows.upload.zip" | "projects.upload.zip" => {
            let ids = known.translate(
                r#"["f095a0ab-a79c-4c8e-b170-038d0e3b87e1","2e16a208-9168-4570-8269-c8f7bbde283e"]"#,
            );
            let ask = callers.server.post("/api/v1/flows/download/").bearer(&callers.user);
            return ask.header("content-type", "application/json").body(ids).send().await.bytes.to_vec();
        }
        _ if file.ends_with(".png") => return b"\x89PNG\r\n\x1a\n....".to_vec(),
        _ => return b"hello".to_vec(),
    };
    body.to_string().into_bytes()
}
