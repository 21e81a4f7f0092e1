//! One file per table. The row structs are what the repositories hand out under the name of their noun.

pub mod api_key;
pub mod approved_code;
pub mod audit;
pub mod file;
pub mod flow;
pub mod flow_version;
pub mod ingestion_run;
pub mod knowledge_base;
pub mod memory_base;
pub mod memory_entry;
pub mod memory_note;
pub mod memory_run;
pub mod memory_session;
pub mod message;
pub mod project;
pub mod run;
pub mod run_event;
pub mod session;
pub mod setting;
pub mod suspended_run;
pub mod transaction;
pub mod user;
pub mod variable;
pub mod vector_collection;
pub mod vertex_build;
