//! Parse DataFrame.

use langflow_core::prelude::*;
use langflow_core::text::format;

/// Fills a template for every row of a table and joins the texts.
#[derive(Component)]
#[component(
    id = "ParseDataFrame",
    class = "ParseDataFrameComponent",
    title = "Parse DataFrame",
    icon = "braces",
    category = "processing",
    module = "lfx.components.processing.parse_dataframe.ParseDataFrameComponent",
    legacy,
    replacement = ["processing.Operations", "processing.TypeConverterComponent"],
    examples = EXAMPLES
)]
pub struct ParseDataFrameComponent {
    /// The table to show as text.
    #[input(title = "Table")]
    df: Table,
    /// The text of one row; `{column}` stands for its cell.
    #[input(title = "Template", kind = Multiline, default = "{text}")]
    template: String,
    /// What stands between two texts.
    #[input(title = "Separator", kind = Str, default = "\n", advanced)]
    sep: String,
}

#[outputs]
impl ParseDataFrameComponent {
    /// All rows as one text.
    #[output(name = "text", title = "Text")]
    async fn parse_data(&self, cx: &Cx) -> Result<Message, Fault> {
        let or =
            |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
        let template = or(&self.template, "{text}");
        let lines: Result<Vec<_>, _> = self.df.rows().map(|row| format::format(&template, &row)).collect();
        let lines = lines.map_err(|why| Fault::from(why).at_field("template"))?;
        let text = lines.join(&or(&self.sep, "\n"));
        cx.set_status(Value::text(text.clone()));
        Ok(cx.new_message(text))
    }
}

examples! {
    "Two rows": {"df": {"$table": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]}, "template": "{a}{b}", "sep": "; "} => text: "1x; 2y";
    "No rows": {"df": {"$table": []}} => text: "";
    "A column that is not there": {"df": {"$table": [{"a": 1}]}, "template": "{b}"} => fails "b";
}
