//! Making, listing, changing and deleting memories.

use crate::models::{provider_of, provider_values};
use crate::{App, AppError, AppResult, ErrorKind, Principal};
use langflow_core::capability::ModelKind;
use langflow_store::flows::{self, FlowKey};
use langflow_store::memories::{self as rows, MemoryBase};
use langflow_store::vectors::{Collection, CollectionKind, collections};
use langflow_store::{Page, StoreError, Unique, Window};
use uuid::Uuid;

const LONGEST_NAME: usize = 200;
const LONGEST_INSTRUCTIONS: usize = 20_000;
/// Memories of one user.
const MOST_MEMORIES: u64 = 1_000;
/// Used where none is given.
const KILL_PHRASE: &str = "NO_INGEST";
/// Providers whose vectors are used where nobody says which, and the model is not known.
const USUAL_PROVIDER: &str = "OpenAI";

/// What a memory is made with.
#[derive(Clone, Debug, Default)]
pub struct NewMemory {
    pub name: String,
    pub flow_id: Uuid,
    /// Runs of a session until its messages are taken in.
    pub threshold: i64,
    pub auto_capture: bool,
    pub embedding_provider: Option<String>,
    pub embedding_model: String,
    pub preprocessing: bool,
    pub preproc_model: Option<String>,
    pub preproc_instructions: Option<String>,
    pub preproc_kill_phrase: Option<String>,
    /// Where the caller wants it kept; there is only the store of the server.
    pub backend: Option<String>,
}

/// What can be changed; `None` leaves a value as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeMemory {
    pub name: Option<String>,
    pub threshold: Option<i64>,
    pub auto_capture: Option<bool>,
}

fn unprocessable(why: impl Into<String>) -> AppError {
    AppError::new(ErrorKind::Unprocessable, why.into())
}

fn taken(name: &str) -> AppError {
    AppError::conflict(format!("A Memory Base named '{name}' already exists for this user"))
}

/// Makes a memory of a flow of the caller.
///
/// # Errors
/// 404: the caller has no such flow; 409: the name is taken; 422: a name, a model or a place that cannot be.
pub async fn create_memory(app: &App, principal: &Principal, new: NewMemory) -> AppResult<MemoryBase> {
    let owner = principal.user_id;
    check_name(&new.name)?;
    check_backend(new.backend.as_deref())?;
    if flows::find_ref(&app.store, owner, FlowKey::Id(new.flow_id)).await?.is_none() {
        return Err(AppError::not_found(format!("Flow {} not found", new.flow_id)));
    }
    let embedding_provider = embedding_provider(app, owner, &new).await?;
    let preproc_provider = preproc_provider(app, owner, &new).await?;
    if rows::list(&app.store, owner, None, Window::new(1, 0)).await?.total >= MOST_MEMORIES {
        return Err(unprocessable(format!("A user has at most {MOST_MEMORIES} memory bases")));
    }
    let id = app.ids.random();
    let kill_phrase = new.preproc_kill_phrase.filter(|phrase| !phrase.trim().is_empty());
    let base = MemoryBase {
        id,
        user_id: owner,
        flow_id: new.flow_id,
        store_name: store_name(&new.name, id),
        name: new.name,
        threshold: new.threshold,
        auto_capture: new.auto_capture,
        embedding_provider,
        embedding_model: new.embedding_model,
        preprocessing: new.preprocessing,
        preproc_provider,
        preproc_model: new.preproc_model,
        preproc_instructions: new.preproc_instructions,
        preproc_kill_phrase: kill_phrase.or_else(|| new.preprocessing.then(|| KILL_PHRASE.to_owned())),
        created_at: app.clock.now(),
    };
    let row = base.clone();
    let stored = app.store.write(move |tx| {
        Box::pin(async move {
            collections::open(tx, &collection_of(&row)).await?;
            rows::insert(tx, &row).await
        })
    });
    stored.await.map_err(|error| name_taken(error, &base.name))?;
    app.memories.watched.invalidate(&base.flow_id);
    Ok(base)
}

fn name_taken(error: StoreError, name: &str) -> AppError {
    match error.taken() {
        Some(Unique::MemoryName) => taken(name),
        _ => error.into(),
    }
}

fn check_name(name: &str) -> AppResult<()> {
    let length = name.trim().chars().count();
    if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(AppError::field(
            "value_error",
            &["body", "name"],
            format!(
                "Value error, a name has 1 to {LONGEST_NAME} characters, none of them a control character"
            ),
        ));
    }
    Ok(())
}

fn check_backend(backend: Option<&str>) -> AppResult<()> {
    match backend {
        None | Some("" | "sqlite" | "postgres") => Ok(()),
        Some(other) => Err(unprocessable(format!(
            "Memories are kept in the database of the server; the backend '{other}' is not available"
        ))),
    }
}

/// Letters and digits of the name, and the beginning of the id.
fn store_name(name: &str, id: Uuid) -> String {
    let plain: String =
        name.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(80).collect();
    let id = id.simple().to_string();
    format!("{plain}_{}", id.get(..8).unwrap_or(&id))
}

async fn embedding_provider(app: &App, owner: Uuid, new: &NewMemory) -> AppResult<String> {
    match new.embedding_provider.as_deref().map(str::trim).filter(|provider| !provider.is_empty()) {
        Some(provider) if app.providers.find(provider).is_some() => Ok(provider.to_owned()),
        Some(provider) => {
            Err(unprocessable(format!("Embedding provider '{provider}' is not available for embeddings.")))
        }
        None => {
            let found = provider_of(app, owner, &new.embedding_model, ModelKind::Embedding).await?;
            Ok(found.unwrap_or(USUAL_PROVIDER).to_owned())
        }
    }
}

async fn preproc_provider(app: &App, owner: Uuid, new: &NewMemory) -> AppResult<Option<String>> {
    if new.preproc_instructions.as_ref().is_some_and(|text| text.len() > LONGEST_INSTRUCTIONS) {
        return Err(unprocessable(format!("preproc_instructions has at most {LONGEST_INSTRUCTIONS} bytes")));
    }
    let Some(model) = new.preproc_model.as_deref().filter(|model| !model.is_empty()) else {
        return Ok(None);
    };
    let Some(provider) = provider_of(app, owner, model, ModelKind::Language).await? else {
        return Err(unprocessable(format!(
            "No provider that is set up has a model '{model}': turn it on in the settings of providers first"
        )));
    };
    let Some(info) = app.providers.find(provider).filter(|_| new.preprocessing) else {
        return Ok(Some(provider.to_owned()));
    };
    if !info.is_configured(&provider_values(app, owner, info).await?) {
        return Err(unprocessable(format!(
            "{provider}, which has the model '{model}', is not set up: store its key as a variable first"
        )));
    }
    Ok(Some(provider.to_owned()))
}

/// The collection of a memory.
pub(super) fn collection_of(base: &MemoryBase) -> Collection {
    Collection {
        id: base.id,
        user_id: base.user_id,
        kind: CollectionKind::Memory,
        name: base.store_name.clone(),
        dimensions: 0,
        created_at: base.created_at,
    }
}

/// Memories of the caller, of one flow or of all; the oldest first.
pub async fn list_memories(
    app: &App,
    principal: &Principal,
    flow: Option<Uuid>,
    page: u64,
    size: u64,
) -> AppResult<Page<MemoryBase>> {
    Ok(rows::list(&app.store, principal.user_id, flow, Window::page(page, size)).await?)
}

/// # Errors
/// 404
pub async fn find_memory(app: &App, principal: &Principal, id: Uuid) -> AppResult<MemoryBase> {
    let found = rows::find(&app.store, principal.user_id, id).await?;
    found.ok_or_else(|| AppError::not_found("Memory base not found"))
}

/// Changes a memory; the threshold counts from the next run on.
///
/// # Errors
/// 404, 409: the name is taken, 422: a name that cannot be.
pub async fn change_memory(
    app: &App,
    principal: &Principal,
    id: Uuid,
    change: ChangeMemory,
) -> AppResult<MemoryBase> {
    let mut base = find_memory(app, principal, id).await?;
    if let Some(name) = change.name {
        check_name(&name)?;
        base.name = name;
    }
    base.threshold = change.threshold.unwrap_or(base.threshold);
    base.auto_capture = change.auto_capture.unwrap_or(base.auto_capture);
    let row = base.clone();
    let saved = app.store.write(move |tx| Box::pin(async move { rows::save(tx, &row).await }));
    if !saved.await.map_err(|error| name_taken(error, &base.name))? {
        return Err(AppError::not_found("Memory base not found"));
    }
    app.memories.watched.invalidate(&base.flow_id);
    Ok(base)
}

/// Deletes a memory with all it holds; what is being taken in ends.
///
/// # Errors
/// 404
pub async fn delete_memory(app: &App, principal: &Principal, id: Uuid) -> AppResult<()> {
    let base = find_memory(app, principal, id).await?;
    for run in rows::list_runs(&app.store, id, None, Window::new(100, 0)).await?.items {
        app.memories.jobs.stop(run.id);
    }
    let owner = principal.user_id;
    app.store
        .write(move |tx| Box::pin(async move { collections::delete(tx, owner, id).await.map(drop) }))
        .await?;
    app.memories.watched.invalidate(&base.flow_id);
    Ok(())
}
