//! One suite for both databases: SQLite at every run, PostgreSQL where `LANGFLOW_TEST_POSTGRES_URL` names a
//! server whose user may create databases.

mod make;
mod on_both;

mod accounts;
