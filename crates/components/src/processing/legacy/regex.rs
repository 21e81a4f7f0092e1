//! Regex Extractor.

use langflow_core::prelude::*;
use regex::Regex;
use serde_json::json;

/// Most matches of one run.
const MAX_MATCHES: usize = 100_000;

/// Finds what a regular expression matches.
///
/// Of an expression with groups the groups are given; empty matches are left out.
#[derive(Component)]
#[component(
    id = "RegexExtractorComponent",
    title = "Regex Extractor",
    icon = "regex",
    category = "processing",
    module = "lfx.components.processing.regex.RegexExtractorComponent",
    legacy,
    replacement = ["processing.ParserComponent"],
    examples = EXAMPLES
)]
pub struct RegexExtractorComponent {
    /// The text to search.
    #[input(title = "Input Text", required)]
    input_text: String,
    /// The regular expression.
    #[input(title = "Regex Pattern", required, tool_mode)]
    pattern: String,
}

#[outputs]
impl RegexExtractorComponent {
    /// One data for each match; an `error` when the expression is wrong.
    #[output(name = "data", title = "JSON")]
    async fn extract_matches(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        let data = |json: Json| Data::from_json(json);
        Ok(match self.matches() {
            Ok(found) => found.into_iter().map(|found| data(json!({ "match": found }))).collect(),
            Err(why) => vec![data(json!({ "error": why }))],
        })
    }

    /// The matches as text, one a line.
    #[output(name = "text", title = "Message", method = "get_matches_text")]
    async fn get_matches_text(&self, cx: &Cx) -> Result<Message, Fault> {
        let text = match self.matches() {
            Ok(found) if found.is_empty() => "No matches found".to_owned(),
            Ok(found) => {
                let line = |found: &Json| found.as_str().map_or_else(|| found.to_string(), str::to_owned);
                found.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Err(why) => why,
        };
        cx.set_status(Value::text(text.clone()));
        Ok(cx.new_message(text))
    }
}

impl RegexExtractorComponent {
    fn matches(&self) -> Result<Vec<Json>, String> {
        if self.pattern.is_empty() || self.input_text.is_empty() {
            return Ok(Vec::new());
        }
        let regex = Regex::new(&self.pattern).map_err(|why| format!("Invalid regex pattern: {why}"))?;
        let text = |found: Option<regex::Match<'_>>| found.map_or("", |found| found.as_str()).to_owned();
        let found = regex.captures_iter(&self.input_text).map(|found| match found.len() {
            1 => json!(text(found.get(0))),
            2 => json!(text(found.get(1))),
            groups => (1..groups).map(|group| json!(text(found.get(group)))).collect(),
        });
        Ok(found.filter(|found| *found != json!("")).take(MAX_MATCHES).collect())
    }
}

examples! {
    "Numbers": {"input_text": "7 ants, 12 bees", "pattern": "\\d+"} => data: [{"match": "7"}, {"match": "12"}];
    "A group": {"input_text": "a@b c@d", "pattern": "(\\w)@"} => text: "a\nc";
    "Nothing": {"input_text": "x", "pattern": "\\d"} => text: "No matches found";
}
