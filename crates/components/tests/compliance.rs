//! What holds for every component of the catalogue (`docs/COMPONENTS.md`).

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use langflow_components::{catalogue, reference};
use langflow_core::component::{ComponentSpec, InputKind, Params};
use langflow_core::{FaultKind, Json};
use std::collections::HashMap;
use std::path::Path;

/// Runs a rule over every component and fails with everything that breaks it.
fn check(rule: &str, mut broken: impl FnMut(&ComponentSpec) -> Vec<String>) {
    let catalogue = catalogue();
    let mut wrong = Vec::new();
    for entry in catalogue.entries() {
        let spec = entry.spec();
        wrong.extend(broken(spec).into_iter().map(|what| format!("{}: {what}", spec.id)));
    }
    assert!(wrong.is_empty(), "{rule}:\n{}", wrong.join("\n"));
}

#[test]
fn keys_are_unique() {
    let mut owners: HashMap<String, &str> = HashMap::new();
    check("every id, alias and class belongs to one component", |spec| {
        let mut keys = vec![spec.id];
        keys.extend(spec.aliases);
        keys.push(spec.class);
        keys.dedup();
        keys.into_iter()
            .filter(|key| owners.insert((*key).to_owned(), spec.id).is_some_and(|owner| owner != spec.id))
            .map(|key| format!("'{key}' is taken"))
            .collect()
    });
}

#[test]
fn texts_are_there() {
    check("a reader finds a title, an icon, a category and a meaning", |spec| {
        let mut missing = Vec::new();
        for (what, text) in [
            ("title", spec.title),
            ("icon", spec.icon),
            ("category", spec.category),
            ("description", spec.description),
        ] {
            if text.is_empty() {
                missing.push(format!("no {what}"));
            }
        }
        for input in &spec.inputs {
            if input.info.is_empty() || input.title.is_empty() {
                missing.push(format!("the field {} has no meaning or title", input.name));
            }
        }
        for output in &spec.outputs {
            if output.info.is_empty() || output.title.is_empty() || output.types.is_empty() {
                missing.push(format!("the output {} has no meaning, title or type", output.name));
            }
        }
        missing
    });
}

#[test]
fn names_are_unique_within_a_component() {
    check("no field and no output is declared twice", |spec| {
        let mut seen = std::collections::HashSet::new();
        let inputs = spec.inputs.iter().filter(|i| !seen.insert(("field", i.name))).map(|i| i.name);
        let mut twice: Vec<String> = inputs.map(str::to_owned).collect();
        twice.extend(
            spec.outputs.iter().filter(|o| !seen.insert(("output", o.name))).map(|o| o.name.to_owned()),
        );
        twice
    });
}

#[test]
fn defaults_parse() {
    let all = catalogue();
    check("a node without any value parses, or says which required fields are missing", |spec| {
        let Err(faults) = all.get(spec.id).unwrap().parse(Params::default()).map(drop) else {
            return Vec::new();
        };
        faults
            .into_iter()
            .filter(|fault| {
                let required = fault
                    .place()
                    .and_then(|place| place.field.as_deref())
                    .and_then(|name| spec.input(name))
                    .is_some_and(|input| input.required || input.kind.is_edge_only());
                !(required || fault.kind() == FaultKind::Missing)
            })
            .map(|fault| fault.to_string())
            .collect()
    });
}

#[test]
fn what_the_editor_fills_in_is_read() {
    check("a field with a default, options or columns does not take edges alone", |spec| {
        let filled = |input: &&langflow_core::component::InputSpec| {
            let has_value = !langflow_core::value::json_is_falsy(&input.value);
            has_value || !input.options.is_empty() || input.extra.contains_key("table_schema")
        };
        let lost = spec.inputs.iter().filter(filled).filter(|input| input.kind.is_edge_only());
        lost.map(|input| format!("what stands in {} is never read", input.name)).collect()
    });
}

#[test]
fn secrets_are_secrets() {
    check("a field named for a key, token or password does not show its value", |spec| {
        spec.inputs
            .iter()
            .filter(|input| {
                let name = input.name;
                let sounds_secret = ["api_key", "password", "secret", "access_key"]
                    .iter()
                    .any(|word| name == *word || name.ends_with(&format!("_{word}")));
                sounds_secret && !matches!(input.kind, InputKind::Secret | InputKind::MultilineSecret)
            })
            .map(|input| format!("{} is of kind {:?}", input.name, input.kind))
            .collect()
    });
}

#[test]
fn entries_have_the_shape_of_the_catalogue() {
    check("an entry of the catalogue is whole", |spec| {
        let entry = spec.to_catalogue(|_| "0".into());
        let mut wrong = Vec::new();
        let template = entry["template"].as_object().unwrap();
        for name in spec.inputs.iter().map(|input| input.name) {
            let field = template.get(name).and_then(Json::as_object);
            for key in ["type", "show", "required", "display_name", "name"] {
                if field.is_none_or(|field| !field.contains_key(key)) {
                    wrong.push(format!("the field {name} lacks {key}"));
                }
            }
        }
        if entry["outputs"].as_array().unwrap().len() != spec.outputs.iter().filter(|o| o.listed).count() {
            wrong.push("an output is lost".into());
        }
        if reference::page(spec).len() < 100 {
            wrong.push("the reference page is empty".into());
        }
        wrong
    });
}

/// Every file of a category is a module of its folder, and every component in it is listed.
#[test]
fn every_file_is_listed() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for folder in std::fs::read_dir(&src).unwrap().map(|entry| entry.unwrap().path()).filter(|p| p.is_dir()) {
        walk(&folder, &mut wrong);
    }
    assert!(wrong.is_empty(), "not listed:\n{}", wrong.join("\n"));
}

fn walk(folder: &Path, wrong: &mut Vec<String>) {
    let list = std::fs::read_to_string(folder.join("mod.rs")).unwrap_or_default();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name == "mod" {
            continue;
        }
        if !list.contains(&format!("mod {name};")) {
            wrong.push(format!("{}: no `mod {name};` in mod.rs", path.display()));
        }
        if path.is_dir() {
            if !list.contains(&format!("{name}::entries()")) && has_component(&path) {
                let own = std::fs::read_to_string(path.join("mod.rs")).unwrap_or_default();
                if own.contains("fn entries()") {
                    wrong.push(format!("{}: its entries are not listed", path.display()));
                }
            }
            walk(&path, wrong);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for after in text.split("#[derive(Component").skip(1) {
            let Some(rest) = after.split("pub struct ").nth(1) else { continue };
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let component = &rest[..end];
            if !list.contains(component) && !in_parent(folder, component) {
                wrong.push(format!("{}: {component} is not in the list of mod.rs", path.display()));
            }
        }
    }
}

fn has_component(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        std::fs::read_to_string(entry.unwrap().path()).is_ok_and(|text| text.contains("derive(Component"))
    })
}

fn in_parent(folder: &Path, component: &str) -> bool {
    let parent = folder.parent().map(|parent| parent.join("mod.rs"));
    parent.and_then(|path| std::fs::read_to_string(path).ok()).is_some_and(|text| text.contains(component))
}
