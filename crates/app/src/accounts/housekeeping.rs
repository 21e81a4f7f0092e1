//! What accounts do beside requests: write the uses of keys, sweep ended sessions and old audit entries.

use crate::crypto::keyring::FOREIGN;
use crate::files::delete_orphans;
use crate::{App, AppResult, audit, keys, runs};
use langflow_store::{keys as key_rows, sessions};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(30);
/// Sweeps are rarer: every so many rounds.
const ROUNDS_PER_SWEEP: u32 = 60;

/// Works until `stop`, then once more, so that no counted use is lost. Await it before the store is closed.
pub async fn keep_house(app: Arc<App>, stop: CancellationToken) {
    let mut round = 0u32;
    loop {
        let done = tokio::time::timeout(EVERY, stop.cancelled()).await.is_ok();
        report(keys::flush_uses(&app).await, "the uses of API keys could not be written yet");
        if done {
            return;
        }
        report(look_for_foreign_keys(&app).await, "the API keys could not be counted");
        if round.is_multiple_of(ROUNDS_PER_SWEEP) {
            report(sweep(&app).await, "ended sessions could not be swept");
            report(runs::delete_old_events(&app).await, "old events of runs could not be deleted");
            report(delete_orphans(&app).await, "files of nobody could not be deleted");
        }
        round = round.wrapping_add(1);
    }
}

fn report<T>(result: AppResult<T>, what: &str) {
    if let Err(error) = result {
        tracing::warn!(%error, "{what}: {error}");
    }
}

/// Deletes sessions that have run out, and audit entries beyond their retention.
pub async fn sweep(app: &App) -> AppResult<()> {
    let now = app.clock.now();
    app.store.write(move |tx| Box::pin(async move { sessions::delete_expired(tx, now).await })).await?;
    audit::trim(app).await?;
    Ok(())
}

/// Whether texts without our check sum must be looked up at all.
pub(crate) async fn look_for_foreign_keys(app: &App) -> AppResult<()> {
    let has_some = key_rows::count_by_hash_prefix(&app.store, FOREIGN).await? > 0;
    app.accounts.has_foreign_keys.store(has_some, Ordering::Relaxed);
    Ok(())
}
