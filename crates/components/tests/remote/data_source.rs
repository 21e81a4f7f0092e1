//! Data from elsewhere, against a web in memory.

use langflow_components::catalogue;
use langflow_core::component::{Params, example_value};
use langflow_core::{Fault, FaultKind, Json, Value};
use langflow_testkit::pages::Pages;
use langflow_testkit::solo::Solo;
use serde_json::json;
use std::sync::Arc;

async fn run(pages: &Arc<Pages>, key: &str, fields: Json, output: &str) -> Result<Value, Fault> {
    let mut params = Params::default();
    for (name, value) in fields.as_object().unwrap() {
        params.set(name.clone(), example_value(value));
    }
    Solo::new().with_egress(pages.clone()).run(&catalogue(), key, params, output).await
}

fn column(rows: &Json, name: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[name].as_str().unwrap_or_default().to_owned()).collect()
}

fn site() -> Pages {
    Pages::new()
        .page(
            "https://a.example/",
            "<html lang=en><title>Home</title><meta name=description content=D><p>Hello <b>you</b></p>\
             <a href='/one#x'>1</a><a href='one'>again</a><a href='https://b.example/'>out</a><a href='mailto:x'>m</a>",
        )
        .page("https://a.example/one", "<title>One</title><p>first</p><a href='/two'>2</a><a href='/'>home</a>")
        .page("https://a.example/two", "<title>Two</title><p>second</p>")
        .page("https://b.example/", "<title>B</title>")
        .answer("https://a.example/style", 200, "text/css", "p {}")
        .answer("https://a.example/gone", 404, "text/html", "<p>not here</p>")
}

#[tokio::test]
async fn pages_are_read_and_links_followed() {
    for (fields, expect) in [
        (json!({ "urls": ["a.example/"] }), Ok("Home")),
        (json!({ "urls": "https://a.example/" }), Ok("Home")),
        (json!({ "urls": ["a.example/", "https://a.example/", "not a url"] }), Ok("Home")),
        (json!({ "urls": ["a.example/"], "max_depth": 2 }), Ok("Home One")),
        (json!({ "urls": ["a.example/"], "max_depth": 3 }), Ok("Home One Two")),
        (json!({ "urls": ["a.example/"], "max_depth": 2, "prevent_outside": false }), Ok("Home One B")),
        (json!({ "urls": ["a.example/", "https://nowhere.example"] }), Ok("Home")),
        (json!({ "urls": ["a.example/style", "a.example/two"] }), Ok("Two")),
        (json!({ "urls": ["a.example/gone"] }), Ok("")),
        (json!({ "urls": ["a.example/gone"], "check_response_status": true }), Err(FaultKind::Unavailable)),
        (json!({ "urls": ["https://nowhere.example"] }), Err(FaultKind::Unavailable)),
        (
            json!({ "urls": ["a.example/", "https://nowhere.example"], "continue_on_failure": false }),
            Err(FaultKind::Unavailable),
        ),
        (json!({ "urls": ["not a url"] }), Err(FaultKind::Invalid)),
        (json!({ "urls": [] }), Err(FaultKind::Missing)),
    ] {
        let got = run(&Arc::new(site()), "URLComponent", fields.clone(), "page_results").await;
        let got = got.map(|value| column(&value.to_json(), "title").join(" ")).map_err(|fault| fault.kind());
        assert_eq!(got, expect.map(str::to_owned), "{fields}");
    }
}

#[tokio::test]
async fn a_page_in_three_forms() {
    for (format, expect) in [
        ("Text", "Home\nHello you\n1againoutm"),
        ("Markdown", "Hello **you**\n\n[1](/one#x)"),
        ("HTML", "<html lang=en><title>Home</title>"),
    ] {
        let fields =
            json!({ "urls": ["a.example/"], "format": format, "headers": [{ "key": "X-A", "value": "b" }] });
        let pages = Arc::new(site());
        let rows = run(&pages, "URLComponent", fields, "page_results").await.unwrap().to_json();
        let text = rows[0]["text"].as_str().unwrap();
        assert!(text.contains(expect), "{format}: {text}");
        assert_eq!(rows[0]["description"], "D");
        assert_eq!(rows[0]["language"], "en");
        assert_eq!(rows[0]["content_type"], "text/html");
        assert_eq!(pages.asked()[0].headers["x-a"], "b");
        assert!(pages.asked()[0].headers.contains_key("user-agent"));
    }
    let (pages, fields) = (Arc::new(site()), json!({ "urls": ["a.example/two", "a.example/one"] }));
    let Value::Message(message) = run(&pages, "URL", fields, "raw_results").await.unwrap() else {
        panic!("a message")
    };
    assert_eq!(message.text, "Two\nsecond\n\nOne\nfirst\n2home");
}

#[tokio::test]
async fn web_search_reads_what_it_finds() {
    let results = "<div class=result><a class=result__a href='//duckduckgo.com/l/?uddg=https%3A%2F%2Fa.example%2Fone'>One\
                   </a><a class=result__snippet>first page</a></div>\
                   <div class=result><a class=result__a href='https://nowhere.example/'>Dead</a></div>";
    let pages = Arc::new(site().page("https://html.duckduckgo.com/html/?q=rust+it&kl=us-en", results));
    let fields = json!({ "query": "rust 'it\"", "max_content_length": 5 });
    let rows = run(&pages, "UnifiedWebSearch", fields, "results").await.unwrap().to_json();
    assert_eq!(column(&rows, "title"), ["One", "Dead"]);
    assert_eq!(rows[0]["link"], "https://a.example/one");
    assert_eq!(rows[0]["snippet"], "first page");
    assert_eq!(rows[0]["content"], "One\nf… [truncated]");
    assert!(rows[1]["content"].as_str().unwrap().starts_with("(Failed to fetch:"), "{rows}");
    // A search that fails is a row.
    let rows =
        run(&Arc::new(Pages::new()), "UnifiedWebSearch", json!({ "query": "x" }), "results").await.unwrap();
    assert_eq!(rows.to_json()[0]["title"], "Error");
}

#[tokio::test]
async fn news_and_feeds() {
    let feed = "<rss><channel><item><title>A</title><link>https://n.example/a</link><description>&lt;b&gt;x&lt;/b&gt;\
                </description></item><item><title>B</title></item></channel></rss>";
    for (fields, url) in [
        (
            json!({ "search_mode": "News", "query": "rust lang" }),
            "https://news.google.com/rss/search?q=rust+lang&hl=en-US",
        ),
        (
            json!({ "search_mode": "News", "query": "x", "topic": "world", "hl": "de" }),
            "https://news.google.com/rss/headlines/section/topic/WORLD?hl=de",
        ),
        (
            json!({ "search_mode": "News", "query": "x", "location": "Berlin" }),
            "https://news.google.com/rss/headlines/section/geo/Berlin?hl=en-US",
        ),
        (
            json!({ "search_mode": "RSS", "query": "f.example/feed.xml", "max_results": 0 }),
            "https://f.example/feed.xml",
        ),
    ] {
        let pages = Arc::new(Pages::new().answer(url, 200, "application/xml", feed));
        let rows = run(&pages, "UnifiedWebSearch", fields.clone(), "results").await.unwrap().to_json();
        assert_eq!(column(&rows, "title"), ["A", "B"], "{fields}");
        assert_eq!(rows[0]["summary"], "x", "{fields}");
    }
    let pages = Arc::new(Pages::new().page("https://f.example/", "<p>no feed"));
    let rows =
        run(&pages, "UnifiedWebSearch", json!({ "search_mode": "RSS", "query": "f.example" }), "results")
            .await;
    assert_eq!(rows.unwrap().to_json()[0]["title"], "Error");
}

#[tokio::test]
async fn api_requests() {
    let pages = || {
        Arc::new(Pages::new().json("https://api.example/", &json!({ "ok": [1] })).answer(
            "https://api.example/text",
            404,
            "text/plain",
            "nope",
        ))
    };
    // fields → method, URL, body, status, result
    let table = [
        (
            json!({ "url_input": "api.example/" }),
            "GET",
            "https://api.example/",
            "",
            200,
            json!({ "ok": [1] }),
        ),
        (
            json!({ "url_input": "https://api.example/?a=1", "query_params": { "$data": { "b": "x y", "c": [1, 2] } } }),
            "GET",
            "https://api.example/?a=1&b=x+y&c=1&c=2",
            "",
            200,
            json!({ "ok": [1] }),
        ),
        (
            json!({ "url_input": "api.example/text", "method": "POST",
                    "body": [{ "key": "n", "value": "3" }, { "key": "s", "value": "three" }] }),
            "POST",
            "https://api.example/text",
            "{\"n\":3,\"s\":\"three\"}",
            404,
            json!("nope"),
        ),
        (
            json!({ "url_input": "api.example/", "method": "PUT", "body": { "$data": { "a": 1 } } }),
            "PUT",
            "https://api.example/",
            "{\"a\":1}",
            200,
            json!({ "ok": [1] }),
        ),
        (
            json!({ "url_input": "api.example/", "method": "PATCH", "body": "plain" }),
            "PATCH",
            "https://api.example/",
            "{\"data\":\"plain\"}",
            200,
            json!({ "ok": [1] }),
        ),
        (
            json!({ "url_input": "api.example/", "method": "DELETE" }),
            "DELETE",
            "https://api.example/",
            "{}",
            200,
            json!({ "ok": [1] }),
        ),
    ];
    for (fields, method, url, body, status, result) in table {
        let pages = pages();
        let data = run(&pages, "APIRequest", fields.clone(), "data")
            .await
            .unwrap_or_else(|e| panic!("{fields}: {e}"));
        let (data, asked) = (data.to_json(), pages.asked().remove(0));
        assert_eq!(
            (asked.method.as_str(), asked.url.as_str(), asked.body.as_str()),
            (method, url, body),
            "{fields}"
        );
        assert_eq!((&data["status_code"], &data["result"]), (&json!(status), &result), "{fields}");
    }
    // What cannot be sent is data with an error; what is no URL is a fault at the field.
    let data = run(&pages(), "APIRequest", json!({ "url_input": "https://nowhere.example/" }), "data")
        .await
        .unwrap();
    assert_eq!(data.to_json()["status_code"], 500);
    assert!(data.to_json()["error"].as_str().unwrap().contains("nowhere.example"));
    let fault = run(&pages(), "APIRequest", json!({ "url_input": "::" }), "data").await.unwrap_err();
    assert_eq!(fault.place().unwrap().field.as_deref(), Some("url_input"));
}

#[tokio::test]
async fn papers_of_arxiv() {
    let feed = "<feed xmlns:arxiv='x'><entry><id>http://arxiv.org/abs/1</id><title>A\n  title</title><summary> S </summary>\
                <author><name>Ada</name></author><author><name>Bob</name></author><arxiv:comment>3 pages</arxiv:comment>\
                <link href='http://arxiv.org/abs/1' rel='alternate'/><link title='pdf' href='http://arxiv.org/pdf/1'/>\
                <arxiv:primary_category term='cs.AI'/><category term='cs.AI'/><published>2026-01-01</published></entry></feed>";
    let url = "http://export.arxiv.org/api/query?search_query=au%3AAda&max_results=3";
    let pages = Arc::new(Pages::new().answer(url, 200, "application/atom+xml", feed));
    let fields = json!({ "search_query": "Ada", "search_type": "author", "max_results": 3 });
    let rows = run(&pages, "ArXivComponent", fields, "dataframe").await.unwrap().to_json();
    assert_eq!(rows[0]["title"], "A title");
    assert_eq!(rows[0]["authors"], json!(["Ada", "Bob"]));
    assert_eq!(rows[0]["pdf_url"], "http://arxiv.org/pdf/1");
    assert_eq!(rows[0]["primary_category"], "cs.AI");
    assert_eq!(rows[0]["comment"], "3 pages");
    let rows = run(&Arc::new(Pages::new()), "ArXivComponent", json!({ "search_query": "x" }), "dataframe")
        .await
        .unwrap();
    assert!(rows.to_json()[0]["error"].as_str().unwrap().starts_with("arXiv:"));
}

#[tokio::test]
async fn transcripts_of_assemblyai() {
    let api = "https://api.assemblyai.com/v2/transcript";
    for (state, expect) in [
        (json!({ "status": "completed", "text": "hello" }), Ok("hello")),
        (
            json!({ "status": "completed", "text": "x", "utterances": [{ "speaker": "A", "text": "hi" }] }),
            Ok("Speaker A: hi"),
        ),
        (json!({ "status": "error", "error": "no audio" }), Err("no audio")),
        (json!({}), Err("unclear")),
    ] {
        let pages =
            Arc::new(Pages::new().json(api, &json!({ "id": "t1" })).json(&format!("{api}/t1"), &state));
        let fields = json!({ "api_key": "k", "audio_url": "https://x/a.mp3", "speaker_labels": true });
        let got = run(&pages, "AssemblyAITranscriber", fields, "transcript").await;
        match (got, expect) {
            (Ok(Value::Message(message)), Ok(text)) => assert_eq!(message.text, text),
            (Err(fault), Err(word)) => assert!(fault.message().contains(word), "{fault}"),
            (got, _) => panic!("{state}: {got:?}"),
        }
        assert_eq!(pages.asked()[0].headers["authorization"], "k");
        assert!(pages.asked()[0].body.contains("speaker_labels"));
    }
}
