//! What runs left behind (contract-flows 12).

mod history;
mod messages;
mod runs;
mod sessions;
mod shared;
mod traces;

use crate::access::Access;
use crate::routes::Routes;
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(messages::list_messages, messages::delete_messages))
        .add(Access::Session, routes!(messages::change_message))
        .add(Access::Session, routes!(sessions::list_sessions, sessions::delete_sessions))
        .add(Access::Session, routes!(sessions::rename_session, sessions::delete_session))
        .add(Access::Optional, routes!(shared::list_messages))
        .add(Access::Optional, routes!(shared::list_sessions))
        .add(Access::Optional, routes!(shared::change_message))
        .add(Access::Optional, routes!(shared::rename_session, shared::delete_session))
        .add(Access::Session, routes!(history::list_builds, history::delete_builds))
        .add(Access::Session, routes!(history::list_transactions))
        .add(Access::Session, routes!(runs::list_runs))
        .add(Access::Session, routes!(runs::list_latest_runs))
        .add(Access::Session, routes!(traces::list_traces, traces::delete_traces))
        .add(Access::Session, routes!(traces::read_trace, traces::delete_trace))
        .add(Access::Superuser, routes!(history::read_job_queue))
}
