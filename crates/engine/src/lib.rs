//! Turns a flow into a plan and runs it.
//!
//! * [`plan::compile`] is pure: document and catalogue in, a [`Plan`] or every problem out. A plan holds
//!   nothing of one run and is shared.
//! * [`run::run`] runs a plan: nodes whose inputs are ready run concurrently under a bound, only outputs
//!   somebody wants are computed, branches that were not taken are left out. Nodes with much input
//!   run on threads of their own. Dropping the future cancels the run, whatever its nodes were doing; one on a thread
//!   of its own ends where it next waits.
//! * [`present`] gives results in the JSON forms of the reference server.
//!
//! The rules are those of the reference server where they can be seen from outside; what differs on purpose
//! is said where it differs:
//! * Several edges into one list field arrive in the order of the file (the reference's order is random).
//! * A chat input runs before anything else in every way of running, so that a message history always holds
//!   the current message.
//! * Nodes without native implementation fail when they would run, not when the flow is loaded.

pub mod plan;
pub mod present;
pub mod run;
mod text;

pub use plan::{Plan, compile};
pub use run::{Limits, Outcome, RunRequest, run};
