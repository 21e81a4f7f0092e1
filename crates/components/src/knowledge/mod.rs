//! Knowledge bases and memories of the server, as nodes.

mod fields;
mod knowledge_base;
mod knowledge_ingestion;
mod knowledge_node;
mod memory_base;
mod work;

use langflow_core::component::{Definition, Entry};
use std::sync::Arc;

pub fn entries() -> Vec<Arc<dyn Definition>> {
    vec![
        Entry::<knowledge_node::KnowledgeComponent>::of(),
        Entry::<knowledge_base::KnowledgeBaseComponent>::of(),
        Entry::<knowledge_ingestion::KnowledgeIngestionComponent>::of(),
        Entry::<memory_base::MemoryBaseComponent>::of(),
    ]
}
