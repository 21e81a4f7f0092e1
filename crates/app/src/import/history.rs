//! What happened to flows: kept versions, runs, and what went through their nodes.

use super::{BATCH, FLOW_BATCH, Import};
use crate::AppResult;
use chrono::{DateTime, Utc};
use langflow_store::langflow::ForeignRow;
use langflow_store::runs::{self, Run, RunStatus};
use langflow_store::transactions::{self, Transaction};
use langflow_store::versions::{self, FlowVersion};
use langflow_store::vertex_builds::{self, VertexBuild};
use langflow_store::{RawJson, Window};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The kind of runs that came from elsewhere.
const KIND: &str = "imported";

/// An id in the order of time, as those are that this server makes: what is oldest goes first when rows are trimmed.
/// The same row always gets the same.
fn in_order(id: Uuid, at: DateTime<Utc>) -> Uuid {
    let mut rest = [0; 10];
    for (to, from) in rest.iter_mut().zip(id.as_bytes().iter().skip(6)) {
        *to = *from;
    }
    uuid::Builder::from_unix_timestamp_millis(at.timestamp_millis().unsigned_abs(), &rest).into_uuid()
}

/// PostgreSQL has no text with a NUL in it.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl Import<'_> {
    pub(super) async fn versions(&mut self) -> AppResult<()> {
        self.report.versions.found = self.source.database.count("flow_version").await?;
        let mut after = None;
        let mut numbers: HashMap<Uuid, HashSet<i32>> = HashMap::new();
        loop {
            let rows = self.page("flow_version", &mut after, FLOW_BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                self.take_version(&row, &mut numbers).await?;
            }
        }
    }

    async fn take_version(
        &mut self,
        row: &ForeignRow,
        numbers: &mut HashMap<Uuid, HashSet<i32>>,
    ) -> AppResult<()> {
        let Some((owner, version)) = self.version(row) else {
            self.report.versions.left_out += 1;
            return Ok(());
        };
        let (store, flow) = (&self.app.store, version.flow_id);
        if versions::find(store, owner, flow, version.id).await?.is_some() {
            self.report.versions.present += 1;
            return Ok(());
        }
        if let std::collections::hash_map::Entry::Vacant(entry) = numbers.entry(flow) {
            let known = versions::list(store, owner, flow, Window::default()).await?.items;
            entry.insert(known.into_iter().map(|version| version.version_number).collect());
        }
        if !numbers.entry(flow).or_default().insert(version.version_number) {
            let number = version.version_number;
            self.report.note(format!(
                "Version {number} of the flow {flow} is left out: there is one of that number."
            ));
            self.report.versions.left_out += 1;
            return Ok(());
        }
        self.report.versions.taken += 1;
        if self.applies {
            store.write(move |tx| Box::pin(async move { versions::insert(tx, &version).await })).await?;
        }
        Ok(())
    }

    fn version(&self, row: &ForeignRow) -> Option<(Uuid, FlowVersion)> {
        let flow_id = row.uuid("flow_id")?;
        let owner = *self.flows.get(&flow_id)?;
        let version = FlowVersion {
            id: row.uuid("id")?,
            flow_id,
            user_id: row.uuid("user_id").and_then(|id| self.users.get(&id).copied()),
            version_number: i32::try_from(row.number("version_number")?).ok()?,
            description: row.text("description").map(str::to_owned),
            retained: row.flag("retained").unwrap_or(false),
            retained_reason: row.text("retained_reason").map(str::to_owned),
            created_at: row.time("created_at").unwrap_or_else(|| self.app.clock.now()),
            data: row.json("data"),
        };
        Some((owner, version))
    }

    /// Traces become runs.
    pub(super) async fn runs(&mut self) -> AppResult<()> {
        self.report.runs.found = self.source.database.count("trace").await?;
        let mut after = None;
        loop {
            let rows = self.page("trace", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let count = rows.len() as u64;
            let mut new: Vec<Run> = rows.iter().filter_map(|row| self.run(row)).collect();
            self.report.runs.left_out += count - new.len() as u64;
            for run in &new {
                let time = (run.created_at, run.finished_at.unwrap_or(run.created_at));
                self.traces.entry(run.flow_id).or_default().push((time.0, time.1, run.id));
            }
            let ids: Vec<Uuid> = new.iter().map(|run| run.id).collect();
            let known = runs::known(&self.app.store, &ids).await?;
            self.report.runs.present += known.len() as u64;
            new.retain(|run| !known.contains(&run.id));
            self.report.runs.taken += new.len() as u64;
            if self.applies {
                self.app
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            for run in &new {
                                runs::insert(tx, run).await?;
                            }
                            Ok(())
                        })
                    })
                    .await?;
            }
        }
    }

    fn run(&self, row: &ForeignRow) -> Option<Run> {
        let flow_id = row.uuid("flow_id")?;
        let started = row.time("start_time")?;
        let has_failed = row.text("status").is_some_and(|status| status.eq_ignore_ascii_case("error"));
        let why = "The trace of Langflow says that the run failed.";
        Some(Run {
            id: row.uuid("id")?,
            user_id: Some(*self.flows.get(&flow_id)?),
            flow_id,
            session_id: row.text("session_id").map_or_else(|| flow_id.to_string(), clean),
            kind: KIND.to_owned(),
            status: if has_failed { RunStatus::Failed } else { RunStatus::Completed },
            boot_id: Uuid::nil(),
            api_key_id: None,
            created_at: started,
            started_at: Some(started),
            finished_at: Some(row.time("end_time").unwrap_or(started)),
            input_tokens: 0,
            output_tokens: 0,
            total_tokens: row.number("total_tokens").unwrap_or(0),
            error: has_failed.then(|| RawJson::from(json!({ "message": why }))),
            input: None,
            result: None,
            idempotency_key: None,
        })
    }

    pub(super) async fn transactions(&mut self) -> AppResult<()> {
        self.report.transactions.found = self.source.database.count("transaction").await?;
        let mut after = None;
        loop {
            let rows = self.page("transaction", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let count = rows.len() as u64;
            let mut new: Vec<Transaction> = rows.iter().filter_map(|row| self.transaction(row)).collect();
            self.report.transactions.left_out += count - new.len() as u64;
            let ids: Vec<Uuid> = new.iter().map(|row| row.id).collect();
            let known = transactions::known(&self.app.store, &ids).await?;
            self.report.transactions.present += known.len() as u64;
            new.retain(|row| !known.contains(&row.id));
            self.report.transactions.taken += new.len() as u64;
            if self.applies {
                self.app
                    .store
                    .write(move |tx| Box::pin(async move { transactions::insert(tx, new).await }))
                    .await?;
            }
        }
    }

    fn transaction(&self, row: &ForeignRow) -> Option<Transaction> {
        let (flow_id, timestamp) = (row.uuid("flow_id")?, row.time("timestamp")?);
        Some(Transaction {
            id: in_order(row.uuid("id")?, timestamp),
            user_id: Some(*self.flows.get(&flow_id)?),
            flow_id,
            run_id: self.run_at(flow_id, timestamp),
            session_id: row.text("session_id").map(clean),
            timestamp,
            vertex_id: row.string("vertex_id"),
            target_id: row.text("target_id").map(str::to_owned),
            status: row.string("status"),
            error: row.text("error").map(clean),
            inputs: row.json("inputs"),
            outputs: row.json("outputs"),
            display_name: None,
            duration_ms: None,
            usage: None,
        })
    }

    /// The run of the flow that was under way; `None` where it was none or several. Langflow does not say which run a
    /// transaction belongs to.
    fn run_at(&self, flow: Uuid, at: DateTime<Utc>) -> Option<Uuid> {
        let mut under_way =
            self.traces.get(&flow)?.iter().filter(|(began, ended, _)| (*began..=*ended).contains(&at));
        let (_, _, id) = under_way.next()?;
        under_way.next().is_none().then_some(*id)
    }

    /// What the editor shows at the nodes of a flow.
    pub(super) async fn builds(&mut self) -> AppResult<()> {
        self.report.builds.found = self.source.database.count("vertex_build").await?;
        let mut after = None;
        loop {
            let rows = self.page_by("build_id", "vertex_build", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let count = rows.len() as u64;
            let mut new: Vec<VertexBuild> = rows.iter().filter_map(|row| self.build(row)).collect();
            self.report.builds.left_out += count - new.len() as u64;
            let ids: Vec<Uuid> = new.iter().map(|row| row.id).collect();
            let known = vertex_builds::known(&self.app.store, &ids).await?;
            self.report.builds.present += known.len() as u64;
            new.retain(|row| !known.contains(&row.id));
            self.report.builds.taken += new.len() as u64;
            if self.applies {
                self.app
                    .store
                    .write(move |tx| Box::pin(async move { vertex_builds::insert(tx, new).await }))
                    .await?;
            }
        }
    }

    fn build(&self, row: &ForeignRow) -> Option<VertexBuild> {
        let (flow_id, timestamp) = (row.uuid("flow_id")?, row.time("timestamp")?);
        Some(VertexBuild {
            id: in_order(row.uuid("build_id")?, timestamp),
            user_id: Some(*self.flows.get(&flow_id)?),
            flow_id,
            run_id: row.uuid("job_id"),
            vertex_id: row.string("id"),
            timestamp,
            valid: row.flag("valid").unwrap_or(true),
            params: row.text("params").map(clean),
            data: row.json("data"),
            artifacts: row.json("artifacts"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_time_and_stay_the_same() {
        let id = Uuid::parse_str("ffffffff-ffff-4fff-8fff-ffffffffffff").unwrap();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let (early, late) = (in_order(id, at(1_700_000_000)), in_order(Uuid::nil(), at(1_700_000_001)));
        assert!(early < late && early.get_version_num() == 7);
        assert_eq!(early, in_order(id, at(1_700_000_000)));
        assert_ne!(early, in_order(Uuid::nil(), at(1_700_000_000)));
    }
}
