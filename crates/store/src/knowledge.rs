//! Knowledge bases and the runs that fill them. Their texts are a collection of [`crate::vectors`].

use crate::db::{self, Db, Tx};
use crate::entity::{ingestion_run, knowledge_base};
use crate::error::Result;
use crate::page::{Page, Window};
use crate::rows;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

pub use crate::entity::ingestion_run::{IngestionStatus, Model as IngestionRun};
pub use crate::entity::knowledge_base::{KnowledgeStatus, Model as KnowledgeBase};

/// # Errors
/// `Taken(KnowledgeName)`.
pub async fn insert(tx: &Tx, base: &KnowledgeBase) -> Result<()> {
    rows::insert::<knowledge_base::Entity, _>(tx, vec![base.clone()]).await
}

pub async fn find(db: &impl Db, owner: Uuid, name: &str) -> Result<Option<KnowledgeBase>> {
    Ok(own(owner).filter(knowledge_base::Column::Name.eq(name)).one(db.conn()).await?)
}

/// By name.
pub async fn list(db: &impl Db, owner: Uuid) -> Result<Vec<KnowledgeBase>> {
    Ok(own(owner).order_by_asc(knowledge_base::Column::Name).all(db.conn()).await?)
}

/// Writes all columns. False: the user has no such base.
pub async fn save(tx: &Tx, base: &KnowledgeBase) -> Result<bool> {
    let is_it = knowledge_base::Column::Id.eq(base.id).and(knowledge_base::Column::UserId.eq(base.user_id));
    rows::save::<knowledge_base::Entity, _>(tx, base.clone(), is_it).await
}

fn own(owner: Uuid) -> Select<knowledge_base::Entity> {
    knowledge_base::Entity::find().filter(knowledge_base::Column::UserId.eq(owner))
}

pub async fn insert_run(tx: &Tx, run: &IngestionRun) -> Result<()> {
    rows::insert::<ingestion_run::Entity, _>(tx, vec![run.clone()]).await
}

/// Writes all columns. False: it is gone.
pub async fn save_run(tx: &Tx, run: &IngestionRun) -> Result<bool> {
    let is_it = ingestion_run::Column::Id.eq(run.id).and(ingestion_run::Column::UserId.eq(run.user_id));
    rows::save::<ingestion_run::Entity, _>(tx, run.clone(), is_it).await
}

pub async fn find_run(db: &impl Db, owner: Uuid, base: Uuid, id: Uuid) -> Result<Option<IngestionRun>> {
    Ok(runs(owner, base).filter(ingestion_run::Column::Id.eq(id)).one(db.conn()).await?)
}

/// By the id of its job.
pub async fn find_job(db: &impl Db, owner: Uuid, job: Uuid) -> Result<Option<IngestionRun>> {
    let query = ingestion_run::Entity::find()
        .filter(ingestion_run::Column::UserId.eq(owner))
        .filter(ingestion_run::Column::JobId.eq(job));
    Ok(query.one(db.conn()).await?)
}

/// Newest first.
pub async fn list_runs(db: &impl Db, owner: Uuid, base: Uuid, window: Window) -> Result<Page<IngestionRun>> {
    let query = runs(owner, base)
        .order_by_desc(ingestion_run::Column::StartedAt)
        .order_by_asc(ingestion_run::Column::Id);
    db::page(db, query, window).await
}

fn runs(owner: Uuid, base: Uuid) -> Select<ingestion_run::Entity> {
    ingestion_run::Entity::find()
        .filter(ingestion_run::Column::UserId.eq(owner))
        .filter(ingestion_run::Column::KnowledgeBaseId.eq(base))
}

/// Ends what began before `before` and was left half done by a server that stopped, of all users; says how many
/// runs that were. Administration.
pub async fn fail_left_over(tx: &Tx, why: &str, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64> {
    let open = [IngestionStatus::Queued, IngestionStatus::Running];
    let done = ingestion_run::Entity::update_many()
        .col_expr(ingestion_run::Column::Status, Expr::value(IngestionStatus::Failed))
        .col_expr(ingestion_run::Column::ErrorMessage, Expr::value(why))
        .col_expr(ingestion_run::Column::FinishedAt, Expr::value(now))
        .filter(ingestion_run::Column::Status.is_in(open))
        .filter(ingestion_run::Column::StartedAt.lt(before))
        .exec(tx.inner())
        .await?;
    knowledge_base::Entity::update_many()
        .col_expr(knowledge_base::Column::Status, Expr::value(KnowledgeStatus::Failed))
        .col_expr(knowledge_base::Column::FailureReason, Expr::value(why))
        .filter(knowledge_base::Column::Status.eq(KnowledgeStatus::Ingesting))
        .filter(knowledge_base::Column::UpdatedAt.lt(before))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected)
}

/// Kinds of sources that went into a base, sorted.
pub async fn source_types(db: &impl Db, owner: Uuid, base: Uuid) -> Result<Vec<String>> {
    let query = runs(owner, base)
        .filter(ingestion_run::Column::Status.eq(IngestionStatus::Succeeded))
        .select_only()
        .column(ingestion_run::Column::SourceType)
        .distinct()
        .order_by_asc(ingestion_run::Column::SourceType)
        .into_tuple();
    Ok(query.all(db.conn()).await?)
}
