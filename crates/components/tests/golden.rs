//! Cases produced by running the reference's components on inputs of our own: same inputs, same outputs.
//!
//! Where the reference fails, ours fails too; the words may differ. A missing cell and a null are the same
//! here, as are 1 and 1.0.

#![expect(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "helpers of tests")]

use langflow_components::catalogue;
use langflow_core::component::{Params, example_json, example_value};
use langflow_core::{Json, JsonMap};
use langflow_testkit::solo::Solo;
use std::path::Path;

/// Runs every case of one file.
async fn check(file: &str) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    let cases: Vec<JsonMap> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let catalogue = catalogue();
    let mut wrong = Vec::new();
    for case in &cases {
        let inputs = case["inputs"].as_object().unwrap();
        let mut params = Params::default();
        for (name, json) in inputs {
            params.set(name.clone(), example_value(json));
        }
        let key = case["component"].as_str().unwrap();
        let output = case["output"].as_str().unwrap();
        let spec = catalogue.get(key).unwrap_or_else(|| panic!("no component {key}")).spec();
        let output = spec.resolve_output(output, None, &[]).map_or("", |output| output.name);
        let result = Solo::new().run(&catalogue, key, params, output).await;
        let shown = Json::Object(inputs.clone());
        match (case.get("gives"), result) {
            (Some(expected), Ok(value)) => {
                let got = example_json(&value);
                if !same(&got, expected) {
                    wrong.push(format!("{shown}\n   expected {expected}\n   got      {got}"));
                }
            }
            (Some(expected), Err(fault)) => {
                wrong.push(format!("{shown}\n   expected {expected}\n   failed   {fault}"));
            }
            (None, Ok(value)) => wrong.push(format!(
                "{shown}\n   expected a failure ({})\n   got      {}",
                case["fails"],
                example_json(&value)
            )),
            (None, Err(_)) => {}
        }
    }
    assert!(wrong.is_empty(), "{file}: {} of {} differ\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    cases.len()
}

fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => a == b || (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
            _ => a == b,
        },
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            let keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.into_iter()
                .all(|key| same(a.get(key).unwrap_or(&Json::Null), b.get(key).unwrap_or(&Json::Null)))
        }
        (a, b) => a == b,
    }
}

macro_rules! golden {
    ($($name:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            assert!(check(concat!(stringify!($name), ".json")).await > 0);
        }
    )*};
}
golden!(
    split_text,
    parser,
    table_operations,
    type_convert,
    text_operations,
    json_operations,
    calculator,
    splitters,
    converters,
);
