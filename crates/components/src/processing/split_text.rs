//! Split Text.

use crate::made::Made;
use crate::text::splitter::{Keep, Sizes, split_on};
use langflow_core::prelude::*;
use langflow_core::value::map_weight;

choice! {
    /// What happens to the separator.
    pub enum KeepSeparator { Drop = "False", Keep = "True", Start = "Start", End = "End" }
}

/// Names of columns that hold the content; they stand first in the result.
const CONTENT: [&str; 7] = ["text", "content", "output", "summary", "result", "answer", "response"];
/// Names of columns that hold circumstances; they stand last.
const CIRCUMSTANCE: [&str; 9] =
    ["timestamp", "sender", "sender_name", "session_id", "context_id", "flow_id", "files", "error", "edit"];

/// Cuts texts into chunks.
///
/// A text is cut at the separator, and the pieces are joined again as long as a chunk stays within the
/// chunk size. Each chunk repeats the last pieces of the one before, up to the chunk overlap. A piece
/// longer than the chunk size stays whole. White space around a chunk is dropped, and so are empty chunks.
/// Every chunk keeps the other keys of the data it comes from.
#[derive(Component)]
#[component(
    id = "SplitText",
    class = "SplitTextComponent",
    title = "Split Text",
    icon = "scissors-line-dashed",
    category = "processing",
    module = "lfx.components.processing.split_text.SplitTextComponent",
    documentation = "https://docs.langflow.org/split-text",
    examples = EXAMPLES
)]
pub struct SplitTextComponent {
    /// Messages, data or a table with the texts to cut.
    #[input(title = "Input", kind = Handle, handles = ["Data", "JSON", "DataFrame", "Table", "Message"], required)]
    data_inputs: AnyValue,
    /// Characters that a chunk repeats of the one before.
    #[input(title = "Chunk Overlap", default = 200)]
    chunk_overlap: i64,
    /// The most characters of a chunk.
    #[input(title = "Chunk Size", default = 1000)]
    chunk_size: i64,
    /// Where to cut. `\n` and `\t` stand for a new line and a tab; with nothing every character counts.
    #[input(title = "Separator", default = "\n")]
    separator: String,
    /// The key or column that holds the text.
    #[input(title = "Text Key", default = "text", advanced)]
    text_key: String,
    /// Whether the separator stays, and on which side of the cut.
    #[input(title = "Keep Separator", default = KeepSeparator::Drop, advanced)]
    keep_separator: KeepSeparator,
    /// Give only the texts, without the other keys.
    #[input(title = "Clean Output", advanced)]
    clean_output: bool,
}

#[outputs]
impl SplitTextComponent {
    /// One row for each chunk.
    #[output(name = "dataframe", title = "Chunks", method = "split_text", aliases = ["as_dataframe"])]
    async fn dataframe(&self, cx: &Cx) -> Result<Table, Fault> {
        let table = order_columns(Table::from_rows(self.chunks()?));
        cx.set_status(table.clone());
        Ok(table)
    }

    /// The chunks as a list of data.
    #[output(name = "chunks", title = "Chunks", types = ["Data"], legacy)]
    async fn chunks_as_data(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        Ok(self.chunks()?.into_iter().map(Data::new).collect())
    }
}

impl SplitTextComponent {
    fn chunks(&self) -> Result<Vec<JsonMap>, Fault> {
        let sizes = Sizes::new(self.chunk_size, self.chunk_overlap)
            .map_err(|why| Fault::invalid(format!("Error splitting text: {why}")).at_field("chunk_size"))?;
        let keep = match self.keep_separator {
            KeepSeparator::Drop => Keep::Drop,
            KeepSeparator::Keep | KeepSeparator::Start => Keep::Start,
            KeepSeparator::End => Keep::End,
        };
        let separator = read_separator(&self.separator).as_str().into();
        let (mut rows, mut made) = (Vec::new(), Made::default());
        for (text, rest) in self.documents()? {
            let rest_bytes = if self.clean_output { 0 } else { map_weight(&rest) };
            for chunk in split_on(&text, &separator, keep, sizes)? {
                made.add(chunk.len() + rest_bytes)?;
                let mut row = JsonMap::new();
                row.insert("text".into(), Json::String(chunk));
                if !self.clean_output {
                    row.extend(rest.clone());
                }
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// The texts, each with the other keys of its data.
    fn documents(&self) -> Result<Vec<(String, JsonMap)>, Fault> {
        let mut documents = Vec::new();
        match &self.data_inputs.0 {
            Value::List(items) => {
                for item in items {
                    self.add(item, &mut documents)?;
                }
                if items.is_empty() {
                    return Err(Fault::missing("No data inputs provided").at_field("data_inputs"));
                }
            }
            one => self.add(one, &mut documents)?,
        }
        Ok(documents)
    }

    fn add(&self, value: &Value, documents: &mut Vec<(String, JsonMap)>) -> Result<(), Fault> {
        match value {
            Value::Table(table) if table.is_empty() => {
                Err(Fault::invalid("DataFrame is empty").at_field("data_inputs"))
            }
            Value::Table(table) => {
                documents.extend(table.rows().map(|row| take_text(row, &self.text_key, "")));
                Ok(())
            }
            Value::Data(data) => {
                let key =
                    if data.data.contains_key(&self.text_key) { &self.text_key } else { &data.text_key };
                documents.push(take_text(data.data.clone(), key, &data.default_value));
                Ok(())
            }
            Value::Message(message) => {
                documents.push(take_text(message.to_data().data, "text", ""));
                Ok(())
            }
            Value::Json(Json::Object(map)) => {
                documents.push(take_text(map.clone(), &self.text_key, ""));
                Ok(())
            }
            other => Err(Fault::invalid(format!(
                "Invalid input type {}: expected Data, DataFrame or Message",
                other.type_name()
            ))
            .at_field("data_inputs")),
        }
    }
}

fn take_text(mut row: JsonMap, key: &str, default: &str) -> (String, JsonMap) {
    let text = match row.shift_remove(key) {
        Some(Json::String(text)) => text,
        Some(Json::Null) | None => default.to_owned(),
        Some(other) => langflow_core::value::python_repr(&other),
    };
    (text, row)
}

/// `/n` and `/t` are what people type for `\n` and `\t`; backslash escapes are read.
fn read_separator(typed: &str) -> String {
    let typed = match typed {
        "/n" => "\n",
        "/t" => "\t",
        other => other,
    };
    let mut out = String::with_capacity(typed.len());
    let mut chars = typed.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('0') => out.push('\0'),
            Some(quote @ ('\\' | '\'' | '"')) => out.push(quote),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
    }
    out
}

/// Content first, circumstances last.
fn order_columns(table: Table) -> Table {
    let rank = |name: &str| {
        if CONTENT.contains(&name) {
            0
        } else if CIRCUMSTANCE.contains(&name) || name.starts_with('_') {
            2
        } else {
            1
        }
    };
    let mut columns = table.columns().to_vec();
    columns.sort_by_key(|name| rank(name));
    let mut ordered = Table::with_columns(columns);
    for row in table.rows() {
        ordered.push(row);
    }
    ordered
}

examples! {
    "Lines, merged up to the size": {"data_inputs": {"$message": {"text": "one\ntwo\nthree"}}, "chunk_size": 7,
        "chunk_overlap": 0, "clean_output": true} => dataframe: [{"text": "one\ntwo"}, {"text": "three"}];
    "Overlap": {"data_inputs": {"$data": {"text": "a b c d"}}, "chunk_size": 3, "chunk_overlap": 1, "separator": " "}
        => dataframe: [{"text": "a b"}, {"text": "b c"}, {"text": "c d"}];
    "Other keys stay": {"data_inputs": {"$data": {"text": "a\nb", "page": 3}}, "chunk_size": 1, "chunk_overlap": 0}
        => dataframe: [{"text": "a", "page": 3}, {"text": "b", "page": 3}];
    "An overlap larger than the chunk": {"data_inputs": {"$data": {"text": "a"}}, "chunk_size": 1, "chunk_overlap": 2}
        => fails "Error splitting text";
    "An empty table": {"data_inputs": {"$table": []}} => fails "empty";
}
