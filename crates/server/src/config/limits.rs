//! Limits on callers, runs and what is kept.

use super::section::section;

section! {
    /// Limits on callers, runs and what is kept.
    pub struct Limits {
        /// Limit sign-in attempts and anonymous runs.
        rate_limit_enabled: bool = "LANGFLOW_RATE_LIMIT_ENABLED", true;
        /// Sign-in attempts per minute and address.
        rate_limit_per_minute: u32 = "LANGFLOW_RATE_LIMIT_PER_MINUTE", 5;
        /// Believe `X-Forwarded-For` and `X-Forwarded-Proto`: only behind a proxy that sets them.
        rate_limit_trust_proxy: bool = "LANGFLOW_RATE_LIMIT_TRUST_PROXY", false;
        /// Anonymous runs of public flows per minute and address.
        public_flow_rate_limit_per_minute: u32 = "LANGFLOW_PUBLIC_FLOW_RATE_LIMIT_PER_MINUTE", 20;
        /// Megabytes of a file that a visitor of a public playground may attach; 0: none can be attached. Strangers
        /// send these: 20 files a visitor and flow, 512 MB for all together, gone after
        /// `LANGFLOW_PUBLIC_FLOW_EXPIRATION`.
        public_flow_upload_mb: u64 = "LANGFLOW_PUBLIC_FLOW_UPLOAD_MB", 0;
        /// Seconds a run may take.
        worker_timeout_seconds: u64 = "LANGFLOW_WORKER_TIMEOUT", 300;
        /// Megabytes that the results of the nodes of one run may take together: of a run that makes more, the node
        /// that does so fails. Not in Langflow.
        run_memory_mb: u64 = "LANGFLOW_RUN_MEMORY_MB", 512;
        /// Megabytes that the results of all runs may take together. A run that holds more than 16 MB itself fails where
        /// there is no room. Not in Langflow.
        all_runs_memory_mb: u64 = "LANGFLOW_ALL_RUNS_MEMORY_MB", 2048;
        /// Seconds a workflow of the API's version 2 may take.
        workflow_execution_timeout_seconds: u64 = "LANGFLOW_WORKFLOW_EXECUTION_TIMEOUT", 300;
        /// Background runs at the same time.
        background_max_concurrency: u32 = "LANGFLOW_BACKGROUND_MAX_CONCURRENCY", 5;
        /// Hours that the events of builds, webhooks and workflows in the background can be read after their end.
        run_events_retention_hours: u32 = "LANGFLOW_RUN_EVENTS_RETENTION_HOURS", 24;
        /// Days that a run waits for a human at most; then it is given up. 0: for ever. Not in Langflow.
        suspended_run_days: u32 = "LANGFLOW_SUSPENDED_RUN_DAYS", 30;
        /// Seconds that a run waits for a human at most, instead of the days above. 0: the days count.
        background_input_deadline_s: u64 = "LANGFLOW_BACKGROUND_INPUT_DEADLINE_S", 0;
        /// Runs of one user that may wait for a human at the same time. Not in Langflow.
        max_suspended_runs: u64 = "LANGFLOW_MAX_SUSPENDED_RUNS", 1000;
        /// Record what went into and out of each node.
        transactions_storage_enabled: bool = "LANGFLOW_TRANSACTIONS_STORAGE_ENABLED", true;
        /// Record what each node built, for the editor.
        vertex_builds_storage_enabled: bool = "LANGFLOW_VERTEX_BUILDS_STORAGE_ENABLED", true;
        /// Newest transactions that are kept.
        max_transactions_to_keep: u64 = "LANGFLOW_MAX_TRANSACTIONS_TO_KEEP", 3000;
        /// Newest builds that are kept.
        max_vertex_builds_to_keep: u64 = "LANGFLOW_MAX_VERTEX_BUILDS_TO_KEEP", 3000;
        /// Newest builds that are kept per node.
        max_vertex_builds_per_vertex: u64 = "LANGFLOW_MAX_VERTEX_BUILDS_PER_VERTEX", 50;
        /// Newest versions that are kept per flow.
        max_flow_versions: u64 = "LANGFLOW_MAX_FLOW_VERSION_ENTRIES_PER_FLOW", 50;
        /// Characters of a text shown in results of a build.
        max_text_length: u64 = "LANGFLOW_MAX_TEXT_LENGTH", 6000;
        /// Items of a list shown in results of a build.
        max_items_length: u64 = "LANGFLOW_MAX_ITEMS_LENGTH", 1000;
        /// Seconds between sweeps of sessions of public playgrounds.
        public_flow_cleanup_interval_seconds: u64 = "LANGFLOW_PUBLIC_FLOW_CLEANUP_INTERVAL", 3600;
        /// Age in seconds after which they are removed.
        public_flow_expiration_seconds: u64 = "LANGFLOW_PUBLIC_FLOW_EXPIRATION", 86_400;
        /// Days that audit records are kept; 0 keeps them for ever.
        audit_retention_days: u32 = "LANGFLOW_AUDIT_RETENTION_DAYS", 90;
    }
}
