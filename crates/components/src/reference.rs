//! Reference pages, made from the declarations: one page of Markdown per component.

use langflow_core::Json;
use langflow_core::component::{Catalogue, ComponentSpec, Expected, InputSpec, OutputSpec};
use std::fmt::Write as _;

/// A page to write: file name and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub file_name: String,
    pub text: String,
}

/// The index and the pages of all components.
pub fn pages(catalogue: &Catalogue) -> Vec<Page> {
    let mut pages = vec![Page { file_name: "index.md".into(), text: index(catalogue) }];
    pages.extend(catalogue.entries().iter().map(|entry| {
        let spec = entry.spec();
        Page { file_name: file_name(spec), text: page(spec) }
    }));
    pages
}

fn file_name(spec: &ComponentSpec) -> String {
    let plain: String = spec.id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{plain}.md")
}

fn index(catalogue: &Catalogue) -> String {
    let mut out = String::from("# Components\n\nMade from the declarations; do not edit by hand.\n");
    let mut categories: Vec<&str> = Vec::new();
    for entry in catalogue.entries() {
        if !categories.contains(&entry.spec().category) {
            categories.push(entry.spec().category);
        }
    }
    for category in categories {
        let _ = write!(out, "\n## {category}\n\n| component | type key | what it does |\n|---|---|---|\n");
        for entry in catalogue.entries() {
            let spec = entry.spec();
            if spec.category == category {
                let legacy = if spec.legacy { " (legacy)" } else { "" };
                let _ = writeln!(
                    out,
                    "| [{}]({}){legacy} | `{}` | {} |",
                    spec.title,
                    file_name(spec),
                    spec.id,
                    cell(spec.description)
                );
            }
        }
    }
    out
}

/// The page of one component.
pub fn page(spec: &ComponentSpec) -> String {
    let mut out = format!("# {}\n\n{}\n", spec.title, spec.description);
    if !spec.details.is_empty() {
        let _ = write!(out, "\n{}\n", spec.details);
    }
    let _ = write!(out, "\nType key `{}`, category `{}`.", spec.id, spec.category);
    if !spec.aliases.is_empty() {
        let _ = write!(out, " Also read from flows as {}.", ticked(spec.aliases));
    }
    if spec.legacy {
        out.push_str(" Legacy: kept for existing flows.");
    }
    out.push('\n');
    if !spec.inputs.is_empty() {
        out.push_str("\n## Inputs\n\n| field | name | kind | default | meaning |\n|---|---|---|---|---|\n");
        for input in &spec.inputs {
            out.push_str(&input_line(input));
        }
    }
    out.push_str("\n## Outputs\n\n| output | name | types | meaning |\n|---|---|---|---|\n");
    for output in &spec.outputs {
        out.push_str(&output_line(output));
    }
    if !spec.examples.is_empty() {
        out.push_str("\n## Examples\n");
        for example in spec.examples {
            let inputs = pretty(example.inputs);
            let _ = write!(out, "\n{}:\n\n```json\n{inputs}\n```\n\n", example.title);
            let _ = match example.expected {
                Expected::Output(name, json) => {
                    write!(out, "gives in `{name}`\n\n```json\n{}\n```\n", pretty(json))
                }
                Expected::Fault(text) => writeln!(out, "fails; the error says `{text}`."),
            };
        }
    }
    out
}

fn input_line(input: &InputSpec) -> String {
    let mut kind = input.kind.wire().to_owned();
    if !input.options.is_empty() {
        let _ = write!(kind, ": {}", input.options.join(", "));
    }
    let handles = input.handle_types();
    if !handles.is_empty() {
        let _ = write!(kind, " ← {}", handles.join(", "));
    }
    if input.list {
        kind.push_str(" (many)");
    }
    let mut default = input.default_value().to_string();
    if input.kind.is_edge_only() || default == "\"\"" {
        default.clear();
    }
    if input.required {
        default = format!("required {default}").trim().to_owned();
    }
    format!(
        "| {} | `{}` | {} | {} | {} |\n",
        input.title,
        input.name,
        cell(&kind),
        cell(&default),
        cell(input.info)
    )
}

fn output_line(output: &OutputSpec) -> String {
    let older = if output.listed { "" } else { " (older flows)" };
    format!(
        "| {}{older} | `{}` | {} | {} |\n",
        output.title,
        output.name,
        output.types.join(", "),
        cell(output.info)
    )
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn ticked(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// JSON text, laid out; text that is not JSON as it stands.
fn pretty(json: &str) -> String {
    serde_json::from_str::<Json>(json)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| json.to_owned())
}
