//! Calculator.

use super::arithmetic::{evaluate, show};
use langflow_core::prelude::*;
use serde_json::json;

/// Does arithmetic.
///
/// Understands numbers, `+ - * / // % **` and brackets. What it does not understand it says in the result,
/// so that an agent can try again.
#[derive(Component)]
#[component(
    id = "CalculatorComponent",
    title = "Calculator",
    icon = "calculator",
    category = "utilities",
    module = "lfx.components.utilities.calculator_core.CalculatorComponent",
    documentation = "https://docs.langflow.org/calculator",
    examples = EXAMPLES
)]
pub struct CalculatorComponent {
    /// The expression, for example `4*4*(33/22)+12-20`.
    #[input(title = "Expression", tool_mode)]
    expression: String,
}

#[outputs]
impl CalculatorComponent {
    /// The result under `result`, or what is wrong under `error`.
    #[output(name = "result", title = "JSON")]
    async fn evaluate_expression(&self, cx: &Cx) -> Result<Data, Fault> {
        let data = calculate(&self.expression);
        cx.set_status(data.clone());
        Ok(data)
    }
}

/// `{"result": …}`, or `{"error": …, "input": …}`.
pub fn calculate(expression: &str) -> Data {
    Data::from_json(match evaluate(expression) {
        Ok(value) => json!({"result": show(value)}),
        Err(why) => json!({"error": why, "input": expression}),
    })
}

examples! {
    "Brackets": {"expression": "4*4*(33/22)+12-20"} => result: {"result": "16"};
    "A root": {"expression": "2**0.5"} => result: {"result": "1.414214"};
    "By zero": {"expression": "1/0"} => result: {"error": "Error: Division by zero", "input": "1/0"};
}
