//! Where the flows run: a server whose models and services are local fakes.

use super::cases::{Case, FileOf};
use langflow_testkit::caller::Caller;
use langflow_testkit::fake_model::FakeModel;
use langflow_testkit::pages::Pages;
use langflow_testkit::test_app::{Setup, TestApp};
use serde_json::{Value, json};
use std::sync::Arc;

pub struct World {
    model: FakeModel,
    pages: Arc<Pages>,
    server: TestApp,
}

impl World {
    pub async fn start() -> Self {
        let model = FakeModel::start().await;
        let pages = Arc::new(services().beside(&model));
        let setup = Setup { egress: pages.clone(), ..Setup::default() };
        // One of the flows asks a database in memory.
        let setup = setup.settings(|settings| settings.runs.databases.local_files = true);
        let server = TestApp::start(setup).await;
        Self { model, pages, server }
    }

    /// Uploads the flow and runs it; what is wrong, if anything is.
    pub async fn check(&self, case: &Case, text: &str) -> Option<String> {
        let user = self.server.caller("ann").await;
        let key = user.post("/api/v1/api_key/", &json!({"name": "test"})).await.field("api_key");
        let user = user.header("x-api-key", &key);
        for (name, value) in [
            ("OPENAI_API_KEY", "sk-test".to_owned()),
            ("OPENAI_BASE_URL", self.model.openai_url()),
            ("ASTRA_DB_APPLICATION_TOKEN", "AstraCS:test".to_owned()),
            ("ASSEMBLYAI_API_KEY", "k".to_owned()),
            ("SCRAPEGRAPH_API_KEY", "k".to_owned()),
            ("YOUTUBE_API_KEY", "k".to_owned()),
        ] {
            let body = json!({"name": name, "value": value, "type": "Credential", "default_fields": []});
            assert_eq!(user.post("/api/v1/variables/", &body).await.status, 201, "{name}");
        }
        if case.fields.contains("knowledge_base") {
            fill_knowledge(&user).await;
        }
        let stored = user.upload("/api/v1/flows/upload/", "flow.json", text).await;
        assert_eq!(stored.status, 201, "{}", stored.text);
        let flow = stored.json()[0]["id"].as_str().unwrap().to_owned();
        let mut fields: Value = serde_json::from_str(case.fields).unwrap();
        if let Some(file) = &case.file {
            let (node, field, path) = put(&user, file, &flow).await;
            fields[node][field] = json!([path]);
        }
        if let Some(problem) = fill_in(&user, &flow, &fields).await {
            return Some(problem);
        }
        let mut body = json!({"input_type": "chat", "output_type": "chat"});
        if let Some(input) = case.input {
            body["input_value"] = json!(input);
        }
        let answer = user.post(&format!("/api/v1/run/{flow}?stream=false"), &body).await;
        if answer.status != 200 {
            return Some(format!("{} {}", answer.status, answer.text.chars().take(600).collect::<String>()));
        }
        let said = said(&answer.json());
        let missing: Vec<&&str> = case.says.iter().filter(|part| !said.contains(**part)).collect();
        if !missing.is_empty() {
            return Some(format!("{missing:?} is not in what it said: {said:?}"));
        }
        let mut built = match build(&user, &flow, case, None).await {
            Ok(built) => built,
            Err(problem) => return Some(problem),
        };
        for last in left_out(&user, &flow, &built).await {
            match build(&user, &flow, case, Some(&last)).await {
                Ok(more) => built.push_str(&more),
                Err(problem) => return Some(problem),
            }
        }
        let asked = format!("{:?} {:?}", self.model.bodies(), self.pages.asked());
        let missing: Vec<&&str> = case.asks.iter().filter(|part| !asked.contains(**part)).collect();
        (!missing.is_empty()).then(|| format!("{missing:?} was asked of nobody: {asked}; built: {built}"))
    }
}

/// Builds the flow as the playground does, or what `last` needs, as the play button of that node does. The
/// events, if it ran well.
async fn build(user: &Caller<'_>, flow: &str, case: &Case, last: Option<&str>) -> Result<String, String> {
    let body = json!({"inputs": {"input_value": case.input.unwrap_or_default(), "session": "build"}});
    let stop = last.map(|id| format!("&stop_component_id={id}")).unwrap_or_default();
    let path = format!("/api/v1/build/{flow}/flow?event_delivery=direct{stop}");
    let built = user.post(&path, &body).await.text;
    let has = |event: &str| built.contains(&format!("\"event\":\"{event}\""));
    let ran = last.is_none_or(|id| ended(&built).iter().any(|ended| ended == id));
    if has("end") && !has("error") && ran {
        return Ok(built);
    }
    let tail: Vec<char> = built.chars().rev().take(900).collect();
    Err(format!("built up to {last:?}: {}", tail.into_iter().rev().collect::<String>()))
}

/// Nodes that have run, by the events of a build.
fn ended(built: &str) -> Vec<String> {
    let events = built.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ends = events.filter(|event| event["event"] == "end_vertex");
    ends.filter_map(|end| end["data"]["build_data"]["id"].as_str().map(str::to_owned)).collect()
}

/// The last nodes of what a build listed and did not run: parts that the chat does not lead to, such as the
/// filling of a store. Langflow does not run them either, until their play button is pressed.
async fn left_out(user: &Caller<'_>, flow: &str, built: &str) -> Vec<String> {
    let sorted: Value =
        built.lines().next().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
    let graph = user.get(&format!("/api/v1/flows/{flow}")).await.json()["data"].take();
    let feeds = |id: &str| {
        graph["edges"].as_array().into_iter().flatten().any(|edge| edge["source"].as_str() == Some(id))
    };
    let ended = ended(built);
    let listed = sorted["data"]["to_run"].as_array().into_iter().flatten().filter_map(Value::as_str);
    listed.filter(|id| !feeds(id) && !ended.iter().any(|e| e == id)).map(str::to_owned).collect()
}

/// Makes the knowledge base `animals` as the page of knowledge does, and waits until it is filled.
async fn fill_knowledge(user: &Caller<'_>) {
    let bases = "/api/v1/knowledge_bases/";
    let base = json!({"name": "animals", "embedding_provider": "OpenAI", "embedding_model": "text-embedding-3-small"});
    assert_eq!(user.post(bases, &base).await.status, 201);
    let part = reqwest::multipart::Part::text("Ants march in rows. Bees fly.").file_name("animals.txt");
    let form = reqwest::multipart::Form::new().part("files", part);
    let path = format!("{bases}animals/ingest");
    let started = user.request(http::Method::POST, &path).multipart(form).send().await;
    assert_eq!(started.status, 200, "{}", started.text);
    for _ in 0..400 {
        let info = user.get(&format!("{bases}animals")).await.json();
        match info["status"].as_str() {
            Some("ready") => return,
            Some("ingesting") => tokio::time::sleep(std::time::Duration::from_millis(25)).await,
            _ => panic!("{info}"),
        }
    }
    panic!("the knowledge base is not filled");
}

/// Fills in fields as a user of the editor does.
async fn fill_in(user: &Caller<'_>, flow: &str, fields: &Value) -> Option<String> {
    if fields.as_object().is_none_or(serde_json::Map::is_empty) {
        return None;
    }
    let path = format!("/api/v1/flows/{flow}");
    let mut graph = user.get(&path).await.json()["data"].take();
    for node in graph["nodes"].as_array_mut()? {
        let Some(wanted) = node["id"].as_str().and_then(|id| fields.get(id)).and_then(Value::as_object)
        else {
            continue;
        };
        for (name, value) in wanted {
            let Some(field) = node["data"]["node"]["template"].get_mut(name) else {
                return Some(format!("there is no field {name}"));
            };
            // A field of files keeps the paths apart from the names it shows.
            let is_file = field["type"] == "file";
            field[if is_file { "file_path" } else { "value" }] = value.clone();
            field["show"] = json!(true);
            if field["load_from_db"] == true {
                field["load_from_db"] = json!(false);
            }
        }
    }
    let saved = user.patch(&path, &json!({ "data": graph })).await;
    (saved.status != 200).then(|| format!("{} {}", saved.status, saved.text))
}

/// Stores a file as the editor does: node, field and path.
async fn put<'a>(user: &Caller<'_>, file: &'a FileOf, flow: &str) -> (&'a str, &'a str, String) {
    match *file {
        FileOf::Node(node, name, content) => {
            let stored = user.upload("/api/v2/files/", name, content).await;
            assert_eq!(stored.status, 201, "{}", stored.text);
            (node, "path", stored.field("path"))
        }
        FileOf::Chat(node, name, content) => {
            let stored = user.upload(&format!("/api/v1/files/upload/{flow}"), name, content).await;
            assert_eq!(stored.status, 201, "{}", stored.text);
            (node, "files", stored.field("file_path"))
        }
    }
}

/// All texts of the outputs.
fn said(answer: &Value) -> String {
    let results = answer["outputs"].as_array().into_iter().flatten();
    let outputs = results.flat_map(|result| result["outputs"].as_array().into_iter().flatten());
    let texts = outputs.filter_map(|output| output["results"]["message"]["text"].as_str());
    texts.collect::<Vec<_>>().join("\n")
}

/// The services that the flows call.
fn services() -> Pages {
    let results = "<div class=result><a class=result__a href='//duckduckgo.com/l/?uddg=https%3A%2F%2Fa.example%2F'>\
                   Ants</a><a class=result__snippet>All about ants</a></div>";
    let news = "<rss><channel><item><title>Ants march</title><link>https://n.example/a</link>\
                <description>Many of them</description><pubDate>today</pubDate></item></channel></rss>";
    let papers = "<feed><entry><id>http://arxiv.org/abs/1</id><title>On ants</title><summary>They march</summary></entry>\
                  <entry><id>http://arxiv.org/abs/2</id><title>On bees</title><summary>They fly</summary></entry></feed>";
    let transcripts = "https://api.assemblyai.com/v2/transcript";
    let astra = "https://db-1-us-east1.apps.astra.datastax.com/api/json/v1/default_keyspace";
    Pages::new()
        .page("https://html.duckduckgo.com/html/", results)
        .answer("https://news.google.com/rss/", 200, "application/xml", news)
        .page("https://a.example/", "<title>Ants</title><p>Six legs</p>")
        .page("https://raw.githubusercontent.com/", "class Component: pass")
        .page("https://github.com/", "<p>class Agent: pass</p>")
        .json("https://pokeapi.co/", &json!({"flavor": "an ant of iron"}))
        .json(
            "https://api.tavily.com/search",
            &json!({"results": [{"title": "Ants", "url": "https://a.example/", "content": "All about ants", "score": 0.9}]}),
        )
        .json(
            "https://search.needle.app/api/v1/collections/clt_1/search",
            &json!({"result": [{"content": "One ant: 3 EUR"}]}),
        )
        .json("https://api.agentql.com/v1/query-data", &json!({"data": {"legs": "six legs"}, "metadata": {}}))
        .json("https://api.scrapegraphai.com/v1/searchscraper", &json!({"result": "found six legs"}))
        .json("https://api.apify.com/v2/acts/", &json!({"data": {"id": "run1", "defaultDatasetId": "set1",
            "description": "finds things"}}))
        .json(
            "https://api.apify.com/v2/actor-runs/run1",
            &json!({"data": {"status": "SUCCEEDED", "defaultDatasetId": "set1"}}),
        )
        .json("https://api.apify.com/v2/datasets/set1/items", &json!([{"text": "an item of the actor"}]))
        .json(
            "https://www.googleapis.com/youtube/v3/commentThreads",
            &json!({"items": [{"snippet": {"totalReplyCount": 0, "topLevelComment": {"id": "c1",
                "snippet": {"textDisplay": "nice ants", "authorDisplayName": "Ann", "likeCount": 2}}}}]}),
        )
        .answer("http://export.arxiv.org/api/query", 200, "application/atom+xml", papers)
        .json(transcripts, &json!({"id": "t1"}))
        .json(
            &format!("{transcripts}/t1"),
            &json!({"status": "completed", "text": "We decided to buy ants."}),
        )
        .json(
            "https://api.astra.datastax.com/v2/databases",
            &json!([{"id": "db-1", "info": {"name": "mine", "region": "us-east1"}}]),
        )
        .json(
            &format!("{astra}/docs"),
            &json!({"status": {"insertedIds": ["1"]}, "data": {"documents": [
                {"_id": "1", "content": "red ants", "metadata": {"n": 1}, "$similarity": 0.9}]}}),
        )
}
