//! What accounts do beside requests: write the uses of keys, sweep ended sessions and old audit entries.

use crate::crypto::keyring::FOREIGN;
use crate::files::{delete_orphans, visitors};
use crate::passwords::FOREIGN_HASH;
use crate::{App, AppResult, audit, keys, runs};
use langflow_store::{keys as key_rows, sessions, users};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(30);
/// Sweeps are rarer: every so many rounds.
const ROUNDS_PER_SWEEP: u32 = 60;

/// Works until `stop`, then once more, so that no counted use is lost. Await it before the store is closed.
pub async fn keep_house(app: Arc<App>, stop: CancellationToken) {
    let mut round = 0u32;
    let visits_every = Duration::from_secs(app.settings.flows.public_cleanup_interval_seconds);
    trim_what_runs_left(&app).await;
    let mut last_trim = Instant::now();
    loop {
        let done = tokio::time::timeout(EVERY, stop.cancelled()).await.is_ok();
        report(keys::flush_uses(&app).await, "the uses of API keys could not be written yet");
        if done {
            return;
        }
        report(look_for_foreign_secrets(&app).await, "keys and passwords of Langflow could not be counted");
        if round.is_multiple_of(ROUNDS_PER_SWEEP) {
            report(sweep(&app).await, "ended sessions could not be swept");
            report(runs::delete_old_events(&app).await, "old events of runs could not be deleted");
            report(runs::give_up_suspended(&app).await, "runs that wait for nobody could not be given up");
            report(delete_orphans(&app).await, "files of nobody could not be deleted");
            report(visitors::delete_old(&app).await, "old files of visitors could not be deleted");
        }
        if last_trim.elapsed() >= visits_every {
            trim_what_runs_left(&app).await;
            last_trim = Instant::now();
        }
        round = round.wrapping_add(1);
    }
}

async fn trim_what_runs_left(app: &App) {
    report(runs::delete_old_visits(app).await, "what visitors left could not be deleted");
    report(runs::trim_rows(app).await, "old rows of nodes could not be removed");
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

/// Whether texts without our check sum must be looked up at all, and whether passwords are stored as Langflow stores
/// them.
pub(crate) async fn look_for_foreign_secrets(app: &App) -> AppResult<()> {
    let has_keys = key_rows::count_by_hash_prefix(&app.store, FOREIGN).await? > 0;
    app.accounts.has_foreign_keys.store(has_keys, Ordering::Relaxed);
    let has_hashes = users::count_by_hash_prefix(&app.store, FOREIGN_HASH).await? > 0;
    app.accounts.has_foreign_hashes.store(has_hashes, Ordering::Relaxed);
    Ok(())
}
