//! The catalogue against the reference's: same fields in the same order, with the same keys, kinds,
//! defaults and flags; same outputs. Texts are ours and not compared.
//!
//! Reads the recorded excerpt (`LANGFLOW_CAPTURES`, or the folder beside the repository) and, where
//! `LANGFLOW_REFERENCE_CATALOGUE` names a whole `/api/v1/all` document, that too.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use langflow_components::catalogue;
use langflow_core::{Json, JsonMap};
use std::path::PathBuf;

/// Node keys whose values are texts or differ by design.
const NODE_TEXTS: [&str; 5] = ["description", "metadata", "template", "field_order", "outputs"];
/// Node keys that only some entries of the reference have.
const NODE_OPTIONAL: [&str; 10] = [
    "add_tool_output",
    "replacement",
    "priority",
    "lf_version",
    "description",
    "extension",
    "bundle",
    "extension_version",
    "namespaced_id",
    "name",
];
/// Keys of fields that are texts.
const FIELD_TEXTS: [&str; 4] = ["info", "placeholder", "table_schema", "options_metadata"];

#[test]
fn entries_agree_with_the_recorded_excerpt() {
    let folder = std::env::var_os("LANGFLOW_CAPTURES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/captures"),
        PathBuf::from,
    );
    let Ok(lines) = std::fs::read_to_string(folder.join("flows.jsonl")) else {
        eprintln!("skipped: no recorded exchanges in {}", folder.display());
        return;
    };
    let mut compared = 0;
    for line in lines.lines() {
        let exchange: Json = serde_json::from_str(line).unwrap();
        let is_ours = exchange["name"] == "all.excerpt.ChatInput" && exchange["version"] == "1.13.0";
        if let (true, Some(excerpt)) = (is_ours, exchange["response"]["body"].as_object()) {
            let entries: Vec<_> = excerpt.values().filter_map(Json::as_object).collect();
            // Either category → key → entry, or key → entry.
            let flat = excerpt.values().all(|entry| entry.get("template").is_some());
            let entries = if flat { vec![excerpt] } else { entries };
            compared += entries.into_iter().map(compare).sum::<usize>();
        }
    }
    assert!(compared > 0, "the excerpt holds no entry of ours");
}

#[test]
fn entries_agree_with_the_whole_catalogue() {
    let Some(path) = std::env::var_os("LANGFLOW_REFERENCE_CATALOGUE") else {
        eprintln!("skipped: LANGFLOW_REFERENCE_CATALOGUE names no document");
        return;
    };
    let all: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut theirs = JsonMap::new();
    for (category, entries) in all.as_object().unwrap() {
        if category != "component_display_names" {
            for (key, entry) in entries.as_object().unwrap() {
                let mut entry = entry.clone();
                entry["category"] = Json::String(category.clone());
                theirs.insert(key.clone(), entry);
            }
        }
    }
    let compared = compare(&theirs);
    eprintln!("{compared} entries compared");
    assert!(compared > 0);
}

/// Compares every entry that we have too; gives how many those are.
fn compare(theirs: &JsonMap) -> usize {
    let ours = catalogue();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (key, their) in theirs {
        let Some(entry) = ours.get(key) else { continue };
        let spec = entry.spec();
        compared += 1;
        let mut our = spec.to_catalogue(|_| String::new());
        our["category"] = Json::String(spec.category.to_owned());
        if their.get("category").is_none() {
            our.as_object_mut().unwrap().remove("category");
        }
        entry_differences(&our, their, &mut |what| wrong.push(format!("{key}: {what}")));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    compared
}

fn entry_differences(our: &Json, their: &Json, report: &mut dyn FnMut(String)) {
    let (our_map, their_map) = (our.as_object().unwrap(), their.as_object().unwrap());
    for (key, value) in their_map {
        if NODE_TEXTS.contains(&key.as_str()) || NODE_OPTIONAL.contains(&key.as_str()) {
            continue;
        }
        match our_map.get(key) {
            None => report(format!("the key {key} is missing")),
            Some(ours) if ours != value => report(format!("{key} is {ours}, theirs {value}")),
            Some(_) => {}
        }
    }
    for key in our_map.keys() {
        if !their_map.contains_key(key) && !NODE_OPTIONAL.contains(&key.as_str()) {
            report(format!("the key {key} is not theirs"));
        }
    }
    if our["field_order"] != their["field_order"] {
        report(format!("field_order is {}, theirs {}", our["field_order"], their["field_order"]));
    }
    outputs_differences(&our["outputs"], &their["outputs"], report);
    let theirs = their["template"].as_object().unwrap();
    for (name, field) in theirs {
        match our["template"].get(name) {
            None => report(format!("the field {name} is missing")),
            Some(ours) if name == "code" || name == "_type" => {
                if ours.is_string() != field.is_string() {
                    report(format!("{name} has another form"));
                }
            }
            Some(ours) => field_differences(name, ours, field, report),
        }
    }
}

fn outputs_differences(ours: &Json, theirs: &Json, report: &mut dyn FnMut(String)) {
    let names = |list: &Json| -> Vec<Json> {
        list.as_array().unwrap().iter().map(|output| output["name"].clone()).collect()
    };
    if names(ours) != names(theirs) {
        report(format!("outputs are {:?}, theirs {:?}", names(ours), names(theirs)));
        return;
    }
    for (our, their) in ours.as_array().unwrap().iter().zip(theirs.as_array().unwrap()) {
        for (key, value) in their.as_object().unwrap() {
            if key != "info" && our.get(key).unwrap_or(&Json::Null) != value {
                let ours = our.get(key).unwrap_or(&Json::Null);
                report(format!("output {}: {key} is {ours}, theirs {value}", our["name"]));
            }
        }
    }
}

fn field_differences(name: &str, our: &Json, their: &Json, report: &mut dyn FnMut(String)) {
    let (our, their) = (our.as_object().unwrap(), their.as_object().unwrap());
    for (key, value) in their {
        match our.get(key) {
            None => report(format!("{name}: the key {key} is missing (theirs {value})")),
            Some(ours) if FIELD_TEXTS.contains(&key.as_str()) || ours == value => {}
            Some(ours) => {
                // Long defaults are prompts, and prompts are texts.
                let is_text = key == "value" && value.as_str().is_some_and(|text| text.len() > 60);
                let same_number = ours.as_f64().is_some() && ours.as_f64() == value.as_f64();
                if !is_text && !same_number {
                    report(format!("{name}: {key} is {ours}, theirs {value}"));
                }
            }
        }
    }
    for key in our.keys() {
        if !their.contains_key(key) {
            report(format!("{name}: the key {key} is not theirs"));
        }
    }
}
