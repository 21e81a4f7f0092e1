//! What the editor's lists of models ask.

use super::values::values_for;
use super::{options_of, values};
use crate::{App, AppError};
use langflow_core::capability::{ModelKind, ProviderValues};
use langflow_core::run::Models;
use langflow_core::{Fault, FaultKind, Json, async_trait};
use std::sync::Arc;
use uuid::Uuid;

/// The models of one user.
#[derive(Clone)]
pub struct UserModels {
    app: Arc<App>,
    owner: Uuid,
}

impl UserModels {
    pub fn new(app: Arc<App>, owner: Uuid) -> Self {
        Self { app, owner }
    }
}

fn unavailable(error: AppError) -> Fault {
    Fault::new(FaultKind::Unavailable, "the models could not be read").with_source(error)
}

#[async_trait]
impl Models for UserModels {
    async fn options(&self, kind: ModelKind) -> Result<Vec<Json>, Fault> {
        options_of(&self.app, self.owner, kind).await.map_err(unavailable)
    }

    async fn offered(
        &self,
        provider: &str,
        kind: ModelKind,
        given: ProviderValues,
    ) -> Result<Vec<String>, Fault> {
        let stored = values::all_values(&self.app, self.owner).await.map_err(unavailable)?;
        let mut values = match self.app.providers.find(provider) {
            Some(info) => values_for(info, &stored),
            None => ProviderValues::new(),
        };
        values.extend(given.into_iter().filter(|(_, value)| !value.is_empty()));
        let offered = self.app.providers.discover(provider, &values).await?;
        Ok(offered.iter().filter(|model| model.kind == kind).map(|model| model.name.clone()).collect())
    }
}
