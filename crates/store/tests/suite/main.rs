//! One suite for both databases: SQLite at every run, PostgreSQL where `LANGFLOW_TEST_POSTGRES_URL` names a
//! server whose user may create databases (`postgresql://user:password@host:port/postgres`).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod make;
mod on_both;

mod accounts;
mod audit;
mod crash;
mod flows;
mod foreign;
mod memories;
mod messages;
mod opening;
mod pgvector;
mod runs;
mod suspended;
mod vectors;
mod writes;
