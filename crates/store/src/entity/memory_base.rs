//! Table `memory_bases`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// What a flow remembers of its conversations. Its id is that of its collection.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memory_bases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub flow_id: Uuid,
    /// One for each user.
    pub name: String,
    /// Name of its collection.
    pub store_name: String,
    /// Runs of a session until its messages are taken in.
    pub threshold: i64,
    /// Messages are taken in without being asked to.
    pub auto_capture: bool,
    pub embedding_provider: String,
    pub embedding_model: String,
    /// A model writes down what is worth keeping; its words are kept in place of the messages.
    pub preprocessing: bool,
    pub preproc_provider: Option<String>,
    pub preproc_model: Option<String>,
    pub preproc_instructions: Option<String>,
    /// With this answer the model says that nothing is worth keeping.
    pub preproc_kill_phrase: Option<String>,
    pub created_at: DateTime<Utc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
