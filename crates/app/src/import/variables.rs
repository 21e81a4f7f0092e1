//! Global variables.

use super::{BATCH, Import};
use crate::AppResult;
use crate::variables::seal;
use langflow_store::RawJson;
use langflow_store::langflow::ForeignRow;
use langflow_store::variables::{self, Variable, VariableKind};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

impl Import<'_> {
    pub(super) async fn variables(&mut self) -> AppResult<()> {
        self.report.variables.found = self.source.database.count("variable").await?;
        let mut after = None;
        let mut names: HashSet<(Uuid, String)> = HashSet::new();
        loop {
            let rows = self.page("variable", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut taken = Vec::new();
            for row in rows {
                let Some(variable) = self.variable(&row)? else {
                    self.report.variables.left_out += 1;
                    continue;
                };
                let (owner, name) = (variable.user_id, variable.name.clone());
                if variables::find_by_name(&self.app.store, owner, &name).await?.is_some() {
                    self.report.variables.present += 1;
                } else if names.insert((owner, name)) {
                    taken.push(variable);
                } else {
                    // Langflow lets several of one name stand; a field finds the first.
                    self.report.variables.left_out += 1;
                }
            }
            self.report.variables.taken += taken.len() as u64;
            if self.applies {
                self.app
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            for variable in &taken {
                                variables::insert(tx, variable).await?;
                            }
                            Ok(())
                        })
                    })
                    .await?;
            }
        }
    }

    /// `None`: it stands for nothing, or cannot be read.
    fn variable(&mut self, row: &ForeignRow) -> AppResult<Option<Variable>> {
        let owner = row.uuid("user_id").and_then(|id| self.users.get(&id).copied());
        let (Some(id), Some(user_id)) = (row.uuid("id"), owner) else { return Ok(None) };
        let name = row.string("name");
        let Some(clear) = self.open(row.text("value").unwrap_or_default()) else {
            self.report.note(format!(
                "The variable {name:?} is left out: it is encrypted with a secret key that is not known."
            ));
            return Ok(None);
        };
        if clear.is_empty() || name.is_empty() {
            return Ok(None);
        }
        let kind = if row.text("type") == Some("Generic") {
            VariableKind::Generic
        } else {
            VariableKind::Credential
        };
        let now = self.app.clock.now();
        Ok(Some(Variable {
            id,
            user_id,
            name,
            kind,
            value: seal(self.app, kind, &clear)?,
            default_fields: row.json("default_fields").unwrap_or_else(|| RawJson::from(json!([]))),
            category: None,
            is_environment_managed: row.flag("is_environment_managed").unwrap_or(false),
            created_at: row.time("created_at").unwrap_or(now),
            updated_at: row.time("updated_at").or_else(|| row.time("created_at")).unwrap_or(now),
        }))
    }
}
