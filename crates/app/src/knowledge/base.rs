//! Making, listing and deleting knowledge bases.

use crate::{App, AppError, AppResult, ErrorKind, Principal};
use langflow_core::Json;
use langflow_store::knowledge::{self as rows, KnowledgeBase, KnowledgeStatus};
use langflow_store::vectors::{Collection, CollectionKind, Totals, chunks, collections};
use langflow_store::{RawJson, StoreError, Unique};
use serde_json::json;
use uuid::Uuid;

const SHORTEST_NAME: usize = 3;
const LONGEST_NAME: usize = 255;
/// Knowledge bases of one user.
const MOST_BASES: usize = 1_000;
pub(super) const CHUNK_SIZE: i64 = 1_000;
pub(super) const CHUNK_OVERLAP: i64 = 200;

/// What a knowledge base is made with.
#[derive(Clone, Debug, Default)]
pub struct NewBase {
    pub name: String,
    pub embedding_provider: String,
    pub embedding_model: String,
    /// A list of columns, as the editor writes it.
    pub column_config: Option<Json>,
    /// Where the caller wants it kept; there is only the store of the server.
    pub backend: Option<String>,
}

/// A knowledge base and what is in it.
#[derive(Clone, Debug)]
pub struct BaseInfo {
    pub base: KnowledgeBase,
    pub totals: Totals,
    pub source_types: Vec<String>,
}

/// Makes a knowledge base. Spaces of its name become underscores.
///
/// # Errors
/// 400: a name or a model that cannot be; 403: a name that looks like a path; 409: the name is taken.
pub async fn create_base(app: &App, principal: &Principal, new: NewBase) -> AppResult<BaseInfo> {
    create_for(app, principal.user_id, new).await
}

pub(super) async fn create_for(app: &App, owner: Uuid, new: NewBase) -> AppResult<BaseInfo> {
    let name = new.name.trim().replace(' ', "_");
    check_name(&name)?;
    check_model(app, &new)?;
    if rows::list(&app.store, owner).await?.len() >= MOST_BASES {
        return Err(AppError::bad_request(format!("A user has at most {MOST_BASES} knowledge bases")));
    }
    let now = app.clock.now();
    let id = app.ids.random();
    let base = KnowledgeBase {
        id,
        user_id: owner,
        name: name.clone(),
        embedding_provider: new.embedding_provider,
        embedding_model: new.embedding_model,
        chunk_size: CHUNK_SIZE,
        chunk_overlap: CHUNK_OVERLAP,
        separator: None,
        column_config: RawJson::from(new.column_config.unwrap_or_else(|| json!([]))),
        status: KnowledgeStatus::Empty,
        failure_reason: None,
        last_job_id: None,
        created_at: now,
        updated_at: now,
    };
    let collection = Collection {
        id,
        user_id: owner,
        kind: CollectionKind::Knowledge,
        name: name.clone(),
        dimensions: 0,
        created_at: now,
    };
    let row = base.clone();
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let opened = collections::open(tx, &collection).await?;
                if opened.id != collection.id {
                    return Err(StoreError::Taken(Unique::KnowledgeName));
                }
                rows::insert(tx, &row).await
            })
        })
        .await
        .map_err(|error| match error.taken() {
            Some(_) => AppError::conflict(format!("Knowledge base '{name}' already exists")),
            None => error.into(),
        })?;
    Ok(BaseInfo { base, totals: Totals::default(), source_types: Vec::new() })
}

fn check_name(name: &str) -> AppResult<()> {
    if name.chars().count() < SHORTEST_NAME {
        return Err(AppError::bad_request("Knowledge base name must be at least 3 characters"));
    }
    let is_path = name.contains(['/', '\\']) || name.contains("..") || name.starts_with('.');
    if is_path || name.chars().any(char::is_control) {
        return Err(AppError::forbidden(format!("Access denied for knowledge base '{name}'.")));
    }
    if name.chars().count() > LONGEST_NAME {
        let text = format!("Knowledge base name must be at most {LONGEST_NAME} characters");
        return Err(AppError::bad_request(text));
    }
    Ok(())
}

fn check_model(app: &App, new: &NewBase) -> AppResult<()> {
    if new.embedding_model.trim().is_empty() {
        return Err(AppError::bad_request("An embedding model is required"));
    }
    if app.providers.find(&new.embedding_provider).is_none() {
        let known: Vec<&str> = app.providers.list().iter().map(|info| info.name).collect();
        return Err(AppError::bad_request(format!(
            "There is no embedding provider '{}'; there are: {}",
            new.embedding_provider,
            known.join(", ")
        )));
    }
    match new.backend.as_deref() {
        None | Some("" | "sqlite" | "postgres") => Ok(()),
        Some(other) => Err(AppError::bad_request(format!(
            "Knowledge bases are kept in the database of the server; the backend '{other}' is not available"
        ))),
    }
}

/// All of the caller, by name.
pub async fn list_bases(app: &App, principal: &Principal) -> AppResult<Vec<BaseInfo>> {
    let mut all = Vec::new();
    for base in rows::list(&app.store, principal.user_id).await? {
        all.push(info(app, base).await?);
    }
    Ok(all)
}

/// # Errors
/// 404
pub async fn find_base(app: &App, principal: &Principal, name: &str) -> AppResult<BaseInfo> {
    info(app, load(app, principal.user_id, name).await?).await
}

pub(super) async fn load(app: &App, owner: Uuid, name: &str) -> AppResult<KnowledgeBase> {
    rows::find(&app.store, owner, name)
        .await?
        .ok_or_else(|| AppError::new(ErrorKind::NotFound, format!("Knowledge base '{name}' not found")))
}

async fn info(app: &App, mut base: KnowledgeBase) -> AppResult<BaseInfo> {
    let totals = chunks::totals(&app.store, base.id).await?;
    // Nodes fill a base without a run.
    if base.status == KnowledgeStatus::Empty && totals.chunks > 0 {
        base.status = KnowledgeStatus::Ready;
    }
    if base.status == KnowledgeStatus::Ready && totals.chunks == 0 {
        base.status = KnowledgeStatus::Empty;
    }
    let source_types = rows::source_types(&app.store, base.user_id, base.id).await?;
    Ok(BaseInfo { base, totals, source_types })
}

/// Deletes a knowledge base; an ingestion under way ends.
///
/// # Errors
/// 404
pub async fn delete_base(app: &App, principal: &Principal, name: &str) -> AppResult<()> {
    let base = load(app, principal.user_id, name).await?;
    if let Some(job) = base.last_job_id {
        app.knowledge.stop(job);
    }
    let owner = principal.user_id;
    app.store
        .write(move |tx| Box::pin(async move { collections::delete(tx, owner, base.id).await.map(drop) }))
        .await?;
    Ok(())
}

/// Deletes those that are there: how many, and the names of those that are not.
pub async fn delete_bases(
    app: &App,
    principal: &Principal,
    names: &[String],
) -> AppResult<(usize, Vec<String>)> {
    let (mut deleted, mut missing) = (0, Vec::new());
    for name in names {
        match delete_base(app, principal, name).await {
            Ok(()) => deleted += 1,
            Err(error) if error.kind == ErrorKind::NotFound => missing.push(name.clone()),
            Err(error) => return Err(error),
        }
    }
    Ok((deleted, missing))
}
