//! Work that a model does on data, against the fake model server.

use crate::support::{run, text, world};
use langflow_core::{FaultKind, Json, Value};
use langflow_testkit::fake_model::{FakeModel, Scripted};
use serde_json::json;

fn picked() -> Json {
    json!([{ "name": "gpt-4o-mini", "provider": "OpenAI" }])
}

#[tokio::test]
async fn structured_output() {
    let schema = json!([{ "name": "n", "type": "int", "description": "a number", "multiple": false }]);
    for (input, script, output, expect) in [
        ("{\"objects\": [{\"n\": 3}]}", None, "structured_output", Ok(json!({ "n": 3 }))),
        (
            "{\"objects\": [{\"n\": 3}, {\"n\": \"4\"}]}",
            None,
            "structured_output",
            Ok(json!({ "results": [{ "n": 3 }, { "n": 4 }] })),
        ),
        (
            "{\"objects\": [{\"n\": 3}, {\"n\": 4}]}",
            None,
            "dataframe_output",
            Ok(json!([{ "n": 3 }, { "n": 4 }])),
        ),
        ("x", Some(Scripted::text("[{\"n\": 5}]")), "structured_output", Ok(json!({ "n": 5 }))),
        (
            "x",
            Some(Scripted::call("OutputModel", json!("not json"))),
            "structured_output",
            Err(FaultKind::Invalid),
        ),
        ("{\"objects\": []}", None, "structured_output", Err(FaultKind::Invalid)),
    ] {
        let server = FakeModel::start().await;
        server.script(script);
        let fields = json!({ "model": picked(), "input_value": input, "output_schema": schema });
        let got = run(&world(&server), "StructuredOutput", fields, output).await;
        assert_eq!(got.map(|value| value.to_json()).map_err(|fault| fault.kind()), expect, "{input}");
        assert_eq!(server.bodies()[0]["tool_choice"]["function"]["name"], "OutputModel");
    }
    let server = FakeModel::start().await;
    let fields = json!({ "model": picked(), "input_value": "x", "output_schema": [] });
    let fault = run(&world(&server), "StructuredOutput", fields, "structured_output").await.unwrap_err();
    assert!(fault.message().contains("cannot be empty"), "{fault}");
}

#[tokio::test]
async fn batch_run() {
    let server = FakeModel::start().await;
    let solo = world(&server);
    let table = json!({ "$table": [{ "q": "one", "x": 1 }, { "q": "two", "x": 2 }] });
    let fields = json!({ "model": picked(), "df": table, "column_name": "q", "system_message": "s", "enable_metadata": true });
    let rows = run(&solo, "BatchRunComponent", fields, "batch_results").await.unwrap().to_json();
    assert_eq!(rows[1]["model_response"], "Echo: two");
    assert_eq!(rows[1]["batch_index"], 1);
    assert_eq!(rows[1]["metadata"]["response_length"], 9);
    assert_eq!(solo.usage().total_tokens, 36);
    let fields = json!({ "model": picked(), "df": table, "output_column_name": "a" });
    let rows = run(&solo, "BatchRunComponent", fields, "batch_results").await.unwrap().to_json();
    assert_eq!(rows[0]["a"], "Echo: [q]\nvalue = \"one\"\n\n[x]\nvalue = \"1\"");
    let fields = json!({ "model": picked(), "df": table, "column_name": "z" });
    let fault = run(&solo, "BatchRunComponent", fields, "batch_results").await.unwrap_err();
    assert!(fault.message().contains("'z'") && fault.message().contains("q, x"), "{fault}");
}

#[tokio::test]
async fn smart_router_takes_one_way() {
    let routes = json!([
        { "route_category": "Good", "route_description": "praise", "output_value": "" },
        { "route_category": "Bad", "route_description": "", "output_value": "sorry" },
    ]);
    // answer, further fields, output → text, excluded
    for (answer, more, output, expect, excluded) in [
        (
            Scripted::text("Good"),
            json!({}),
            "category_1_result",
            "in",
            vec!["category_2_result", "default_result"],
        ),
        (
            Scripted::text("\"bad\"."),
            json!({}),
            "category_2_result",
            "sorry",
            vec!["category_1_result", "default_result"],
        ),
        (
            Scripted::text("Good"),
            json!({}),
            "category_2_result",
            "",
            vec!["category_2_result", "default_result"],
        ),
        (
            Scripted::text("Good"),
            json!({ "message": "over" }),
            "category_1_result",
            "over",
            vec!["category_2_result", "default_result"],
        ),
        (
            Scripted::text("NONE"),
            json!({ "enable_else_output": true }),
            "default_result",
            "in",
            vec!["category_1_result", "category_2_result"],
        ),
        (
            Scripted::text("NONE"),
            json!({}),
            "category_1_result",
            "",
            vec!["category_1_result", "category_2_result", "default_result"],
        ),
        (
            Scripted::Status(400, json!({})),
            json!({ "enable_else_output": true }),
            "default_result",
            "in",
            vec!["category_1_result", "category_2_result"],
        ),
    ] {
        let server = FakeModel::start().await;
        server.script([answer.clone()]);
        let solo = world(&server);
        let mut fields = json!({ "model": picked(), "input_text": "in", "routes": routes });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let got = run(&solo, "SmartRouter", fields.clone(), output).await.unwrap();
        assert_eq!(text(&got), expect, "{answer:?} {output}");
        assert_eq!(solo.excluded(), excluded, "{answer:?} {output}");
        // Another output of the same build shares the answer.
        run(&solo, "SmartRouter", fields, "category_2_result").await.unwrap();
        assert_eq!(server.bodies().len(), 1);
    }
}

#[tokio::test]
async fn llm_selector_asks_the_judge_once() {
    let server = FakeModel::start().await;
    server.script([Scripted::text("I choose 1.")]);
    let solo = world(&server);
    let model = |name: &'static str| {
        let solo = &solo;
        async move { run(solo, "LanguageModelComponent", json!({ "model": name }), "model_output").await.unwrap() }
    };
    let mut params = crate::support::params(json!({ "input_value": "hello", "use_openrouter_specs": false }));
    params.set("models", Value::List(vec![model("gpt-4o").await, model("gpt-4.1").await]));
    params.set("judge_llm", model("gpt-4o-mini").await);
    let catalogue = langflow_components::catalogue();
    let answer = solo.run(&catalogue, "LLMSelectorComponent", params.clone(), "output").await.unwrap();
    assert_eq!(text(&answer), "Echo: hello");
    let models: Vec<Json> = server.bodies().iter().map(|body| body["model"].clone()).collect();
    assert_eq!(models, [json!("gpt-4o-mini"), json!("gpt-4.1")]);
    let info = solo.run(&catalogue, "LLMSelectorComponent", params, "selected_model_info").await.unwrap();
    assert_eq!(info.to_json()["id"], "gpt-4.1");
    assert_eq!(server.bodies().len(), 2, "the judge was not asked again");
}

#[tokio::test]
async fn smart_transform_runs_the_program_of_the_model() {
    let rows = json!({ "$table": [{ "n": 1, "s": "a" }, { "n": 2, "s": "b" }] });
    for (data, program, output, expect) in [
        (
            rows.clone(),
            "```jq\n[.[] | select(.n > 1)]\n```",
            "dataframe_output",
            Ok(json!([{ "n": 2, "s": "b" }])),
        ),
        (rows.clone(), "map(.n) | add", "data_output", Ok(json!({ "text": 3 }))),
        (rows.clone(), "{total: (map(.n) | add)}", "data_output", Ok(json!({ "total": 3 }))),
        (rows.clone(), "[.[].s]", "dataframe_output", Ok(json!([{ "value": "a" }, { "value": "b" }]))),
        (json!({ "$message": "abc" }), "ascii_upcase", "data_output", Ok(json!({ "text": "ABC" }))),
        (rows.clone(), "env", "data_output", Err(FaultKind::Invalid)),
        (rows, "not ( jq", "data_output", Err(FaultKind::Invalid)),
    ] {
        let server = FakeModel::start().await;
        server.script((0..3).map(|_| Scripted::text(program)));
        let fields = json!({ "model": picked(), "data": data, "filter_instruction": "do it" });
        let got = run(&world(&server), "Smart Transform", fields, output).await;
        assert_eq!(got.map(|value| value.to_json()).map_err(|fault| fault.kind()), expect, "{program}");
    }
}
