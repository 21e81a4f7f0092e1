//! What a run answers.

use langflow_core::run::HumanRequest;
use langflow_core::{Json, JsonMap, object};

/// The whole answer of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunAnswer {
    pub session_id: String,
    /// One entry per input.
    pub outputs: Vec<RunOutput>,
    /// The run waits for a human; its id is the question's `job_id`.
    pub waiting: Option<Box<HumanRequest>>,
}

/// The results for one input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunOutput {
    /// The text that was sent, if any was.
    pub input_value: Option<String>,
    /// Result objects, in the order of the file (contract-flows 5.3).
    pub results: Vec<Json>,
}

impl RunAnswer {
    /// The form on the wire (contract-flows 7.3).
    pub fn into_json(self) -> Json {
        let outputs: Vec<Json> = self
            .outputs
            .into_iter()
            .map(|output| {
                let inputs = match output.input_value {
                    Some(text) => object([("input_value", text.into())]),
                    None => JsonMap::new().into(),
                };
                object([("inputs", inputs), ("outputs", output.results.into())])
            })
            .collect();
        object([("session_id", self.session_id.into()), ("outputs", outputs.into())])
    }
}
