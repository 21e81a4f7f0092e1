//! Flows. Their graphs are kept as the text that was saved.

use crate::db::{Db, Tx, page, page_into};
use crate::entity::{flow, message, run, transaction, vertex_build};
use crate::error::Result;
use crate::page::{Page, Window};
use crate::raw::RawJson;
use crate::recent::Topic;
use crate::rows;
use crate::store::Store;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use std::sync::Arc;
use uuid::Uuid;

pub use crate::entity::flow::{AccessType, FlowType, Model as Flow};

/// A flow without its graph, but for components, whose graph the palette wants.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FlowHeader {
    pub id: Uuid,
    pub name: String,
    pub project_id: Option<Uuid>,
    pub is_component: bool,
    pub endpoint_name: Option<String>,
    pub description: Option<String>,
    pub data: Option<RawJson>,
    pub access_type: AccessType,
    pub tags: Option<RawJson>,
    pub mcp_enabled: Option<bool>,
    pub flow_type: FlowType,
    pub a2a_enabled: bool,
    pub a2a_card_overrides: Option<RawJson>,
    pub action_name: Option<String>,
    pub action_description: Option<String>,
    pub updated_at: DateTime<Utc>,
}

/// What tells whether a compiled plan is still good, and little else: one light query.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FlowRef {
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub project_id: Option<Uuid>,
    pub name: String,
    pub endpoint_name: Option<String>,
    pub version_token: Option<Uuid>,
    pub updated_at: DateTime<Utc>,
    pub access_type: AccessType,
    pub webhook: bool,
}

/// Which flows of a user.
#[derive(Clone, Debug, Default)]
pub struct FlowFilter {
    pub project_id: Option<Uuid>,
    pub is_component: Option<bool>,
    pub flow_type: Option<FlowType>,
    pub mcp_enabled: Option<bool>,
    /// Part of the name, whatever its case.
    pub search: Option<String>,
    pub order: FlowOrder,
    pub window: Window,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowOrder {
    /// Oldest first.
    #[default]
    Created,
    /// Latest change first.
    Updated,
}

/// How a request names a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKey<'a> {
    Id(Uuid),
    Endpoint(&'a str),
}

impl<'a> FlowKey<'a> {
    /// A text that reads as an id is an id; any other is an endpoint name.
    pub fn parse(text: &'a str) -> Self {
        Uuid::parse_str(text).map_or(Self::Endpoint(text), Self::Id)
    }

    fn is_it(self) -> sea_orm::sea_query::SimpleExpr {
        match self {
            Self::Id(id) => flow::Column::Id.eq(id),
            Self::Endpoint(name) => flow::Column::EndpointName.eq(name),
        }
    }
}

/// # Errors
/// `Taken(FlowName)`, `Taken(FlowEndpoint)`, `Taken(Id)`.
pub async fn insert(tx: &Tx, flow: &Flow) -> Result<()> {
    insert_many(tx, std::slice::from_ref(flow)).await
}

/// All or none. Errors as [`insert`].
pub async fn insert_many(tx: &Tx, flows: &[Flow]) -> Result<()> {
    rows::insert::<flow::Entity, _>(tx, flows.to_vec()).await
}

pub async fn find(db: &impl Db, owner: Uuid, id: Uuid) -> Result<Option<Flow>> {
    Ok(own(owner).filter(flow::Column::Id.eq(id)).one(db.conn()).await?)
}

/// As [`find`], and nobody else changes the row until the transaction ends.
pub async fn lock(tx: &Tx, owner: Uuid, id: Uuid) -> Result<Option<Flow>> {
    Ok(own(owner).filter(flow::Column::Id.eq(id)).lock_exclusive().one(tx.inner()).await?)
}

/// Those of `ids` that the owner has, in no order.
pub async fn find_many(db: &impl Db, owner: Uuid, ids: &[Uuid]) -> Result<Vec<Flow>> {
    Ok(own(owner).filter(flow::Column::Id.is_in(ids.iter().copied())).all(db.conn()).await?)
}

/// By id or endpoint name, without the graph.
pub async fn find_ref(db: &impl Db, owner: Uuid, key: FlowKey<'_>) -> Result<Option<FlowRef>> {
    Ok(light(own(owner).filter(key.is_it())).one(db.conn()).await?)
}

/// As [`find_ref`], remembered for a moment: for every run. A change through this store shows at once, one by
/// another process within a second.
pub async fn find_ref_recent(store: &Store, owner: Uuid, key: FlowKey<'_>) -> Result<Option<Arc<FlowRef>>> {
    let name = match key {
        FlowKey::Id(id) => id.to_string(),
        FlowKey::Endpoint(name) => name.to_owned(),
    };
    let (recent, changes) = store.recent();
    recent.flows.get_or(changes, (owner, name), find_ref(store, owner, key)).await
}

/// A flow that its owner made public.
pub async fn find_public(db: &impl Db, id: Uuid) -> Result<Option<Flow>> {
    let query = flow::Entity::find_by_id(id).filter(flow::Column::AccessType.eq(AccessType::Public));
    Ok(query.one(db.conn()).await?)
}

/// A flow of anybody, without the graph. Administration: whom a webhook without a key belongs to.
pub async fn find_any_ref(db: &impl Db, key: FlowKey<'_>) -> Result<Option<FlowRef>> {
    let query = flow::Entity::find().filter(key.is_it()).order_by_asc(flow::Column::CreatedAt);
    Ok(light(query).one(db.conn()).await?)
}

/// Those of `ids` that are taken, by whomever.
pub async fn taken_ids(db: &impl Db, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let query = flow::Entity::find()
        .filter(flow::Column::Id.is_in(ids.iter().copied()))
        .select_only()
        .column(flow::Column::Id)
        .into_tuple();
    Ok(query.all(db.conn()).await?)
}

pub async fn list(db: &impl Db, owner: Uuid, filter: &FlowFilter) -> Result<Page<Flow>> {
    page(db, filtered(owner, filter), filter.window).await
}

pub async fn list_headers(db: &impl Db, owner: Uuid, filter: &FlowFilter) -> Result<Page<FlowHeader>> {
    use flow::Column as C;
    let data = Expr::case(C::IsComponent.eq(true), Expr::col((flow::Entity, C::Data)))
        .finally(Option::<String>::None);
    let query = filtered(owner, filter)
        .select_only()
        .columns([
            C::Id,
            C::Name,
            C::ProjectId,
            C::IsComponent,
            C::EndpointName,
            C::Description,
            C::AccessType,
            C::Tags,
            C::McpEnabled,
            C::FlowType,
            C::A2aEnabled,
            C::A2aCardOverrides,
            C::ActionName,
            C::ActionDescription,
            C::UpdatedAt,
        ])
        .expr_as(data, "data");
    page_into(db, query, filter.window).await
}

/// Names that begin with `start`, for finding a free suffix.
pub async fn names_starting_with(db: &impl Db, owner: Uuid, start: &str) -> Result<Vec<String>> {
    starting_with(db, owner, flow::Column::Name, start).await
}

/// Endpoint names that begin with `start`, for finding a free suffix.
pub async fn endpoints_starting_with(db: &impl Db, owner: Uuid, start: &str) -> Result<Vec<String>> {
    starting_with(db, owner, flow::Column::EndpointName, start).await
}

async fn starting_with(db: &impl Db, owner: Uuid, column: flow::Column, start: &str) -> Result<Vec<String>> {
    let query = own(owner).filter(rows::begins(column, start)).select_only().column(column).into_tuple();
    Ok(query.all(db.conn()).await?)
}

/// Writes all columns. False: the owner has no such flow.
///
/// # Errors
/// `Taken(FlowName)`, `Taken(FlowEndpoint)`.
pub async fn save(tx: &Tx, flow: &Flow) -> Result<bool> {
    let is_it = flow::Column::Id.eq(flow.id).and(flow::Column::UserId.eq(flow.user_id));
    rows::save::<flow::Entity, _>(tx, flow.clone(), is_it).await
}

/// Moves flows of the owner into a project.
pub async fn move_to_project(tx: &Tx, owner: Uuid, ids: &[Uuid], project: Uuid) -> Result<u64> {
    tx.touched().add(Topic::Flows);
    let done = flow::Entity::update_many()
        .col_expr(flow::Column::ProjectId, Expr::value(project))
        .filter(flow::Column::UserId.eq(owner))
        .filter(flow::Column::Id.is_in(ids.iter().copied()))
        .exec(tx.inner())
        .await?;
    Ok(done.rows_affected)
}

/// Deletes flows with their messages, memories, runs, transactions, builds and versions, and says how many there
/// were. Ids of others are passed over.
pub async fn delete(tx: &Tx, owner: Uuid, ids: &[Uuid]) -> Result<u64> {
    let ids = own(owner)
        .filter(flow::Column::Id.is_in(ids.iter().copied()))
        .select_only()
        .column(flow::Column::Id)
        .into_tuple()
        .all(tx.inner())
        .await?;
    delete_all(tx, ids).await
}

pub(crate) async fn delete_in_project(tx: &Tx, owner: Uuid, project: Uuid) -> Result<u64> {
    let ids = own(owner)
        .filter(flow::Column::ProjectId.eq(project))
        .select_only()
        .column(flow::Column::Id)
        .into_tuple()
        .all(tx.inner())
        .await?;
    delete_all(tx, ids).await
}

async fn delete_all(tx: &Tx, ids: Vec<Uuid>) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    crate::runs::delete_events_of_flows(tx, &ids).await?;
    crate::memories::delete_of_flows(tx, &ids).await?;
    rows::delete::<message::Entity>(tx, message::Column::FlowId.is_in(ids.iter().copied())).await?;
    rows::delete::<run::Entity>(tx, run::Column::FlowId.is_in(ids.iter().copied())).await?;
    rows::delete::<transaction::Entity>(tx, transaction::Column::FlowId.is_in(ids.iter().copied())).await?;
    rows::delete::<vertex_build::Entity>(tx, vertex_build::Column::FlowId.is_in(ids.iter().copied())).await?;
    rows::delete::<flow::Entity>(tx, flow::Column::Id.is_in(ids)).await
}

fn own(owner: Uuid) -> Select<flow::Entity> {
    flow::Entity::find().filter(flow::Column::UserId.eq(owner))
}

fn filtered(owner: Uuid, filter: &FlowFilter) -> Select<flow::Entity> {
    let mut which = Condition::all();
    if let Some(project) = filter.project_id {
        which = which.add(flow::Column::ProjectId.eq(project));
    }
    if let Some(is_component) = filter.is_component {
        which = which.add(flow::Column::IsComponent.eq(is_component));
    }
    if let Some(flow_type) = filter.flow_type {
        which = which.add(flow::Column::FlowType.eq(flow_type));
    }
    match filter.mcp_enabled {
        Some(true) => which = which.add(flow::Column::McpEnabled.eq(true)),
        Some(false) => {
            let is_unset = flow::Column::McpEnabled.is_null();
            which = which.add(flow::Column::McpEnabled.eq(false).or(is_unset));
        }
        None => {}
    }
    if let Some(search) = filter.search.as_deref().filter(|text| !text.is_empty()) {
        which = which.add(rows::holds(flow::Column::Name, search));
    }
    let query = own(owner).filter(which);
    match filter.order {
        FlowOrder::Created => query.order_by_asc(flow::Column::CreatedAt),
        FlowOrder::Updated => query.order_by_desc(flow::Column::UpdatedAt),
    }
    .order_by_asc(flow::Column::Id)
}

fn light(query: Select<flow::Entity>) -> sea_orm::Selector<sea_orm::SelectModel<FlowRef>> {
    use flow::Column as C;
    query
        .select_only()
        .columns([
            C::Id,
            C::UserId,
            C::ProjectId,
            C::Name,
            C::EndpointName,
            C::VersionToken,
            C::UpdatedAt,
            C::AccessType,
            C::Webhook,
        ])
        .into_model()
}
