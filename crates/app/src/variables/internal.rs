//! Variables of the server itself: named `__x__`, one set for each user, never listed.

use super::{RawJson, Variable, VariableKind, rows};
use crate::{App, AppResult};
use serde_json::json;
use uuid::Uuid;

/// The text under an internal name.
pub(crate) async fn find_internal(app: &App, owner: Uuid, name: &str) -> AppResult<Option<String>> {
    Ok(rows::find_by_name(&app.store, owner, name).await?.map(|row| row.value))
}

/// Keeps a text under an internal name; `None` forgets it.
pub(crate) async fn put_internal(app: &App, owner: Uuid, name: &str, text: Option<String>) -> AppResult<()> {
    let now = app.clock.now();
    let new = text.map(|value| Variable {
        id: app.ids.random(),
        user_id: owner,
        name: name.to_owned(),
        kind: VariableKind::Generic,
        value,
        default_fields: RawJson::from(json!([])),
        category: None,
        is_environment_managed: false,
        created_at: now,
        updated_at: now,
    });
    let name = name.to_owned();
    app.store
        .write(move |tx| {
            Box::pin(async move {
                match (rows::find_by_name(tx, owner, &name).await?, new) {
                    (Some(old), Some(new)) => {
                        rows::save(tx, &Variable { value: new.value, updated_at: now, ..old }).await.map(drop)
                    }
                    (Some(old), None) => rows::delete(tx, owner, old.id).await.map(drop),
                    (None, Some(new)) => rows::insert(tx, &new).await,
                    (None, None) => Ok(()),
                }
            })
        })
        .await?;
    app.runs.forget_variables(owner);
    Ok(())
}
