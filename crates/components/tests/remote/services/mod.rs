//! Remote services, each against a web in memory: what is asked of them, what becomes of their answers, and of
//! their refusals. The cases stand in a file per kind of service.

mod knowledge;
mod notes;
mod pages;
mod ranking;
mod search;
mod video;

use langflow_components::catalogue;
use langflow_core::component::{Params, example_json, example_value};
use langflow_core::{Fault, FaultKind, Json, Value};
use langflow_testkit::pages::{Asked, Pages};
use langflow_testkit::solo::Solo;
use serde_json::json;
use std::sync::Arc;

/// A service, what it answers, and what must come out.
struct Case {
    key: &'static str,
    output: &'static str,
    fields: Json,
    /// Beginnings of URLs, and the answers there: JSON, or text.
    web: Vec<(&'static str, Json)>,
    /// Parts of the last request: method and URL, headers, body.
    asks: &'static [&'static str],
    gives: Json,
}

async fn run(pages: &Arc<Pages>, key: &str, fields: &Json, output: &str) -> Result<Value, Fault> {
    let mut params = Params::default();
    for (name, value) in fields.as_object().unwrap() {
        params.set(name.clone(), example_value(value));
    }
    Solo::new().with_egress(pages.clone()).run(&catalogue(), key, params, output).await
}

fn web(answers: &[(&'static str, Json)]) -> Arc<Pages> {
    let add = |pages: Pages, (url, answer): &(&'static str, Json)| match answer {
        Json::String(text) => pages.answer(url, 200, "text/html", text.clone()),
        json => pages.json(url, json),
    };
    Arc::new(answers.iter().fold(Pages::new(), add))
}

fn shown(asked: &Asked) -> String {
    format!("{} {} {:?} {}", asked.method, asked.url, asked.headers, asked.body)
}

/// Whether everything expected is there; more may be.
fn holds(got: &Json, expected: &Json) -> bool {
    match (got, expected) {
        (Json::Object(got), Json::Object(expected)) => {
            expected.iter().all(|(key, value)| got.get(key).is_some_and(|got| holds(got, value)))
        }
        (Json::Array(got), Json::Array(expected)) => {
            got.len() == expected.len()
                && got.iter().zip(expected).all(|(got, expected)| holds(got, expected))
        }
        (got, expected) => got == expected,
    }
}

#[tokio::test]
async fn services_are_asked_and_read() {
    let mut wrong = Vec::new();
    let all = cases();
    for case in &all {
        let pages = web(&case.web);
        let name = format!("{} {} {}", case.key, case.output, case.fields);
        match run(&pages, case.key, &case.fields, case.output).await {
            Ok(value) => {
                let got = example_json(&value);
                if !holds(&got, &case.gives) {
                    wrong.push(format!("{name}\n   expected {}\n   got      {got}", case.gives));
                }
            }
            Err(fault) => wrong.push(format!("{name}\n   failed {fault}")),
        }
        let asked = pages.asked().iter().map(shown).collect::<Vec<_>>().join("\n");
        for part in case.asks {
            if !asked.contains(part) {
                wrong.push(format!("{name}\n   '{part}' was not asked: {asked}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong of {}\n{}", wrong.len(), all.len(), wrong.join("\n"));
    println!("{} cases", all.len());
}

/// 401, 429, 500, something that is no JSON, no answer at all: a fault or a row that says so, and never the key.
#[tokio::test]
async fn services_that_refuse_say_so() {
    let mut wrong = Vec::new();
    for case in cases() {
        let hosts: Vec<&str> = case.web.iter().map(|(url, _)| *url).collect();
        for status in [401, 429, 500, 200, 0] {
            let body = if status == 200 { "<html>not JSON" } else { "{\"error\": \"no\"}" };
            let add = |pages: Pages, url: &&str| pages.answer(url, status, "application/json", body);
            let pages = if status == 0 { Pages::new() } else { hosts.iter().fold(Pages::new(), add) };
            let got = run(&Arc::new(pages), case.key, &case.fields, case.output).await;
            let (text, kind) = match &got {
                Ok(value) => (example_json(value).to_string(), None),
                Err(fault) => (fault.to_string(), Some(fault.kind())),
            };
            let name = format!("{} {} with {status}", case.key, case.output);
            if text.contains("secret-key") {
                wrong.push(format!("{name}: tells the key: {text}"));
            }
            if kind == Some(FaultKind::Bug)
                || (kind.is_none() && holds(&example_json(got.as_ref().unwrap()), &case.gives))
            {
                wrong.push(format!("{name}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn case(
    key: &'static str,
    output: &'static str,
    fields: Json,
    web: Vec<(&'static str, Json)>,
    asks: &'static [&'static str],
    gives: Json,
) -> Case {
    Case { key, output, fields, web, asks, gives }
}

fn cases() -> Vec<Case> {
    [search::cases(), pages::cases(), knowledge::cases(), video::cases(), notes::cases(), ranking::cases()]
        .into_iter()
        .flatten()
        .collect()
}

/// The tools of older nodes carry their own names and answer with what they find.
#[tokio::test]
async fn tools_of_services_are_called() {
    for (key, output, fields, web_answers, call, expect) in [
        (
            "WikidataAPI",
            "api_build_tool",
            json!({}),
            vec![("https://www.wikidata.org/w/api.php", json!({"search": [{"id": "Q1", "label": "ant"}]}))],
            json!({"query": "ant"}),
            "Q1",
        ),
        (
            "NotionListPages",
            "api_build_tool",
            json!({"notion_secret": "secret-key"}),
            vec![("https://api.notion.com/v1/databases/d9/query", json!({"results": [{"id": "p1"}]}))],
            json!({"database_id": "d9"}),
            "p1",
        ),
        (
            "SearXNGTool",
            "result_tool",
            json!({"url": "https://searx.example/", "categories": ["it"]}),
            vec![(
                "https://searx.example/search?q=ants&format=json&categories=it",
                json!({"results": [{"title": "Ants"}]}),
            )],
            json!({"query": "ants"}),
            "Ants",
        ),
        (
            "ExaSearch",
            "tools",
            json!({"metaphor_api_key": "secret-key"}),
            vec![("https://api.exa.ai/search", json!({"results": [{"title": "Ants"}]}))],
            json!({"query": "ants"}),
            "Ants",
        ),
    ] {
        let Value::Tools(tools) = run(&web(&web_answers), key, &fields, output).await.unwrap() else {
            panic!("{key}")
        };
        let answer = tools[0].call(call).await.unwrap();
        assert!(answer.text.contains(expect), "{key}: {}", answer.text);
    }
}
