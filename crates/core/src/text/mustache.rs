//! `{{name}}` templates: plain variables only.

use super::growing::Growing;
use crate::Fault;
use crate::value::{JsonMap, python_repr};

enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

/// The template with its variables filled in; one without a value becomes empty.
pub fn fill(template: &str, values: &JsonMap) -> Result<String, Fault> {
    let mut out = Growing::with_capacity(template.len());
    for piece in parse(template)? {
        match piece {
            Piece::Text(text) => out.push(text)?,
            Piece::Name(name) => {
                out.push(&values.get(name).map(python_repr).unwrap_or_default())?;
            }
        }
    }
    Ok(out.finish())
}

/// The variables, in order of appearance, each once.
pub fn variables(template: &str) -> Result<Vec<String>, Fault> {
    let mut names: Vec<String> = Vec::new();
    for piece in parse(template)? {
        if let Piece::Name(name) = piece
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn parse(template: &str) -> Result<Vec<Piece<'_>>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once("{{") {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let Some((inside, tail)) = tail.split_once("}}") else {
            return Err(Fault::invalid("the template has '{{' without '}}'").at_field("template"));
        };
        let name = inside.trim();
        let is_plain = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_plain {
            return Err(Fault::invalid(format!(
                "'{{{{{inside}}}}}' is not allowed: only plain variables like {{{{name}}}} are"
            ))
            .at_field("template"));
        }
        pieces.push(Piece::Name(name));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}
