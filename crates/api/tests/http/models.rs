//! Models and their providers: what is listed, which keys pass, which models are on.

use langflow_testkit::caller::Caller;
use langflow_testkit::fake_model::FakeModel;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::{Value, json};

async fn server() -> (TestApp, FakeModel) {
    (TestApp::start(Setup::default().with_network()).await, FakeModel::start().await)
}

async fn store(user: &Caller<'_>, name: &str, value: &str, kind: &str) -> (u16, Value) {
    let body = json!({"name": name, "value": value, "type": kind, "default_fields": []});
    let answer = user.post("/api/v1/variables/", &body).await;
    (answer.status, answer.json())
}

fn provider<'a>(list: &'a Value, name: &str) -> &'a Value {
    let mut all = list.as_array().unwrap().iter();
    all.find(|provider| provider["provider"] == name).unwrap_or_else(|| panic!("{name} is not listed"))
}

#[tokio::test]
async fn providers_are_listed_with_what_they_need_and_offer() {
    let (server, _) = server().await;
    let user = server.caller("ann").await;
    let list = user.get("/api/v1/models").await.json();
    let openai = provider(&list, "OpenAI");
    assert_eq!(openai["variables"][0]["variable_key"], "OPENAI_API_KEY");
    assert_eq!((&openai["is_configured"], &openai["is_enabled"]), (&json!(false), &json!(false)));
    assert_eq!(openai["num_models"], openai["models"].as_array().unwrap().len());
    assert!(
        openai["models"].as_array().unwrap().iter().all(|model| model["metadata"]["deprecated"] == false)
    );
    let all = user.get("/api/v1/models?include_deprecated=true&provider=OpenAI").await.json();
    assert_eq!(all.as_array().unwrap().len(), 1, "only the provider that was asked for");
    assert!(all[0]["models"].as_array().unwrap().len() > openai["models"].as_array().unwrap().len());
    let embeddings = user.get("/api/v1/models?model_type=embeddings&provider=OpenAI").await.json();
    assert_eq!(embeddings[0]["num_models"], 3);
    let names = user.get("/api/v1/models/providers").await.json();
    assert_eq!(names.as_array().unwrap().len(), 11);
    let mapping = user.get("/api/v1/models/provider-variable-mapping").await.json();
    assert_eq!(mapping.as_object().unwrap().len(), 11);
    assert_eq!(user.get("/api/v1/models?preview=perhaps").await.status, 422);
}

#[tokio::test]
async fn a_key_is_stored_once_its_provider_accepts_it() {
    let (server, fake) = server().await;
    let user = server.caller("ann").await;
    assert_eq!(store(&user, "OPENAI_BASE_URL", &fake.openai_url(), "Generic").await.0, 201);
    let (status, body) = store(&user, "OPENAI_API_KEY", "bad-key", "Credential").await;
    assert_eq!((status, &body["detail"]), (400, &json!("Invalid API key for OpenAI")));
    assert_eq!(store(&user, "OPENAI_API_KEY", "good-key", "Credential").await.0, 201);
    let asked = fake.requests();
    assert_eq!(asked.last().unwrap().path, "/v1/models", "the key was tried at the provider");
    assert_eq!(asked.last().unwrap().headers["authorization"], "Bearer good-key");
    let enabled = user.get("/api/v1/models/enabled_providers").await.json();
    assert_eq!(enabled["enabled_providers"], json!(["OpenAI"]));
    let options = user.get("/api/v1/model_options/language").await.json();
    let names: Vec<&str> = options.as_array().unwrap().iter().filter_map(|o| o["name"].as_str()).collect();
    assert_eq!(names, ["gpt-4o", "gpt-4o-mini"], "the server at the address of the user was asked");
    assert_eq!(options[0]["metadata"]["model_class"], "ChatOpenAI");
    let other = server.caller("bob").await.get("/api/v1/model_options/language").await.json();
    assert_eq!(other, json!([]), "nobody else can use the key");
}

#[tokio::test]
async fn a_form_is_told_whether_a_provider_accepts_its_values() {
    let (server, fake) = server().await;
    let user = server.caller("ann").await;
    let root = fake.root_url();
    let nobody = "http://127.0.0.1:9";
    for (provider, variables, valid, says) in [
        ("OpenAI", json!({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": fake.openai_url()}), true, ""),
        (
            "OpenAI",
            json!({"OPENAI_API_KEY": "bad-key", "OPENAI_BASE_URL": fake.openai_url()}),
            false,
            "Invalid API key",
        ),
        ("Ollama", json!({"OLLAMA_BASE_URL": root}), true, ""),
        ("Ollama", json!({"OLLAMA_BASE_URL": nobody}), false, "Invalid Ollama settings"),
        ("vLLM", json!({"VLLM_API_BASE": fake.openai_url()}), true, ""),
        ("OpenAI Compatible", json!({"OPENAI_COMPATIBLE_BASE_URL": nobody}), false, "settings"),
        ("Azure OpenAI", json!({"AZURE_OPENAI_API_KEY": "k"}), true, ""),
    ] {
        let body = json!({"provider": provider, "variables": variables});
        let answer = user.post("/api/v1/models/validate-provider", &body).await.json();
        assert_eq!(answer["valid"], valid, "{provider}: {answer}");
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(error.contains(says) && !error.contains("bad-key"), "{provider}: {error}");
    }
    for (body, status) in [
        (json!({"provider": "Nobody", "variables": {}}), 404),
        (json!({"provider": " ", "variables": {}}), 422),
        (json!({"provider": "OpenAI"}), 422),
        (json!({"provider": "OpenAI", "variables": {"OPENAI_API_KEY": 7}}), 422),
        (json!([]), 422),
    ] {
        assert_eq!(user.post("/api/v1/models/validate-provider", &body).await.status, status, "{body}");
    }
}

#[tokio::test]
async fn models_are_turned_on_and_off() {
    let (server, fake) = server().await;
    let user = server.caller("ann").await;
    store(&user, "ANTHROPIC_API_KEY", "k", "Credential").await;
    let path = "/api/v1/models/enabled_models";
    let choice = |model: &str, enabled: bool| json!([{"provider": "Anthropic", "model_id": model, "enabled": enabled}]);
    let on = |body: &Value, model: &str| body["enabled_models"]["Anthropic"][model].clone();
    let before = user.get(path).await.json();
    assert_eq!(on(&before, "claude-opus-4-6"), true, "a default is on");
    assert_eq!(on(&before, "claude-opus-4-20250514"), false);
    let off = user.post(path, &choice("claude-opus-4-6", false)).await.json();
    assert_eq!(off["disabled_models"], json!(["Anthropic::claude-opus-4-6"]));
    let more = user.post(path, &choice("claude-opus-4-20250514", true)).await.json();
    assert_eq!(more["enabled_models"], json!(["Anthropic::claude-opus-4-20250514"]));
    let after = user.get(path).await.json();
    assert_eq!(on(&after, "claude-opus-4-6"), false);
    assert_eq!(on(&after, "claude-opus-4-20250514"), true);
    assert_eq!(after["enabled_models_by_type"]["Anthropic"]["llm"]["claude-opus-4-20250514"], true);
    let back = user.post(path, &choice("claude-opus-4-6", true)).await.json();
    assert_eq!(back["disabled_models"], json!([]));
    let own = user.post(path, &choice("claude-of-tomorrow", true)).await.json();
    assert_eq!(
        own["enabled_models"].as_array().unwrap().len(),
        2,
        "a name that is not listed can be used too"
    );
    assert_eq!(on(&user.get(path).await.json(), "claude-of-tomorrow"), true);
    for (body, status) in [
        (choice("claude-2.1", true), 400),
        (json!([{"provider": "Nobody", "model_id": "m", "enabled": true}]), 404),
        (json!([{"provider": "Ollama", "model_id": "m", "enabled": true}]), 400),
        (json!([{"provider": "OpenAI", "enabled": true}]), 422),
        (json!({"provider": "OpenAI"}), 422),
        (json!(vec![json!({"provider": "OpenAI", "model_id": "m", "enabled": false}); 101]), 400),
    ] {
        assert_eq!(user.post(path, &body).await.status, status, "{body}");
    }
    assert_eq!(fake.requests().len(), 0);
    let variables = user.get("/api/v1/variables/").await.json();
    assert_eq!(variables.as_array().unwrap().len(), 1, "the lists are not shown as variables: {variables}");
}

#[tokio::test]
async fn a_preferred_model_is_kept() {
    let (server, _) = server().await;
    let user = server.caller("ann").await;
    let path = "/api/v1/models/default_model";
    let model = json!({"model_name": "gpt-4o-mini", "provider": "OpenAI", "model_type": "language"});
    assert_eq!(user.get(path).await.json(), json!({"default_model": null}));
    assert_eq!(user.post(path, &model).await.json()["default_model"], model);
    assert_eq!(
        user.get("/api/v1/models/default_model?model_type=language").await.json()["default_model"],
        model
    );
    assert_eq!(
        user.get("/api/v1/models/default_model?model_type=embedding").await.json()["default_model"],
        json!(null)
    );
    let listed = user.get("/api/v1/models?model_type=llm").await.json();
    assert_eq!(listed[0]["provider"], "OpenAI", "its provider comes first");
    assert_eq!(user.delete(path).await.json(), json!({"default_model": null}));
    assert_eq!(user.get(path).await.json(), json!({"default_model": null}));
    let wrong = json!({"model_name": "m", "provider": "OpenAI", "model_type": "picture"});
    assert_eq!(user.post(path, &wrong).await.status, 422);
}

#[tokio::test]
async fn model_fields_offer_what_is_on() {
    let (server, fake) = server().await;
    let user = server.caller("ann").await;
    store(&user, "OLLAMA_BASE_URL", &fake.root_url(), "Generic").await;
    let all = user.get("/api/v1/all").await.json();
    for (category, component, field, expect) in [
        ("models_and_agents", "LanguageModelComponent", "model", "llama3.2"),
        ("models_and_agents", "EmbeddingModel", "model", "nomic-embed-text"),
    ] {
        let node = &all[category][component];
        let body = json!({
            "code": node["template"]["code"]["value"], "template": node["template"], "field": field,
            "field_value": [], "tool_mode": false,
        });
        let answer = user.post("/api/v1/custom_component/update", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let options = answer.json()["template"][field]["options"].clone();
        assert_eq!(options[0]["name"], expect, "{component}: {options}");
    }
}
