//! Code that an administrator let run for everybody.

use super::policy::code_id;
use crate::audit::Entry;
use crate::identify::require_superuser;
use crate::{App, AppError, AppResult, Client, Principal};
use langflow_store::approved_code as rows;
use serde_json::json;

pub use langflow_store::approved_code::ApprovedCode;

/// Longest source that can be approved, bytes.
const MAX_CODE: usize = 1 << 20;
const MAX_NAME: usize = 200;

/// Code to be approved.
#[derive(Clone, Debug, Default)]
pub struct ApproveCode {
    pub code: String,
    pub name: String,
}

/// All approved code, by name. For superusers.
pub async fn list_approved(app: &App, who: &Principal) -> AppResult<Vec<ApprovedCode>> {
    require_superuser(who)?;
    Ok(rows::list(&app.store).await?)
}

/// Lets code run for everybody, public flows included. For superusers.
///
/// # Errors
/// 400 for no code, or too much of it.
pub async fn approve_code(
    app: &App,
    who: &Principal,
    client: &Client,
    wanted: ApproveCode,
) -> AppResult<ApprovedCode> {
    require_superuser(who)?;
    let code = wanted.code.trim();
    if code.is_empty() || code.len() > MAX_CODE {
        return Err(AppError::bad_request(format!("Code of at most {MAX_CODE} bytes is needed")));
    }
    let row = ApprovedCode {
        hash: code_id(code),
        name: wanted.name.trim().chars().take(MAX_NAME).collect(),
        code: code.to_owned(),
        approved_by: who.username.clone(),
        approved_at: app.clock.now(),
    };
    let entry = Entry::new(row.approved_at, "approve.code", "code", &row.hash)
        .by(who, client)
        .with(json!({"name": row.name}));
    let stored = row.clone();
    app.store
        .write(move |tx| {
            Box::pin(async move {
                rows::put(tx, stored).await?;
                entry.append(tx).await
            })
        })
        .await?;
    Ok(row)
}

/// Takes an approval back. For superusers.
///
/// # Errors
/// 404 where there is none.
pub async fn revoke_code(app: &App, who: &Principal, client: &Client, hash: &str) -> AppResult<()> {
    require_superuser(who)?;
    let entry = Entry::new(app.clock.now(), "revoke.code", "code", hash).by(who, client);
    let hash = hash.to_owned();
    let was_there = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                let was_there = rows::delete(tx, &hash).await?;
                if was_there {
                    entry.append(tx).await?;
                }
                Ok(was_there)
            })
        })
        .await?;
    if was_there { Ok(()) } else { Err(AppError::not_found("No code with this hash is approved")) }
}
