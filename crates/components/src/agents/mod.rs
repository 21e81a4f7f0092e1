//! Agents: models that call tools until they have an answer.
//!
//! * [`runner`]: the loop of model and tools.
//! * [`progress`]: the message that grows in the chat meanwhile.
//! * [`prepare`]: system prompt, history and input as turns; tools under names of their own.
//! * [`legacy`]: how flows of older versions name their model.

mod agent;
mod builtin;
mod legacy;
mod prepare;
mod progress;
mod runner;
mod structured;
mod tool_calling_agent;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![Entry::<agent::AgentComponent>::of(), Entry::<tool_calling_agent::ToolCallingAgentComponent>::of()]
}
