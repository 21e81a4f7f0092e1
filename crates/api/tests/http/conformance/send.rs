//! A recorded request, sent as its client would send it here.

use super::ids::Known;
use crate::run_flows::{hook, named_by, through};
use http::Method;
use langflow_testkit::test_app::{Answer, Ask, TestApp};
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

    /// Makes the flows of the recorded server whose making was not recorded, when one is first asked for.
    /// Components that held Python code there are native here.
    async fn make_flows(&self, exchange: &Value, known: &mut Known) {
        let request = exchange["request"].to_string();
        for (id, name, graph) in [
            ("a848bcec-ff58-4c09-8ba6-8fb833d7ac35", "failflow", through("Boom-ccccc")),
            ("3f8b8bfc-e3c5-4714-8dd9-140661ccb423", "ticker", through("Ticker-ddddd")),
            ("1b7880be-fef4-4616-95f9-d7d3ea9077ca", "gvar", named_by("MYVAR")),
            ("a6b733df-fdaf-4aa1-b3a1-fe12dc8020c4", "hook", hook()),
        ] {
            let is_asked_for = request.contains(id) || request.contains(&format!("/{name}"));
            if !is_asked_for || known.knows(id) {
                continue;
            }
            let body = json!({"name": name, "endpoint_name": name, "data": graph});
            let made = self.server.post("/api/v1/flows/").bearer(&self.user).json(&body).send().await;
            known.insert(id, &made.field("id"));
            if name == "gvar" {
                let body =
                    json!({"name": "MYVAR", "value": "dbval", "type": "Generic", "default_fields": []});
                self.server.post("/api/v1/variables/").bearer(&self.user).json(&body).send().await;
            }
        }
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
            // It was read some time after it had been started.
            "build.cancel" => {
                let path = format!("/api/v1/build/{echo}/flow");
                let ask = self.server.post(&path).bearer(&self.user).json(&json!({}));
                known.insert("ffa4d3ba-fb33-4eea-97f2-b282ebfe6410", &ask.send().await.field("job_id"));
            }
            "projects.download" => {
                let default = known.translate("6e7382a8-4053-4c74-b1c0-18d03d58fe34");
                known.insert("2a45ff07-298b-4298-918f-1c0daafe694e", &default);
            }
            // One of the caller's; what is recorded after it needs the flows of the default one.
            "projects.delete.default" => {
                let ask = self.server.post("/api/v1/projects/").bearer(&self.user);
                let made = ask.json(&json!({"name": "to be deleted"})).send().await;
                known.insert("fc0d810b-c258-4141-941c-ab6ad6fa05ab", &made.field("id"));
            }
            "ui.editor.autosave" => {
                let flow = self.server.get(&format!("/api/v1/flows/{echo}")).bearer(&self.user).send().await;
                known.insert("4ee7f2d6-8b86-4465-90be-50a18ded3549", &flow.field("version_token"));
            }
            "wf.status" => self.wait_for_job(&known.translate("f43f7ef2-4b45-41bc-a529-788fe84b578a")).await,
            _ => {}
        }
    }

    async fn wait_for_job(&self, job: &str) {
        for _ in 0..200 {
            let path = format!("/api/v2/workflows?job_id={job}");
            let status = self.server.get(&path).bearer(&self.user).send().await.json();
            if status["status"] == "completed" {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
    }

    pub async fn send(&self, exchange: &Value, known: &mut Known) -> Answer {
        let name = exchange["name"].as_str().unwrap_or_default();
        self.make_flows(exchange, known).await;
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
        // The browser of the recording was signed in by cookie.
        if matches!(name, "webhook.events" | "ui.editor.autosave") || name.contains(".excerpt.") {
            ask = ask.bearer(&self.user);
        }
        if matches!(name, "public.events" | "public.cancel" | "public.events.404") {
            ask = ask.header("cookie", "client_id=abc");
        }
        match &request["body"] {
            // It does not end by itself.
            Value::Null if name == "webhook.events" || path.ends_with("/sse") => first_part(ask).await,
            Value::Null => ask.send().await,
            Value::Object(fields) if matches!(name, "run.multipart" | "kb.preview" | "kb.ingest") => {
                let mut form = fields.iter().fold(Form::new(), |form, (key, value)| {
                    form.text(key.clone(), value.as_str().unwrap_or_default().to_owned())
                });
                if name.starts_with("kb.") {
                    let text = Part::bytes("hello world ".repeat(200).into_bytes()).file_name("a.txt");
                    form = form.part("files", text);
                }
                ask.multipart(form).send().await
            }
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

async fn first_part(ask: Ask) -> Answer {
    let mut reply = ask.stream().await.unwrap();
    let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
    let bytes = reply.chunk().await.unwrap().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status, headers, bytes, text }
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
                r#"["2e16a208-9168-4570-8269-c8f7bbde283e","f095a0ab-a79c-4c8e-b170-038d0e3b87e1"]"#,
            );
            let ask = callers.server.post("/api/v1/flows/download/").bearer(&callers.user);
            return ask.header("content-type", "application/json").body(ids).send().await.bytes.to_vec();
        }
        _ if file.ends_with(".png") => return b"\x89PNG\r\n\x1a\n....".to_vec(),
        _ => return b"hello".to_vec(),
    };
    body.to_string().into_bytes()
}
