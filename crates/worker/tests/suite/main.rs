//! Workers as the engine uses them: the real interpreter behind the real sandbox. Where there is no Python 3.10, or
//! the machine cannot set up the sandbox, the tests say so and are skipped.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a failure of the test itself may panic, and what was skipped or measured is told"
)]

mod components;
mod escapes;
mod langflow_package;
mod ordinary_user;
mod pool;
mod support;
