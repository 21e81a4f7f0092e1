//! Every example of every component runs and gives what it says.

use langflow_components::catalogue;
use langflow_core::Json;
use langflow_core::component::{Expected, example_json};
use langflow_testkit::solo::Solo;

#[tokio::test]
async fn examples_hold() {
    let catalogue = catalogue();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in catalogue.entries() {
        let spec = entry.spec();
        for example in spec.examples {
            count += 1;
            let place = format!("{} / {}", spec.id, example.title);
            let Some(params) = example.params() else {
                wrong.push(format!("{place}: the inputs are not a JSON object: {}", example.inputs));
                continue;
            };
            let output = match example.expected {
                Expected::Output(name, _) => name,
                Expected::Fault(_) => spec.outputs.first().map_or("", |o| o.name),
            };
            let solo = Solo::new();
            let result = solo.run(&catalogue, spec.id, params, output).await;
            match (example.expected, result) {
                (Expected::Output(_, json), Ok(value)) => {
                    let Ok(expected) = serde_json::from_str::<Json>(json) else {
                        wrong.push(format!("{place}: the expected output is not JSON: {json}"));
                        continue;
                    };
                    let got = example_json(&value);
                    if got != expected {
                        wrong.push(format!("{place}: expected {expected}, got {got}"));
                    }
                }
                (Expected::Fault(text), Err(fault)) => {
                    if !fault.message().contains(text) {
                        wrong.push(format!("{place}: expected a fault with '{text}', got '{fault}'"));
                    }
                }
                (Expected::Output(..), Err(fault)) => wrong.push(format!("{place}: failed: {fault}")),
                (Expected::Fault(text), Ok(value)) => wrong
                    .push(format!("{place}: expected a fault with '{text}', got {}", example_json(&value))),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} examples are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 0, "there are no examples");
}
