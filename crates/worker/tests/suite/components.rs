//! Components of many kinds give what they give on Langflow's own package (`tests/worker/reference.py`).

use crate::support;
use langflow_core::component::{CustomCode as _, Params};
use langflow_core::flow::NodeOutput;
use langflow_core::value::Message;
use langflow_core::{Data, Json, Table, Value};
use langflow_testkit::solo::Solo;
use langflow_worker::{CustomComponents, Supervisor};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The parameters of a case file.
pub fn params(values: &Json) -> Params {
    let mut params = Params::default();
    for (name, value) in values.as_object().into_iter().flatten() {
        params.set(name.clone(), value_of(value));
    }
    params
}

fn value_of(item: &Json) -> Value {
    let value = item.get("v").cloned().unwrap_or_default();
    match item["k"].as_str().unwrap() {
        "message" => Message {
            sender: value.get("sender").and_then(Json::as_str).map(str::to_owned),
            ..Message::from_text(value["text"].as_str().unwrap())
        }
        .into(),
        "data" => Data {
            default_value: value.get("default_value").and_then(Json::as_str).unwrap_or_default().to_owned(),
            ..Data::new(value["data"].as_object().cloned().unwrap())
        }
        .into(),
        "table" => {
            let columns: Vec<String> = serde_json::from_value(value["columns"].clone()).unwrap();
            let rows = value["rows"].as_array().unwrap();
            Table::from_rows(
                rows.iter().map(|row| {
                    columns.iter().cloned().zip(row.as_array().unwrap().iter().cloned()).collect()
                }),
            )
            .into()
        }
        "list" => Value::List(value.as_array().unwrap().iter().map(value_of).collect()),
        "secret" => Value::Secret(value.as_str().unwrap().to_owned().into()),
        _ => Value::Json(value),
    }
}

/// A result in the form of the expectations.
fn shown(value: &Value) -> Json {
    match value {
        Value::Message(message) => json!({
            "type": "Message", "text": message.text, "sender": message.sender, "sender_name": message.sender_name,
            "session_id": message.session_id, "category": message.category.as_str(),
        }),
        Value::Data(data) => json!({"type": "Data", "data": data.data}),
        Value::Table(table) => {
            json!({"type": "Table", "columns": table.columns(), "rows": table.to_json()})
        }
        Value::List(items) => json!({"type": "List", "items": items.iter().map(shown).collect::<Vec<_>>()}),
        other => json!({"type": "JSON", "value": other.to_json()}),
    }
}

pub async fn differences(pool: &Arc<Supervisor>) -> (usize, BTreeMap<String, String>) {
    let expected = support::read_json(support::folder().join("expected.json"));
    let mut wrong = BTreeMap::new();
    let mut count = 0;
    for (name, outputs) in expected.as_object().unwrap() {
        let file = |ending: &str| support::folder().join(format!("components/{name}.{ending}"));
        let code = std::fs::read_to_string(file("py")).unwrap();
        let case = support::read_json(file("json"));
        let mut node = support::node(&code, &[]);
        node.outputs = outputs
            .as_object()
            .unwrap()
            .keys()
            .map(|n| NodeOutput { name: n.clone(), ..Default::default() })
            .collect();
        let definition = support::definition(pool, &node);
        let instance = definition.parse(params(&case["values"])).unwrap();
        let solo = Solo::new();
        for (output, wanted) in outputs.as_object().unwrap() {
            count += 1;
            let got = match instance.run_output(output, &solo.cx()).await {
                Ok(value) => shown(&value),
                Err(fault) => json!({"type": "error", "text": fault.message()}),
            };
            if got != *wanted {
                wrong.insert(format!("{name}.{output}"), format!("got {got}\n  wanted {wanted}"));
            }
        }
    }
    (count, wrong)
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_are_those_of_the_reference() {
    let Some(pool) = support::pool(support::config()).await else { return };
    let (count, wrong) = differences(&pool).await;
    assert!(count >= 40, "{count}");
    assert!(wrong.is_empty(), "{} of {count} differ: {wrong:#?}", wrong.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_becomes_a_node_and_its_fields_follow() {
    let Some(pool) = support::pool(support::config()).await else { return };
    let custom = CustomComponents::new(pool);
    let user = uuid::Uuid::from_u128(1);
    let code = std::fs::read_to_string(support::folder().join("components/dropdown_mode.py")).unwrap();
    let described = custom.describe(user, &code).await.unwrap();
    assert_eq!(described.kind, "DropdownMode");
    let node = &described.node;
    assert_eq!(node["outputs"][0]["types"], json!(["Message"]));
    assert_eq!(node["template"]["mode"]["options"], json!(["upper", "lower", "title"]));
    assert_eq!(node["template"]["text"]["_input_type"], "MessageTextInput");
    assert_eq!(node["template"]["code"]["value"], json!(code));
    let change = langflow_core::component::CodeChange {
        code: code.clone(),
        template: node["template"].as_object().cloned().unwrap(),
        field: "mode".into(),
        value: json!("upper"),
        ..Default::default()
    };
    let changed = custom.update(user, change.clone()).await.unwrap();
    assert_eq!(changed["template"]["suffix"]["show"], true);
    assert_eq!(changed["template"]["mode"]["value"], "upper");
    let as_tool = langflow_core::component::CodeChange {
        field: "tool_mode".into(),
        value: json!(true),
        tool_mode: Some(true),
        ..change
    };
    let tool = custom.update(user, as_tool).await.unwrap();
    assert_eq!(tool["outputs"][0]["name"], "component_as_tool");
    assert_eq!(tool["template"]["tools_metadata"]["value"][0]["name"], "convert");

    let code = std::fs::read_to_string(support::folder().join("components/dynamic_outputs.py")).unwrap();
    let described = custom.describe(user, &code).await.unwrap();
    let change = langflow_core::component::CodeChange {
        code,
        template: described.node["template"].as_object().cloned().unwrap(),
        field: "both".into(),
        value: json!(true),
        ..Default::default()
    };
    let changed = custom.update(user, change).await.unwrap();
    let names: Vec<&str> =
        changed["outputs"].as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["first", "second"]);

    for (bad, words) in [
        ("class X:\n  pass", "No Component subclass found"),
        ("class X(:", "invalid syntax"),
        ("import nosuchmodule\nclass X(Component): pass", "nosuchmodule"),
    ] {
        let fault = custom.describe(user, bad).await.unwrap_err();
        assert!(fault.message().starts_with("Error building Component: "), "{fault}");
        assert!(fault.message().contains(words), "{fault}");
    }
    assert_eq!(
        custom.check_imports(user, "import os\nimport nosuchmodule").await.unwrap(),
        ["No module named 'nosuchmodule'"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_are_called_through_their_worker() {
    let Some(pool) = support::pool(support::config()).await else { return };
    let code = std::fs::read_to_string(support::folder().join("components/tool_pair.py")).unwrap();
    let solo = Solo::new();
    let made = support::run(&pool, &solo, &code, "api_build_tool").await.unwrap();
    let Value::Tools(tools) = made else { panic!("{made:?}") };
    assert_eq!(tools[0].schema().name, "power");
    assert_eq!(tools[0].schema().parameters["properties"]["number"]["type"], "integer");
    assert_eq!(tools[0].call(json!({"number": 5})).await.unwrap().text, "25");

    let code = std::fs::read_to_string(support::folder().join("components/add_numbers.py")).unwrap();
    let definition = support::definition(&pool, &support::node(&code, &[]));
    let tools = definition.parse(Params::default()).unwrap().toolset(&solo.cx()).await.unwrap().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool.schema().name.as_str()).collect();
    assert_eq!(names, ["total", "product"]);
    assert_eq!(tools[0].call(json!({"a": 40, "b": 2})).await.unwrap().text, r#"{"total": 42.0}"#);
    assert!(tools[0].call(json!({"a": "x"})).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_offers_is_within_reach() {
    let Some(pool) = support::pool(support::config()).await else { return };
    let mut solo = Solo::new().with_variable("GREETING", "hello").with_file("2/notes.txt", "from the store");
    solo.feeds_chat_output = true;
    solo.stream = true;
    let code = support::component(
        "import asyncio\n\
         from langflow.schema.message import Message\n\
         self.log('one', name='first')\n\
         self.status = 'busy'\n\
         print('printed')\n\
         self.stop('other')\n\
         self.update_ctx({'k': {'a': 1}})\n\
         greeting = asyncio.run(self.get_variable('GREETING', 'text')) if False else None\n\
         with open(self.resolve_path('2/notes.txt')) as file:\n    notes = file.read()\n\
         return f\"{self.session_id} {self.graph.flow_name} {self.ctx.get('k')['a']} {notes}\"",
    );
    let value = support::run(&pool, &solo, &code, "out").await.unwrap();
    assert_eq!(value.to_json(), json!("s1 Solo 1 from the store"));
    assert_eq!(solo.stopped(), ["other"]);

    let code = support::component("").replace(
        "    def go(self) -> str:\n",
        "    async def go(self) -> str:\n        \
         from langflow.schema.message import Message\n        \
         sent = await self.send_message(Message(text=self._words(), sender='Machine', sender_name='AI'))\n        \
         return await self.get_variable('GREETING', 'text') + ' ' + sent.text\n\n    \
         async def _words(self):\n        yield 'a'\n        yield 'b'\n",
    );
    let value = support::run(&pool, &solo, &code, "out").await.unwrap();
    assert_eq!(value.to_json(), json!("hello ab"));
    assert_eq!(solo.messages().last().unwrap().text, "ab");
    let tokens = solo
        .events()
        .iter()
        .filter(|event| matches!(event, langflow_core::run::RunEvent::Token { .. }))
        .count();
    assert_eq!(tokens, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_and_functions_run_in_workers() {
    let Some(pool) = support::pool(support::config()).await else { return };
    let catalogue = support::catalogue(&pool);
    let solo = Solo::new();
    let check = async |key: &str, field: &str, code: &str, output: &str| {
        let mut params = Params::default();
        params.set(field, Value::text(code));
        solo.run(&catalogue, key, params, output).await
    };
    for (code, result) in [
        ("print(math.sqrt(16))", json!({"result": "4.0"})),
        ("```python\nprint(1)\n```", json!({"result": "1"})),
        ("import nosuchmodule", json!({"error": "Import Error: No module named 'nosuchmodule'"})),
        ("1/0", json!({"error": "Error during execution: ZeroDivisionError('division by zero')"})),
    ] {
        let got = check("PythonREPLComponent", "python_code", code, "results").await.unwrap();
        assert_eq!(got.to_json(), result, "{code}");
    }
    let code = "def f(n: int = 2) -> dict:\n    return {'n': n}";
    let data = check("PythonFunction", "function_code", code, "function_output_data").await.unwrap();
    assert_eq!(data.to_json(), json!([{"n": 2}]));
    let text = check("PythonFunction", "function_code", code, "function_output_str").await.unwrap();
    assert!(matches!(text, Value::Message(m) if m.text == "{'n': 2}"));
    let made = check("PythonCodeStructuredTool", "tool_code", code, "result_tool").await.unwrap();
    let Value::Tools(tools) = made else { panic!("no tool") };
    assert_eq!(tools[0].call(json!({"n": 7})).await.unwrap().text, "{'n': 7}");
    let made = check("PythonREPLTool", "name", "run_it", "api_build_tool").await.unwrap();
    let Value::Tools(tools) = made else { panic!("no tool") };
    assert_eq!(tools[0].call(json!({"code": "print(2+2)"})).await.unwrap().text, "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_stored_by_name_of_the_function() {
    let Some(pool) = support::pool(support::config()).await else { return };
    let solo = Solo::new();
    let code = support::component(
        "from langflow.memory import store_message\n\
         from langflow.schema.message import Message\n\
         stored = store_message(Message(text='kept', sender='Machine', sender_name='Ann', session_id='s7'))\n\
         return f'{len(stored)} {stored[0].text} {bool(stored[0].data[\"id\"])}'",
    );
    let value = support::run(&pool, &solo, &code, "out").await.unwrap();
    assert_eq!(value.to_json(), "1 kept True");
    let messages = solo.messages();
    let kept = messages.iter().find(|message| message.session_id == "s7").unwrap();
    assert_eq!((kept.text.as_str(), kept.sender_name.as_deref()), ("kept", Some("Ann")));
}
