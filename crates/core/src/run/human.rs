//! Questions that a flow asks a human, and the answers.

use crate::value::{Json, JsonMap};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Type key of the component that asks.
pub const HUMAN_INPUT: &str = "HumanInput";

/// The action of an answer that came too late, where there is no way for such: no branch has this name.
pub const EXPIRED_ACTION: &str = "__expired__";

/// What a component wants to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HumanAsk {
    /// What the human is shown.
    pub prompt: String,
    pub options: Vec<HumanOption>,
    /// Ids of the actions that an answer may name.
    pub allowed_decisions: Vec<String>,
    /// An answer counts as late after so many seconds; 0: never.
    pub timeout_seconds: u64,
    /// The action that a late answer becomes.
    pub fallback_action: Option<String>,
}

/// One thing the human may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HumanOption {
    pub action_id: String,
    pub label: String,
}

/// A question that waits for its answer, as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HumanRequest {
    /// `<node>:<run>`; a node that asks again in the same run adds a number.
    pub request_id: String,
    /// `node_input`.
    pub kind: String,
    pub prompt: String,
    pub options: Vec<HumanOption>,
    pub allowed_decisions: Vec<String>,
    pub timeout_seconds: u64,
    pub fallback_action: Option<String>,
    /// RFC 3339.
    pub paused_at: String,
    /// The run that waits.
    pub job_id: Uuid,
}

impl HumanRequest {
    /// A question as it is put.
    pub fn new(ask: HumanAsk, request_id: String, job_id: Uuid, now: DateTime<Utc>) -> Self {
        Self {
            request_id,
            kind: "node_input".to_owned(),
            prompt: ask.prompt,
            options: ask.options,
            allowed_decisions: ask.allowed_decisions,
            timeout_seconds: ask.timeout_seconds,
            fallback_action: ask.fallback_action,
            paused_at: now.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(),
            job_id,
        }
    }

    /// The question as JSON.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The answer as it counts at `now`: one that comes too late takes the way for late ones, or none.
    #[must_use]
    pub fn in_time(&self, mut decision: HumanDecision, now: DateTime<Utc>) -> HumanDecision {
        let Ok(paused_at) = DateTime::parse_from_rfc3339(&self.paused_at) else { return decision };
        let passed = now.signed_duration_since(paused_at).num_milliseconds();
        let limit = i64::try_from(self.timeout_seconds.saturating_mul(1000)).unwrap_or(i64::MAX);
        if limit > 0 && passed > limit {
            decision.action_id = self.fallback_action.clone().unwrap_or_else(|| EXPIRED_ACTION.to_owned());
        }
        decision
    }
}

/// What a human has decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HumanDecision {
    pub action_id: String,
    /// What else the answer said.
    #[serde(flatten)]
    pub more: JsonMap,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(timeout_seconds: u64, fallback: Option<&str>) -> HumanRequest {
        let ask =
            HumanAsk { timeout_seconds, fallback_action: fallback.map(str::to_owned), ..HumanAsk::default() };
        HumanRequest::new(ask, "n:r".into(), Uuid::nil(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn late_answers_take_the_way_for_late_ones_or_none() {
        let yes = || HumanDecision { action_id: "approve".into(), ..HumanDecision::default() };
        let at = |seconds| DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(seconds);
        let action = |request: HumanRequest, seconds| request.in_time(yes(), at(seconds)).action_id;
        assert_eq!(action(request(60, Some("fallback")), 60), "approve");
        assert_eq!(action(request(60, Some("fallback")), 61), "fallback");
        assert_eq!(action(request(60, None), 61), EXPIRED_ACTION);
        assert_eq!(action(request(0, None), 1_000_000), "approve");
    }

    #[test]
    fn a_request_comes_back_as_it_went() {
        let request = request(5, Some("fallback"));
        let json = request.to_json();
        assert_eq!(json["paused_at"], "1970-01-01T00:00:00.000000+00:00");
        assert_eq!(serde_json::from_value::<HumanRequest>(json).unwrap(), request);
    }
}
