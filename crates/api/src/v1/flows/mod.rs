//! Flows (contract-flows 3).

mod answer;
mod body;
mod crud;
mod events;
mod expand;
mod move_files;
mod templates;
mod versions;

pub use answer::{FlowRead, flow_reads};
pub use body::check_count;
pub use move_files::read_drafts;

use crate::access::Access;
use crate::routes::Routes;
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(crud::list_flows, crud::create_flow, crud::delete_flows))
        .add(Access::Session, routes!(crud::read_flow, crud::change_flow, crud::put_flow, crud::delete_flow))
        .add(Access::Session, routes!(crud::create_flows))
        .add(Access::Session, routes!(crud::read_version_state))
        .add(Access::Session, routes!(crud::fork_flow))
        .add(Access::Session, routes!(crud::overwrite_flow))
        .add(Access::Public, routes!(crud::read_public_flow))
        .add(Access::Session, routes!(move_files::upload_flows))
        .add(Access::Session, routes!(move_files::download_flows))
        .add(Access::Session, routes!(versions::list_versions, versions::create_version))
        .add(Access::Session, routes!(versions::read_version, versions::delete_version))
        .add(Access::Session, routes!(versions::activate_version))
        .add(Access::Session, routes!(events::list_events, events::post_event))
        .add(Access::Session, routes!(expand::expand_flow))
        .add(Access::Session, routes!(templates::read_note_translations))
        .add(Access::Public, routes!(templates::list_basic_examples))
        .add(Access::Session, routes!(templates::list_starter_projects))
}
