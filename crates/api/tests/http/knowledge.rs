//! Knowledge bases: making them, files going in in the background, what is in them, and nodes that use them.

use http::Method;
use langflow_testkit::caller::Caller;
use langflow_testkit::fake_model::{FakeModel, Scripted};
use langflow_testkit::test_app::{Answer, Setup, TestApp};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::time::Duration;

const BASES: &str = "/api/v1/knowledge_bases/";

pub(crate) async fn server() -> (TestApp, FakeModel) {
    (TestApp::start(Setup::default().with_network()).await, FakeModel::start().await)
}

/// A user whose embedding provider is the fake.
pub(crate) async fn user<'a>(server: &'a TestApp, fake: &FakeModel, name: &str) -> Caller<'a> {
    let user = server.caller(name).await;
    for (name, value, kind) in
        [("OPENAI_BASE_URL", fake.openai_url(), "Generic"), ("OPENAI_API_KEY", "k".to_owned(), "Credential")]
    {
        let body = json!({"name": name, "value": value, "type": kind, "default_fields": []});
        assert_eq!(user.post("/api/v1/variables/", &body).await.status, 201);
    }
    user
}

fn new_base(name: &str) -> Value {
    json!({"name": name, "embedding_provider": "OpenAI", "embedding_model": "text-embedding-3-small"})
}

async fn ingest(user: &Caller<'_>, base: &str, files: &[(&str, &str)], texts: &[(&str, &str)]) -> Answer {
    let mut form = Form::new();
    for (name, content) in files {
        form = form.part("files", Part::text((*content).to_owned()).file_name((*name).to_owned()));
    }
    for (name, value) in texts {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    user.request(Method::POST, &format!("{BASES}{base}/ingest")).multipart(form).send().await
}

/// The newest run of a base, once it has ended.
async fn ended(user: &Caller<'_>, base: &str) -> Value {
    for _ in 0..400 {
        let runs = user.get(&format!("{BASES}{base}/runs")).await.json();
        if !runs["runs"][0]["finished_at"].is_null() {
            return runs["runs"][0].clone();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the ingestion of {base} does not end");
}

#[tokio::test]
async fn a_base_is_made_filled_read_and_deleted() {
    let (server, fake) = server().await;
    let ann = user(&server, &fake, "ann").await;
    let made = ann.post(BASES, &new_base("my docs")).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!((&made.json()["name"], &made.json()["status"]), (&json!("my_docs"), &json!("empty")));
    for (body, status) in [
        (new_base("my_docs"), 409),
        (new_base("ab"), 400),
        (new_base("../etc"), 403),
        (json!({"name": "abc", "embedding_provider": "Nobody", "embedding_model": "m"}), 400),
        (json!({"name": "abc", "embedding_provider": "OpenAI"}), 422),
        (
            json!({"name": "abc", "embedding_provider": "OpenAI", "embedding_model": "m", "backend_type": "opensearch"}),
            400,
        ),
    ] {
        assert_eq!(ann.post(BASES, &body).await.status, status, "{body}");
    }
    let long = "red apples are sweet. ".repeat(30);
    let files = [("a.txt", long.as_str()), ("b.md", "blue sky"), ("broken.pdf", "no pdf"), ("empty.txt", "")];
    let texts = [
        ("chunk_size", "100"),
        ("chunk_overlap", "0"),
        ("source_name", "fruit"),
        ("metadata", r#"{"team": "red"}"#),
        ("per_file_metadata", r#"{"b.md": {"team": "blue"}}"#),
    ];
    let started = ingest(&ann, "my_docs", &files, &texts).await;
    assert_eq!(started.status, 200, "{}", started.text);
    let job = started.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(started.json()["href"], format!("/task/{job}"));
    let run = ended(&ann, "my_docs").await;
    let counts = [&run["succeeded"], &run["failed"], &run["skipped"], &run["total_items"]];
    assert_eq!(counts, [&json!(2), &json!(1), &json!(1), &json!(4)], "{run}");
    assert_eq!((&run["status"], &run["job_id"]), (&json!("succeeded"), &json!(job)));
    let detail = ann.get(&format!("{BASES}my_docs/runs/{}", run["id"].as_str().unwrap())).await.json();
    assert_eq!(detail["items"][2]["status"], "failed");
    assert!(detail["items"][2]["error_message"].as_str().unwrap().contains("broken.pdf"));

    let info = ann.get(&format!("{BASES}my_docs")).await.json();
    assert_eq!((&info["status"], &info["chunks"]), (&json!("ready"), &run["chunks_created"]));
    assert_eq!(info["source_types"], json!(["file_upload"]));
    let chunks = |query: &str| {
        let path = format!("{BASES}my_docs/chunks?{query}");
        let ann = ann.clone();
        async move { ann.get(&path).await.json() }
    };
    assert_eq!(chunks("search=BLUE").await["total"], 1);
    assert_eq!(chunks("file_name=b.md").await["chunks"][0]["metadata"]["source"], "fruit");
    assert_eq!(chunks("meta_team=blue").await["total"], 1);
    assert_eq!(chunks("meta_team=blue&meta_team=red").await["total"], run["chunks_created"]);
    assert_eq!(chunks("limit=1").await["total_pages"], run["chunks_created"]);
    let keys = ann.get(&format!("{BASES}my_docs/metadata/keys")).await.json();
    assert_eq!(keys, json!({"keys": {"team": ["red", "blue"]}, "truncated": false}));

    let bob = user(&server, &fake, "bob").await;
    for path in ["", "/chunks", "/runs", "/metadata/keys"] {
        assert_eq!(bob.get(&format!("{BASES}my_docs{path}")).await.status, 404, "{path}");
    }
    assert_eq!(bob.delete(&format!("{BASES}my_docs")).await.status, 404);
    assert_eq!(ann.post(&format!("{BASES}my_docs/cancel"), &json!({})).await.status, 400, "it has ended");
    let gone = ann.delete_all(BASES, &json!({"kb_names": ["my_docs", "nothing"]})).await.json();
    assert_eq!((&gone["deleted_count"], &gone["not_found"]), (&json!(1), &json!("nothing")));
    assert_eq!(ann.delete_all(BASES, &json!({"kb_names": ["x"]})).await.status, 404);
    assert_eq!(ann.get(BASES).await.json(), json!([]));
}

#[tokio::test]
async fn an_ingestion_that_fails_or_is_cancelled_leaves_nothing() {
    let (server, fake) = server().await;
    let ann = user(&server, &fake, "ann").await;
    ann.post(BASES, &new_base("docs")).await;
    fake.script([Scripted::Unauthorised]);
    ingest(&ann, "docs", &[("a.txt", "hello")], &[]).await;
    let run = ended(&ann, "docs").await;
    assert_eq!(run["status"], "failed");
    let info = ann.get(&format!("{BASES}docs")).await.json();
    assert_eq!((&info["status"], &info["chunks"]), (&json!("failed"), &json!(0)));
    assert!(info["failure_reason"].as_str().unwrap().contains("OpenAI"), "{info}");

    fake.script([Scripted::Silence]);
    assert_eq!(ingest(&ann, "docs", &[("a.txt", "hello")], &[]).await.status, 200);
    assert_eq!(ingest(&ann, "docs", &[("a.txt", "hello")], &[]).await.status, 409, "one at a time");
    // The provider was asked, and does not answer.
    for _ in 0..400 {
        if fake.requests().iter().filter(|asked| asked.path == "/v1/embeddings").count() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(ann.post(&format!("{BASES}docs/cancel"), &json!({})).await.status, 200);
    assert_eq!(ended(&ann, "docs").await["status"], "cancelled");
    assert_eq!(ann.get(&format!("{BASES}docs/chunks")).await.json()["total"], 0);
    assert_eq!(
        ingest(&ann, "docs", &[("a.txt", "hello")], &[]).await.status,
        200,
        "and it can be filled again"
    );
    assert_eq!(ended(&ann, "docs").await["status"], "succeeded");
}

#[tokio::test]
async fn bad_forms_are_refused() {
    let (server, fake) = server().await;
    let ann = user(&server, &fake, "ann").await;
    ann.post(BASES, &new_base("docs")).await;
    let file = [("a.txt", "hello")];
    for (files, texts, status) in [
        (&file[..], &[("chunk_size", "many")][..], 422),
        (&file[..], &[("chunk_size", "10"), ("chunk_overlap", "20")][..], 422),
        (&file[..], &[("metadata", "{")][..], 422),
        (&file[..], &[("metadata", r#"{"job_id": 1}"#)][..], 422),
        (&[][..], &[("chunk_size", "10")][..], 422),
    ] {
        assert_eq!(ingest(&ann, "docs", files, texts).await.status, status, "{texts:?}");
    }
    assert_eq!(ingest(&ann, "nothing", &file, &[]).await.status, 404);
    let form = Form::new().part("files", Part::text("hello world ".repeat(200)).file_name("a.txt"));
    let form = form.text("chunk_size", "300").text("chunk_overlap", "20");
    let preview =
        ann.request(Method::POST, &format!("{BASES}preview-chunks")).multipart(form).send().await.json();
    let first = &preview["files"][0]["preview_chunks"];
    assert_eq!(first.as_array().unwrap().len(), 5);
    assert_eq!(
        (&first[0]["start"], &first[0]["end"], &first[0]["char_count"]),
        (&json!(0), &json!(299), &json!(299))
    );
    assert_eq!(preview["files"][0]["total_chunks"], 9);
}

/// A flow of one Knowledge node.
async fn flow(user: &Caller<'_>, values: Value) -> Value {
    let all = user.get("/api/v1/all").await.json();
    let mut node = all["files_and_knowledge"]["Knowledge"].clone();
    for (name, value) in values.as_object().unwrap() {
        node["template"][name]["value"] = value.clone();
        // As the editor does once the mode is chosen.
        node["template"][name]["show"] = json!(true);
    }
    let output = if values["mode"] == "Retrieve" { "retrieve_data" } else { "dataframe_output" };
    let graph = json!({
        "nodes": [{ "id": "Knowledge-1", "type": "genericNode", "position": {"x": 0, "y": 0},
            "data": {"id": "Knowledge-1", "type": "Knowledge", "node": node, "selected_output": output} }],
        "edges": [], "viewport": {"x": 0, "y": 0, "zoom": 1},
    });
    user.post("/api/v1/flows/", &json!({"name": format!("{values}"), "data": graph})).await.json()
}

#[tokio::test]
async fn a_node_finds_what_went_in() {
    let (server, fake) = server().await;
    let ann = user(&server, &fake, "ann").await;
    ann.post(BASES, &new_base("docs")).await;
    ingest(&ann, "docs", &[("a.txt", "red apples"), ("b.txt", "blue sky")], &[]).await;
    ended(&ann, "docs").await;
    let flow = flow(
        &ann,
        json!({"knowledge_base": "docs", "mode": "Retrieve", "search_query": "blue sky", "top_k": 1}),
    )
    .await;
    let path = format!("/api/v1/build/{}/flow?event_delivery=direct", flow["id"].as_str().unwrap());
    let built = ann.post(&path, &json!({})).await;
    assert_eq!(built.status, 200, "{}", built.text);
    assert!(built.text.contains("blue sky") && !built.text.contains("red apples"), "{}", built.text);
}
