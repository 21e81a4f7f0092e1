//! Components that reach out: models, agents, embeddings, data from elsewhere, vector stores. The outside world is the
//! fake model server or a web in memory.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod agent;
mod cassandra;
mod chains;
mod data_source;
mod language_model;
mod llm_operations;
mod services;
mod support;
mod vectorstores;
mod vendors;
