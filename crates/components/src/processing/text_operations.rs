//! Text Operations.

use super::operations::{outputs_named, picked, show};
use super::text_work as work;
use crate::fields::{Pick, option};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Kinds of case.
pub const CASES: [&str; 5] = ["uppercase", "lowercase", "title", "capitalize", "swapcase"];
/// Ends to strip.
pub const STRIP_MODES: [&str; 3] = ["both", "left", "right"];

/// The operations, and which fields each needs.
const OPERATIONS: [(&str, &str, &[&str]); 10] = [
    ("Word Count", "hash", &["count_words", "count_characters", "count_lines"]),
    ("Case Conversion", "type", &["case_type"]),
    ("Text Replace", "replace", &["search_pattern", "replacement_text", "use_regex"]),
    ("Text Extract", "search", &["extract_pattern", "max_matches"]),
    ("Text Head", "chevron-left", &["head_characters"]),
    ("Text Tail", "chevron-right", &["tail_characters"]),
    ("Text Strip", "minus", &["strip_mode", "strip_characters"]),
    ("Text Join", "link", &["text_input_2"]),
    ("Text Clean", "sparkles", &["remove_extra_spaces", "remove_special_chars", "remove_empty_lines"]),
    ("Text to DataFrame", "table", &["table_separator", "has_header"]),
];

pub fn options() -> Vec<Json> {
    OPERATIONS.iter().map(|(name, icon, _)| option(name, icon)).collect()
}

/// Fields that belong to some operation, and those of one.
pub fn fields_of(operation: &str) -> (Vec<&'static str>, &'static [&'static str]) {
    let all = OPERATIONS.iter().flat_map(|(_, _, fields)| fields.iter().copied()).collect();
    let own = OPERATIONS.iter().find(|(name, ..)| *name == operation).map_or(&[][..], |(_, _, f)| f);
    (all, own)
}

/// Changes a text: case, parts, white space.
///
/// Pick one operation; the fields it needs appear, and the output follows from it.
#[derive(Component)]
#[component(
    id = "TextOperations",
    title = "Text Operations",
    icon = "type",
    category = "processing",
    module = "lfx.components.processing.text_operations.TextOperations",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct TextOperations {
    /// The text to change.
    #[input(title = "Text Input", kind = Multiline, required)]
    text_input: String,
    /// What to do.
    #[input(
        title = "Operation", real_time_refresh, placeholder = "Select Operation",
        extra = json!({"options": options(), "limit": 1})
    )]
    operation: Pick,
    /// What stands between cells.
    #[input(title = "Table Separator", kind = Str, default = "|", hidden, dynamic)]
    table_separator: String,
    /// The first line names the columns.
    #[input(title = "Has Header", default = true, advanced, hidden, dynamic)]
    has_header: bool,
    /// Count words, and different words.
    #[input(title = "Count Words", default = true, advanced, hidden, dynamic)]
    count_words: bool,
    /// Count characters, with and without blanks.
    #[input(title = "Count Characters", default = true, advanced, hidden, dynamic)]
    count_characters: bool,
    /// Count lines, and lines that are not blank.
    #[input(title = "Count Lines", default = true, advanced, hidden, dynamic)]
    count_lines: bool,
    /// The case to change to.
    #[input(title = "Case Type", kind = Dropdown, options = CASES, default = "lowercase", hidden, dynamic)]
    case_type: String,
    /// The pattern is a regular expression.
    #[input(title = "Use Regex", hidden, dynamic)]
    use_regex: bool,
    /// What to look for.
    #[input(title = "Search Pattern", kind = Str, hidden, dynamic)]
    search_pattern: String,
    /// What to put in its place.
    #[input(title = "Replacement Text", kind = Str, hidden, dynamic)]
    replacement_text: String,
    /// The regular expression to find.
    #[input(title = "Extract Pattern", kind = Str, hidden, dynamic)]
    extract_pattern: String,
    /// The most matches; 0 for all.
    #[input(title = "Max Matches", default = 10, hidden, dynamic)]
    max_matches: i64,
    /// How many characters of the start.
    #[input(title = "Characters from Start", default = 100, range = (0.0, 1_000_000.0, 1.0), hidden, dynamic)]
    head_characters: i64,
    /// How many characters of the end.
    #[input(title = "Characters from End", default = 100, range = (0.0, 1_000_000.0, 1.0), hidden, dynamic)]
    tail_characters: i64,
    /// Which ends.
    #[input(title = "Strip Mode", kind = Dropdown, options = STRIP_MODES, default = "both", hidden, dynamic)]
    strip_mode: String,
    /// The characters to take off. Empty: white space.
    #[input(title = "Characters to Strip", kind = Str, hidden, dynamic)]
    strip_characters: String,
    /// The text to join, on a line of its own.
    #[input(title = "Second Text Input", kind = Multiline, hidden, dynamic)]
    text_input_2: String,
    /// Make one blank of every run of white space.
    #[input(title = "Remove Extra Spaces", default = true, hidden, dynamic)]
    remove_extra_spaces: bool,
    /// Keep only letters, digits, underscores and white space.
    #[input(title = "Remove Special Characters", hidden, dynamic)]
    remove_special_chars: bool,
    /// Drop blank lines.
    #[input(title = "Remove Empty Lines", hidden, dynamic)]
    remove_empty_lines: bool,
}

#[outputs]
impl TextOperations {
    /// The changed text.
    #[output(name = "message", title = "Message", method = "get_message", legacy)]
    async fn message(&self, cx: &Cx) -> Result<Message, Fault> {
        Ok(cx.new_message(self.work().text(self.name())?))
    }

    /// The joined text.
    #[output(name = "text", title = "Text", method = "get_text", legacy)]
    async fn text(&self, cx: &Cx) -> Result<Message, Fault> {
        Ok(cx.new_message(self.work().text(self.name())?))
    }

    /// The counts.
    #[output(name = "data", title = "JSON", method = "get_data", legacy)]
    async fn data(&self, _cx: &Cx) -> Result<Data, Fault> {
        Ok(Data::new(self.work().data(self.name())))
    }

    /// The table.
    #[output(name = "dataframe", title = "Table", method = "get_dataframe", legacy)]
    async fn dataframe(&self, _cx: &Cx) -> Result<Table, Fault> {
        self.work().table(self.name())
    }

    /// Shows the fields and the output of the operation.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field == "operation" {
            let operation = picked(&request.value);
            let (all, own) = fields_of(&operation);
            show(request, &all, own, &mut patch);
            let names: &[&str] = match operation.as_str() {
                "" => &[],
                "Word Count" => &["data"],
                "Text to DataFrame" => &["dataframe"],
                "Text Join" => &["text", "message"],
                _ => &["message"],
            };
            patch.outputs = Some(outputs_named(&Self::output_specs(), names));
        }
        Ok(patch)
    }
}

impl TextOperations {
    fn name(&self) -> &str {
        self.operation.0.first().map_or("", String::as_str)
    }

    fn work(&self) -> TextWork<'_> {
        TextWork {
            text: &self.text_input,
            second: &self.text_input_2,
            counts: (self.count_words, self.count_characters, self.count_lines),
            case: &self.case_type,
            search: &self.search_pattern,
            replacement: &self.replacement_text,
            is_regex: self.use_regex,
            extract: &self.extract_pattern,
            max_matches: self.max_matches,
            head: self.head_characters,
            tail: self.tail_characters,
            strip: (&self.strip_mode, &self.strip_characters),
            clean: (self.remove_extra_spaces, self.remove_special_chars, self.remove_empty_lines),
            table: (&self.table_separator, self.has_header),
        }
    }
}

/// The fields of an operation on text, shared with Data Operations.
pub struct TextWork<'a> {
    pub text: &'a str,
    pub second: &'a str,
    /// Words, characters, lines.
    pub counts: (bool, bool, bool),
    pub case: &'a str,
    pub search: &'a str,
    pub replacement: &'a str,
    pub is_regex: bool,
    pub extract: &'a str,
    pub max_matches: i64,
    pub head: i64,
    pub tail: i64,
    /// Mode and characters.
    pub strip: (&'a str, &'a str),
    /// Spaces, special characters, empty lines.
    pub clean: (bool, bool, bool),
    /// Separator, and whether there is a heading.
    pub table: (&'a str, bool),
}

impl TextWork<'_> {
    /// The text an operation gives; empty for operations that give none.
    pub fn text(&self, operation: &str) -> Result<String, Fault> {
        if operation == "Text Join" {
            let parts = [self.text, self.second];
            return Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"));
        }
        if self.text.is_empty() {
            return Ok(String::new());
        }
        match operation {
            "Case Conversion" => Ok(work::change_case(self.text, self.case)),
            "Text Replace" => Ok(work::replace(self.text, self.search, self.replacement, self.is_regex)?),
            "Text Extract" if self.extract.is_empty() => Ok(String::new()),
            "Text Extract" => work::extract(self.text, self.extract, self.max_matches),
            "Text Head" => work::head(self.text, self.head),
            "Text Tail" => work::tail(self.text, self.tail),
            "Text Strip" => Ok(work::strip(self.text, self.strip.0, self.strip.1)),
            "Text Clean" => Ok(work::clean(self.text, self.clean.0, self.clean.1, self.clean.2)),
            _ => Ok(String::new()),
        }
    }

    /// The counts, or nothing.
    pub fn data(&self, operation: &str) -> JsonMap {
        let (words, characters, lines) = self.counts;
        if operation == "Word Count" {
            work::count(self.text, words, characters, lines)
        } else {
            JsonMap::new()
        }
    }

    /// The table, or an empty one.
    pub fn table(&self, operation: &str) -> Result<Table, Fault> {
        if operation == "Text to DataFrame" {
            work::to_table(self.text, self.table.0, self.table.1)
        } else {
            Ok(Table::default())
        }
    }
}

examples! {
    "Upper case": {"text_input": "Straße", "operation": [{"name": "Case Conversion"}], "case_type": "uppercase"}
        => message: "STRASSE";
    "A group in the replacement": {"text_input": "2026-11", "operation": [{"name": "Text Replace"}],
        "search_pattern": "(\\d+)-(\\d+)", "replacement_text": "\\2/\\1", "use_regex": true} => message: "11/2026";
    "Count": {"text_input": "a b a", "operation": [{"name": "Word Count"}], "count_characters": false,
        "count_lines": false} => data: {"word_count": 3, "unique_words": 2};
    "A Markdown table": {"text_input": "| a | b |\n|---|---|\n| 1 | x |", "operation": [{"name": "Text to DataFrame"}]}
        => dataframe: [{"a": 1, "b": "x"}];
    "A broken pattern": {"text_input": "a", "operation": [{"name": "Text Extract"}], "extract_pattern": "["}
        => fails "Invalid regex pattern";
}
