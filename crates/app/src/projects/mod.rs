//! Projects: the folders of flows. Every user has a default one, made when it is first needed.

mod archive;
mod change;
mod default;
pub(crate) mod door;
mod read;

pub use archive::{download_project, upload_project};
pub use change::{ProjectChange, ProjectDraft, change_project, create_project, delete_project, put_project};
pub use default::default_project;
pub(crate) use default::{Maker, choose_project};
pub use read::{find_project, list_projects};

pub use langflow_store::projects::Project;

use crate::error::{AppError, ErrorKind};
use langflow_store::{StoreError, Unique};

pub(crate) fn not_found() -> AppError {
    AppError::not_found("Project not found")
}

pub(crate) fn taken(error: StoreError) -> AppError {
    match error.taken() {
        Some(Unique::ProjectName) => AppError::new(ErrorKind::Conflict, "Project name must be unique"),
        Some(Unique::Id) => AppError::new(ErrorKind::Conflict, "Project id must be unique"),
        _ => error.into(),
    }
}

/// Why a project may not be called so: its name becomes part of the name of an MCP server.
pub fn name_fault(name: &str) -> Option<&'static str> {
    if name.chars().any(is_emoji) {
        return Some("Project names cannot contain emoji");
    }
    (!name.chars().any(char::is_alphanumeric))
        .then_some("Project names must contain at least one letter or number")
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0xFE0F | 0x20E3 | 0xE0020..=0xE007F)
}

#[cfg(test)]
mod tests {
    use super::name_fault;

    #[test]
    fn names_need_a_letter_and_no_emoji() {
        assert_eq!(name_fault("🚀 rocket"), Some("Project names cannot contain emoji"));
        assert!(name_fault("!!!").is_some());
        for good in ["P1", "Übung", "项目", "a-b (1)"] {
            assert_eq!(name_fault(good), None, "{good}");
        }
    }
}
