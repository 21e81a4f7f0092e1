//! The structured answer of an agent.

use super::progress::Progress;
use super::runner::Runner;
use crate::models::schema::Schema;
use langflow_core::capability::{ChatRequest, ChatTurn, ResponseFormat};
use langflow_core::run::Cx;
use langflow_core::{Data, Fault, FaultKind, Json};
use serde_json::json;

/// Answers in the form of `schema`: the model's own structured output where there are no tools, else a run
/// whose instructions ask for JSON. What cannot be read becomes data with an `error`.
pub(super) async fn answer(
    runner: &Runner<'_>,
    mut turns: Vec<ChatTurn>,
    instructions: &str,
    schema: &Schema,
    cx: &Cx,
) -> Result<Data, Fault> {
    let text = if runner.tools.is_empty() && runner.model.info().json_schema {
        let format = ResponseFormat::Schema { name: "Answer".into(), schema: schema.envelope() };
        let answer = runner.model.complete(ChatRequest { turns, format, ..ChatRequest::default() }).await?;
        if let Some(usage) = answer.usage {
            cx.add_usage(usage)?;
        }
        answer.text
    } else {
        let ask = format!(
            "\n\n{instructions}\n\nAnswer with JSON alone, of this JSON Schema:\n{}",
            schema.envelope()
        );
        match turns.first_mut() {
            Some(turn) if turn.role == langflow_core::capability::ChatRole::System => {
                *turn = ChatTurn::system(format!("{}{ask}", turn.plain_text()));
            }
            _ => turns.insert(0, ChatTurn::system(ask.trim_start())),
        }
        match runner.run(turns, &mut Progress::silent(cx), cx).await {
            Ok(text) => text,
            Err(fault) if matches!(fault.kind(), FaultKind::Cancelled | FaultKind::Budget) => {
                return Err(fault);
            }
            Err(fault) => return Ok(failed("", fault.message())),
        }
    };
    Ok(match schema.read_objects(&text) {
        Ok(objects) => gathered(objects),
        Err(why) => failed(&text, &why),
    })
}

/// One object is the data itself, several are its `results`.
fn gathered(mut objects: Vec<Json>) -> Data {
    if objects.len() == 1 {
        return Data::from_json(objects.remove(0));
    }
    Data::from_json(json!({ "results": objects }))
}

fn failed(content: &str, why: &str) -> Data {
    Data::from_json(json!({ "content": content, "error": why }))
}
