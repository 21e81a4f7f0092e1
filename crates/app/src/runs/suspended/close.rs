//! Runs that wait no more, though nobody has answered.

use super::card::superseded;
use crate::{App, AppResult};
use chrono::{DateTime, TimeDelta, Utc};
use langflow_store::runs::RunStatus;
use langflow_store::{RawJson, StoreError, Tx, suspended};
use serde_json::json;
use uuid::Uuid;

/// Runs given up between two looks at the list.
const AT_ONCE: u64 = 50;

/// Ends the wait of a run and with it the run; its message says that it takes no answer. False: it does not wait.
pub(in crate::runs) async fn end(
    tx: &Tx,
    run: Uuid,
    status: RunStatus,
    why: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let error = RawJson::from(json!({ "message": why }));
    let Some((owner, message)) = suspended::end(tx, run, status, error, now).await? else { return Ok(false) };
    superseded(tx, owner, message).await?;
    Ok(true)
}

/// Gives up runs that have waited longer than the setting says; gives how many.
pub async fn give_up_suspended(app: &App) -> AppResult<u64> {
    let age = app.settings.runs.suspended_age;
    let now = app.clock.now();
    // A time beyond the calendar never comes.
    let before = TimeDelta::from_std(age).ok().and_then(|age| now.checked_sub_signed(age));
    let Some(before) = before.filter(|_| !age.is_zero()) else { return Ok(0) };
    let why = format!(
        "Nobody answered within {}, as long as runs may wait here (LANGFLOW_SUSPENDED_RUN_DAYS): the run was given up.",
        duration(age.as_secs())
    );
    let mut total = 0;
    loop {
        let overdue = suspended::waiting_since(&app.store, before, AT_ONCE).await?;
        if overdue.is_empty() {
            return Ok(total);
        }
        for run in overdue {
            let why = why.clone();
            let done = app
                .store
                .write(move |tx| Box::pin(async move { end(tx, run, RunStatus::Failed, &why, now).await }));
            total += u64::from(done.await?);
        }
    }
}

fn duration(seconds: u64) -> String {
    const DAY: u64 = 86_400;
    match seconds {
        DAY.. if seconds.is_multiple_of(DAY) => format!("{} days", seconds / DAY),
        _ => format!("{seconds} seconds"),
    }
}
