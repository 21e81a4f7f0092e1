//! What is left over: runs that ended with their server, and events that nobody reads any more.

use super::public::PUBLIC;
use crate::{App, AppResult};
use chrono::TimeDelta;
use langflow_store::{run_events, runs as rows};

/// What closing a run may take beyond its longest time.
const CLOSING: TimeDelta = TimeDelta::minutes(1);

/// Logs deleted by one write, so that it does not hold up others for long.
const LOGS_AT_ONCE: u64 = 50;

/// Visits deleted by one write.
const VISITS_AT_ONCE: u64 = 50;

/// Deletes the events of runs that ended before the retention time; gives how many.
pub async fn delete_old_events(app: &App) -> AppResult<u64> {
    let runs = &app.settings.runs;
    let longest = TimeDelta::from_std(runs.limits.wall).unwrap_or(TimeDelta::days(1)) + CLOSING;
    let before = app.clock.now() - TimeDelta::hours(i64::from(runs.event_retention_hours)) - longest;
    let mut total = 0;
    loop {
        let deleted = app
            .store
            .write(move |tx| {
                Box::pin(async move { run_events::delete_before(tx, before, LOGS_AT_ONCE).await })
            })
            .await?;
        if deleted == 0 {
            return Ok(total);
        }
        total += deleted;
    }
}

/// Deletes what visitors of public flows left who have not been back for the expiration time; gives how many there
/// were.
pub async fn delete_old_visits(app: &App) -> AppResult<u64> {
    let seconds = i64::try_from(app.settings.flows.public_expiration_seconds).unwrap_or(i64::MAX);
    // A time beyond the calendar never comes.
    let age = TimeDelta::try_seconds(seconds).and_then(|age| app.clock.now().checked_sub_signed(age));
    let Some(before) = age else { return Ok(0) };
    let mut total = 0;
    loop {
        let deleted = app
            .store
            .write(move |tx| {
                Box::pin(async move { rows::delete_idle_flows(tx, PUBLIC, before, VISITS_AT_ONCE).await })
            })
            .await?;
        if deleted == 0 {
            return Ok(total);
        }
        total += deleted;
    }
}

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
