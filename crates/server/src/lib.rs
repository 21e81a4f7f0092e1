//! The program `langflow`: settings, wiring and the command line.
//!
//! No rule lives here: settings become the structs that the other rooms ask for ([`wiring`]), commands call
//! use cases of `langflow-app` ([`cli`]), and [`serve`] runs the HTTP service until it is told to stop.

pub mod cli;
pub mod config;
pub mod output;
pub mod serve;
pub mod telemetry;
pub mod wiring;
