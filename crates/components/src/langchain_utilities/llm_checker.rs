//! LLMCheckerChain.

use super::chains::ChainFields;
use langflow_core::prelude::*;

const ASSERTIONS: &str = "Here are a question and an answer to it. List the claims that the answer rests on, as bullet \
                          points, one claim each.";
const CHECKS: &str =
    "Here is a list of claims. Say of each whether it is true or false. If it is false, say why.";
const REVISION: &str = "Here are a question, and claims about it that have been checked. Answer the question in the \
                        light of the checks. Answer with the answer alone.";

/// Answers a question, checks the claims in the answer, and answers again.
///
/// The model is asked four times.
#[derive(Component)]
#[component(
    id = "LLMCheckerChain",
    class = "LLMCheckerChainComponent",
    title = "LLMCheckerChain",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.llm_checker.LLMCheckerChainComponent",
    legacy
)]
pub struct LlmCheckerChain {
    #[input(group)]
    chain: ChainFields,
}

#[outputs]
impl LlmCheckerChain {
    /// The checked answer.
    #[output(name = "text", title = "Text", method = "invoke_chain")]
    async fn text(&self, cx: &Cx) -> Result<Message, Fault> {
        let question = &self.chain.input_value;
        let draft = self.chain.ask_about("Answer the question.", question, cx).await?;
        let both = format!("Question:\n{question}\n\nAnswer:\n{draft}");
        let claims = self.chain.ask_about(ASSERTIONS, &both, cx).await?;
        let checks = self.chain.ask_about(CHECKS, &claims, cx).await?;
        let known = format!("Question:\n{question}\n\nChecked claims:\n{checks}");
        Ok(cx.new_message(self.chain.ask_about(REVISION, &known, cx).await?))
    }
}
