//! Output Parser.

use langflow_core::prelude::*;

choice! {
    /// The form of the answer.
    pub enum ParserType { Csv = "CSV" }
}

const INSTRUCTIONS: &str = "Answer with nothing but a list of values with commas between them, on one line, like this: `one, two, three`";

/// Tells a model in which form to answer.
#[derive(Component)]
#[component(
    id = "OutputParser",
    class = "OutputParserComponent",
    title = "Output Parser",
    icon = "type",
    category = "processing",
    module = "lfx.components.processing.output_parser.OutputParserComponent",
    legacy,
    replacement = ["llm_operations.StructuredOutput", "processing.ParserComponent"],
    examples = EXAMPLES
)]
pub struct OutputParserComponent {
    /// The form of the answer.
    #[input(title = "Parser", default = ParserType::Csv)]
    #[expect(dead_code, reason = "there is only one form")]
    parser_type: ParserType,
}

#[outputs]
impl OutputParserComponent {
    /// The sentence for the prompt.
    #[output(name = "format_instructions", title = "Format Instructions")]
    async fn format_instructions(&self, cx: &Cx) -> Result<Message, Fault> {
        Ok(cx.new_message(INSTRUCTIONS))
    }

    /// The parser itself, for chains of other servers.
    #[output(name = "output_parser", title = "Output Parser", types = ["OutputParser"], method = "build_parser")]
    async fn output_parser(&self, _cx: &Cx) -> Result<Value, Fault> {
        Err(Fault::unsupported(
            "parser objects of LangChain chains are not native; connect Format Instructions to the \
                                prompt, and a Split Text or Structured Output to the answer",
        ))
    }
}

examples! {
    "No such form": {"parser_type": "YAML"} => fails "Parser";
}
