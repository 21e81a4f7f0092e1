//! The server over HTTP: one program for all of its tests, since linking each apart costs minutes.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod accounts;
mod audit_sweep;
mod auth_matrix;
mod auth_replay;
mod bad_credentials;
mod bad_input;
mod conformance;
mod databases;
mod documentation_page;
mod event_log;
mod files;
mod flows;
mod hostile;
mod human;
mod keys;
mod knowledge;
mod logs;
mod mcp;
mod memories;
mod models;
mod owner_sweep;
mod public_surface;
mod recorded;
mod reference_routes;
mod responses;
mod run_flows;
mod runs;
mod sessions;
mod shared_files;
mod shared_messages;
mod starters;
mod support;
mod templates;
mod traces;
mod uploads;
mod vertices;
mod webhooks;
mod workflows;
