//! Data Operations: the operations on text, data and tables in one component.

use super::json_operations::{self, JsonWork};
use super::table_operations::{self, FILTER_OPERATORS, MERGE_KINDS, TableWork};
use super::text_operations::{self, CASES, STRIP_MODES, TextWork};
use crate::fields::Pick;
use langflow_core::component::{OutputSpec, RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

choice! {
    /// What comes in.
    pub enum InputType { Text = "Text", Json = "JSON", Table = "Table" }
}

/// Works on a text, on data or on a table.
///
/// Choose what comes in, then pick an operation; the fields it needs appear, and the output follows from
/// it. The operations are those of Text Operations, JSON Operations and Table Operations.
#[derive(Component)]
#[component(
    id = "Operations",
    class = "OperationsComponent",
    title = "Data Operations",
    icon = "wand-sparkles",
    category = "processing",
    module = "lfx.components.processing.operations.OperationsComponent",
    documentation = "https://docs.langflow.org/components-processing#operations",
    examples = EXAMPLES
)]
pub struct OperationsComponent {
    /// What comes in.
    #[input(title = "Input Type", kind = Tab, default = InputType::Text, real_time_refresh)]
    input_type: InputType,
    /// The text to work on.
    #[input(title = "Text", kind = Multiline)]
    text_input: String,
    /// The data to work on.
    #[input(title = "JSON", kind = Data, hidden)]
    data: Many<Data>,
    /// The table to work on. Several are only read by *Concatenate*.
    #[input(title = "Table", kind = DataFrame, hidden)]
    df: Many<Table>,
    /// What to do.
    #[input(
        title = "Operation", real_time_refresh, placeholder = "Select Operation",
        extra = json!({"options": text_operations::options(), "limit": 1})
    )]
    operation: Pick,
    /// The keys that stay.
    #[input(title = "Select Keys", default = Vec::<&str>::new(), hidden)]
    select_keys_input: Many<String>,
    /// Keys to add, and their values.
    #[input(title = "Append or Update", list, default = json!({"key": "value"}), hidden)]
    append_update_data: JsonMap,
    /// The keys that go, wherever they are.
    #[input(title = "Remove Keys", default = Vec::<&str>::new(), hidden)]
    remove_keys_input: Many<String>,
    /// Old names of keys, and their new ones.
    #[input(title = "Rename Keys", list, default = json!({"old_key": "new_key"}), hidden)]
    rename_keys_input: JsonMap,
    /// An example of the data; its paths are offered for the selection.
    #[input(
        title = "JSON to Map", kind = Multiline, hidden, real_time_refresh, refresh_button,
        placeholder = "Add a JSON example."
    )]
    #[expect(dead_code, reason = "only the editor reads it")]
    mapped_json_display: String,
    /// The path of the value, for example `.user.emails[0]`.
    #[input(title = "Select Path", kind = Dropdown, options = NO_OPTIONS, hidden, dynamic, extra = json!({"value": null}))]
    selected_key: String,
    /// The jq program.
    #[input(title = "JQ Expression", hidden, placeholder = "e.g., .properties.id")]
    query: String,
    /// The column to work on.
    #[input(title = "Column Name", kind = Str, hidden, dynamic)]
    column_name: String,
    /// What the cells are compared with.
    #[input(title = "Filter Value", hidden, dynamic)]
    filter_value: String,
    /// How they are compared.
    #[input(title = "Filter Operator", kind = Dropdown, options = FILTER_OPERATORS, default = "equals", hidden, dynamic)]
    filter_operator: String,
    /// Smallest first.
    #[input(title = "Sort Ascending", default = true, hidden, dynamic)]
    ascending: bool,
    /// The name of the new column, or the new name of the column.
    #[input(title = "New Column Name", kind = Str, hidden, dynamic)]
    new_column_name: String,
    /// What stands in every cell of the new column.
    #[input(title = "New Column Value", hidden, dynamic)]
    new_column_value: String,
    /// The columns that stay, in this order.
    #[input(title = "Columns to Select", kind = Str, hidden, dynamic)]
    columns_to_select: Many<String>,
    /// How many rows.
    #[input(title = "Number of Rows", default = 5, hidden, dynamic)]
    num_rows: i64,
    /// The value that goes.
    #[input(title = "Value to Replace", hidden, dynamic)]
    replace_value: String,
    /// The value that comes.
    #[input(title = "Replacement Value", hidden, dynamic)]
    replacement_value: String,
    /// The table whose cells win where both have one.
    #[input(title = "Left Table", hidden, dynamic)]
    left_dataframe: Option<Table>,
    /// The table that is joined to it.
    #[input(title = "Right Table", hidden, dynamic)]
    right_dataframe: Option<Table>,
    /// The column both tables have. Empty: row by row.
    #[input(title = "Merge On Column", kind = Str, hidden, dynamic)]
    merge_on_column: String,
    /// Which rows stay that have no partner.
    #[input(title = "Merge Type", kind = Dropdown, options = MERGE_KINDS, default = "inner", hidden, dynamic)]
    merge_how: String,
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

const NO_OPTIONS: [&str; 0] = [];

#[outputs]
impl OperationsComponent {
    /// The text that comes out.
    #[output(name = "message_output", title = "Message", method = "as_message")]
    async fn message_output(&self, cx: &Cx) -> Result<Message, Fault> {
        let text = match self.input_type {
            InputType::Text => self.text_work().text(self.name())?,
            InputType::Json | InputType::Table => String::new(),
        };
        Ok(cx.new_message(text))
    }

    /// The text that comes out.
    #[output(name = "text_output", title = "Text", method = "as_text", legacy)]
    async fn text_output(&self, cx: &Cx) -> Result<Message, Fault> {
        self.message_output(cx).await
    }

    /// The data that comes out.
    #[output(name = "data_output", title = "JSON", method = "as_data", legacy)]
    async fn data_output(&self, _cx: &Cx) -> Result<Data, Fault> {
        match self.input_type {
            InputType::Text => Ok(Data::new(self.text_work().data(self.name()))),
            InputType::Json if self.name().is_empty() => Ok(Data::default()),
            InputType::Json => self.json_work().run(self.name()).await,
            InputType::Table => Ok(Data::default()),
        }
    }

    /// The table that comes out.
    #[output(name = "dataframe_output", title = "Table", method = "as_dataframe", legacy)]
    async fn dataframe_output(&self, _cx: &Cx) -> Result<Table, Fault> {
        match self.input_type {
            InputType::Text => self.text_work().table(self.name()),
            InputType::Json => Ok(Table::default()),
            InputType::Table if self.name().is_empty() => Ok(self.df.0.first().cloned().unwrap_or_default()),
            InputType::Table => {
                let tables: Vec<&Table> = self.df.0.iter().collect();
                self.table_work(&tables).run(self.name())
            }
        }
    }

    /// Shows the fields and the output of the operation.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        match request.field.as_str() {
            "input_type" => switch(request, &mut patch, &Self::output_specs()),
            "operation" => {
                let operation = picked(&request.value);
                let (all, own) = all_fields(&operation);
                show(request, &all, &own, &mut patch);
                let kind = value_of(&request.template, "input_type");
                patch.outputs = Some(outputs_named(&Self::output_specs(), output_names(&kind, &operation)));
            }
            "mapped_json_display" => json_operations::offer_paths(request, &mut patch),
            _ => {}
        }
        Ok(patch)
    }
}

impl OperationsComponent {
    fn name(&self) -> &str {
        self.operation.0.first().map_or("", String::as_str)
    }

    fn text_work(&self) -> TextWork<'_> {
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

    fn json_work(&self) -> JsonWork<'_> {
        JsonWork {
            items: &self.data.0,
            select_keys: &self.select_keys_input.0,
            append: &self.append_update_data,
            remove_keys: &self.remove_keys_input.0,
            rename_keys: &self.rename_keys_input,
            path: &self.selected_key,
            query: &self.query,
        }
    }

    fn table_work<'a>(&'a self, tables: &'a [&'a Table]) -> TableWork<'a> {
        TableWork {
            tables,
            column_name: self.column_name.trim(),
            filter_value: &self.filter_value,
            filter_operator: &self.filter_operator,
            ascending: self.ascending,
            new_column_name: &self.new_column_name,
            new_column_value: &self.new_column_value,
            columns_to_select: &self.columns_to_select.0,
            num_rows: self.num_rows,
            replace_value: &self.replace_value,
            replacement_value: &self.replacement_value,
            left: self.left_dataframe.as_ref(),
            right: self.right_dataframe.as_ref(),
            merge_on_column: &self.merge_on_column,
            merge_how: &self.merge_how,
        }
    }
}

/// Another kind of input: its field, its operations, none of them picked.
fn switch(request: &RefreshRequest, patch: &mut SpecPatch, specs: &[OutputSpec]) {
    let kind = request.value.as_str().unwrap_or("Text");
    let (field, options, output) = match kind {
        "JSON" => ("data", json_operations::options(), "data_output"),
        "Table" => ("df", table_operations::options(), "dataframe_output"),
        _ => ("text_input", text_operations::options(), "message_output"),
    };
    let (mut all, _) = all_fields("");
    all.extend(["text_input", "data", "df"]);
    show(request, &all, &[field], patch);
    if let Some(Json::Object(mut operation)) = request.template.get("operation").cloned() {
        operation.insert("options".into(), Json::Array(options));
        operation.insert("value".into(), json!([]));
        patch.template.insert("operation".into(), Json::Object(operation));
    }
    patch.outputs = Some(outputs_named(specs, &[output]));
}

fn all_fields(operation: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let mut all = Vec::new();
    let mut own = Vec::new();
    for (some, these) in [
        text_operations::fields_of(operation),
        json_operations::fields_of(operation),
        table_operations::fields_of(operation),
    ] {
        all.extend(some);
        own.extend_from_slice(these);
    }
    (all, own)
}

fn output_names(kind: &str, operation: &str) -> &'static [&'static str] {
    match (kind, operation) {
        ("JSON", _) | (_, "Word Count") => &["data_output"],
        ("Table", _) | (_, "Text to DataFrame") => &["dataframe_output"],
        (_, "Text Join") => &["text_output", "message_output"],
        _ => &["message_output"],
    }
}

fn value_of(template: &JsonMap, field: &str) -> String {
    template.get(field).and_then(|f| f.get("value")).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// The one name in the value of a pick.
pub fn picked(value: &Json) -> String {
    let first = value.as_array().and_then(|items| items.first()).unwrap_or(value);
    let name = first.get("name").unwrap_or(first);
    name.as_str().unwrap_or_default().to_owned()
}

/// Shows the fields of `own`, hides the others of `all`.
pub fn show(request: &RefreshRequest, all: &[&str], own: &[&str], patch: &mut SpecPatch) {
    for name in all {
        if let Some(Json::Object(mut field)) = request.template.get(*name).cloned() {
            field.insert("show".into(), json!(own.contains(name)));
            patch.template.insert((*name).to_owned(), Json::Object(field));
        }
    }
}

/// The outputs of these names, for the node.
pub fn outputs_named(specs: &[OutputSpec], names: &[&str]) -> Vec<Json> {
    names.iter().filter_map(|name| specs.iter().find(|o| o.name == *name)).map(OutputSpec::to_json).collect()
}

examples! {
    "A text": {"text_input": "good morning", "operation": [{"name": "Case Conversion"}], "case_type": "title"}
        => message_output: "Good Morning";
    "Data": {"input_type": "JSON", "data": {"$data": {"a": {"b": 1}}}, "operation": [{"name": "Path Selection"}],
        "selected_key": ".a"} => data_output: {"b": 1};
    "A table": {"input_type": "Table", "df": {"$table": [{"n": 1}, {"n": 2}]}, "operation": [{"name": "Tail"}],
        "num_rows": 1} => dataframe_output: [{"n": 2}];
    "An operation of another kind gives nothing": {"text_input": "a", "operation": [{"name": "Head"}]}
        => message_output: "";
}
