//! Runs of flows and their logs of events.

use crate::db::{Db, Tx, page};
use crate::entity::{message, run, run_event, transaction, vertex_build};
use crate::error::Result;
use crate::page::{Page, Window};
use crate::raw::RawJson;
use crate::rows;
use crate::{messages, suspended, transactions, vertex_builds};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use std::collections::HashSet;
use uuid::Uuid;

pub use crate::entity::run::{Model as Run, RunStatus};

/// How a run ended.
#[derive(Clone, Debug)]
pub struct RunEnd {
    pub status: RunStatus,
    pub finished_at: DateTime<Utc>,
    pub input_tokens: i64,
    pub output_tokens: i64,
    pub total_tokens: i64,
    pub error: Option<RawJson>,
    pub result: Option<RawJson>,
}

/// Which runs of a user.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    pub flow_id: Option<Uuid>,
    pub session_id: Option<String>,
    pub status: Option<RunStatus>,
    pub outcome: Option<Outcome>,
    /// Started at this time or after it, and at this one or before it.
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    /// Its session has this text in its id, whatever its case, or its own id is this.
    pub text: Option<String>,
    pub window: Window,
}

/// What came of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has not ended.
    Open,
    Well,
    Badly,
}

impl Outcome {
    fn condition(self) -> Condition {
        let (error, end) = (run::Column::Error, run::Column::FinishedAt);
        match self {
            Self::Open => Condition::all().add(error.is_null()).add(end.is_null()),
            Self::Well => Condition::all().add(error.is_null()).add(end.is_not_null()),
            Self::Badly => Condition::all().add(error.is_not_null()),
        }
    }
}

/// All that a short run leaves behind, written at once when it has ended.
#[derive(Clone, Debug)]
pub struct RunRecord {
    pub run: Run,
    pub messages: Vec<messages::StoredMessage>,
    pub transactions: Vec<transactions::Transaction>,
    pub builds: Vec<vertex_builds::VertexBuild>,
}

pub async fn insert(tx: &Tx, run: &Run) -> Result<()> {
    rows::insert::<run::Entity, _>(tx, vec![run.clone()]).await
}

/// The run, its messages, transactions and builds: one statement per table.
pub async fn record(tx: &Tx, record: RunRecord) -> Result<()> {
    let RunRecord { run, messages, transactions, builds } = record;
    insert(tx, &run).await?;
    messages::save(tx, &messages).await?;
    transactions::insert(tx, transactions).await?;
    vertex_builds::insert(tx, builds).await
}

/// As [`record`], for many runs in one statement per table.
pub(crate) async fn record_all(tx: &Tx, records: &[RunRecord]) -> Result<()> {
    let runs = records.iter().map(|record| record.run.clone()).collect();
    rows::insert::<run::Entity, _>(tx, runs).await?;
    let messages = records.iter().flat_map(|record| record.messages.clone()).collect();
    messages::save_each(tx, messages).await?;
    let transactions = records.iter().flat_map(|record| record.transactions.clone()).collect();
    transactions::insert(tx, transactions).await?;
    let builds = records.iter().flat_map(|record| record.builds.clone()).collect();
    vertex_builds::insert(tx, builds).await
}

/// Marks the start of a run that was queued. False: it had ended before, so it must not start.
pub async fn start(tx: &Tx, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let done = run::Entity::update_many()
        .col_expr(run::Column::Status, Expr::value(RunStatus::InProgress))
        .col_expr(run::Column::StartedAt, Expr::value(at))
        .filter(run::Column::Id.eq(id))
        .filter(run::Column::FinishedAt.is_null())
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Closes a run. False: it had ended before, and stays as it is.
pub async fn finish(tx: &Tx, id: Uuid, end: RunEnd) -> Result<bool> {
    let done = run::Entity::update_many()
        .col_expr(run::Column::Status, Expr::value(end.status))
        .col_expr(run::Column::FinishedAt, Expr::value(end.finished_at))
        .col_expr(run::Column::InputTokens, Expr::value(end.input_tokens))
        .col_expr(run::Column::OutputTokens, Expr::value(end.output_tokens))
        .col_expr(run::Column::TotalTokens, Expr::value(end.total_tokens))
        .col_expr(run::Column::Error, Expr::value(end.error))
        .col_expr(run::Column::Result, Expr::value(end.result))
        .filter(run::Column::Id.eq(id))
        .filter(run::Column::FinishedAt.is_null())
        .exec(tx.inner())
        .await?;
    // Stopped while it began to wait.
    suspended::delete(tx, id).await?;
    Ok(done.rows_affected > 0)
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<Run>> {
    Ok(own(owner).filter(run::Column::Id.eq(id)).one(db.conn()).await?)
}

/// Newest first.
pub async fn list(db: &impl Db, owner: Uuid, filter: &RunFilter) -> Result<Page<Run>> {
    let mut query = own(owner).order_by_desc(run::Column::CreatedAt).order_by_desc(run::Column::Id);
    if let Some(flow) = filter.flow_id {
        query = query.filter(run::Column::FlowId.eq(flow));
    }
    if let Some(session) = &filter.session_id {
        query = query.filter(run::Column::SessionId.eq(session));
    }
    if let Some(status) = filter.status {
        query = query.filter(run::Column::Status.eq(status));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(outcome.condition());
    }
    let start = || Expr::cust("COALESCE(runs.started_at, runs.created_at)");
    if let Some(since) = filter.since {
        query = query.filter(start().gte(since));
    }
    if let Some(until) = filter.until {
        query = query.filter(start().lte(until));
    }
    if let Some(text) = &filter.text {
        let mut is_it = Condition::any().add(rows::holds(run::Column::SessionId, text));
        if let Ok(id) = Uuid::try_parse(text.trim()) {
            is_it = is_it.add(run::Column::Id.eq(id));
        }
        query = query.filter(is_it);
    }
    page(db, query, filter.window).await
}

/// The newest run of each of these flows, in no order.
pub async fn latest(db: &impl Db, owner: Uuid, flows: &[Uuid]) -> Result<Vec<Run>> {
    let newest = Expr::cust(
        "runs.created_at = (SELECT MAX(r.created_at) FROM runs r WHERE r.flow_id = runs.flow_id AND r.user_id = runs.user_id)",
    );
    let found = own(owner).filter(run::Column::FlowId.is_in(flows.iter().copied())).filter(newest);
    let mut found = found.order_by_desc(run::Column::Id).all(db.conn()).await?;
    let mut seen = HashSet::new();
    found.retain(|run| seen.insert(run.flow_id));
    Ok(found)
}

/// Closes as failed what other starts of a server left queued or in progress, of the runs that began before `before`.
/// A run that waited for a human began when it went on.
pub async fn fail_stale(tx: &Tx, boot: Uuid, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64> {
    let why =
        RawJson::from(serde_json::json!({"message": "The server stopped while the run was in progress."}));
    let done = run::Entity::update_many()
        .col_expr(run::Column::Status, Expr::value(RunStatus::Failed))
        .col_expr(run::Column::FinishedAt, Expr::value(now))
        .col_expr(run::Column::Error, Expr::value(why))
        .filter(run::Column::FinishedAt.is_null())
        .filter(run::Column::BootId.ne(boot))
        .filter(Expr::cust("COALESCE(runs.started_at, runs.created_at)").lte(before))
        .filter(run::Column::Status.is_in([RunStatus::Queued, RunStatus::InProgress]))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected)
}

/// A run by its id alone, of one of these kinds. Administration: a caller without an account, to whom the id
/// was given, and the server itself.
pub async fn find_of_kind(db: &impl Db, id: Uuid, kinds: &[&str]) -> Result<Option<Run>> {
    let kind = run::Column::Kind.is_in(kinds.iter().copied());
    Ok(run::Entity::find_by_id(id).filter(kind).one(db.conn()).await?)
}

/// Runs of a flow and kind made after `since`, oldest first.
pub async fn started_since(
    db: &impl Db,
    owner: Uuid,
    flow: Uuid,
    kind: &str,
    since: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
    let query = own(owner)
        .filter(run::Column::FlowId.eq(flow))
        .filter(run::Column::Kind.eq(kind))
        .filter(run::Column::CreatedAt.gt(since))
        .order_by_asc(run::Column::CreatedAt)
        .limit(limit)
        .select_only()
        .column(run::Column::Id)
        .column(run::Column::CreatedAt);
    Ok(query.into_tuple().all(db.conn()).await?)
}

/// Deletes ended runs that began before `before`, with their events, and says how many. At most `limit`, so
/// that a sweep does not hold up other writes for long. Messages stay.
pub async fn delete_before(tx: &Tx, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let ids: Vec<Uuid> = run::Entity::find()
        .filter(run::Column::CreatedAt.lt(before))
        .filter(run::Column::FinishedAt.is_not_null())
        .select_only()
        .column(run::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(tx.inner())
        .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    rows::delete::<run_event::Entity>(tx, run_event::Column::RunId.is_in(ids.iter().copied())).await?;
    rows::delete::<run::Entity>(tx, run::Column::Id.is_in(ids)).await
}

/// Deletes what was recorded under flows that had their last run of this kind before `before`: runs, their events,
/// messages, transactions and builds. At most `limit` flows; says how many there were. Administration: retention
/// of what visitors leave, who each have a flow id of their own.
pub async fn delete_idle_flows(tx: &Tx, kind: &str, before: DateTime<Utc>, limit: u64) -> Result<u64> {
    let idle: Vec<Uuid> = run::Entity::find()
        .select_only()
        .column(run::Column::FlowId)
        .filter(run::Column::Kind.eq(kind))
        .group_by(run::Column::FlowId)
        .having(run::Column::CreatedAt.max().lt(before))
        .limit(limit)
        .into_tuple()
        .all(tx.inner())
        .await?;
    if idle.is_empty() {
        return Ok(0);
    }
    let ids = || idle.iter().copied();
    delete_events_of_flows(tx, &idle).await?;
    rows::delete::<run::Entity>(tx, run::Column::FlowId.is_in(ids())).await?;
    rows::delete::<message::Entity>(tx, message::Column::FlowId.is_in(ids())).await?;
    rows::delete::<transaction::Entity>(tx, transaction::Column::FlowId.is_in(ids())).await?;
    rows::delete::<vertex_build::Entity>(tx, vertex_build::Column::FlowId.is_in(ids())).await?;
    Ok(idle.len() as u64)
}

/// Deletes ended runs of the owner, with their events: the one of this id, or those of this flow. Says how many.
pub async fn delete(tx: &Tx, owner: Uuid, id: Option<Uuid>, flow: Option<Uuid>) -> Result<u64> {
    let which = Condition::all()
        .add(run::Column::UserId.eq(owner))
        .add(run::Column::FinishedAt.is_not_null())
        .add_option(id.map(|id| run::Column::Id.eq(id)))
        .add_option(flow.map(|flow| run::Column::FlowId.eq(flow)));
    delete_events(tx, run::Entity::find().filter(which.clone())).await?;
    rows::delete::<run::Entity>(tx, which).await
}

pub(crate) async fn delete_events_of_flows(tx: &Tx, flows: &[Uuid]) -> Result<()> {
    let runs = run::Entity::find().filter(run::Column::FlowId.is_in(flows.iter().copied()));
    delete_events(tx, runs).await
}

pub(crate) async fn delete_events_of_user(tx: &Tx, user: Uuid) -> Result<()> {
    delete_events(tx, own(user)).await
}

async fn delete_events(tx: &Tx, runs: Select<run::Entity>) -> Result<()> {
    let ids = runs.select_only().column(run::Column::Id).into_query();
    rows::delete::<run_event::Entity>(tx, run_event::Column::RunId.in_subquery(ids)).await?;
    Ok(())
}

fn own(owner: Uuid) -> Select<run::Entity> {
    run::Entity::find().filter(run::Column::UserId.eq(owner))
}

/// Which of these ids are stored, whoever's they are. Administration: an import leaves them alone.
pub async fn known(db: &impl Db, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    rows::known::<run::Entity>(db, run::Column::Id, ids).await
}
