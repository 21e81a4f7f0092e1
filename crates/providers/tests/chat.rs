//! One behaviour suite over every chat profile, its cases chosen by what the profile can do; another over every
//! vector store.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod vectors;

use futures::StreamExt as _;
use langflow_core::capability::{
    ChatDelta, ChatModel, ChatRequest, ChatTurn, ResponseFormat, ToolCall, ToolSchema,
};
use langflow_core::value::Usage;
use langflow_core::{FaultKind, Json, Secret};
use langflow_providers::aws::Account;
use langflow_providers::chat::{ChatSettings, PROFILES, Profile, Target, Wire, connect};
use langflow_providers::http::{Door, EgressConfig, RetryConfig, SsrfConfig};
use langflow_testkit::fake_model::{FakeModel, Scripted};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

fn door() -> Arc<Door> {
    let config = EgressConfig {
        ssrf: SsrfConfig { enabled: true, allowed_hosts: vec!["127.0.0.1".into()] },
        retry: RetryConfig {
            first_wait: Duration::from_millis(1),
            longest_wait: Duration::from_millis(4),
            longest_retry_after: Duration::from_secs(1),
        },
        ..EgressConfig::default()
    };
    Arc::new(Door::new(config).unwrap())
}

struct Case {
    profile: &'static Profile,
    server: FakeModel,
    door: Arc<Door>,
}

impl Case {
    async fn new(profile: &'static Profile) -> Self {
        Self { profile, server: FakeModel::start().await, door: door() }
    }

    /// The profile at the fake.
    fn target(&self, key: &str, model: &str) -> Target {
        let root = self.server.root_url();
        let base = match self.profile.wire {
            Wire::OpenAi => self.server.openai_url(),
            Wire::Anthropic | Wire::Ollama | Wire::Watsonx | Wire::Bedrock => root.clone(),
            Wire::Gemini | Wire::Vertex => self.server.gemini_url(),
        };
        let mut target = Target::new(self.profile, model, Secret::new(key)).at(&base);
        target.token_url = format!("{root}/identity/token");
        target.account = Some(Account {
            access_key_id: Secret::new(key),
            secret_access_key: Secret::new("secret"),
            session_token: Secret::default(),
            region: "us-east-1".into(),
            clock: Arc::new(langflow_core::clock::SystemClock),
        });
        target
    }

    /// Requests of the wire itself: those for tokens are left out.
    fn asked(&self) -> Vec<langflow_testkit::fake_model::Recorded> {
        self.server.requests().into_iter().filter(|request| request.path != "/identity/token").collect()
    }

    fn model(&self, key: &str) -> Arc<dyn ChatModel> {
        self.model_with(key, ChatSettings { retries: 0, ..ChatSettings::default() })
    }

    fn model_with(&self, key: &str, settings: ChatSettings) -> Arc<dyn ChatModel> {
        connect(self.target(key, "test-model"), settings, self.door.clone()).unwrap()
    }
}

const USAGE: Usage = Usage { input_tokens: 11, output_tokens: 7, total_tokens: 18 };

fn user(text: &str) -> ChatRequest {
    ChatRequest::new(vec![ChatTurn::system("be kind"), ChatTurn::user(text)])
}

fn tool(name: &str) -> ToolSchema {
    ToolSchema {
        name: name.into(),
        description: format!("The tool {name}."),
        parameters: json!({
            "type": "object",
            "properties": { "x": { "type": "integer", "title": "X" } },
            "required": ["x"],
        }),
    }
}

/// Text, tool calls, usage of a stream.
async fn read_stream(
    model: &dyn ChatModel,
    request: ChatRequest,
) -> Result<(Vec<String>, Vec<ToolCall>, Option<Usage>), langflow_core::Fault> {
    let mut stream = model.stream(request).await?;
    let (mut texts, mut calls, mut usage) = (Vec::new(), Vec::new(), None);
    while let Some(delta) = stream.next().await {
        match delta? {
            ChatDelta::Text(text) => texts.push(text),
            ChatDelta::ToolCall(call) => calls.push(call),
            ChatDelta::Usage(counted) => usage = Some(counted),
            ChatDelta::Finish(_) => {}
        }
    }
    Ok((texts, calls, usage))
}

async fn plain(case: &Case) {
    let answer = case.model("k").complete(user("hi")).await.unwrap();
    assert_eq!(answer.text, "Echo: hi");
    assert_eq!(answer.usage, Some(USAGE));
    assert!(answer.tool_calls.is_empty());
    let sent = case.asked();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].headers.values().any(|value| value.contains('k')), "the key was sent");
}

async fn stream(case: &Case) {
    let (texts, _, usage) = read_stream(&*case.model("k"), user("hi there")).await.unwrap();
    let spoken: Vec<_> = texts.iter().filter(|text| !text.is_empty()).map(String::as_str).collect();
    assert_eq!(spoken, ["Echo: ", "hi ", "there "]);
    if case.profile.quirks.stream_usage {
        assert_eq!(usage, Some(USAGE));
    }
}

async fn one_tool(case: &Case) {
    let model = case.model("k");
    let mut request = user("call add {\"x\": 2}");
    request.tools = vec![tool("add")];
    let answer = model.complete(request.clone()).await.unwrap();
    assert_eq!(answer.tool_calls.len(), 1);
    assert_eq!(
        (answer.tool_calls[0].name.as_str(), &answer.tool_calls[0].arguments),
        ("add", &json!({ "x": 2 }))
    );
    // The result goes back and the model speaks.
    let mut asked = ChatTurn::assistant(answer.text);
    asked.tool_calls = answer.tool_calls.clone();
    request.turns.push(asked);
    request.turns.push(ChatTurn::tool(&answer.tool_calls[0], "4"));
    assert_eq!(model.complete(request).await.unwrap().text, "Tool said: 4");
}

async fn parallel_tools(case: &Case) {
    let mut request = user("call add {\"x\": 2}\ncall sub {\"x\": 3}");
    request.tools = vec![tool("add"), tool("sub")];
    let (_, calls, _) = read_stream(&*case.model("k"), request).await.unwrap();
    let got: Vec<(&str, &Json)> = calls.iter().map(|call| (call.name.as_str(), &call.arguments)).collect();
    assert_eq!(got, [("add", &json!({ "x": 2 })), ("sub", &json!({ "x": 3 }))]);
    assert_ne!(calls[0].id, calls[1].id, "every call has an id of its own");
}

async fn structured(case: &Case) {
    let mut request = user("give {\"name\": \"Ada\"}");
    request.format = ResponseFormat::Schema {
        name: "Person".into(),
        schema: json!({ "type": "object", "properties": { "name": { "type": "string" } } }),
    };
    let answer = case.model("k").complete(request).await.unwrap();
    assert_eq!(serde_json::from_str::<Json>(&answer.text).unwrap(), json!({ "name": "Ada" }));
}

async fn forced_tool(case: &Case) {
    let mut request = user("give {\"x\": 5}");
    request.tools = vec![tool("add"), tool("sub")];
    request.forced_tool = Some("sub".into());
    let answer = case.model("k").complete(request).await.unwrap();
    match answer.tool_calls.first() {
        Some(call) => assert_eq!((call.name.as_str(), &call.arguments), ("sub", &json!({ "x": 5 }))),
        // A wire that cannot force a tool answers in the form of its arguments.
        None => assert_eq!(serde_json::from_str::<Json>(&answer.text).unwrap(), json!({ "x": 5 })),
    }
}

async fn image(case: &Case) {
    let mut turn = ChatTurn::user("look");
    turn.parts
        .push(langflow_core::capability::ContentPart::Image { url: "data:image/png;base64,QUJD".into() });
    let answer = case.model("k").complete(ChatRequest::new(vec![turn])).await.unwrap();
    assert_eq!(answer.text, "Echo: look");
    assert!(case.asked()[0].body.to_string().contains("QUJD"), "the picture was sent");
}

async fn bad_key(case: &Case) {
    for fault in [
        case.model("bad-key").complete(user("hi")).await.unwrap_err(),
        read_stream(&*case.model("bad-key"), user("hi")).await.unwrap_err(),
    ] {
        assert_eq!(fault.kind(), FaultKind::Unauthorised);
        assert!(fault.message().contains(case.profile.name), "{fault}");
        assert!(!fault.message().contains("bad-key"), "{fault}");
        assert_eq!(fault.reply().unwrap().status, 401);
    }
}

async fn rate_limited(case: &Case) {
    case.server.script([Scripted::RateLimited { retry_after: Some(7) }]);
    let fault = case.model("k").complete(user("hi")).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::RateLimited);
    assert_eq!(fault.wait(), Some(Duration::from_secs(7)));
    // With retries left, the second attempt answers.
    case.server.script([Scripted::RateLimited { retry_after: None }, Scripted::ServerError]);
    let patient = case.model_with("k", ChatSettings { retries: 2, ..ChatSettings::default() });
    assert_eq!(patient.complete(user("hi")).await.unwrap().text, "Echo: hi");
}

async fn failures(case: &Case) {
    let impatient =
        ChatSettings { retries: 0, timeout: Duration::from_millis(100), ..ChatSettings::default() };
    for (scripted, kind) in [
        (Scripted::ServerError, FaultKind::Unavailable),
        (Scripted::Garbage, FaultKind::Unavailable),
        (Scripted::Half, FaultKind::Unavailable),
        (Scripted::Silence, FaultKind::Timeout),
        (Scripted::Status(400, json!({ "error": { "message": "too long" } })), FaultKind::Invalid),
        (Scripted::Status(404, json!({ "error": { "message": "no such model" } })), FaultKind::Missing),
    ] {
        let model = case.model_with("k", impatient.clone());
        case.server.script([scripted.clone(), scripted.clone()]);
        let whole = model.complete(user("hi")).await.expect_err(&format!("{scripted:?}"));
        assert_eq!(whole.kind(), kind, "{scripted:?}: {whole}");
        let streamed = read_stream(&*model, user("hi")).await.expect_err(&format!("{scripted:?}"));
        assert_eq!(streamed.kind(), kind, "{scripted:?}: {streamed}");
    }
}

async fn cancel(case: &Case) {
    let model = case.model("k");
    let mut stream = model.stream(user("one two three four")).await.unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    drop(stream);
    // The server is well and the pool is not poisoned.
    assert_eq!(model.complete(user("hi")).await.unwrap().text, "Echo: hi");
}

#[tokio::test]
async fn every_profile_behaves() {
    let mut cases = 0;
    for profile in &PROFILES {
        let quirks = profile.quirks;
        macro_rules! run {
            ($($scenario:ident if $able:expr),* $(,)?) => {$(
                if $able {
                    eprintln!("{}: {}", profile.name, stringify!($scenario));
                    $scenario(&Case::new(profile).await).await;
                    cases += 1;
                }
            )*};
        }
        run!(
            plain if true,
            stream if true,
            one_tool if quirks.tools,
            parallel_tools if quirks.tools,
            structured if quirks.json_schema,
            forced_tool if quirks.tools,
            image if true,
            bad_key if true,
            rate_limited if true,
            failures if true,
            cancel if true,
        );
    }
    eprintln!("{cases} cases over {} profiles", PROFILES.len());
}

#[tokio::test]
async fn every_embedding_vendor_gives_a_vector_per_text() {
    use langflow_providers::embed::{EmbedSettings, connect};
    let mut cases = 0;
    for profile in PROFILES.iter().filter(|profile| profile.wire != Wire::Anthropic) {
        let case = Case::new(profile).await;
        // On Bedrock the model says the form; Titan's takes one text a call.
        let name = if profile.wire == Wire::Bedrock { "cohere.embed-model" } else { "embed-model" };
        let model = |settings| connect(case.target("k", name), settings, case.door.clone()).unwrap();
        let few = EmbedSettings { batch: 2, retries: 0, ..EmbedSettings::default() };
        let texts = ["red apple", "green pear", "red apple", ""].map(str::to_owned).to_vec();
        let vectors = model(few.clone()).embed(texts).await.unwrap();
        assert_eq!(vectors.len(), 4, "{}", profile.name);
        assert_eq!(vectors[0], vectors[2], "{}", profile.name);
        assert_ne!(vectors[0], vectors[1], "{}", profile.name);
        assert_eq!(case.asked().len(), 2, "{}: two texts a call", profile.name);
        assert!(model(few.clone()).embed(vec![]).await.unwrap().is_empty());
        for (scripted, kind) in [
            (Scripted::Unauthorised, FaultKind::Unauthorised),
            (Scripted::RateLimited { retry_after: None }, FaultKind::RateLimited),
            (Scripted::Garbage, FaultKind::Unavailable),
            (
                Scripted::Status(200, json!({ "data": [], "embeddings": [], "results": [] })),
                FaultKind::Unavailable,
            ),
        ] {
            case.server.script([scripted.clone()]);
            let fault = model(few.clone()).embed(vec!["x".into()]).await.unwrap_err();
            assert_eq!(fault.kind(), kind, "{} {scripted:?}: {fault}", profile.name);
            cases += 1;
        }
        cases += 1;
    }
    eprintln!("{cases} cases");
}

#[tokio::test]
async fn services_with_a_form_of_their_own_give_vectors_too() {
    use langflow_providers::embed::{EmbedSettings, Form, connect};
    for (vendor, model, form, path, asked) in [
        ("Amazon Bedrock", "amazon.titan-embed-text-v1", None, "", 2),
        ("Hugging Face", "m", Some(Form::Inference), "/feature-extraction", 1),
        ("OpenAI Compatible", "@cf/baai/bge", Some(Form::Cloudflare), "", 1),
    ] {
        let case = Case::new(langflow_providers::chat::profile(vendor).unwrap()).await;
        let target = case.target("k", model).at(&format!("{}{path}", case.server.root_url()));
        let settings = EmbedSettings { form, retries: 0, ..EmbedSettings::default() };
        let vectors = connect(target, settings, case.door.clone()).unwrap();
        let vectors = vectors.embed(vec!["red apple".into(), "green pear".into()]).await.unwrap();
        assert!(vectors.len() == 2 && vectors[0] != vectors[1], "{vendor}");
        assert_eq!(case.server.requests().len(), asked, "{vendor}");
    }
}

#[tokio::test]
async fn a_service_account_signs_for_a_token_that_is_kept() {
    let case = Case::new(langflow_providers::chat::profile("Vertex AI").unwrap()).await;
    let account = json!({
        "type": "service_account", "client_email": "robot@project.example", "project_id": "p",
        "private_key": include_str!("../../app/src/crypto/test_rsa_key.pem"),
        "token_uri": format!("{}/identity/token", case.server.root_url()),
    });
    let model = case.model(&account.to_string());
    for _ in 0..2 {
        assert_eq!(model.complete(user("hi")).await.unwrap().text, "Echo: hi");
    }
    let asked = case.server.requests();
    assert_eq!(asked.iter().filter(|request| request.path == "/identity/token").count(), 1);
    assert_eq!(asked[1].headers["authorization"], "Bearer google-token");
}

#[tokio::test]
async fn private_addresses_are_refused() {
    let server = FakeModel::start().await;
    let door = Arc::new(Door::new(EgressConfig::default()).unwrap());
    for base in [server.openai_url(), server.openai_url().replace("127.0.0.1", "localhost")] {
        let target = Target::new(langflow_providers::chat::profile("OpenAI").unwrap(), "m", Secret::new("k"))
            .at(&base);
        let fault = connect(target, ChatSettings::default(), door.clone())
            .unwrap()
            .complete(user("hi"))
            .await
            .unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Refused, "{base}: {fault}");
        assert!(fault.message().contains("LANGFLOW_SSRF_ALLOWED_HOSTS"), "{fault}");
    }
    assert!(server.requests().is_empty());
}
