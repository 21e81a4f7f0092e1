//! The catalogue of native components: one file per component, folders by category.
//!
//! A new component is a file in the folder of its category and one line in that folder's `entries`. See
//! `docs/COMPONENTS.md` for what every component does and does not do.

mod agents;
mod data_source;
mod embeddings;
mod fields;
mod files;
mod flow_controls;
mod heavy;
mod input_output;
mod knowledge;
mod langchain_utilities;
mod llm_operations;
mod made;
mod models;
mod models_and_agents;
mod processing;
pub mod reference;
mod services;
pub mod text;
mod utilities;
mod vectorstores;
mod web;

pub use files::documents;

use langflow_core::component::Catalogue;

/// All native components, in the order of the editor's palette.
pub fn catalogue() -> Catalogue {
    let mut entries = Vec::new();
    entries.extend(input_output::entries());
    entries.extend(models_and_agents::entries());
    entries.extend(files::entries());
    entries.extend(knowledge::entries());
    entries.extend(processing::entries());
    entries.extend(flow_controls::entries());
    entries.extend(utilities::entries());
    entries.extend(models::entries());
    entries.extend(agents::entries());
    entries.extend(embeddings::entries());
    entries.extend(vectorstores::entries());
    entries.extend(data_source::entries());
    entries.extend(llm_operations::entries());
    entries.extend(langchain_utilities::entries());
    entries.extend(services::entries());
    Catalogue::new(entries)
}
