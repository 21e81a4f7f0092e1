//! People's own Python components: who may run them, and what the editor asks about their code.

mod approvals;
mod folders;
mod policy;
mod validate;

pub use approvals::{ApproveCode, ApprovedCode, approve_code, list_approved, revoke_code};
pub use folders::{FolderComponents, load_folders};
pub(crate) use policy::{RunCode, is_approved};
pub use policy::{allow_code, code_id};
pub(crate) use validate::syntax_problems;
pub use validate::{CodeProblems, validate_code};
