//! What a run answers.

use langflow_core::Json;
use serde_json::json;

/// The whole answer of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunAnswer {
    pub session_id: String,
    /// One entry per input.
    pub outputs: Vec<RunOutput>,
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
                    Some(text) => json!({ "input_value": text }),
                    None => json!({}),
                };
                json!({ "inputs": inputs, "outputs": output.results })
            })
            .collect();
        json!({ "session_id": self.session_id, "outputs": outputs })
    }
}
