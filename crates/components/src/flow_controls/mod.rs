//! Which way a flow goes on.

mod condition;
mod flow_fields;
mod flow_tool;
mod human_input;
mod if_else;
mod listen;
mod loop_body;
mod notify;
mod pass;
mod run_flow;
mod sub_flow;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<if_else::ConditionalRouterComponent>::of(),
        Entry::<loop_body::LoopComponent>::of(),
        Entry::<run_flow::RunFlowComponent>::of(),
        Entry::<human_input::HumanInputComponent>::of(),
        Entry::<listen::ListenComponent>::of(),
        Entry::<notify::NotifyComponent>::of(),
        Entry::<condition::DataConditionalRouterComponent>::of(),
        Entry::<flow_tool::FlowToolComponent>::of(),
        Entry::<pass::PassMessageComponent>::of(),
        Entry::<sub_flow::SubFlowComponent>::of(),
    ]
}
