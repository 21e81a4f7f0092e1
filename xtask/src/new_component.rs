//! `cargo xtask new-component processing sort_rows`: a component's file, listed and ready to fill in.

use crate::shell::{root, run, say};
use anyhow::{Context as _, Result, bail};

pub fn write(category: &str, name: &str) -> Result<()> {
    let is_plain = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    if !is_plain(category) || !is_plain(name) {
        bail!("category and name are written like_this");
    }
    let folder = root().join("crates/components/src").join(category);
    let list = folder.join("mod.rs");
    let listed = std::fs::read_to_string(&list)
        .with_context(|| format!("there is no category {category}: {} is missing", list.display()))?;
    let file = folder.join(format!("{name}.rs"));
    if file.exists() {
        bail!("{} exists", file.display());
    }
    let type_name = type_name(name);
    let listed = add_to_list(&listed, name, &type_name)
        .with_context(|| format!("{}: no `mod` lines and `vec![…]` to add to", list.display()))?;
    std::fs::write(&file, source(category, name, &type_name))?;
    std::fs::write(&list, listed)?;
    run("cargo", &["fmt", "--package", "langflow-components"])?;
    say(&format!(
        "wrote crates/components/src/{category}/{name}.rs and its line in mod.rs.\n\
         Fill in inputs, outputs and examples, then: cargo test -p langflow-components && cargo xtask gen"
    ));
    Ok(())
}

fn type_name(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
    });
    words.flatten().collect()
}

fn title(name: &str) -> String {
    type_name(name).chars().fold(String::new(), |mut text, c| {
        if c.is_ascii_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.push(c);
        text
    })
}

/// The module line after the last one, the entry at the end of the list.
fn add_to_list(listed: &str, name: &str, type_name: &str) -> Option<String> {
    let last_mod = listed.rfind("\nmod ")? + 1;
    let after_mod = last_mod + listed.get(last_mod..)?.find('\n')? + 1;
    let with_mod = format!("{}mod {name};\n{}", listed.get(..after_mod)?, listed.get(after_mod..)?);
    let end = with_mod.rfind(']')?;
    let head = with_mod.get(..end)?.trim_end().trim_end_matches(',');
    let comma = if head.ends_with('[') { "" } else { ", " };
    Some(format!("{head}{comma}Entry::<{name}::{type_name}>::of(){}", with_mod.get(end..)?))
}

fn source(category: &str, name: &str, type_name: &str) -> String {
    let title = title(name);
    format!(
        r#"//! {title}.

use langflow_core::prelude::*;

/// What it does, in one sentence for the palette.
#[derive(Component)]
#[component(
    id = "{type_name}",
    title = "{title}",
    icon = "box",
    category = "{category}",
    examples = EXAMPLES
)]
pub struct {type_name} {{
    /// The text to work on.
    #[input(title = "Text")]
    text: String,
}}

#[outputs]
impl {type_name} {{
    /// The result.
    #[output(name = "result", title = "Result")]
    async fn build_result(&self, cx: &Cx) -> Result<Message, Fault> {{
        Ok(cx.new_message(self.text.clone()))
    }}
}}

examples! {{
    "As it is": {{"text": "good morning"}} => result: "good morning";
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_lists() {
        assert_eq!(type_name("sort_rows"), "SortRows");
        assert_eq!(title("sort_rows"), "Sort Rows");
        let list = "mod a;\nmod b;\n\npub fn entries() {\n    vec![Entry::<a::A>::of()]\n}\n";
        let added = add_to_list(&format!("\n{list}"), "sort_rows", "SortRows").unwrap();
        assert!(added.contains("mod b;\nmod sort_rows;\n"), "{added}");
        assert!(added.contains("vec![Entry::<a::A>::of(), Entry::<sort_rows::SortRows>::of()]"), "{added}");
    }
}
