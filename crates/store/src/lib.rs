//! Entities, migrations and repositories on SQLite and PostgreSQL, from one code.
//!
//! A [`Store`] is opened once. Look-ups are functions in a module by noun; they take anything that is a
//! [`Db`]: the store itself, or the transaction of a write, which sees its own changes.
//!
//! ```
//! # use langflow_store::{Store, StoreConfig, StoreError, projects::{self, Project}};
//! # use langflow_core::{clock::{Clock, SystemClock}, ids::{Ids, SystemIds}};
//! # async fn example(user_id: uuid::Uuid) -> Result<(), StoreError> {
//! let store = Store::open(StoreConfig::new("sqlite:///langflow.db")).await?;
//! let now = SystemClock.now();
//! let project = Project {
//!     id: SystemIds.random(),
//!     user_id: Some(user_id),
//!     parent_id: None,
//!     name: "My project".into(),
//!     description: None,
//!     auth_settings: None,
//!     is_default: false,
//!     created_at: now,
//!     updated_at: now,
//! };
//! // The closure is a transaction. It is committed when it returns `Ok`, and `write` answers after that.
//! let id = project.id;
//! store.write(move |tx| Box::pin(async move { projects::insert(tx, &project).await })).await?;
//! // Read, decide, write: `lock` holds the row until the commit.
//! let renamed = store
//!     .write(move |tx| {
//!         Box::pin(async move {
//!             let Some(mut project) = projects::lock(tx, user_id, id).await? else { return Ok(false) };
//!             project.name = "Another name".into();
//!             projects::save(tx, &project).await
//!         })
//!     })
//!     .await?;
//! assert!(renamed);
//! assert!(projects::find(&store, user_id, id).await?.is_some());
//! # Ok(())
//! # }
//! ```
//!
//! Rules of the house:
//! * Ids and times are made by the caller. Times are UTC with microseconds.
//! * Every look-up of a user's object takes the owner; what is somebody else's is not there. The few
//!   functions without an owner say "Administration" in their text.
//! * "Not there" is an `Option` or a `false`; a value that must be unique and is taken is
//!   [`StoreError::Taken`].
//! * JSON that clients see again is [`RawJson`]: the text as it came.
//! * A closure that wants to refuse with an error of its own uses [`Store::write_or`].
//!
//! To add a table: a step in `migration`, an entity, a module by noun, and its cases in `tests/`.

pub mod approved_code;
pub mod audit;
pub mod files;
pub mod flows;
pub mod foreign;
pub mod keys;
pub mod knowledge;
pub mod langflow;
pub mod memories;
pub mod messages;
pub mod projects;
pub mod run_events;
pub mod runs;
pub mod sessions;
pub mod settings;
pub mod suspended;
pub mod transactions;
pub mod users;
pub mod variables;
pub mod vectors;
pub mod versions;
pub mod vertex_builds;

mod checkpoint;
mod config;
mod db;
mod durable;
mod entity;
mod error;
mod migration;
mod page;
mod raw;
mod recent;
mod rows;
mod store;
mod writer;

pub use config::{StoreConfig, Sync};
pub use db::{Db, Tx};
pub use error::{Result, StoreError, Unique};
pub use page::{Page, Window};
pub use raw::RawJson;
pub use store::Store;
