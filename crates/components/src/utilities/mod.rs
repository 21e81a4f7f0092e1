//! Small helpers, often used as tools.

pub mod arithmetic;
mod calculator;
mod calculator_tool;
mod current_date;
mod id_generator;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<calculator::CalculatorComponent>::of(),
        Entry::<current_date::CurrentDateComponent>::of(),
        Entry::<id_generator::IDGeneratorComponent>::of(),
        Entry::<calculator_tool::CalculatorToolComponent>::of(),
    ]
}
