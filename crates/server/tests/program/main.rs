//! The program as an operator meets it: the real binary, its exit codes, its words, its ports.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure of a test may panic"
)]

mod accounts;
mod audit;
mod command_line;
mod durability;
mod environment;
mod flow;
mod guessing;
mod http;
mod human;
mod import;
mod load_flows;
mod readme;
mod refusals;
mod server;
mod start_and_stop;
mod telemetry;
mod two_servers;
mod uploads;
