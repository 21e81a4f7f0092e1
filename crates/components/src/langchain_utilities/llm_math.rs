//! LLMMathChain.

use super::chains::ChainFields;
use crate::utilities::arithmetic;
use langflow_core::prelude::*;

const TASK: &str = "Turn the question of the user into one arithmetic expression that a calculator can work out. Use \
                    numbers, + - * / // % **, brackets and nothing else: write out percentages and units as plain \
                    numbers. Answer with the expression alone.";

/// Answers a question about numbers: the model writes an expression, which is worked out exactly.
#[derive(Component)]
#[component(
    id = "LLMMathChain",
    class = "LLMMathChainComponent",
    title = "LLMMathChain",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.llm_math.LLMMathChainComponent",
    legacy
)]
pub struct LlmMathChain {
    #[input(group)]
    chain: ChainFields,
}

#[outputs]
impl LlmMathChain {
    /// The result.
    #[output(name = "text", title = "Message", method = "invoke_chain")]
    async fn text(&self, cx: &Cx) -> Result<Message, Fault> {
        let answer = self.chain.ask_about(TASK, &self.chain.input_value, cx).await?;
        let expression = expression(&answer);
        let value = arithmetic::evaluate(expression).map_err(|why| {
            Fault::invalid(format!("the model wrote '{expression}', which cannot be worked out: {why}"))
        })?;
        Ok(cx.new_message(format!("Answer: {}", arithmetic::show(value))))
    }
}

/// What the model wrote without the fences and backticks around it.
fn expression(answer: &str) -> &str {
    let mut lines = answer.lines().map(|line| line.trim().trim_matches('`').trim());
    lines.rfind(|line| line.chars().any(|c| c.is_ascii_digit())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn expressions_are_found() {
        for (answer, expect) in [
            ("2 + 2", "2 + 2"),
            ("```text\n37593 * 67\n```", "37593 * 67"),
            ("`3`", "3"),
            ("", ""),
            ("none", ""),
        ] {
            assert_eq!(expression(answer), expect);
        }
    }
}
