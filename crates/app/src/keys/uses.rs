//! Writing the uses of keys.

use crate::{App, AppResult};
use langflow_store::keys::{self as rows, KeyUse};

/// Writes what was counted since the last time. The server calls it every half minute and when it stops; what
/// cannot be written is counted on.
pub async fn flush_uses(app: &App) -> AppResult<()> {
    let taken = app.accounts.usage.take();
    if taken.is_empty() {
        return Ok(());
    }
    let uses: Vec<KeyUse> = taken
        .iter()
        .map(|(id, uses)| KeyUse { id: *id, count: uses.count, last_used_at: uses.last })
        .collect();
    let written =
        app.store.write(move |tx| Box::pin(async move { rows::record_uses(tx, &uses).await })).await;
    if let Err(error) = written {
        app.accounts.usage.put_back(taken);
        return Err(error.into());
    }
    Ok(())
}
