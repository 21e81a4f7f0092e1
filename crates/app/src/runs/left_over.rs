//! Runs that ended with the server that ran them.

use crate::{App, AppResult};
use chrono::TimeDelta;
use langflow_store::runs as rows;

/// What closing a run may take beyond its longest time.
const CLOSING: TimeDelta = TimeDelta::minutes(1);

/// Marks as failed what a server that is no more left in progress; gives how many. Called once at start.
///
/// A SQLite file has one server, so all of it is left over. Other servers may work on a PostgreSQL database:
/// there only runs older than any run may get are.
pub async fn close_left_over(app: &App) -> AppResult<u64> {
    let now = app.clock.now();
    let before = if app.store.is_postgres() {
        let longest = TimeDelta::from_std(app.settings.runs.limits.wall).unwrap_or(TimeDelta::days(1));
        now - longest - CLOSING
    } else {
        now
    };
    let boot = app.runs.boot_id;
    let closed = app
        .store
        .write(move |tx| Box::pin(async move { rows::fail_stale(tx, boot, before, now).await }))
        .await?;
    if closed > 0 {
        tracing::warn!(
            closed,
            "{closed} runs were in progress when the server ended; they are marked failed"
        );
    }
    Ok(closed)
}
