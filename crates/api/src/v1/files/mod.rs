//! Attachments of chats, by flow (contract-flows 11.1), and pictures of users (11.2).

mod chat;
pub(super) mod images;
mod pictures;

use crate::access::Access;
use crate::routes::Routes;
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::new()
        .add(Access::Session, routes!(chat::upload_file))
        .add(Access::Session, routes!(chat::list_files))
        .add(Access::Session, routes!(chat::download_file))
        .add(Access::Session, routes!(chat::delete_file))
        .add(Access::Session, routes!(images::show_image))
        .add(Access::Session, routes!(chat::upload_file_as_before))
        .add(Access::Public, routes!(pictures::list_pictures))
        .add(Access::Public, routes!(pictures::show_picture))
}
