//! The vector store as running flows and the editor see it.

use super::base::{NewBase, create_for};
use super::ingest::{collection_of, embedder_of};
use crate::memories::SessionOnly;
use crate::vectors::EmbeddedIndex;
use crate::{App, AppError};
use langflow_core::capability::VectorIndex;
use langflow_core::run::{Knowledge, Vectors};
use langflow_core::{Fault, FaultKind, Secret, async_trait};
use langflow_store::knowledge::{self as rows, KnowledgeBase};
use langflow_store::vectors::{Collection, CollectionKind};
use langflow_store::{Window, memories};
use std::sync::Arc;
use uuid::Uuid;

const LONGEST_NAME: usize = 255;
/// Memories of a flow that are listed.
const MOST_NAMES: u64 = 1_000;

/// The vector store of one user.
#[derive(Clone)]
pub struct UserVectors {
    app: Arc<App>,
    owner: Uuid,
    /// Of a run that somebody without an account started: all of the owner's memories that it sees.
    session_id: Option<String>,
}

impl UserVectors {
    pub fn new(app: Arc<App>, owner: Uuid) -> Self {
        Self { app, owner, session_id: None }
    }

    /// For somebody without an account, in this session.
    pub fn for_visitor(app: Arc<App>, owner: Uuid, session_id: String) -> Self {
        Self { app, owner, session_id: Some(session_id) }
    }
}

pub(super) fn index_of(app: &App, base: &KnowledgeBase) -> EmbeddedIndex {
    EmbeddedIndex::new(app.store.clone(), collection_of(base))
}

/// A refusal keeps its words; what failed on our side is not told.
fn fault(error: AppError) -> Fault {
    match error.detail.as_str() {
        Some(text) if error.kind != crate::ErrorKind::Internal => Fault::invalid(text.to_owned()),
        _ => Fault::new(FaultKind::Unavailable, "the knowledge bases could not be read").with_source(error),
    }
}

#[async_trait]
impl Vectors for UserVectors {
    async fn open(&self, name: &str) -> Result<Arc<dyn VectorIndex>, Fault> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Fault::invalid(format!(
                "the name of a collection has 1 to {LONGEST_NAME} characters, none of them a control character"
            )));
        }
        let new = Collection {
            id: self.app.ids.random(),
            user_id: self.owner,
            kind: CollectionKind::Store,
            name: name.to_owned(),
            dimensions: 0,
            created_at: self.app.clock.now(),
        };
        Ok(Arc::new(EmbeddedIndex::new(self.app.store.clone(), new)))
    }

    async fn knowledge_names(&self) -> Result<Vec<String>, Fault> {
        let bases = rows::list(&self.app.store, self.owner).await.map_err(|error| fault(error.into()))?;
        Ok(bases.into_iter().map(|base| base.name).collect())
    }

    async fn create_knowledge(&self, name: &str, provider: &str, model: &str) -> Result<String, Fault> {
        let new = NewBase {
            name: name.to_owned(),
            embedding_provider: provider.to_owned(),
            embedding_model: model.to_owned(),
            ..NewBase::default()
        };
        Ok(create_for(&self.app, self.owner, new).await.map_err(fault)?.base.name)
    }

    async fn knowledge(&self, name: &str, key: &Secret) -> Result<Knowledge, Fault> {
        let found = rows::find(&self.app.store, self.owner, name).await;
        let base = found.map_err(|error| fault(error.into()))?.ok_or_else(|| {
            Fault::missing(format!("there is no knowledge base '{name}'")).at_field("knowledge_base")
        })?;
        let embedder =
            embedder_of(&self.app, self.owner, &base.embedding_provider, &base.embedding_model, key)
                .await
                .map_err(fault)?;
        Ok(Knowledge {
            id: base.id,
            index: Arc::new(index_of(&self.app, &base)),
            name: base.name,
            embedding_provider: base.embedding_provider,
            embedding_model: base.embedding_model,
            embedder,
        })
    }

    async fn memory_names(&self, flow_id: Uuid) -> Result<Vec<String>, Fault> {
        let window = Window::new(MOST_NAMES, 0);
        let found = memories::list(&self.app.store, self.owner, Some(flow_id), window).await;
        let mut names: Vec<String> =
            found.map_err(|error| fault(error.into()))?.items.into_iter().map(|base| base.name).collect();
        names.sort_unstable();
        Ok(names)
    }

    async fn memory(&self, flow_id: Uuid, name: &str) -> Result<Knowledge, Fault> {
        let found = memories::find_by_name(&self.app.store, self.owner, flow_id, name).await;
        let base = found.map_err(|error| fault(error.into()))?.ok_or_else(|| {
            Fault::missing(format!("the memory base '{name}' is not attached to this flow"))
                .at_field("memory_base")
        })?;
        let (provider, model) = (&base.embedding_provider, &base.embedding_model);
        let embedder = embedder_of(&self.app, self.owner, provider, model, &Secret::default()).await;
        let whole = crate::memories::index_of(&self.app, &base);
        let index: Arc<dyn VectorIndex> = match &self.session_id {
            None => Arc::new(whole),
            Some(session) => Arc::new(SessionOnly { index: whole, session_id: session.clone() }),
        };
        Ok(Knowledge {
            id: base.id,
            index,
            name: base.name,
            embedding_provider: base.embedding_provider,
            embedding_model: base.embedding_model,
            embedder: embedder.map_err(fault)?,
        })
    }
}
